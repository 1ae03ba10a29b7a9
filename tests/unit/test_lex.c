// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "policy/lang/lex.h"
#include "policy/lang/suggest.h"
#include "policy/lang/utf8.h"
#include "tests/unit/unit.h"

struct lexed {
	struct diag_list diags;
	struct token tokens[64];
	size_t count;
};

static struct lexed lexed;

/* All tokens before TOKEN_END, of an exact copy that the sanitizer watches. */
static void lex(const char *text, size_t length)
{
	static char *copy;
	struct lexer lexer;
	struct token token;

	free(copy);
	diag_list_free(&lexed.diags);
	memset(&lexed, 0, sizeof(lexed));
	copy = malloc(length ? length : 1);
	memcpy(copy, text, length);
	lex_init(&lexer, copy, length, &lexed.diags);
	while ((token = lex_next(&lexer)).kind != TOKEN_END)
		if (lexed.count < 64)
			lexed.tokens[lexed.count++] = token;
	ck_assert_int_eq(lex_next(&lexer).kind, TOKEN_END);
}

static void expect(size_t i, enum token_kind kind, const char *text, uint32_t line, uint32_t column,
		   uint32_t length)
{
	const struct token *token = &lexed.tokens[i];

	ck_assert_uint_lt(i, lexed.count);
	ck_assert_int_eq(token->kind, kind);
	ck_assert_uint_eq(token->length, strlen(text));
	ck_assert_int_eq(memcmp(token->text, text, token->length), 0);
	ck_assert_uint_eq(token->at.line, line);
	ck_assert_uint_eq(token->at.column, column);
	ck_assert_uint_eq(token->at.length, length);
}

START_TEST(every_kind_of_token)
{
	lex("usb { # c\n\tid 0951:1666, @set [ 1..2 ]\n}", 40);
	ck_assert_uint_eq(lexed.diags.count, 0);
	expect(0, TOKEN_WORD, "usb", 1, 1, 3);
	expect(1, TOKEN_OPEN, "{", 1, 5, 1);
	expect(2, TOKEN_COMMENT, " c", 1, 7, 3);
	ck_assert_int_eq(lexed.tokens[3].kind, TOKEN_NEWLINE);
	expect(4, TOKEN_WORD, "id", 2, 2, 2);
	expect(5, TOKEN_WORD, "0951:1666", 2, 5, 9);
	expect(6, TOKEN_COMMA, ",", 2, 14, 1);
	expect(7, TOKEN_REF, "set", 2, 16, 4);
	expect(8, TOKEN_LIST, "[", 2, 21, 1);
	expect(9, TOKEN_WORD, "1", 2, 23, 1);
	expect(10, TOKEN_RANGE, "..", 2, 24, 2);
	expect(11, TOKEN_WORD, "2", 2, 26, 1);
	expect(12, TOKEN_UNLIST, "]", 2, 28, 1);
	expect(14, TOKEN_CLOSE, "}", 3, 1, 1);
}
END_TEST

START_TEST(columns_count_characters)
{
	lex("\"\xe4\xbf\x9d\xe5\xaf\x86\" x", 10);
	expect(0, TOKEN_STRING, "\xe4\xbf\x9d\xe5\xaf\x86", 1, 1, 4);
	expect(1, TOKEN_WORD, "x", 1, 6, 1);
	ck_assert_uint_eq(lexed.tokens[1].at.offset, 9);
}
END_TEST

START_TEST(strings_and_escapes)
{
	char out[32];

	lex("\"a \\\"b\\\" \\\\ # c\"", 16);
	ck_assert_uint_eq(lexed.count, 1);
	ck_assert_uint_eq(lex_unquote(&lexed.tokens[0], out), 11);
	ck_assert_str_eq(out, "a \"b\" \\ # c");
}
END_TEST

START_TEST(strings_end_with_their_line)
{
	lex("\"abc\nx \"d\\", 10);
	ck_assert_int_eq(lexed.tokens[0].kind, TOKEN_BAD);
	ck_assert_int_eq(lexed.tokens[1].kind, TOKEN_NEWLINE);
	expect(2, TOKEN_WORD, "x", 2, 1, 1);
	ck_assert_int_eq(lexed.tokens[3].kind, TOKEN_BAD);
	ck_assert_uint_ge(lexed.diags.errors, 2);
}
END_TEST

START_TEST(long_strings)
{
	char text[LEX_STRING_MAX + 3];

	memset(text, 'x', sizeof(text));
	text[0] = text[sizeof(text) - 2] = '"';
	lex(text, sizeof(text) - 1);
	ck_assert_int_eq(lexed.tokens[0].kind, TOKEN_STRING);
	text[sizeof(text) - 2] = 'x';
	text[sizeof(text) - 1] = '"';
	lex(text, sizeof(text));
	ck_assert_int_eq(lexed.tokens[0].kind, TOKEN_BAD);
	ck_assert_uint_eq(lexed.diags.errors, 1);
}
END_TEST

static const struct {
	const char *bytes;
	size_t length;
	const char *message;
} bad_bytes[] = {
	{ "a\0b", 3, "control character U+0000 is not permitted" },
	{ "a \x1b[31m", 7, "control character U+001B is not permitted" },
	{ "\x7f", 1, "control character U+007F is not permitted" },
	{ "# \xc2\x85", 4, "control character U+0085 is not permitted" },
	{ "\"\xe2\x80\xae\"", 5, "control character U+202E is not permitted" },
	{ "a\xe2\x80\xa8", 4, "control character U+2028 is not permitted" },
	{ "a\r", 2, "control character U+000D is not permitted" },
	{ "a\r\nb", 4, "the line ends with CR LF" },
	{ "\xef\xbb\xbf", 3, "the file begins with a byte order mark" },
	{ "\x80", 1, "byte 0x80 is not UTF-8" },
	{ "\xc0\xaf", 2, "byte 0xc0 is not UTF-8" },
	{ "\xe0\x80\xaf", 3, "byte 0xe0 is not UTF-8" },
	{ "\xed\xa0\x80", 3, "byte 0xed is not UTF-8" },
	{ "\xf4\x90\x80\x80", 4, "byte 0xf4 is not UTF-8" },
	{ "\"\xe4\xbf", 3, "byte 0xe4 is not UTF-8" },
	{ "\"a\tb\"", 5, "a tab inside a text" },
	{ "@", 1, "'@' without a name" },
	{ ";", 1, "';' means nothing here" },
};

START_TEST(bytes_that_may_not_be)
{
	lex(bad_bytes[_i].bytes, bad_bytes[_i].length);
	ck_assert_uint_ge(lexed.diags.errors, 1);
	ck_assert_str_eq(lexed.diags.items[0].message, bad_bytes[_i].message);
}
END_TEST

START_TEST(crlf_is_said_once)
{
	lex("a\r\nb\r\n\"c\"\r\n# d\r\n", 16);
	ck_assert_uint_eq(lexed.diags.count, 1);
	ck_assert_uint_eq(lexed.count, 8);
	expect(6, TOKEN_COMMENT, " d", 4, 1, 3);
}
END_TEST

/* Any bytes: it ends, positions only grow, spans lie inside the text. */
START_TEST(random_bytes)
{
	static const char alphabet[] = "ab1:.\"\\#@[]{},\n\r\t \xe4\xbf\x9d\xff\x00";
	char text[300];

	srandom((unsigned int)_i);
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = _i % 2 ? (char)random() : alphabet[(size_t)random() % sizeof(alphabet)];
	lex(text, (size_t)random() % sizeof(text));
	for (size_t i = 1; i < lexed.count; i++) {
		const struct span *before = &lexed.tokens[i - 1].at, *at = &lexed.tokens[i].at;

		ck_assert_uint_gt(at->offset, before->offset);
		ck_assert(at->line > before->line ||
			  (at->line == before->line && at->column > before->column));
	}
}
END_TEST

START_TEST(utf8_decodes_what_it_should)
{
	uint32_t character;

	ck_assert_uint_eq(utf8_decode("\xf0\x9f\x98\x80", 4, &character), 4);
	ck_assert_uint_eq(character, 0x1f600);
	ck_assert_uint_eq(utf8_decode("\xf0\x9f\x98\x80", 3, &character), 0);
	ck_assert_uint_eq(utf8_width(0x4fdd), 2);
	ck_assert_uint_eq(utf8_width('a'), 1);
	ck_assert_uint_eq(utf8_width(0x301), 0);
}
END_TEST

static const struct {
	const char *word;
	const char *best;
} words[] = {
	{ "interfacs", "interfaces" },
	{ "intrefaces", "interfaces" },
	{ "serail", "serial" },
	{ "hsah", "hash" },
	{ "id", "id" },
	{ "zzz", NULL },
	{ "", NULL },
	{ "interfaces-and-more", NULL },
};

START_TEST(suggestions)
{
	static const char *const known[] = { "id", "serial", "hash", "interfaces", NULL };
	struct suggestion nearest = suggest_begin(words[_i].word, strlen(words[_i].word));

	suggest_offer_all(&nearest, known);
	if (words[_i].best)
		ck_assert_str_eq(nearest.best, words[_i].best);
	else
		ck_assert_ptr_null(nearest.best);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("lex");
	TCase *tests = tcase_create("lex");

	tcase_add_test(tests, every_kind_of_token);
	tcase_add_test(tests, columns_count_characters);
	tcase_add_test(tests, strings_and_escapes);
	tcase_add_test(tests, strings_end_with_their_line);
	tcase_add_test(tests, long_strings);
	tcase_add_loop_test(tests, bytes_that_may_not_be, 0,
			    sizeof(bad_bytes) / sizeof(bad_bytes[0]));
	tcase_add_test(tests, crlf_is_said_once);
	tcase_add_loop_test(tests, random_bytes, 0, 200);
	tcase_add_test(tests, utf8_decodes_what_it_should);
	tcase_add_loop_test(tests, suggestions, 0, sizeof(words) / sizeof(words[0]));
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
