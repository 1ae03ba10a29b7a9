// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/age/age_chunk.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "agent/lib/age/age_result.h"

_Static_assert(AGE_CIPHER_KEY == crypto_aead_chacha20poly1305_IETF_KEYBYTES, "RFC 8439");
_Static_assert(AGE_CHUNK_NONCE == crypto_aead_chacha20poly1305_IETF_NPUBBYTES, "RFC 8439");
_Static_assert(AGE_TAG_SIZE == crypto_aead_chacha20poly1305_IETF_ABYTES, "RFC 8439");

struct sodium_state {
	uint8_t key[AGE_CIPHER_KEY];
	enum age_direction direction;
};

static void *sodium_start(const uint8_t key[static AGE_CIPHER_KEY], enum age_direction direction)
{
	struct sodium_state *state = sodium_malloc(sizeof(*state));

	if (!state)
		return NULL;
	memcpy(state->key, key, sizeof(state->key));
	state->direction = direction;
	return state;
}

static int sodium_run(void *opaque, const uint8_t nonce[static AGE_CHUNK_NONCE], const uint8_t *in,
		      size_t length, uint8_t *out)
{
	const struct sodium_state *state = opaque;

	if (state->direction == AGE_SEAL) {
		crypto_aead_chacha20poly1305_ietf_encrypt_detached(
			out, out + length, NULL, in, length, NULL, 0, NULL, nonce, state->key);
		return 0;
	}
	/* The tag is checked before a byte is decrypted. */
	if (crypto_aead_chacha20poly1305_ietf_decrypt_detached(out, NULL, in, length, in + length,
							       NULL, 0, nonce, state->key) != 0)
		return AGE_BAD_PAYLOAD;
	return 0;
}

const struct age_cipher age_cipher_sodium = {
	.name = "libsodium",
	.start = sodium_start,
	.end = sodium_free,
	.run = sodium_run,
};

int age_chunks_start(struct age_chunks *chunks, const struct age_cipher *cipher,
		     const uint8_t key[static AGE_CIPHER_KEY], enum age_direction direction)
{
	chunks->cipher = cipher ? cipher : &age_cipher_sodium;
	chunks->state = chunks->cipher->start(key, direction);
	return chunks->state ? 0 : -ENOMEM;
}

void age_chunks_end(struct age_chunks *chunks)
{
	if (chunks->state)
		chunks->cipher->end(chunks->state);
	chunks->state = NULL;
}

int age_chunk(struct age_chunks *chunks, uint64_t number, bool final, const uint8_t *in,
	      size_t length, uint8_t *out)
{
	/* A counter of 11 bytes, most significant first, of which a file can reach seven. */
	uint8_t nonce[AGE_CHUNK_NONCE] = { 0 };

	for (size_t i = 0; i < 8; i++)
		nonce[AGE_CHUNK_NONCE - 2 - i] = (uint8_t)(number >> 8 * i);
	nonce[AGE_CHUNK_NONCE - 1] = final;
	return chunks->cipher->run(chunks->state, nonce, in, length, out);
}

uint64_t age_chunk_count(uint64_t size)
{
	return size == 0 ? 1 : (size - 1) / AGE_CHUNK_SIZE + 1;
}

uint64_t age_sealed_size(uint64_t size)
{
	return size + age_chunk_count(size) * AGE_TAG_SIZE;
}

int age_plain_size(uint64_t sealed, uint64_t *size)
{
	uint64_t whole = sealed / AGE_SEALED_SIZE, rest = sealed % AGE_SEALED_SIZE;

	*size = 0;
	if (rest == 0 && whole > 0) {
		*size = whole * AGE_CHUNK_SIZE;
		return 0;
	}
	if (rest < AGE_TAG_SIZE || (rest == AGE_TAG_SIZE && whole > 0))
		return AGE_BAD_PAYLOAD;
	*size = whole * AGE_CHUNK_SIZE + rest - AGE_TAG_SIZE;
	return 0;
}
