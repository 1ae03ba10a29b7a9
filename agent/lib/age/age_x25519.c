// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/age/age_x25519.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "agent/lib/age/age_hkdf.h"
#include "agent/lib/age/age_result.h"
#include "policy/sign/base64.h"

#define INFO "age-encryption.org/v1/X25519"

/* Every wrap key is used once, so the format fixes the nonce. */
static const uint8_t nonce[crypto_aead_chacha20poly1305_IETF_NPUBBYTES];

static void derive(struct age_x25519_secrets *secrets, const uint8_t *share,
		   const struct age_recipient *recipient)
{
	uint8_t salt[2 * AGE_KEY_SIZE];

	memcpy(salt, share, AGE_KEY_SIZE);
	memcpy(salt + AGE_KEY_SIZE, recipient->point, AGE_KEY_SIZE);
	age_hkdf(secrets->wrap_key, secrets->shared, sizeof(secrets->shared), salt, sizeof(salt),
		 INFO);
}

int age_x25519_wrap(const struct age_recipient *recipient,
		    const uint8_t file_key[static AGE_FILE_KEY], struct age_x25519_secrets *secrets,
		    uint8_t share[static AGE_KEY_SIZE], uint8_t body[static AGE_X25519_BODY])
{
	randombytes_buf(secrets->ephemeral, sizeof(secrets->ephemeral));
	crypto_scalarmult_base(share, secrets->ephemeral);
	if (crypto_scalarmult(secrets->shared, secrets->ephemeral, recipient->point) != 0)
		return -EINVAL;
	derive(secrets, share, recipient);
	crypto_aead_chacha20poly1305_ietf_encrypt(body, NULL, file_key, AGE_FILE_KEY, NULL, 0, NULL,
						  nonce, secrets->wrap_key);
	return 0;
}

static bool read_share(const struct age_stanza *stanza, uint8_t share[static AGE_KEY_SIZE])
{
	size_t count;

	return base64_decode_bare(stanza->args[1].at, stanza->args[1].length, share, AGE_KEY_SIZE,
				  &count) &&
	       count == AGE_KEY_SIZE;
}

bool age_x25519_is_sound(const struct age_stanza *stanza)
{
	uint8_t share[AGE_KEY_SIZE];

	/* Another size of the body could hide keys for several identities (a partitioning oracle). */
	return stanza->arg_count == 2 && stanza->body_length == AGE_X25519_BODY &&
	       read_share(stanza, share);
}

int age_x25519_unwrap(const struct age_stanza *stanza, const struct age_identity *identity,
		      struct age_x25519_secrets *secrets, uint8_t file_key[static AGE_FILE_KEY])
{
	uint8_t share[AGE_KEY_SIZE];

	if (!read_share(stanza, share))
		return AGE_BAD_HEADER;
	/* libsodium refuses the points of low order, and a result that is all zero. */
	if (crypto_scalarmult(secrets->shared, identity->secret, share) != 0)
		return AGE_BAD_HEADER;
	derive(secrets, share, &identity->recipient);
	if (crypto_aead_chacha20poly1305_ietf_decrypt(file_key, NULL, NULL, stanza->body,
						      AGE_X25519_BODY, NULL, 0, nonce,
						      secrets->wrap_key) != 0)
		return AGE_NO_MATCH;
	return 0;
}
