// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/decide/keyset.h"
#include "tests/unit/unit.h"

START_TEST(empty)
{
	struct keyset *set = keyset_new(0);
	size_t cursor = 0, length;

	ck_assert(!keyset_has(set, "", 0));
	ck_assert(!keyset_covers(set, "abc", 3));
	ck_assert_ptr_null(keyset_key(set, &cursor, &length));
	keyset_free(set);
	keyset_free(NULL);
}
END_TEST

START_TEST(prefixes_cover)
{
	struct keyset *set = keyset_new(4);

	ck_assert_int_eq(keyset_add(set, "\x08", 1), 0);
	ck_assert_int_eq(keyset_add(set, "\x03\x01", 2), 0);
	ck_assert_int_eq(keyset_add(set, "\x03\x01", 2), 0);
	ck_assert_int_eq(keyset_add(set, "\xff\x42\x01", 3), 0);
	ck_assert_uint_eq(keyset_count(set), 3);
	ck_assert(keyset_covers(set, "\x08\x06\x50", 3));
	ck_assert(keyset_covers(set, "\x03\x01\x02", 3));
	ck_assert(!keyset_covers(set, "\x03\x00\x01", 3));
	ck_assert(keyset_covers(set, "\xff\x42\x01", 3));
	ck_assert(!keyset_covers(set, "\xff\x42\x02", 3));
	ck_assert(!keyset_has(set, "\x08\x06", 2));
	ck_assert_int_eq(keyset_add(set, "", 0), 0);
	ck_assert(keyset_covers(set, "\x12\x34\x56", 3));
	keyset_free(set);
}
END_TEST

START_TEST(too_long_a_key)
{
	struct keyset *set = keyset_new(0);
	char *key = calloc(1, 65536);

	ck_assert_int_eq(keyset_add(set, key, 65535), 0);
	ck_assert_int_lt(keyset_add(set, key, 65536), 0);
	ck_assert(keyset_has(set, key, 65535));
	ck_assert(!keyset_has(set, key, 65534));
	free(key);
	keyset_free(set);
}
END_TEST

/* Against a table with one place for every possible key. */
START_TEST(as_a_naive_set)
{
	static bool naive[65536];
	struct keyset *set = keyset_new(_i ? 30000 : 0);
	size_t count = 0;

	memset(naive, 0, sizeof(naive));
	srandom(7);
	for (int n = 0; n < 30000; n++) {
		uint16_t key = (uint16_t)random();

		count += !naive[key];
		naive[key] = true;
		ck_assert_int_eq(keyset_add(set, &key, sizeof(key)), 0);
	}
	ck_assert_uint_eq(keyset_count(set), count);
	for (unsigned int i = 0; i < 65536; i++) {
		uint16_t key = (uint16_t)i;

		ck_assert_int_eq(keyset_has(set, &key, sizeof(key)), naive[i]);
	}
	keyset_free(set);
}
END_TEST

START_TEST(a_hundred_thousand)
{
	struct keyset *set = keyset_new(0);
	size_t cursor = 0, length, walked = 0;
	char key[32];

	for (int i = 0; i < 100000; i++) {
		int size = snprintf(key, sizeof(key), "0951:1666 %08d", i);

		ck_assert_int_eq(keyset_add(set, key, (size_t)size), 0);
	}
	for (int i = -1000; i < 101000; i++) {
		int size = snprintf(key, sizeof(key), "0951:1666 %08d", i);

		ck_assert_int_eq(keyset_has(set, key, (size_t)size), i >= 0 && i < 100000);
	}
	while (keyset_key(set, &cursor, &length))
		walked += length == 18;
	ck_assert_uint_eq(walked, 100000);
	keyset_free(set);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("keyset");
	TCase *tests = tcase_create("keyset");

	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, empty);
	tcase_add_test(tests, prefixes_cover);
	tcase_add_test(tests, too_long_a_key);
	tcase_add_loop_test(tests, as_a_naive_set, 0, 2);
	tcase_add_test(tests, a_hundred_thousand);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
