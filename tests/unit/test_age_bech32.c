// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/age/age_bech32.h"
#include "tests/unit/unit.h"

#include <ctype.h>
#include <sodium.h>
#include <string.h>

#define SECRET "AGE-SECRET-KEY-"
/* The key of C2SP age.md: 32 times 'B' */
#define SECRET_TEXT "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"

static char text[AGE_BECH32_PREFIX_MAX + AGE_BECH32_TAIL + 1];
static uint8_t data[AGE_BECH32_DATA], again[AGE_BECH32_DATA];

static bool decodes(const char *what, const char *prefix)
{
	return age_bech32_decode(what, strlen(what), prefix, again);
}

START_TEST(test_example)
{
	memset(data, 0x42, sizeof(data));
	age_bech32_encode(data, SECRET, text);
	ck_assert_str_eq(text, SECRET_TEXT);
	ck_assert(decodes(SECRET_TEXT, SECRET));
	ck_assert_mem_eq(again, data, sizeof(data));
}
END_TEST

START_TEST(test_round_trip)
{
	for (int i = 0; i < 200; i++) {
		randombytes_buf(data, sizeof(data));
		age_bech32_encode(data, "age", text);
		ck_assert_uint_eq(strlen(text), 3 + AGE_BECH32_TAIL);
		ck_assert(decodes(text, "age"));
		ck_assert_mem_eq(again, data, sizeof(data));
	}
}
END_TEST

/* Bech32 promises to notice any one wrong character; case and length are ours to notice. */
START_TEST(test_changed)
{
	static const char others[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7lb1ioQ- \n";
	char changed[sizeof(text)];

	randombytes_buf(data, sizeof(data));
	age_bech32_encode(data, "age", text);
	for (size_t i = 0; text[i]; i++)
		for (size_t j = 0; others[j]; j++) {
			strcpy(changed, text);
			changed[i] = others[j];
			ck_assert(decodes(changed, "age") == (others[j] == text[i]));
		}
	ck_assert(!age_bech32_decode(text, strlen(text) - 1, "age", again));
	strcat(text, "q");
	ck_assert(!decodes(text, "age"));
}
END_TEST

START_TEST(test_case)
{
	memset(data, 0x42, sizeof(data));
	age_bech32_encode(data, "age", text);
	for (size_t i = 0; text[i]; i++)
		text[i] = (char)toupper((unsigned char)text[i]);
	ck_assert(!decodes(text, "age"));
	ck_assert(!decodes(text, SECRET));
	ck_assert(!decodes(SECRET_TEXT, "age-secret-key-"));
	ck_assert(!decodes("", "age"));
	ck_assert(!age_bech32_decode(NULL, 0, "age", again));
}
END_TEST

/* Four bits too many: set, they would be a second spelling of the same bytes. */
START_TEST(test_padding)
{
	/* 32 zero bytes whose last group has a bit set, with the right checksum */
	ck_assert(
		!decodes("age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqpfwgqrs", "age"));
	for (size_t i = 0; i < sizeof(again); i++)
		ck_assert_uint_eq(again[i], 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("age_bech32");
	TCase *tests = tcase_create("all");

	tcase_add_test(tests, test_example);
	tcase_add_test(tests, test_round_trip);
	tcase_add_test(tests, test_changed);
	tcase_add_test(tests, test_case);
	tcase_add_test(tests, test_padding);
	suite_add_tcase(suite, tests);
	return sodium_init() < 0 ? 2 : unit_run(suite);
}
