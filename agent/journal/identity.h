/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who signs the log: the terminal's own Ed25519 key, and the log's name.
 *
 * The key is made at the first start and stays, over damaged logs and new epochs: by it the office
 * knows the machine. File `log-key`, mode 0600. The log's name, its origin, is
 *
 *	airgapd/NUMBER/EPOCH
 *
 * NUMBER is the terminal's, as the core tells it; of its bytes all but letters, digits, '.', '-' and
 * '_' are written %XX. A checkpoint promises that nothing signed before is contradicted, so each epoch
 * is a log of its own. The number first told is kept in the file `terminal` and is not changed any
 * more. Until a number is known nothing is signed.
 */
#ifndef AIRGAP_JOURNAL_IDENTITY_H
#define AIRGAP_JOURNAL_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/lib/tlog/tlog.h"

#define IDENTITY_FILE_KEY    "log-key"
#define IDENTITY_FILE_NUMBER "terminal"
#define IDENTITY_NUMBER_SIZE 64

struct identity {
	const char *folder;
	char number[IDENTITY_NUMBER_SIZE]; /* "": not known */
	uint8_t secret[64];		   /* seed and public key, as libsodium has it */
	uint8_t public[32];
	struct tlog_key key; /* of the epoch's log; type 0: no number yet */
};

/**
 * identity_open - read key and number, or make the key
 * @folder: of the journal; the string must stay
 *
 * Returns 0; -EBADMSG: a file is damaged, and is never replaced; -ENOKEY: the key is gone, though its
 * public half was published; another -errno.
 */
int identity_open(struct identity *identity, const char *folder);

/**
 * identity_learn - the core told the terminal's number
 *
 * Returns 0; -EEXIST: the log carries another one, which stays; -EINVAL: empty or too long; -errno.
 */
int identity_learn(struct identity *identity, const char *number);

/* identity_begin - the log of @epoch is the one that is signed from here on */
void identity_begin(struct identity *identity, uint64_t epoch);

/**
 * identity_sign_slip - sign a transfer slip for `ssh-keygen -Y verify`, namespace airgap-slip@v1
 * @sha512: of the slip's text
 *
 * What is signed begins with other bytes than any checkpoint (policy/transfer/slip.h), so neither
 * signature passes for the other. Returns 0; -ENOKEY: there is no key yet, or no number.
 */
int identity_sign_slip(const struct identity *identity, const uint8_t sha512[static 64],
		       uint8_t signature[static 64], uint8_t public[static 32]);

/* identity_done - forget the key */
void identity_done(struct identity *identity);

#endif
