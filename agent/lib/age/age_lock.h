/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From recipients to a header and the key of a payload, and from a header and identities back to
 * that key. The head of a file is its header and the nonce of 16 bytes that begins the payload.
 */
#ifndef AIRGAP_AGE_LOCK_H
#define AIRGAP_AGE_LOCK_H

#include "agent/lib/age/age_header.h"
#include "agent/lib/age/age_key.h"

#define AGE_NONCE_SIZE	16
#define AGE_PAYLOAD_KEY 32
/* How many recipients a file of ours may have; what others wrote is bounded by AGE_HEADER_MAX */
#define AGE_RECIPIENTS_MAX 64
/* The longest head that age_lock() makes */
#define AGE_HEAD_SIZE 6400
/* As many bytes of a file as age_unlock() ever needs to see */
#define AGE_HEAD_MAX (AGE_HEADER_MAX + AGE_NONCE_SIZE)

struct age_head {
	size_t length;
	uint8_t bytes[AGE_HEAD_SIZE];
};

/**
 * age_key_new - locked memory for the key of one payload, wiped by age_key_free()
 *
 * Returns NULL when there is no memory for it.
 */
uint8_t *age_key_new(void);
void age_key_free(uint8_t *key);

/**
 * age_lock - begin a new file
 * @recipients: @count of them, 1 to AGE_RECIPIENTS_MAX
 * @head: filled; the file begins with these bytes
 * @key: of the payload that follows; never to be used for a second one
 *
 * Returns 0; -EINVAL for a wrong @count or a recipient of low order; -ENOMEM.
 */
int age_lock(const struct age_recipient *recipients, size_t count, struct age_head *head,
	     uint8_t key[static AGE_PAYLOAD_KEY]);

/**
 * age_unlock - open the head of a file
 * @bytes: the first @available bytes of the file: AGE_HEAD_MAX, or all that there is
 * @length: set to the length of the head; the first chunk begins there
 * @key: of the payload; zero on error
 *
 * Stanzas of types that are not understood are passed over, as the format wants it. One of type
 * scrypt (a passphrase; never ours) must be well-formed and alone. Returns 0, AGE_BAD_HEADER,
 * AGE_NO_MATCH, AGE_BAD_MAC, or -ENOMEM.
 */
int age_unlock(const uint8_t *bytes, size_t available, const struct age_keyring *ring,
	       size_t *length, uint8_t key[static AGE_PAYLOAD_KEY]);

#endif
