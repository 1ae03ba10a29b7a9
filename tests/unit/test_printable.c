// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/printable.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

static const struct {
	const char *in;
	const char *shown;
	const char *utf8;
} cases[] = {
	{ "", "", "" },
	{ "Kingston DT \"Ultimate\" \\", "Kingston DT \"Ultimate\" \\",
	  "Kingston DT \"Ultimate\" \\" },
	{ "秘密 ★ é", "秘密 ★ é", "秘密 ★ é" },
	{ "a\033[2Jb", "a\\u{1b}[2Jb", "a\033[2Jb" },
	{ "a\nb\tc\x7f", "a\\u{a}b\\u{9}c\\u{7f}", "a\nb\tc\\x7f" },
	{ "\xc2\x9b", "\\u{9b}", "\xc2\x9b" },
	{ "stick\xe2\x80\xae"
	  "cod",
	  "stick\\u{202e}cod",
	  "stick\xe2\x80\xae"
	  "cod" },
	{ "zero\xe2\x80\x8bwidth", "zero\\u{200b}width", "zero\xe2\x80\x8bwidth" },
	{ "\xef\xbb\xbf", "\\u{feff}", "\xef\xbb\xbf" },
	{ "\xf3\xa0\x81\x81", "\\u{e0041}", "\xf3\xa0\x81\x81" },
	/* not UTF-8: a lone byte, an overlong slash, a surrogate, beyond the last, cut off */
	{ "a\xff", "a\\xff", "a\\xff" },
	{ "\xc0\xaf", "\\xc0\\xaf", "\\xc0\\xaf" },
	{ "\xed\xa0\x80", "\\xed\\xa0\\x80", "\\xed\\xa0\\x80" },
	{ "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80", "\\xf4\\x90\\x80\\x80" },
	{ "\xe7\xa7", "\\xe7\\xa7", "\\xe7\\xa7" },
};

START_TEST(test_cases)
{
	char out[128];
	char *fresh = printable_new(cases[_i].in);

	ck_assert_str_eq(printable_copy(out, sizeof(out), cases[_i].in), cases[_i].shown);
	ck_assert_str_eq(fresh, cases[_i].shown);
	ck_assert_str_eq(printable_utf8(out, sizeof(out), cases[_i].in), cases[_i].utf8);
	free(fresh);
}
END_TEST

START_TEST(test_cut_before_what_does_not_fit)
{
	char out[5];

	ck_assert_str_eq(printable_copy(out, sizeof(out), "abcdef"), "abcd");
	ck_assert_str_eq(printable_copy(out, sizeof(out), "ab秘密"), "ab");
	ck_assert_str_eq(printable_copy(out, sizeof(out), "a\xff"), "a");
	ck_assert_str_eq(printable_copy(out, 1, "a"), "");
}
END_TEST

/* Whatever the bytes, what comes out is printable and fits. */
START_TEST(test_random_bytes)
{
	uint32_t seed = 1;

	for (int round = 0; round < 20000; round++) {
		char in[24] = { 0 }, *out;

		for (size_t i = 0; i < sizeof(in) - 1; i++) {
			seed = seed * 1664525 + 1013904223;
			in[i] = (char)(seed >> 24);
		}
		out = printable_new(in);
		for (size_t i = 0, length = strlen(out); i < length;) {
			uint32_t code = 0;
			size_t n = printable_next(out + i, length - i, &code);

			ck_assert_uint_gt(n, 0);
			ck_assert(printable_is(code));
			i += n;
		}
		free(out);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("printable");
	TCase *tests = tcase_create("printable");

	tcase_add_loop_test(tests, test_cases, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tests, test_cut_before_what_does_not_fit);
	tcase_add_test(tests, test_random_bytes);
	tcase_set_timeout(tests, 60);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
