/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An approval: the text that an officer signs in namespace airgap-approval@v1 when he has looked at the
 * staged copy. One signature a text; who has to be asked is the policy's to say.
 *
 *	airgap-approval 1
 *	approval {
 *	    batch      4b0d8f3a2c5e697887a6b5c4d3e2f101
 *	    manifest   3f0c...
 *	    direction  out
 *	    unit       "7.2.15"
 *	    level      mimi
 *	    requester  "novak"
 *	    medium     any
 *	    nonce      0f1e2d3c4b5a69788796a5b4c3d2e1f0
 *	    until      2026-12-01T17:30:00Z
 *	}
 *
 * 'medium' is any, or the id of the one medium that it may be written to. Used once: the nonce counts
 * for nothing a second time. One spelling, no comments.
 */
#ifndef AIRGAP_POLICY_TRANSFER_APPROVAL_H
#define AIRGAP_POLICY_TRANSFER_APPROVAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/decide/transfer.h"
#include "policy/lang/diag.h"
#include "policy/medium/record.h"
#include "policy/transfer/batch.h"

/* More than one can have: names that are all quotes, doubled by their escapes. */
#define APPROVAL_TEXT_MAX 2048
/* No approval is good for longer, whatever it says. */
#define APPROVAL_TIME_MAX (31 * 86400)

/* Fixed size, no pointers. */
struct approval {
	uint8_t batch[TRANSFER_ID_SIZE];
	uint8_t manifest[TRANSFER_DIGEST];
	uint8_t nonce[TRANSFER_ID_SIZE];
	uint8_t medium[MEDIUM_ID_SIZE]; /* zero: any */
	uint32_t direction;		/* enum transfer_direction */
	int64_t until;			/* last second, UNIX time */
	char unit[TRANSFER_UNIT_SIZE];	/* "": none is named */
	char level[TRANSFER_LEVEL_SIZE];
	char requester[TRANSFER_LOGIN_SIZE];
	uint8_t digest[TRANSFER_DIGEST]; /* BLAKE2b-256 of the text without its signatures */
};

/**
 * approval_parse - parse and check
 * @text: need not be ended by NUL; signatures after it are ignored
 * @diags: receives errors; may be NULL
 * @approval: filled when 0 is returned, else zeroed
 *
 * Verify the signature first. Returns 0; -EINVAL when there were errors; -ENOMEM.
 */
int approval_parse(const char *text, size_t length, struct diag_list *diags,
		   struct approval *approval);

/**
 * approval_print - the one text of an approval
 * @approval: its digest is set
 * @out: a NUL follows the text
 *
 * Returns the length; -EINVAL when approval_parse() would refuse it; -ENOMEM.
 */
long approval_print(struct approval *approval, char out[static APPROVAL_TEXT_MAX]);

enum approval_reason {
	APPROVAL_GOOD,
	APPROVAL_OTHER_BATCH,
	APPROVAL_OTHER_MANIFEST, /* the staged copy was changed since, or is another one */
	APPROVAL_OTHER_DIRECTION,
	APPROVAL_OTHER_LEVEL,
	APPROVAL_OTHER_UNIT,
	APPROVAL_OTHER_REQUESTER,
	APPROVAL_OTHER_MEDIUM,
	APPROVAL_EXPIRED,
	APPROVAL_TOO_LONG,    /* ends later than any may */
	APPROVAL_CLOCK,	      /* what time it is is not known */
	APPROVAL_USED,	      /* its nonce */
	APPROVAL_OWN,	      /* the requester's own */
	APPROVAL_SAME_PERSON, /* two approvals are two people */
	APPROVAL_FULL,	      /* no room to remember one more */
	APPROVAL_REASON_COUNT,
};

/* What an approval has to agree with. */
struct approval_case {
	const uint8_t *batch;	 /* TRANSFER_ID_SIZE bytes */
	const uint8_t *manifest; /* TRANSFER_DIGEST bytes */
	const uint8_t *medium;	 /* MEDIUM_ID_SIZE bytes; NULL: not chosen yet, any will do */
	uint32_t direction;
	const char *level;
	const char *unit;
	const char *requester; /* login */
	int64_t now;	       /* UNIX time; 0: not known */
};

/* approval_judge - whether it is one for this batch, at this time */
enum approval_reason approval_judge(const struct approval *approval,
				    const struct approval_case *approval_case);

/* approval_reason_name - one word for programs: "other-batch" */
const char *approval_reason_name(uint32_t reason);
/* approval_reason_text - what happened, without its full stop; approval_reason_help - what to do */
const char *approval_reason_text(uint32_t reason);
const char *approval_reason_help(uint32_t reason);

#endif
