// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/age/age_header.h"
#include "agent/lib/age/age_result.h"
#include "tests/unit/unit.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAC "--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE\n"
/* 64 columns: 48 bytes */
#define FULL "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static struct age_header header;

static int parse(const char *text)
{
	return age_header_parse(&header, (const uint8_t *)text, strlen(text));
}

START_TEST(test_stanzas)
{
	static const char text[] =
		AGE_VERSION "-> a b c\nAQ\n-> ~!\n\n-> x\n" FULL "\n" FULL "\nAg\n" MAC;
	struct age_stanza stanza;
	size_t at = 0;

	ck_assert_int_eq(parse(text), 0);
	ck_assert_uint_eq(header.length, strlen(text));
	ck_assert_uint_eq(header.mac_covers, strlen(text) - strlen(MAC) + 3);
	ck_assert_uint_eq(header.mac[31], 1);
	ck_assert(age_header_next(&header, &at, &stanza));
	ck_assert_uint_eq(stanza.arg_count, 3);
	ck_assert(age_word_is(&stanza.args[0], "a") && age_word_is(&stanza.args[2], "c"));
	ck_assert(!age_word_is(&stanza.args[0], "A") && !age_word_is(&stanza.args[0], ""));
	ck_assert_uint_eq(stanza.body_length, 1);
	ck_assert_uint_eq(stanza.body[0], 1);
	ck_assert(age_header_next(&header, &at, &stanza));
	ck_assert_uint_eq(stanza.arg_count, 1);
	ck_assert_uint_eq(stanza.body_length, 0);
	ck_assert(age_header_next(&header, &at, &stanza));
	ck_assert_uint_eq(stanza.body_length, 97);
	ck_assert(!age_header_next(&header, &at, &stanza));
}
END_TEST

START_TEST(test_payload_is_not_read)
{
	char text[512];

	snprintf(text, sizeof(text), "%s", AGE_VERSION "-> a\n\n" MAC "-> b\n\xff");
	ck_assert_int_eq(parse(text), 0);
	ck_assert_uint_eq(header.length, strlen(text) - 6);
}
END_TEST

START_TEST(test_refused)
{
	static const char *const texts[] = {
		"",
		AGE_VERSION,
		AGE_VERSION MAC,
		"age-encryption.org/v2\n-> a\n\n" MAC,
		"age-encryption.org/v1\r\n-> a\n\n" MAC,
		" " AGE_VERSION "-> a\n\n" MAC,
		AGE_VERSION "-> a\n" MAC,
		AGE_VERSION "-> \n\n" MAC,
		AGE_VERSION "->\n\n" MAC,
		AGE_VERSION "->  a\n\n" MAC,
		AGE_VERSION "-> a \n\n" MAC,
		AGE_VERSION "-> a  b\n\n" MAC,
		AGE_VERSION "-> a\tb\n\n" MAC,
		AGE_VERSION "-> \x7f\n\n" MAC,
		AGE_VERSION "-> \xc3\xa9\n\n" MAC,
		AGE_VERSION "--> a\n\n" MAC,
		AGE_VERSION "-> a\n\n\n" MAC,
		AGE_VERSION "-> a\nAQ==\n" MAC,
		AGE_VERSION "-> a\nAR\n" MAC,
		AGE_VERSION "-> a\nA\n" MAC,
		AGE_VERSION "-> a\nA Q\n" MAC,
		AGE_VERSION "-> a\nA-_Q\n" MAC,
		AGE_VERSION "-> a\nAQ\r\n" MAC,
		AGE_VERSION "-> a\n" FULL "\n" MAC,
		AGE_VERSION "-> a\n" FULL "AAAA\n\n" MAC,
		AGE_VERSION "-> a\nAQ\nAQ\n" MAC,
		AGE_VERSION "-> a\n\n---  AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE\n",
		AGE_VERSION "-> a\n\n---AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE\n",
		AGE_VERSION "-> a\n\n--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=\n",
		AGE_VERSION "-> a\n\n--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAF\n",
		AGE_VERSION "-> a\n\n--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE\r\n",
		AGE_VERSION "-> a\n\n--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE",
		AGE_VERSION "-> a\n\n--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		ck_assert_msg(parse(texts[i]) == AGE_BAD_HEADER, "text %zu is taken", i);
}
END_TEST

/* Every beginning of a header is none. */
START_TEST(test_cut)
{
	static const char text[] = AGE_VERSION "-> a b\nAQ\n" MAC;
	uint8_t *copy;

	for (size_t length = 0; length < strlen(text); length++) {
		copy = malloc(length + !length);
		ck_assert_ptr_nonnull(copy);
		memcpy(copy, text, length);
		ck_assert_int_eq(age_header_parse(&header, copy, length), AGE_BAD_HEADER);
		free(copy);
	}
}
END_TEST

/* A header of exactly @size bytes with one stanza that has one long argument. */
static int parse_of_size(size_t size)
{
	size_t other = strlen(AGE_VERSION "-> a\n\n" MAC);
	char *text = malloc(size);
	int r;

	ck_assert_ptr_nonnull(text);
	memcpy(text, AGE_VERSION "-> ", strlen(AGE_VERSION "-> "));
	memset(text + strlen(AGE_VERSION "-> "), 'a', size - other + 1);
	memcpy(text + size - strlen("\n\n" MAC), "\n\n" MAC, strlen("\n\n" MAC));
	r = age_header_parse(&header, (const uint8_t *)text, size);
	free(text);
	return r;
}

START_TEST(test_limit)
{
	ck_assert_int_eq(parse_of_size(AGE_HEADER_MAX), 0);
	ck_assert_int_eq(parse_of_size(AGE_HEADER_MAX + 1), AGE_BAD_HEADER);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("age_header");
	TCase *tests = tcase_create("all");

	tcase_add_test(tests, test_stanzas);
	tcase_add_test(tests, test_payload_is_not_read);
	tcase_add_test(tests, test_refused);
	tcase_add_test(tests, test_cut);
	tcase_add_test(tests, test_limit);
	suite_add_tcase(suite, tests);
	return sodium_init() < 0 ? 2 : unit_run(suite);
}
