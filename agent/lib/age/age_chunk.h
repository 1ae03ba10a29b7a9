/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The payload of an age file (C2SP age.md, "Payload"): chunks of 64 KiB, each sealed on its own with
 * ChaCha20-Poly1305 (RFC 8439) under a nonce made of its number and whether it is the last.
 *
 * All bulk encryption goes through one function, age_cipher.run. libsodium serves it everywhere;
 * age_cipher_libcrypto (age_chunk_libcrypto.c) serves it where speed is the point.
 */
#ifndef AIRGAP_AGE_CHUNK_H
#define AIRGAP_AGE_CHUNK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AGE_CHUNK_SIZE	65536u
#define AGE_TAG_SIZE	16u
#define AGE_SEALED_SIZE (AGE_CHUNK_SIZE + AGE_TAG_SIZE)
#define AGE_CHUNK_NONCE 12u
#define AGE_CIPHER_KEY	32u

enum age_direction {
	AGE_OPEN,
	AGE_SEAL,
};

struct age_cipher {
	const char *name;
	/* start - what one thread needs to work in one direction with @key; NULL: no memory */
	void *(*start)(const uint8_t key[static AGE_CIPHER_KEY], enum age_direction direction);
	/* end - wipe and free it; NULL is fine */
	void (*end)(void *state);
	/*
	 * run - one chunk of @length bytes of plaintext; @out may be @in
	 *
	 * Sealing reads @length bytes and writes as many and the tag after them; opening the
	 * reverse. Returns 0, or AGE_BAD_PAYLOAD when the tag is wrong: @out then holds nothing of
	 * what was decrypted. -EIO when the library fails.
	 */
	int (*run)(void *state, const uint8_t nonce[static AGE_CHUNK_NONCE], const uint8_t *in,
		   size_t length, uint8_t *out);
};

extern const struct age_cipher age_cipher_sodium;
extern const struct age_cipher age_cipher_libcrypto;

/* One thread's way to the chunks of one payload. */
struct age_chunks {
	const struct age_cipher *cipher;
	void *state;
};

/**
 * age_chunks_start - begin to work on a payload
 * @cipher: NULL for libsodium
 * @key: copied to locked memory
 *
 * Returns 0 or -ENOMEM; age_chunks_end() then frees what there is, and may be called on zeroes.
 */
int age_chunks_start(struct age_chunks *chunks, const struct age_cipher *cipher,
		     const uint8_t key[static AGE_CIPHER_KEY], enum age_direction direction);
void age_chunks_end(struct age_chunks *chunks);

/**
 * age_chunk - seal or open chunk @number, as age_chunks_start() was told
 * @length: of its plaintext
 * @final: whether it is the last of the payload
 *
 * As age_cipher.run.
 */
int age_chunk(struct age_chunks *chunks, uint64_t number, bool final, const uint8_t *in,
	      size_t length, uint8_t *out);

/* age_chunk_count - chunks of a payload of @size bytes of plaintext: at least one, the empty one */
uint64_t age_chunk_count(uint64_t size);

/* age_sealed_size - bytes of all chunks of a payload of @size bytes of plaintext */
uint64_t age_sealed_size(uint64_t size);

/**
 * age_plain_size - the reverse
 *
 * Returns 0, or AGE_BAD_PAYLOAD when no payload has so many bytes: the last chunk would be shorter
 * than its tag, or empty behind others.
 */
int age_plain_size(uint64_t sealed, uint64_t *size);

#endif
