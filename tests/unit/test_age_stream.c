// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/age/age_stream.h"
#include "agent/lib/age/age_chunk.h"
#include "agent/lib/age/age_lock.h"
#include "agent/lib/age/age_result.h"
#include "tests/unit/age_fixture.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static const size_t sizes[] = { 0, 1, 65535, 65536, 65537, 131072, 131073, 300000 };
#define SIZES ((int)(sizeof(sizes) / sizeof(sizes[0])))

static struct age_keyring *ring;
static uint8_t *plain, *sealed, *opened;
static size_t sealed_length, opened_length;

static void setup(void)
{
	ring = age_fixture_ring();
	plain = age_fixture_bytes(400000);
	sealed = NULL;
}

static void teardown(void)
{
	age_keyring_free(ring);
	free(plain);
	free(sealed);
}

static void seal(size_t size)
{
	free(sealed);
	ck_assert_int_eq(age_encrypt_buffer(plain, size, &ring->identities[0].recipient, 1, &sealed,
					    &sealed_length),
			 0);
}

static int open_sealed(void)
{
	return age_decrypt_buffer(sealed, sealed_length, ring, &opened, &opened_length);
}

START_TEST(test_sizes)
{
	seal(sizes[_i]);
	ck_assert_int_eq(open_sealed(), 0);
	ck_assert_uint_eq(opened_length, sizes[_i]);
	ck_assert(memcmp(opened, plain, sizes[_i]) == 0);
	free(opened);
}
END_TEST

/* Where the payload begins. */
static size_t head(size_t size)
{
	return sealed_length - (size_t)age_sealed_size(size);
}

static void must_fail(int wanted)
{
	ck_assert_int_eq(open_sealed(), wanted);
	ck_assert_ptr_null(opened);
	ck_assert_uint_eq(opened_length, 0);
}

/* Cut anywhere that matters, also at the end of a chunk, or continued: never a content. */
START_TEST(test_cut)
{
	size_t size = sizes[_i], from, whole;

	seal(size);
	whole = sealed_length;
	from = head(size);
	for (size_t end = from; end < whole; end += 1 + (end - from) % 4093) {
		sealed_length = end;
		must_fail(AGE_BAD_PAYLOAD);
	}
	for (size_t end = from + AGE_SEALED_SIZE; end < whole; end += AGE_SEALED_SIZE) {
		sealed_length = end;
		must_fail(AGE_BAD_PAYLOAD);
	}
	sealed = realloc(sealed, whole + 1);
	ck_assert_ptr_nonnull(sealed);
	sealed[whole] = 0;
	sealed_length = whole + 1;
	must_fail(AGE_BAD_PAYLOAD);
	sealed_length = from - 1;
	must_fail(AGE_BAD_HEADER);
}
END_TEST

START_TEST(test_chunks_in_order)
{
	uint8_t *payload, chunk[AGE_SEALED_SIZE];

	seal(300000);
	payload = sealed + head(300000);
	memcpy(chunk, payload, AGE_SEALED_SIZE);
	memcpy(payload, payload + AGE_SEALED_SIZE, AGE_SEALED_SIZE);
	must_fail(AGE_BAD_PAYLOAD);
	memcpy(payload + AGE_SEALED_SIZE, chunk, AGE_SEALED_SIZE);
	must_fail(AGE_BAD_PAYLOAD);
	memcpy(payload, chunk, AGE_SEALED_SIZE);
	must_fail(AGE_BAD_PAYLOAD);
}
END_TEST

/* A last chunk that is empty behind a full one, sealed as it should be: the format forbids it. */
START_TEST(test_empty_last)
{
	uint8_t *key = age_key_new(), *at;
	struct age_chunks chunks;
	struct age_head head;

	ck_assert_ptr_nonnull(key);
	ck_assert_int_eq(age_lock(&ring->identities[0].recipient, 1, &head, key), 0);
	ck_assert_int_eq(age_chunks_start(&chunks, NULL, key, AGE_SEAL), 0);
	sealed_length = head.length + AGE_SEALED_SIZE + AGE_TAG_SIZE;
	sealed = malloc(sealed_length);
	ck_assert_ptr_nonnull(sealed);
	memcpy(sealed, head.bytes, head.length);
	at = sealed + head.length;
	ck_assert_int_eq(age_chunk(&chunks, 0, false, plain, AGE_CHUNK_SIZE, at), 0);
	ck_assert_int_eq(age_chunk(&chunks, 1, true, plain, 0, at + AGE_SEALED_SIZE), 0);
	must_fail(AGE_BAD_PAYLOAD);
	/* The same chunk as the last one is fine. */
	ck_assert_int_eq(age_chunk(&chunks, 0, true, plain, AGE_CHUNK_SIZE, at), 0);
	sealed_length -= AGE_TAG_SIZE;
	ck_assert_int_eq(open_sealed(), 0);
	free(opened);
	age_chunks_end(&chunks);
	age_key_free(key);
}
END_TEST

/* In pieces of every size, the file is as long as in one. */
START_TEST(test_pieces)
{
	static const uint8_t nothing[1];
	int fd = age_fixture_file(nothing, 0);
	const struct age_sink sink = age_sink_fd(&fd);
	struct age_writer *writer;

	ck_assert_int_eq(age_writer_new(&ring->identities[0].recipient, 1, &sink, &writer), 0);
	for (size_t at = 0, piece = 0; at < 300000; at += piece) {
		piece = (piece + 977) % 70000;
		piece = piece < 300000 - at ? piece : 300000 - at;
		ck_assert_int_eq(age_writer_write(writer, plain + at, piece), 0);
	}
	ck_assert_int_eq(age_writer_write(writer, NULL, 0), 0);
	ck_assert_int_eq(age_writer_finish(writer), 0);
	age_writer_free(writer);
	sealed = age_fixture_read(fd, &sealed_length);
	ck_assert_int_eq(open_sealed(), 0);
	ck_assert_uint_eq(opened_length, 300000);
	ck_assert(memcmp(opened, plain, 300000) == 0);
	free(opened);
}
END_TEST

static ssize_t broken_get(void *context, uint8_t *bytes, size_t length)
{
	size_t *left = context, piece = *left < length ? *left : length;

	memset(bytes, 0, piece);
	*left -= piece;
	return piece ? (ssize_t)piece : -EIO;
}

static int broken_put(void *context, const uint8_t *bytes, size_t length)
{
	size_t *left = context;

	(void)bytes;
	if (length > *left)
		return -ENOSPC;
	*left -= length;
	return 0;
}

START_TEST(test_errors)
{
	static const size_t room[] = { 0, 300, 70000 };
	size_t in = 100000, out = SIZE_MAX;
	const struct age_source source = { .get = broken_get, .context = &in };
	const struct age_sink sink = { .put = broken_put, .context = &out };
	struct age_recipient *recipient = &ring->identities[0].recipient;

	ck_assert_int_eq(age_encrypt_stream(&source, &sink, recipient, 1), -EIO);
	ck_assert_int_eq(age_encrypt_stream(&source, &sink, recipient, 0), -EINVAL);
	for (size_t i = 0; i < sizeof(room) / sizeof(room[0]); i++) {
		in = 10000000;
		out = room[i];
		ck_assert_int_eq(age_encrypt_stream(&source, &sink, recipient, 1), -ENOSPC);
	}
	in = 10;
	ck_assert_int_eq(age_decrypt_stream(&source, &sink, ring), -EIO);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("age_stream");
	TCase *tests = tcase_create("all");

	tcase_set_timeout(tests, 60);
	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_loop_test(tests, test_sizes, 0, SIZES);
	tcase_add_loop_test(tests, test_cut, 0, SIZES);
	tcase_add_test(tests, test_chunks_in_order);
	tcase_add_test(tests, test_empty_last);
	tcase_add_test(tests, test_pieces);
	tcase_add_test(tests, test_errors);
	suite_add_tcase(suite, tests);
	return sodium_init() < 0 ? 2 : unit_run(suite);
}
