// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/age/age_chunk.h"
#include "agent/lib/age/age_result.h"
#include "tests/unit/unit.h"

#include <sodium.h>
#include <string.h>

static const uint8_t plain[] = "a text of no meaning, some bytes long";

static const struct age_cipher *const ciphers[] = { &age_cipher_sodium, &age_cipher_libcrypto };
static uint8_t key[AGE_CIPHER_KEY], data[AGE_SEALED_SIZE], other[AGE_SEALED_SIZE];

static int run(const struct age_cipher *cipher, enum age_direction direction, uint64_t number,
	       bool final, const uint8_t *in, size_t length, uint8_t *out)
{
	struct age_chunks chunks;
	int r;

	ck_assert_int_eq(age_chunks_start(&chunks, cipher, key, direction), 0);
	r = age_chunk(&chunks, number, final, in, length, out);
	age_chunks_end(&chunks);
	return r;
}

/* The nonce is eleven bytes of counter, most significant first, and one of "final". */
START_TEST(test_nonce)
{
	static const uint8_t nonce[] = { 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 1 };

	run(ciphers[_i], AGE_SEAL, 0x0102030405060708, true, plain, sizeof(plain), data);
	crypto_aead_chacha20poly1305_ietf_encrypt(other, NULL, plain, sizeof(plain), NULL, 0, NULL,
						  nonce, key);
	ck_assert_mem_eq(data, other, sizeof(plain) + AGE_TAG_SIZE);
}
END_TEST

START_TEST(test_both_ways)
{
	static const size_t lengths[] = { 0, 1, 8191, 8192, 8193, AGE_CHUNK_SIZE };
	const struct age_cipher *from = ciphers[_i / 2], *to = ciphers[_i % 2];

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		size_t length = lengths[i];

		randombytes_buf(data, length);
		ck_assert_int_eq(run(from, AGE_SEAL, 7, false, data, length, other), 0);
		/* And in place. */
		ck_assert_int_eq(run(from, AGE_SEAL, 7, false, data, length, data), 0);
		ck_assert_mem_eq(data, other, length + AGE_TAG_SIZE);
		ck_assert_int_eq(run(to, AGE_OPEN, 7, false, data, length, other), 0);
		ck_assert_int_eq(run(to, AGE_OPEN, 7, false, data, length, data), 0);
		ck_assert_mem_eq(data, other, length);
	}
}
END_TEST

START_TEST(test_refused)
{
	const struct age_cipher *cipher = ciphers[_i];
	size_t length = 20000;

	memset(data, 0x5a, length);
	run(cipher, AGE_SEAL, 7, false, data, length, data);
	ck_assert_int_eq(run(cipher, AGE_OPEN, 8, false, data, length, other), AGE_BAD_PAYLOAD);
	ck_assert_int_eq(run(cipher, AGE_OPEN, 7, true, data, length, other), AGE_BAD_PAYLOAD);
	ck_assert_int_eq(run(cipher, AGE_OPEN, 7, false, data, length - 1, other), AGE_BAD_PAYLOAD);
	for (size_t i = 0; i < length + AGE_TAG_SIZE; i += 1999) {
		data[i] ^= 1;
		memset(other, 0xff, length);
		ck_assert_int_eq(run(cipher, AGE_OPEN, 7, false, data, length, other),
				 AGE_BAD_PAYLOAD);
		ck_assert_ptr_null(memmem(other, length, "\x5a\x5a\x5a\x5a", 4));
		data[i] ^= 1;
	}
	ck_assert_int_eq(run(cipher, AGE_OPEN, 7, false, data, length, other), 0);
}
END_TEST

START_TEST(test_sizes)
{
	static const struct {
		uint64_t plain, sealed;
	} sizes[] = { { 0, 16 },
		      { 1, 17 },
		      { 65535, 65551 },
		      { 65536, 65552 },
		      { 65537, 65552 + 17 },
		      { 131072, 131104 },
		      { 1 << 30, (1 << 30) + (16384 << 4) } };
	uint64_t size;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		ck_assert_uint_eq(age_sealed_size(sizes[i].plain), sizes[i].sealed);
		ck_assert_int_eq(age_plain_size(sizes[i].sealed, &size), 0);
		ck_assert_uint_eq(size, sizes[i].plain);
	}
	for (size = 0; size < 16; size++) {
		uint64_t none;

		ck_assert_int_eq(age_plain_size(size, &none), AGE_BAD_PAYLOAD);
		ck_assert_int_eq(age_plain_size(65552 + size + (size != 0), &none),
				 size ? AGE_BAD_PAYLOAD : 0);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("age_chunk");
	TCase *tests = tcase_create("all");

	tcase_add_loop_test(tests, test_nonce, 0, 2);
	tcase_add_loop_test(tests, test_both_ways, 0, 4);
	tcase_add_loop_test(tests, test_refused, 0, 2);
	tcase_add_test(tests, test_sizes);
	suite_add_tcase(suite, tests);
	return sodium_init() < 0 ? 2 : unit_run(suite);
}
