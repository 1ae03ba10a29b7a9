// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/age/age_stream.h"
#include "agent/transfer/own_keys.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int folder;

static void setup(void)
{
	static unsigned int number;
	char path[512];

	ck_assert_int_ge(sodium_init(), 0);
	snprintf(path, sizeof(path), "%s/keys-%u-%d", unit_tmpdir(), number++, getpid());
	ck_assert_int_eq(mkdir(path, 0700), 0);
	folder = open(path, O_RDONLY | O_DIRECTORY);
	umask(022);
}

static void teardown(void)
{
	close(folder);
}

static mode_t mode_of(const char *name)
{
	struct stat st;

	ck_assert_int_eq(fstatat(folder, name, &st, 0), 0);
	return st.st_mode & 07777;
}

START_TEST(test_first)
{
	char first[AGE_RECIPIENT_TEXT], again[AGE_RECIPIENT_TEXT];
	uint8_t salt[OWN_KEYS_SALT];
	struct own_keys keys;

	ck_assert_int_eq(own_keys_open(folder, &keys), 0);
	ck_assert_uint_eq(own_keys_current(&keys, first), 1);
	memcpy(salt, keys.salt, sizeof(salt));
	own_keys_close(&keys);
	ck_assert_uint_eq(mode_of("epoch-0001"), 0600);
	ck_assert_uint_eq(mode_of("witness-salt"), 0600);
	ck_assert_int_eq(own_keys_open(folder, &keys), 0);
	ck_assert_uint_eq(own_keys_current(&keys, again), 1);
	ck_assert_str_eq(first, again);
	ck_assert_mem_eq(salt, keys.salt, sizeof(salt));
	own_keys_close(&keys);
}
END_TEST

static void opens(const struct own_keys *keys, const uint8_t *sealed, size_t length, int result)
{
	uint8_t *out = NULL;
	size_t size;

	ck_assert_int_eq(age_decrypt_buffer(sealed, length, keys->ring, &out, &size), result);
	free(out);
}

/* What was encrypted to an older epoch still opens, until that one is dropped. */
START_TEST(test_epochs)
{
	char first[AGE_RECIPIENT_TEXT], second[AGE_RECIPIENT_TEXT];
	struct own_keys keys;
	uint8_t *sealed;
	size_t length;

	ck_assert_int_eq(own_keys_open(folder, &keys), 0);
	own_keys_current(&keys, first);
	ck_assert_int_eq(age_encrypt_buffer("x", 1, &keys.ring->identities[0].recipient, 1, &sealed,
					    &length),
			 0);
	ck_assert_int_eq(own_keys_rotate(folder, &keys), 0);
	ck_assert_uint_eq(own_keys_current(&keys, second), 2);
	ck_assert_str_ne(first, second);
	opens(&keys, sealed, length, 0);
	own_keys_close(&keys);
	ck_assert_int_eq(own_keys_open(folder, &keys), 0);
	ck_assert_uint_eq(own_keys_current(&keys, first), 2);
	ck_assert_str_eq(first, second);
	opens(&keys, sealed, length, 0);
	ck_assert_int_eq(own_keys_drop(folder, &keys, 2), -EBUSY);
	ck_assert_int_eq(own_keys_drop(folder, &keys, 3), -ENOENT);
	ck_assert_int_eq(own_keys_drop(folder, &keys, 1), 0);
	opens(&keys, sealed, length, -ENOKEY);
	own_keys_close(&keys);
	ck_assert_int_eq(own_keys_open(folder, &keys), 0);
	ck_assert_uint_eq(keys.count, 1);
	ck_assert_uint_eq(own_keys_current(&keys, first), 2);
	own_keys_close(&keys);
	free(sealed);
}
END_TEST

START_TEST(test_full)
{
	struct own_keys keys;

	ck_assert_int_eq(own_keys_open(folder, &keys), 0);
	for (uint32_t i = 2; i <= AGE_IDENTITIES_MAX; i++)
		ck_assert_int_eq(own_keys_rotate(folder, &keys), 0);
	ck_assert_int_eq(own_keys_rotate(folder, &keys), -ENOSPC);
	ck_assert_int_eq(own_keys_drop(folder, &keys, 1), 0);
	ck_assert_int_eq(own_keys_rotate(folder, &keys), 0);
	ck_assert_uint_eq(keys.epochs[keys.count - 1], AGE_IDENTITIES_MAX + 1);
	own_keys_close(&keys);
	ck_assert_int_eq(own_keys_open(folder, &keys), 0);
	ck_assert_uint_eq(keys.count, AGE_IDENTITIES_MAX);
	own_keys_close(&keys);
}
END_TEST

/* A damaged key is never replaced, and one that others may read is not used. */
START_TEST(test_damaged)
{
	struct own_keys keys;
	struct stat before, after;
	int fd;

	ck_assert_int_eq(own_keys_open(folder, &keys), 0);
	own_keys_close(&keys);
	ck_assert_int_eq(fchmodat(folder, "epoch-0001", 0640, 0), 0);
	ck_assert_int_eq(own_keys_open(folder, &keys), -EPERM);
	ck_assert_int_eq(fchmodat(folder, "epoch-0001", 0600, 0), 0);
	fd = openat(folder, "epoch-0001", O_WRONLY);
	ck_assert_int_eq(ftruncate(fd, 100), 0);
	close(fd);
	ck_assert_int_eq(fstatat(folder, "epoch-0001", &before, 0), 0);
	ck_assert_int_eq(own_keys_open(folder, &keys), -EBADMSG);
	ck_assert_int_eq(fstatat(folder, "epoch-0001", &after, 0), 0);
	ck_assert_uint_eq(before.st_ino, after.st_ino);
	ck_assert_int_eq(after.st_size, 100);
}
END_TEST

START_TEST(test_salt)
{
	struct own_keys keys;
	int fd;

	ck_assert_int_eq(own_keys_open(folder, &keys), 0);
	own_keys_close(&keys);
	fd = openat(folder, "witness-salt", O_WRONLY);
	ck_assert_int_eq(ftruncate(fd, 31), 0);
	close(fd);
	ck_assert_int_eq(own_keys_open(folder, &keys), -EBADMSG);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("own_keys");
	TCase *tcase = tcase_create("own_keys");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, test_first);
	tcase_add_test(tcase, test_epochs);
	tcase_add_test(tcase, test_full);
	tcase_add_test(tcase, test_damaged);
	tcase_add_test(tcase, test_salt);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
