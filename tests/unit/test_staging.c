// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/staging.h"
#include "tests/unit/age_fixture.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

static char path[256];
static int folder, outside;
static struct staged_file staged;
static struct outcome outcome;

static void setup(void)
{
	static unsigned int number;

	ck_assert_int_ge(sodium_init(), 0);
	snprintf(path, sizeof(path), "%s/staging-%u-%d", unit_tmpdir(), number++, getpid());
	ck_assert_int_eq(mkdir(path, 0700), 0);
	outside = open(path, O_RDONLY | O_DIRECTORY);
	ck_assert_int_eq(mkdirat(outside, "copies", 0700), 0);
	folder = openat(outside, "copies", O_RDONLY | O_DIRECTORY);
}

static void teardown(void)
{
	close(folder);
	close(outside);
}

static int new_file(const void *bytes, size_t length)
{
	int fd = openat(outside, "file", O_RDWR | O_CREAT | O_TRUNC, 0600);

	ck_assert_int_eq(write(fd, bytes, length), (ssize_t)length);
	return fd;
}

static int add(int fd, const char *name, const struct staging_settings *settings)
{
	static const struct staging_settings none;

	return staging_add(folder, 7, fd, name, settings ? settings : &none, &staged, &outcome);
}

static void nothing_left(void)
{
	ck_assert_int_eq(staging_file(folder, 7), -ENOENT);
	ck_assert_int_ne(faccessat(folder, "copy.tmp", F_OK, 0), 0);
}

START_TEST(test_copy)
{
	size_t size = 600000;
	uint8_t *bytes = age_fixture_bytes(size), digest[TRANSFER_DIGEST];
	int fd = new_file(bytes, size), copy;
	struct stat st;

	ck_assert_int_eq(add(fd, "文件夹/很长的名字 — with spaces.bin", NULL), 0);
	transfer_digest(bytes, size, digest);
	ck_assert_mem_eq(staged.file.digest, digest, sizeof(digest));
	ck_assert_uint_eq(staged.file.size, size);
	ck_assert_str_eq(staged.file.name, "文件夹/很长的名字 — with spaces.bin");
	copy = staging_file(folder, 7);
	ck_assert_int_eq(fstat(copy, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0400);
	ck_assert_int_eq(st.st_size, (off_t)size);
	/* Again, as after an interruption. */
	ck_assert_int_eq(add(fd, "a", NULL), 0);
	close(copy);
	close(fd);
	free(bytes);
}
END_TEST

START_TEST(test_names)
{
	static const char *const names[] = { "",     "/etc/passwd", "../x",	"a/../b",
					     "a//b", "new\nline",   "\xff\xfe", "." };
	char longest[TRANSFER_NAME_SIZE + 1];
	int fd = new_file("x", 1);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		ck_assert_int_eq(add(fd, names[i], NULL), -EINVAL);
		ck_assert_uint_eq(outcome.reason, OUTCOME_NAME);
		ck_assert_str_ne(outcome.detail, "");
	}
	memset(longest, 'n', sizeof(longest));
	longest[TRANSFER_NAME_SIZE] = '\0';
	ck_assert_int_eq(add(fd, longest, NULL), -EINVAL);
	longest[TRANSFER_NAME_SIZE - 1] = '\0';
	ck_assert_int_eq(add(fd, longest, NULL), 0);
	close(fd);
}
END_TEST

START_TEST(test_not_files)
{
	int ends[2], fd;

	ck_assert_int_eq(add(outside, "x", NULL), -EINVAL);
	ck_assert_uint_eq(outcome.reason, OUTCOME_NO_FILE);
	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(add(ends[0], "x", NULL), -EINVAL);
	ck_assert_uint_eq(outcome.reason, OUTCOME_NO_FILE);
	fd = open("/dev/null", O_RDONLY);
	ck_assert_int_eq(add(fd, "x", NULL), -EINVAL);
	close(fd);
	ck_assert_int_eq(symlinkat("file", outside, "link"), 0);
	fd = openat(outside, "link", O_PATH | O_NOFOLLOW);
	ck_assert_int_eq(add(fd, "x", NULL), -ELOOP);
	ck_assert_uint_eq(outcome.reason, OUTCOME_LINK);
	close(fd);
	close(new_file("x", 1));
	fd = openat(outside, "file", O_PATH);
	ck_assert_int_lt(add(fd, "x", NULL), 0);
	ck_assert_uint_eq(outcome.reason, OUTCOME_UNREADABLE);
	close(fd);
	fd = openat(outside, "file", O_WRONLY);
	ck_assert_int_lt(add(fd, "x", NULL), 0);
	ck_assert_uint_eq(outcome.reason, OUTCOME_UNREADABLE);
	close(fd);
	nothing_left();
}
END_TEST

/* How somebody else disturbs the copy, once it has begun. */
static int victim;
static int disturbance;

static void disturb(void *context, const struct work_progress *progress)
{
	static const struct timeval old[2];

	(void)context;
	if (progress->done == 0)
		return;
	if (disturbance == 0) {
		ck_assert_int_eq(pwrite(victim, "other", 5, 0), 5);
		ck_assert_int_eq(futimes(victim, old), 0);
	} else if (disturbance == 1) {
		ck_assert_int_eq(ftruncate(victim, 1000), 0);
	} else {
		ck_assert_int_eq(pwrite(victim, "more", 4, lseek(victim, 0, SEEK_END)), 4);
	}
	disturbance = 3;
}

START_TEST(test_changed)
{
	struct work work = { .progress = disturb };
	struct staging_settings settings = { .work = &work };
	size_t size = 24 * 1024 * 1024;
	uint8_t *bytes = age_fixture_bytes(size);

	victim = new_file(bytes, size);
	disturbance = _i;
	ck_assert_int_lt(add(victim, "x", &settings), 0);
	ck_assert_int_eq(disturbance, 3);
	ck_assert_uint_eq(outcome.reason, OUTCOME_CHANGED);
	nothing_left();
	close(victim);
	free(bytes);
}
END_TEST

START_TEST(test_limits)
{
	struct staging_settings settings = { .size_max = 10 };
	int fd = new_file("12345678901", 11);

	ck_assert_int_eq(add(fd, "x", &settings), -EFBIG);
	ck_assert_uint_eq(outcome.reason, OUTCOME_TOO_LARGE);
	ck_assert_uint_eq(outcome.wanted, 11);
	settings.size_max = 11;
	ck_assert_int_eq(add(fd, "x", &settings), 0);
	settings.keep_free = UINT64_C(1) << 62;
	ck_assert_int_eq(add(fd, "x", &settings), -ENOSPC);
	ck_assert_uint_eq(outcome.reason, OUTCOME_NO_ROOM);
	close(fd);
}
END_TEST

START_TEST(test_cancel)
{
	atomic_bool cancel = true;
	struct work work = { .cancel = &cancel };
	struct staging_settings settings = { .work = &work };
	int fd = new_file("x", 1);

	ck_assert_int_eq(add(fd, "x", &settings), -ECANCELED);
	ck_assert_uint_eq(outcome.reason, OUTCOME_CANCELLED);
	nothing_left();
	close(fd);
}
END_TEST

/* Of the copies themselves: a byte, the size, the whole file. */
START_TEST(test_verify)
{
	struct manifest manifest = { 0 };
	int fd = new_file("content", 7);
	static const struct staging_settings none;

	ck_assert_int_eq(staging_add(folder, 0, fd, "x", &none, &staged, &outcome), 0);
	strcpy(staged.file.type, "txt");
	ck_assert_int_eq(manifest_add(&manifest, &staged.file), 0);
	ck_assert_int_eq(staging_verify(folder, &manifest, NULL, &outcome), 0);
	close(fd);
	ck_assert_int_eq(fchmodat(folder, "0000", 0600, 0), 0);
	fd = openat(folder, "0000", O_RDWR);
	ck_assert_int_eq(pwrite(fd, "C", 1, 0), 1);
	ck_assert_int_eq(staging_verify(folder, &manifest, NULL, &outcome), -EBADMSG);
	ck_assert_uint_eq(outcome.reason, OUTCOME_STAGED_CHANGED);
	ck_assert_int_eq(pwrite(fd, "content!", 8, 0), 8);
	ck_assert_int_eq(staging_verify(folder, &manifest, NULL, &outcome), -EBADMSG);
	ck_assert_int_eq(ftruncate(fd, 7), 0);
	ck_assert_int_eq(staging_verify(folder, &manifest, NULL, &outcome), 0);
	close(fd);
	ck_assert_int_eq(staging_discard(folder), 0);
	ck_assert_int_lt(staging_verify(folder, &manifest, NULL, &outcome), 0);
	ck_assert_uint_eq(outcome.reason, OUTCOME_STAGED_CHANGED);
	manifest_free(&manifest);
}
END_TEST

START_TEST(test_discard)
{
	int fd = new_file("x", 1), other;
	static const struct staging_settings none;

	for (uint32_t i = 0; i < 40; i++)
		ck_assert_int_eq(staging_add(folder, i, fd, "x", &none, &staged, &outcome), 0);
	other = openat(folder, "manifest", O_WRONLY | O_CREAT, 0600);
	ck_assert_int_eq(staging_discard(folder), 0);
	for (uint32_t i = 0; i < 40; i++)
		ck_assert_int_eq(staging_file(folder, i), -ENOENT);
	ck_assert_int_eq(faccessat(folder, "manifest", F_OK, 0), 0);
	close(other);
	close(fd);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("staging");
	TCase *tcase = tcase_create("staging");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, test_copy);
	tcase_add_test(tcase, test_names);
	tcase_add_test(tcase, test_not_files);
	tcase_add_loop_test(tcase, test_changed, 0, 3);
	tcase_add_test(tcase, test_limits);
	tcase_add_test(tcase, test_cancel);
	tcase_add_test(tcase, test_verify);
	tcase_add_test(tcase, test_discard);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
