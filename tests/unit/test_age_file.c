// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/age/age_file.h"
#include "agent/lib/age/age_result.h"
#include "agent/lib/age/age_stream.h"
#include "tests/unit/age_fixture.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BATCH ((size_t)4 * AGE_CHUNK_SIZE)
#define LARGE (9 * BATCH + 12345)

static const size_t sizes[] = { 0, 1, 65536, 65537, BATCH - 1, BATCH, BATCH + 1, 3 * BATCH, LARGE };
#define SIZES ((int)(sizeof(sizes) / sizeof(sizes[0])))
#define WAYS  6

static struct age_keyring *ring;
static uint8_t *plain;
static int in, sealed, out;

static void setup(void)
{
	ring = age_fixture_ring();
	plain = age_fixture_bytes(LARGE);
	in = age_fixture_file(plain, LARGE);
	sealed = age_fixture_file(plain, 5000);
	out = age_fixture_file(plain, 5000);
}

static void teardown(void)
{
	age_keyring_free(ring);
	free(plain);
	close(in);
	close(sealed);
	close(out);
}

static off_t size_of(int fd)
{
	struct stat st;

	ck_assert_int_eq(fstat(fd, &st), 0);
	return st.st_size;
}

static int seal(const struct age_work *work)
{
	return age_encrypt_file(in, sealed, &ring->identities[0].recipient, 1, work);
}

static int open_sealed(const struct age_work *work)
{
	return age_decrypt_file(sealed, out, ring, work);
}

static void out_is(size_t size)
{
	size_t length;
	uint8_t *bytes = age_fixture_read(out, &length);

	ck_assert_uint_eq(length, size);
	ck_assert(memcmp(bytes, plain, size) == 0);
	free(bytes);
}

/* Every size, by one thread and by several, and by both ciphers. */
START_TEST(test_sizes)
{
	size_t size = sizes[_i / WAYS], length;
	struct age_work work = {
		.threads = (unsigned int)(_i % WAYS / 2),
		.cipher = _i % 2 ? &age_cipher_libcrypto : NULL,
	};
	uint8_t *file, *opened;

	work.threads = work.threads == 2 ? 5 : work.threads;
	ck_assert_int_eq(ftruncate(in, (off_t)size), 0);
	ck_assert_int_eq(seal(&work), 0);
	ck_assert_int_eq(open_sealed(&work), 0);
	out_is(size);
	/* And the other way to read it agrees. */
	file = age_fixture_read(sealed, &length);
	ck_assert_int_eq(age_decrypt_buffer(file, length, ring, &opened, &length), 0);
	ck_assert_uint_eq(length, size);
	ck_assert(memcmp(opened, plain, size) == 0);
	free(opened);
	free(file);
}
END_TEST

START_TEST(test_changed)
{
	off_t whole, place;
	uint8_t byte;

	ck_assert_int_eq(seal(NULL), 0);
	whole = size_of(sealed);
	for (int i = 0; i < 20; i++) {
		place = whole - 1 - i * (whole - 300) / 20;
		ck_assert_int_eq(pread(sealed, &byte, 1, place), 1);
		byte ^= 0x80;
		ck_assert_int_eq(pwrite(sealed, &byte, 1, place), 1);
		ck_assert_int_eq(open_sealed(NULL), AGE_BAD_PAYLOAD);
		ck_assert_int_eq(size_of(out), 0);
		byte ^= 0x80;
		ck_assert_int_eq(pwrite(sealed, &byte, 1, place), 1);
	}
	ck_assert_int_eq(open_sealed(NULL), 0);
	out_is(LARGE);
}
END_TEST

START_TEST(test_cut)
{
	off_t whole;

	ck_assert_int_eq(seal(NULL), 0);
	whole = size_of(sealed);
	for (off_t left = whole - 1; left > 300; left -= AGE_SEALED_SIZE / 2) {
		ck_assert_int_eq(ftruncate(sealed, left), 0);
		ck_assert_int_eq(open_sealed(NULL), AGE_BAD_PAYLOAD);
		ck_assert_int_eq(size_of(out), 0);
	}
	ck_assert_int_eq(ftruncate(sealed, 100), 0);
	ck_assert_int_eq(open_sealed(NULL), AGE_BAD_HEADER);
	ck_assert_int_eq(size_of(out), 0);
}
END_TEST

struct seen {
	atomic_bool cancel;
	uint64_t done, total;
	int calls, cancel_at;
};

static void progress(void *context, uint64_t done, uint64_t total)
{
	struct seen *seen = context;

	ck_assert_uint_ge(done, seen->done);
	ck_assert_uint_le(done, total);
	seen->done = done;
	seen->total = total;
	if (++seen->calls == seen->cancel_at)
		atomic_store(&seen->cancel, true);
}

START_TEST(test_progress)
{
	struct seen seen = { 0 };
	struct age_work work = {
		.threads = (unsigned int)_i,
		.progress = progress,
		.context = &seen,
		.cancel = &seen.cancel,
	};

	ck_assert_int_eq(seal(&work), 0);
	ck_assert_uint_eq(seen.total, LARGE);
	ck_assert_uint_eq(seen.done, LARGE);
	ck_assert_int_ge(seen.calls, 1);
}
END_TEST

START_TEST(test_cancel)
{
	struct seen seen = { .cancel_at = 3 };
	struct age_work work = {
		.threads = 1,
		.progress = progress,
		.context = &seen,
		.cancel = &seen.cancel,
	};

	ck_assert_int_eq(seal(&work), -ECANCELED);
	ck_assert_uint_eq(seen.done, 3 * BATCH);
	ck_assert_int_eq(size_of(sealed), 0);
	atomic_store(&seen.cancel, false);
	ck_assert_int_eq(seal(NULL), 0);
	atomic_store(&seen.cancel, true);
	work.threads = 4;
	work.progress = NULL;
	ck_assert_int_eq(open_sealed(&work), -ECANCELED);
	ck_assert_int_eq(size_of(out), 0);
}
END_TEST

static void grow(void *context, uint64_t done, uint64_t total)
{
	(void)context;
	if (done < total)
		ck_assert_int_eq(pwrite(in, "x", 1, (off_t)LARGE), 1);
}

static void shrink(void *context, uint64_t done, uint64_t total)
{
	(void)context;
	if (done < total)
		ck_assert_int_eq(ftruncate(in, 3 * BATCH), 0);
}

START_TEST(test_changes_meanwhile)
{
	struct age_work work = { .threads = 1, .progress = grow };

	ck_assert_int_eq(seal(&work), -ESTALE);
	ck_assert_int_eq(size_of(sealed), 0);
	work.progress = shrink;
	ck_assert_int_eq(seal(&work), -ESTALE);
	ck_assert_int_eq(size_of(sealed), 0);
}
END_TEST

START_TEST(test_refused)
{
	int ends[2], readable;

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(age_encrypt_file(ends[0], sealed, &ring->identities[0].recipient, 1, NULL),
			 -ESPIPE);
	ck_assert_int_eq(age_encrypt_file(in, ends[1], &ring->identities[0].recipient, 1, NULL),
			 -ESPIPE);
	ck_assert_int_eq(age_encrypt_file(in, sealed, NULL, 0, NULL), -EINVAL);
	ck_assert_int_eq(age_decrypt_file(ends[0], out, ring, NULL), -ESPIPE);
	ck_assert_int_eq(age_decrypt_file(out, out, ring, NULL), -EINVAL);
	ck_assert_int_eq(age_encrypt_file(out, out, &ring->identities[0].recipient, 1, NULL),
			 -EINVAL);
	/* Nothing was touched until here. */
	ck_assert_int_eq(size_of(sealed), 5000);
	ck_assert_int_eq(size_of(out), 5000);
	readable = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	ck_assert_int_eq(age_encrypt_file(in, readable, &ring->identities[0].recipient, 1, NULL),
			 -EINVAL);
	close(readable);
	close(ends[0]);
	close(ends[1]);
	ck_assert_int_eq(seal(NULL), 0);
	ring->count = 0;
	ck_assert_int_eq(open_sealed(NULL), AGE_NO_MATCH);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("age_file");
	TCase *tests = tcase_create("all");

	tcase_set_timeout(tests, 60);
	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_loop_test(tests, test_sizes, 0, SIZES * WAYS);
	tcase_add_test(tests, test_changed);
	tcase_add_test(tests, test_cut);
	tcase_add_loop_test(tests, test_progress, 0, 3);
	tcase_add_test(tests, test_cancel);
	tcase_add_test(tests, test_changes_meanwhile);
	tcase_add_test(tests, test_refused);
	suite_add_tcase(suite, tests);
	return sodium_init() < 0 ? 2 : unit_run(suite);
}
