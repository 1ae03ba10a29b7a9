/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What two officers sign about the office's recovery key: that it was made before their eyes, and that an
 * object is to be opened with it. A text, then their SSH signatures in namespace airgap-recovery@v1:
 *
 *	{ "airgap-recovery": 1, "office": "office.example", "made": "2026-12-01T09:00:00Z",
 *	  "move": "enter", "recipient": "age1...", "copies": [ "<64 hex>", "<64 hex>" ] }
 *
 *	{ "airgap-recovery": 1, "office": "office.example", "made": "2026-12-01T09:00:00Z",
 *	  "move": "open", "object": "<64 hex>", "size": 48643, "reason": "receiver lost his key" }
 *
 * Digests are BLAKE2b-256, as `b2sum -l 256` prints them: of the two copies of the identity, each
 * encrypted with a passphrase by age, and of the encrypted object.
 */
#ifndef AIRGAP_OFFICE_RECOVERY_H
#define AIRGAP_OFFICE_RECOVERY_H

#include "agent/lib/age/age_key.h"
#include "agent/office/store/store.h"

#define RECOVERY_DIGEST_TEXT 65
#define RECOVERY_REASON_SIZE 400
#define RECOVERY_COPIES	     2
#define RECOVERY_OFFICERS    2 /* no one opens anything alone */
#define RECOVERY_SETTING     "recovery"

enum recovery_move {
	RECOVERY_ENTER,
	RECOVERY_OPEN,
};

struct recovery_order {
	enum recovery_move move;
	char recipient[AGE_RECIPIENT_TEXT];
	char copies[RECOVERY_COPIES][RECOVERY_DIGEST_TEXT];
	char object[RECOVERY_DIGEST_TEXT];
	uint64_t size;
	char why[256];
	char names[RECOVERY_OFFICERS][STORE_TEXT_SIZE]; /* who signed it */
	uint8_t digest[STORE_HASH_SIZE];		/* SHA-256 of the text */
};

/* recovery_draft - the text of an order, of its members but names and digest; the caller frees @text */
int recovery_draft(const struct recovery_order *order, const char *office, int64_t now_us,
		   char **text);

/**
 * recovery_verify - signatures of two officers, then the text
 * @office: the name of this one
 * @move: what it has to be about
 * @reason: what is wrong
 *
 * Returns 0 and @order is filled; else -errno after @reason.
 */
int recovery_verify(struct store *store, const char *office, int64_t now_us, const void *file,
		    size_t length, enum recovery_move move, struct recovery_order *order,
		    char reason[static RECOVERY_REASON_SIZE]);

/* recovery_digest - BLAKE2b-256 of a file from its begin, as text, and its size; 0 or -errno */
int recovery_digest(int fd, char text[static RECOVERY_DIGEST_TEXT], uint64_t *size);

/* --- the identity (recovery_key.c): kept by stock age, which asks for the passphrase itself --- */

/**
 * recovery_key_write - encrypt @identity with a passphrase into a new file, by `age --passphrase`
 *
 * Returns 0, -EEXIST, -ENOENT when age is not installed, -EIO when it failed, after a message.
 */
int recovery_key_write(const struct age_identity *identity, const char *path);

/**
 * recovery_key_read - `age --decrypt` of such a file, into @ring
 *
 * A file that no passphrase protects is refused: -EPERM. Returns 0 or -errno after a message.
 */
int recovery_key_read(struct age_keyring *ring, const char *path);

/**
 * recovery_key_entered - the same, of the key whose ceremony was entered here, and of no other
 *
 * Returns 0; -ENOENT: none was entered; -EACCES: it is another; -errno; after a message.
 */
int recovery_key_entered(struct store *store, struct age_keyring *ring, const char *path);

#endif
