// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/age/age_reader.h"
#include "agent/lib/age/age_result.h"
#include "agent/lib/age/age_stream.h"
#include "tests/unit/age_fixture.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LARGE ((size_t)5 * AGE_CHUNK_SIZE + 77)

static const size_t sizes[] = { 0, 1, 65535, 65536, 65537, 131072, LARGE };
#define SIZES ((int)(sizeof(sizes) / sizeof(sizes[0])))

static struct age_keyring *ring;
static struct age_reader *reader;
static uint8_t *plain, *sealed;
static size_t sealed_length;
static int fd;

static void setup(void)
{
	ring = age_fixture_ring();
	plain = age_fixture_bytes(LARGE);
	reader = NULL;
	sealed = NULL;
	fd = -1;
}

static void teardown(void)
{
	age_reader_close(reader);
	age_keyring_free(ring);
	free(plain);
	free(sealed);
	close(fd);
}

static void make(size_t size)
{
	ck_assert_int_eq(age_encrypt_buffer(plain, size, &ring->identities[0].recipient, 1, &sealed,
					    &sealed_length),
			 0);
	fd = age_fixture_file(sealed, sealed_length);
}

static int open_reader(void)
{
	return age_reader_open(fd, ring, NULL, &reader);
}

START_TEST(test_any_order)
{
	size_t size = sizes[_i];
	uint8_t *out = malloc(size + 10);

	ck_assert_ptr_nonnull(out);
	make(size);
	ck_assert_int_eq(open_reader(), 0);
	ck_assert_uint_eq(age_reader_size(reader), size);
	ck_assert_int_eq(age_reader_pread(reader, out, size + 10, 0), (ssize_t)size);
	ck_assert(memcmp(out, plain, size) == 0);
	for (int i = 0; i < 200; i++) {
		uint32_t offset = randombytes_uniform((uint32_t)size + 10);
		uint32_t length = randombytes_uniform((uint32_t)size + 10);
		size_t left = offset < size ? size - offset : 0;
		ssize_t n = age_reader_pread(reader, out, length, offset);

		ck_assert_int_eq(n, (ssize_t)(length < left ? length : left));
		ck_assert(n == 0 || memcmp(out, plain + offset, (size_t)n) == 0);
	}
	ck_assert_int_eq(age_reader_pread(reader, out, 1, UINT64_MAX), 0);
	free(out);
}
END_TEST

/* One chunk changed: it is refused, and the others are still read. */
START_TEST(test_changed_chunk)
{
	uint8_t byte, out[10];
	off_t place;

	make(LARGE);
	place = (off_t)(sealed_length - age_sealed_size(LARGE) + 2 * AGE_SEALED_SIZE + 100);
	byte = (uint8_t)(sealed[place] ^ 1);
	ck_assert_int_eq(pwrite(fd, &byte, 1, place), 1);
	ck_assert_int_eq(open_reader(), 0);
	ck_assert_int_eq(age_reader_pread(reader, out, 10, 0), 10);
	ck_assert_int_eq(age_reader_pread(reader, out, 10, 2 * AGE_CHUNK_SIZE), AGE_BAD_PAYLOAD);
	ck_assert_int_eq(age_reader_pread(reader, out, 10, 2 * AGE_CHUNK_SIZE + 1),
			 AGE_BAD_PAYLOAD);
	ck_assert_int_eq(age_reader_pread(reader, out, 10, 2 * AGE_CHUNK_SIZE - 5),
			 AGE_BAD_PAYLOAD);
	ck_assert_int_eq(age_reader_pread(reader, out, 10, 3 * AGE_CHUNK_SIZE), 10);
	ck_assert_mem_eq(out, plain + 3 * AGE_CHUNK_SIZE, 10);
}
END_TEST

/* What was cut at the end of a chunk has a plausible size, and no last chunk. */
START_TEST(test_cut)
{
	off_t start;

	make(LARGE);
	start = (off_t)(sealed_length - age_sealed_size(LARGE));
	for (off_t chunks = 0; chunks <= 5; chunks++) {
		ck_assert_int_eq(ftruncate(fd, start + chunks * AGE_SEALED_SIZE), 0);
		ck_assert_int_eq(open_reader(), AGE_BAD_PAYLOAD);
		ck_assert_ptr_null(reader);
		ck_assert_int_eq(ftruncate(fd, 0), 0);
		ck_assert_int_eq(pwrite(fd, sealed, sealed_length, 0), (ssize_t)sealed_length);
	}
	ck_assert_int_eq(open_reader(), 0);
	ck_assert_int_eq(ftruncate(fd, start + AGE_SEALED_SIZE), 0);
	ck_assert_int_eq(age_reader_pread(reader, sealed, 10, AGE_CHUNK_SIZE), -ESTALE);
}
END_TEST

START_TEST(test_refused)
{
	int ends[2];

	make(10);
	ck_assert_int_eq(age_reader_open(-1, ring, NULL, &reader), -EBADF);
	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(age_reader_open(ends[0], ring, NULL, &reader), -ESPIPE);
	close(ends[0]);
	close(ends[1]);
	ring->count = 0;
	ck_assert_int_eq(open_reader(), AGE_NO_MATCH);
	ck_assert_int_eq(ftruncate(fd, 0), 0);
	ck_assert_int_eq(open_reader(), AGE_BAD_HEADER);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("age_reader");
	TCase *tests = tcase_create("all");

	tcase_set_timeout(tests, 60);
	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_loop_test(tests, test_any_order, 0, SIZES);
	tcase_add_test(tests, test_changed_chunk);
	tcase_add_test(tests, test_cut);
	tcase_add_test(tests, test_refused);
	suite_add_tcase(suite, tests);
	return sodium_init() < 0 ? 2 : unit_run(suite);
}
