// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/age/age_key.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#ifdef __SANITIZE_ADDRESS__
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

/* The pair of C2SP age.md */
#define IDENTITY  "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
#define RECIPIENT "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"

static struct age_keyring *ring;

static void setup(void)
{
	ring = age_keyring_new();
	ck_assert_ptr_nonnull(ring);
}

static void teardown(void)
{
	age_keyring_free(ring);
}

static int parse(const char *text)
{
	struct age_recipient recipient;

	return age_recipient_parse(&recipient, text, strlen(text));
}

static int read_file(const char *content, size_t length, size_t *line)
{
	int fd = memfd_create("identities", MFD_CLOEXEC), r;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, content, length), (ssize_t)length);
	lseek(fd, 0, SEEK_SET);
	r = age_keyring_read(ring, fd, line);
	close(fd);
	return r;
}

START_TEST(test_pair)
{
	char text[AGE_IDENTITY_TEXT], public[AGE_RECIPIENT_TEXT];

	ck_assert_int_eq(age_keyring_add(ring, IDENTITY, strlen(IDENTITY)), 0);
	age_identity_format(&ring->identities[0], text);
	ck_assert_str_eq(text, IDENTITY);
	age_recipient_format(&ring->identities[0].recipient, public);
	ck_assert_str_eq(public, RECIPIENT);
	ck_assert_int_eq(parse(RECIPIENT), 0);
}
END_TEST

START_TEST(test_refused)
{
	ck_assert_int_eq(parse(""), -EINVAL);
	ck_assert_int_eq(parse(IDENTITY), -EINVAL);
	ck_assert_int_eq(age_keyring_add(ring, RECIPIENT, strlen(RECIPIENT)), -EINVAL);
	ck_assert_int_eq(age_keyring_add(ring, IDENTITY, strlen(IDENTITY) - 1), -EINVAL);
	ck_assert_uint_eq(ring->count, 0);
	/* Points of low order: zero, one, and one of order eight */
	ck_assert_int_eq(parse("age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z"),
			 -EINVAL);
	ck_assert_int_eq(parse("age1qyqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqj7vrya"),
			 -EINVAL);
	ck_assert_int_eq(parse("age1ur4h5lpmgxu2u9jku0a0r87ydtdqnr0tnsetrlvxvgz3vh6fhqqqzyt4v9"),
			 -EINVAL);
}
END_TEST

START_TEST(test_full)
{
	for (int i = 0; i < AGE_IDENTITIES_MAX; i++)
		ck_assert_int_eq(age_keyring_generate(ring), 0);
	ck_assert_int_eq(age_keyring_generate(ring), -ENOSPC);
	ck_assert_int_eq(age_keyring_add(ring, IDENTITY, strlen(IDENTITY)), -ENOSPC);
	ck_assert_mem_ne(ring->identities[0].secret, ring->identities[1].secret, AGE_KEY_SIZE);
}
END_TEST

START_TEST(test_read)
{
	static const char good[] = "# made 2026\n\n" IDENTITY "\r\n#\n" IDENTITY;
	static const char bad[] = "# made 2026\n" IDENTITY "\n " IDENTITY "\n";
	size_t line;

	ck_assert_int_eq(read_file(good, sizeof(good) - 1, &line), 0);
	ck_assert_uint_eq(line, 0);
	ck_assert_uint_eq(ring->count, 2);
	ck_assert_int_eq(read_file(bad, sizeof(bad) - 1, &line), -EINVAL);
	ck_assert_uint_eq(line, 3);
	ck_assert_int_eq(read_file("# none\n", 7, &line), -EINVAL);
	ck_assert_uint_eq(line, 0);
	ck_assert_int_eq(read_file("", 0, &line), -EINVAL);
	ck_assert_int_eq(age_keyring_read(ring, -1, &line), -EBADF);
}
END_TEST

START_TEST(test_read_large)
{
	static char content[AGE_IDENTITY_FILE_MAX + 1];
	size_t line;

	memset(content, '\n', sizeof(content));
	memcpy(content, IDENTITY, strlen(IDENTITY));
	ck_assert_int_eq(read_file(content, sizeof(content), &line), -EFBIG);
	ck_assert_int_eq(read_file(content, sizeof(content) - 1, &line), 0);
}
END_TEST

/* The flags of the mapping that holds @address, as /proc/self/smaps tells them. */
static void mapping_flags(const void *address, char flags[static 256])
{
	uintptr_t from, to, wanted = (uintptr_t)address;
	FILE *in = fopen("/proc/self/smaps", "re");
	char line[512];
	int here = 0;

	flags[0] = 0;
	ck_assert_ptr_nonnull(in);
	while (fgets(line, sizeof(line), in)) {
		if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " ", &from, &to) == 2)
			here = wanted >= from && wanted < to;
		else if (here && strncmp(line, "VmFlags:", 8) == 0)
			snprintf(flags, 256, "%.200s", line + 8);
	}
	fclose(in);
}

START_TEST(test_memory)
{
	struct rlimit limit;
	char flags[256];

	mapping_flags(ring, flags);
	ck_assert_ptr_nonnull(strstr(flags, " dd"));
	/* Who may lock nothing still gets a ring; and AddressSanitizer keeps mlock from working. */
	ck_assert_int_eq(getrlimit(RLIMIT_MEMLOCK, &limit), 0);
	if (limit.rlim_cur >= 1 << 20 && !SANITIZED)
		ck_assert_ptr_nonnull(strstr(flags, " lo"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("age_key");
	TCase *tests = tcase_create("all");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, test_pair);
	tcase_add_test(tests, test_refused);
	tcase_add_test(tests, test_full);
	tcase_add_test(tests, test_read);
	tcase_add_test(tests, test_read_large);
	tcase_add_test(tests, test_memory);
	suite_add_tcase(suite, tests);
	return sodium_init() < 0 ? 2 : unit_run(suite);
}
