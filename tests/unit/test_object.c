// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/age/age_result.h"
#include "agent/lib/age/age_stream.h"
#include "agent/transfer/object.h"
#include "tests/unit/age_fixture.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define BATCH ((size_t)262144)
#define LARGE (11 * BATCH + 12345)

static const size_t sizes[] = { 0, 1, 65536, 65537, BATCH - 1, BATCH, BATCH + 1, 3 * BATCH, LARGE };
#define SIZES	((int)(sizeof(sizes) / sizeof(sizes[0])))
#define THREADS 4

static struct age_keyring *ring, *other;
static uint8_t *plain;
static int in, sealed, out;

static void setup(void)
{
	ck_assert_int_ge(sodium_init(), 0);
	ring = age_fixture_ring();
	other = age_fixture_ring();
	plain = age_fixture_bytes(LARGE);
	in = age_fixture_file(plain, LARGE);
	sealed = memfd_create("sealed", 0);
	out = memfd_create("out", 0);
}

static void teardown(void)
{
	age_keyring_free(ring);
	age_keyring_free(other);
	free(plain);
	close(in);
	close(sealed);
	close(out);
}

static int seal(const struct object_watch *watch, struct object_digests *digests)
{
	const struct age_recipient to[] = { ring->identities[0].recipient,
					    other->identities[0].recipient };

	ck_assert_int_eq(ftruncate(sealed, 0), 0);
	return object_seal(&object_io_system, in, sealed, to, 2, watch, digests);
}

static void is_digest(int fd, uint64_t size, const uint8_t *digest)
{
	uint8_t wanted[TRANSFER_DIGEST], again[TRANSFER_DIGEST];
	uint64_t found;
	size_t length;
	uint8_t *bytes = age_fixture_read(fd, &length);

	ck_assert_uint_eq(length, size);
	transfer_digest(bytes, length, wanted);
	ck_assert_mem_eq(wanted, digest, TRANSFER_DIGEST);
	ck_assert_int_eq(object_digest(fd, 1, NULL, &found, again), 0);
	ck_assert_uint_eq(found, size);
	ck_assert_mem_eq(wanted, again, TRANSFER_DIGEST);
	free(bytes);
}

/* Every size, by one to four threads; what comes out is what the other reader of age reads. */
START_TEST(test_sizes)
{
	size_t size = sizes[_i / THREADS], length;
	struct work work = { .threads = 1 + (unsigned int)(_i % THREADS) };
	struct object_watch watch = { .work = &work };
	struct object_digests sealed_as, opened_as;
	uint8_t *file, *content;

	ck_assert_int_eq(ftruncate(in, (off_t)size), 0);
	ck_assert_int_eq(seal(&watch, &sealed_as), 0);
	is_digest(in, sealed_as.size, sealed_as.plain);
	is_digest(sealed, sealed_as.sealed_size, sealed_as.sealed);
	ck_assert_uint_eq(object_sealed_size(size, 2), sealed_as.sealed_size);
	file = age_fixture_read(sealed, &length);
	ck_assert_int_eq(age_decrypt_buffer(file, length, other, &content, &length), 0);
	ck_assert_uint_eq(length, size);
	ck_assert(memcmp(content, plain, size) == 0);
	free(content);
	free(file);
	ck_assert_int_eq(object_open(sealed, out, ring, &watch, &opened_as), 0);
	is_digest(out, opened_as.size, opened_as.plain);
	ck_assert_mem_eq(&sealed_as, &opened_as, sizeof(sealed_as));
}
END_TEST

START_TEST(test_changed)
{
	struct object_digests digests;
	struct stat st;
	uint8_t byte;

	ck_assert_int_eq(seal(NULL, &digests), 0);
	ck_assert_int_eq(fstat(sealed, &st), 0);
	for (off_t at = st.st_size - 1; at > 400; at -= st.st_size / 17) {
		ck_assert_int_eq(pread(sealed, &byte, 1, at), 1);
		byte ^= 1;
		ck_assert_int_eq(pwrite(sealed, &byte, 1, at), 1);
		ck_assert_int_eq(object_open(sealed, out, ring, NULL, &digests), AGE_BAD_PAYLOAD);
		byte ^= 1;
		ck_assert_int_eq(pwrite(sealed, &byte, 1, at), 1);
	}
	ck_assert_int_eq(object_open(sealed, out, ring, NULL, &digests), 0);
}
END_TEST

START_TEST(test_stranger)
{
	struct age_keyring *stranger = age_fixture_ring();
	struct object_digests digests;

	ck_assert_int_eq(seal(NULL, &digests), 0);
	ck_assert_int_eq(object_open(sealed, out, stranger, NULL, &digests), AGE_NO_MATCH);
	age_keyring_free(stranger);
}
END_TEST

struct seen {
	atomic_bool cancel;
	unsigned int calls;
	uint64_t last, total;
};

static void see(void *context, const struct work_progress *progress)
{
	struct seen *seen = context;

	seen->calls++;
	ck_assert_uint_ge(progress->done, seen->last);
	ck_assert_uint_le(progress->done, progress->total);
	seen->last = progress->done;
	if (seen->total > 0 && progress->done >= seen->total)
		atomic_store(&seen->cancel, true);
}

START_TEST(test_progress)
{
	struct seen seen = { 0 };
	struct work work = { .threads = 2, .progress = see, .context = &seen };
	struct object_watch watch = { .work = &work, .progress = { .total = LARGE } };
	struct object_digests digests;

	ck_assert_int_eq(seal(&watch, &digests), 0);
	ck_assert_uint_gt(seen.calls, 0);
	ck_assert_uint_eq(seen.last, LARGE);
}
END_TEST

START_TEST(test_cancel)
{
	struct seen seen = { 0 };
	struct work work = { .threads = 1 + (unsigned int)_i, .cancel = &seen.cancel };
	struct object_watch watch = { .work = &work };
	struct object_digests digests;

	atomic_store(&seen.cancel, true);
	ck_assert_int_eq(seal(&watch, &digests), -ECANCELED);
}
END_TEST

static ssize_t full(int fd, const void *data, size_t length, off_t offset)
{
	if (offset < (off_t)(5 * BATCH))
		return pwrite(fd, data, length, offset);
	errno = ENOSPC;
	return -1;
}

START_TEST(test_full)
{
	struct object_io io = object_io_system;
	struct work work = { .threads = 1 + (unsigned int)_i };
	struct object_watch watch = { .work = &work };
	struct object_digests digests;

	io.pwrite = full;
	ck_assert_int_eq(
		object_seal(&io, in, sealed, &ring->identities[0].recipient, 1, &watch, &digests),
		-ENOSPC);
}
END_TEST

START_TEST(test_shorter)
{
	struct object_digests digests;
	struct stat st;

	ck_assert_int_eq(seal(NULL, &digests), 0);
	ck_assert_int_eq(fstat(sealed, &st), 0);
	ck_assert_int_eq(ftruncate(sealed, st.st_size - 70000), 0);
	ck_assert_int_lt(object_open(sealed, out, ring, NULL, &digests), 0);
}
END_TEST

START_TEST(test_recipients)
{
	struct object_digests digests;

	ck_assert_int_eq(object_seal(&object_io_system, in, sealed, NULL, 0, NULL, &digests),
			 -EINVAL);
	ck_assert_uint_eq(object_sealed_size(1, 0), 0);
	ck_assert_uint_eq(object_sealed_size(1, 65), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("object");
	TCase *tcase = tcase_create("object");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, test_sizes, 0, SIZES * THREADS);
	tcase_add_test(tcase, test_changed);
	tcase_add_test(tcase, test_stranger);
	tcase_add_test(tcase, test_progress);
	tcase_add_loop_test(tcase, test_cancel, 0, 3);
	tcase_add_loop_test(tcase, test_full, 0, 3);
	tcase_add_test(tcase, test_shorter);
	tcase_add_test(tcase, test_recipients);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
