// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The bulk cipher by OpenSSL 3, which is the faster one. It serves the transfer program alone.
 *
 * OpenSSL 3 is under the Apache License 2.0, which goes together with version 3 of the GPL and not
 * with version 2. Our sources are under version 2 or any later one; a program that links this file
 * is therefore distributed under the terms of version 3. Programs that do not name
 * age_cipher_libcrypto do not link it.
 */
#include "agent/lib/age/age_chunk.h"

#include <errno.h>
#include <openssl/evp.h>
#include <sodium.h>

#include "agent/lib/age/age_result.h"

/* What is encrypted in one go stays in the first-level cache for the authenticator. */
#define PIECE 8192u

static void *libcrypto_start(const uint8_t key[static AGE_CIPHER_KEY], enum age_direction direction)
{
	EVP_CIPHER_CTX *state = EVP_CIPHER_CTX_new();

	if (state && EVP_CipherInit_ex(state, EVP_chacha20_poly1305(), NULL, key, NULL,
				       direction == AGE_SEAL) == 1)
		return state;
	EVP_CIPHER_CTX_free(state);
	return NULL;
}

/* Wipes the key too. */
static void libcrypto_end(void *state)
{
	EVP_CIPHER_CTX_free(state);
}

static int run_pieces(EVP_CIPHER_CTX *state, const uint8_t *in, size_t length, uint8_t *out)
{
	int count;

	for (size_t at = 0; at < length; at += (size_t)count) {
		size_t piece = length - at < PIECE ? length - at : PIECE;

		if (EVP_CipherUpdate(state, out + at, &count, in + at, (int)piece) != 1 ||
		    count <= 0)
			return -EIO;
	}
	return 0;
}

static int libcrypto_run(void *opaque, const uint8_t nonce[static AGE_CHUNK_NONCE],
			 const uint8_t *in, size_t length, uint8_t *out)
{
	EVP_CIPHER_CTX *state = opaque;
	bool seal = EVP_CIPHER_CTX_is_encrypting(state);
	uint8_t tag[AGE_TAG_SIZE], none;
	int count;

	/* Where @out is @in the tag stays, being behind all that is written; but a copy is safe. */
	for (size_t i = 0; !seal && i < AGE_TAG_SIZE; i++)
		tag[i] = in[length + i];
	if (EVP_CipherInit_ex(state, NULL, NULL, NULL, nonce, -1) != 1)
		return -EIO;
	if (!seal && EVP_CIPHER_CTX_ctrl(state, EVP_CTRL_AEAD_SET_TAG, AGE_TAG_SIZE, tag) != 1)
		return -EIO;
	if (run_pieces(state, in, length, out) < 0)
		goto failed;
	if (EVP_CipherFinal_ex(state, &none, &count) != 1) {
		sodium_memzero(out, length);
		return seal ? -EIO : AGE_BAD_PAYLOAD;
	}
	if (seal &&
	    EVP_CIPHER_CTX_ctrl(state, EVP_CTRL_AEAD_GET_TAG, AGE_TAG_SIZE, out + length) != 1)
		goto failed;
	return 0;
failed:
	sodium_memzero(out, length);
	return -EIO;
}

const struct age_cipher age_cipher_libcrypto = {
	.name = "libcrypto",
	.start = libcrypto_start,
	.end = libcrypto_end,
	.run = libcrypto_run,
};
