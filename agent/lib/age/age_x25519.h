/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stanza of type X25519 (C2SP age.md, "X25519 recipient stanza"): a file key for one recipient. */
#ifndef AIRGAP_AGE_X25519_H
#define AIRGAP_AGE_X25519_H

#include "agent/lib/age/age_header.h"
#include "agent/lib/age/age_key.h"

#define AGE_X25519_TYPE "X25519"
#define AGE_FILE_KEY	16
/* The file key and its tag */
#define AGE_X25519_BODY 32
/* 32 bytes as base64 without padding */
#define AGE_X25519_TEXT 43

/* What is secret on the way; in memory as a key ring's, and wiped by whoever allocated it. */
struct age_x25519_secrets {
	uint8_t ephemeral[AGE_KEY_SIZE];
	uint8_t shared[AGE_KEY_SIZE];
	uint8_t wrap_key[AGE_KEY_SIZE];
};

/**
 * age_x25519_wrap - encrypt a file key to one recipient, with a new ephemeral key
 * @share: set to the ephemeral public key, the stanza's second argument
 * @body: set to the stanza's body
 *
 * Returns 0, or -EINVAL when @recipient is a point of low order.
 */
int age_x25519_wrap(const struct age_recipient *recipient,
		    const uint8_t file_key[static AGE_FILE_KEY], struct age_x25519_secrets *secrets,
		    uint8_t share[static AGE_KEY_SIZE], uint8_t body[static AGE_X25519_BODY]);

/* age_x25519_is_sound - a stanza of this type has one argument and a body of the right sizes */
bool age_x25519_is_sound(const struct age_stanza *stanza);

/**
 * age_x25519_unwrap - try one identity on one sound stanza of this type
 *
 * Returns 0; AGE_NO_MATCH when the stanza is for somebody else; AGE_BAD_HEADER when its share is of
 * low order.
 */
int age_x25519_unwrap(const struct age_stanza *stanza, const struct age_identity *identity,
		      struct age_x25519_secrets *secrets, uint8_t file_key[static AGE_FILE_KEY]);

#endif
