/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A card: to whom files for a unit are encrypted. Signed in namespace airgap-card@v1 by an officer of the
 * own signers' list, when he has compared its fingerprint with the other unit by another way.
 *
 *	airgap-card 1
 *	card {
 *	    unit       "7.2.15"
 *	    number     3
 *	    valid      2026-12-01 .. 2027-05-31
 *	    recipient  "age1..."  level mimi  epoch 3
 *	}
 *
 * Of two cards of one unit the one with the higher number holds. A recipient may open what is of
 * its level and below. The fingerprint is BLAKE2b-256 of the text without its signatures. One
 * spelling.
 */
#ifndef AIRGAP_POLICY_TRANSFER_CARD_H
#define AIRGAP_POLICY_TRANSFER_CARD_H

#include <stddef.h>
#include <stdint.h>

#include "policy/decide/transfer.h"
#include "policy/lang/diag.h"
#include "policy/transfer/batch.h"

/* TRANSFER_RECIPIENTS_MAX of them, and a unit whose name is all quotes */
#define CARD_TEXT_MAX 16384
/* "7c31-90ab-...": eight groups of four digits, for reading out, and NUL */
#define CARD_FINGERPRINT_SIZE 40

struct card_recipient {
	char recipient[TRANSFER_RECIPIENT];
	char level[TRANSFER_LEVEL_SIZE]; /* the highest that it may open */
	uint32_t epoch;
};

/* Fixed size, no pointers. */
struct card {
	char unit[TRANSFER_UNIT_SIZE];
	uint64_t number;
	int64_t from;  /* first second, UNIX time */
	int64_t until; /* last second */
	uint32_t recipient_count;
	uint32_t reserved;
	struct card_recipient recipients[TRANSFER_RECIPIENTS_MAX];
	uint8_t digest[TRANSFER_DIGEST];
};

/**
 * card_parse - parse and check; signatures after the text are ignored
 * @card: filled when 0 is returned, else zeroed
 *
 * Verify the signature first. Returns 0; -EINVAL; -ENOMEM.
 */
int card_parse(const char *text, size_t length, struct diag_list *diags, struct card *card);

/* card_print - the one text of a card; its digest is set. Returns the length, -EINVAL or -ENOMEM. */
long card_print(struct card *card, char out[static CARD_TEXT_MAX]);

/* card_fingerprint - the first half of the digest, to be read out and compared */
void card_fingerprint(const struct card *card, char out[static CARD_FINGERPRINT_SIZE]);

#endif
