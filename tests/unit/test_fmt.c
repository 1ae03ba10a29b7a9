// SPDX-License-Identifier: GPL-2.0-or-later
/* Printing and parsing are each other's inverse, over texts made at random. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/lang/document.h"
#include "policy/lang/lex.h"
#include "policy/lang/print.h"
#include "tests/unit/policy_fixture.h"
#include "tests/unit/same_document.h"
#include "tests/unit/unit.h"

static unsigned int roll(unsigned int sides)
{
	return (unsigned int)random() % sides;
}

static const char *one_of(const char *const *words, unsigned int count)
{
	return words[roll(count)];
}

#define ONE_OF(...)                                                                                \
	one_of((const char *const[]){ __VA_ARGS__ },                                               \
	       sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))

/* Between two tokens of a statement. */
static void gap(FILE *out)
{
	fputs(ONE_OF(" ", "  ", "\t", " \t "), out);
}

/* Between two elements of a list. */
static void list_gap(FILE *out)
{
	fputs(ONE_OF(" ", " ", "  ", "\n", "\n\n", " # beside\n", "\n# above\n",
		     "\n\n  # \xe5\x86\x85 two\n\n"),
	      out);
}

static void line_end(FILE *out)
{
	fputs(ONE_OF("\n", "\n", "\n", " # beside \n", "\n\n\n", "\n# above the next\n",
		     "\n\n   # x\n\n"),
	      out);
}

/* A list of distinct elements: @make writes the i-th. */
static void list(FILE *out, void (*make)(FILE *out, unsigned int i), unsigned int most)
{
	unsigned int count = 1 + roll(most);

	fputs("[", out);
	for (unsigned int i = 0; i < count; i++) {
		list_gap(out);
		make(out, i);
	}
	list_gap(out);
	fputs("]", out);
}

static void make_id(FILE *out, unsigned int i)
{
	if (roll(2))
		fprintf(out, "%04x:%04X", 0xab00 + i, roll(65536));
	else
		fprintf(out, "%04X:%04x", 0xab00 + i, roll(65536));
}

static void make_triple(FILE *out, unsigned int i)
{
	switch (roll(3)) {
	case 0:
		fprintf(out, "%02x:06:5A", i);
		break;
	case 1:
		fprintf(out, "%02X:01:*", i);
		break;
	default:
		fprintf(out, "%02x:*:*", i);
	}
}

static void make_text(FILE *out, unsigned int i)
{
	fprintf(out, "\"%u%s\"", i,
		ONE_OF("", " x", "\\\"q\\\"", "\\\\", "# no comment", "\xe4\xbf\x9d"));
}

static void make_address(FILE *out, unsigned int i)
{
	if (roll(2))
		fprintf(out, "10.%u.0.0/%u", i, 16 + roll(17));
	else
		fprintf(out, "fd%02x:0:00%x::/%u", i, roll(10), 48 + roll(81));
}

static void condition(FILE *out, unsigned int i)
{
	switch (i) {
	case 0:
		fputs("id in ", out);
		list(out, make_id, 20);
		break;
	case 1:
		fputs(ONE_OF("interfaces within ", "interfaces has-any ", "interfaces has-none "),
		      out);
		list(out, make_triple, 6);
		break;
	case 2:
		fputs(ONE_OF("serial absent", "serial present", "serial \"A\"", "serial in @texts"),
		      out);
		break;
	case 3:
		fputs("name not-in ", out);
		list(out, make_text, 5);
		break;
	case 4:
		fputs(ONE_OF("connect-type hotplug", "connect-type in [ unknown hotplug ]"), out);
		break;
	default:
		fputs(ONE_OF("because \"x\"", "because \"\xe6\x97\xa0 \\\"\""), out);
	}
}

static void rule(FILE *out, unsigned int i)
{
	fprintf(out, "%s%s%s%u%s", ONE_OF("allow", "forbid"), ONE_OF(" ", "\t"),
		ONE_OF("r", "a-long-name-", "n."), i, ONE_OF(": ", ":\t", " : "));
	condition(out, roll(5));
	gap(out);
	fputs(",", out);
	gap(out);
	condition(out, 5);
	line_end(out);
}

static char *random_text(size_t *length)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, length);

	fputs(ONE_OF("", "\n\n", "# first\n", "# first\n\n"), out);
	fputs("airgap-policy 1", out);
	line_end(out);
	fputs("policy {", out);
	line_end(out);
	fprintf(out, "id \"t\"\n serial %u", 1 + roll(1000));
	line_end(out);
	fprintf(out, "mode monitor at-most %u%s", 1 + roll(20), ONE_OF("d", "h"));
	line_end(out);
	fputs("valid 2026-02-28..2028-02-29\n}", out);
	line_end(out);
	fputs("scope {\nunit \"u\"\nlevel mimi", out);
	line_end(out);
	fputs("terminals ", out);
	list(out, make_text, 30);
	line_end(out);
	fputs("}", out);
	line_end(out);
	fputs("set texts text ", out);
	list(out, make_text, 40);
	line_end(out);
	fputs("set net address ", out);
	/* The same prefix may be written in two ways: few are made. */
	list(out, make_address, 3);
	line_end(out);
	fputs("people {\nofficer \"A\" login \"a\" duty security key k-1", out);
	line_end(out);
	fputs("officer \"B b\" key k-22 duty approval", out);
	line_end(out);
	fputs("}\nusb {", out);
	line_end(out);
	for (unsigned int i = 0, count = roll(8); i < count; i++)
		rule(out, i);
	fputs("}", out);
	line_end(out);
	fclose(out);
	return text;
}

static struct document *parse(const char *text, size_t length)
{
	struct diag_list diags = DIAG_LIST_INIT;
	struct document *document = NULL;
	char first[512];

	document_parse(NULL, text, length, &diags, &document);
	diag_format_first(&diags, "text", first, sizeof(first));
	diag_list_free(&diags);
	ck_assert_msg(document != NULL, "%s\n%.*s", first, (int)length, text);
	return document;
}

/* Comments of a text, one after the other; '#' inside quotes begins none. */
static size_t comments_of(const char *text, size_t length, char *out)
{
	struct lexer lexer;
	struct token token;
	size_t size = 0;

	lex_init(&lexer, text, length, NULL);
	while ((token = lex_next(&lexer)).kind != TOKEN_END) {
		if (token.kind != TOKEN_COMMENT)
			continue;
		while (token.length > 0 && token.text[token.length - 1] == ' ')
			token.length--;
		memcpy(out + size, token.text, token.length);
		size += token.length;
		out[size++] = '\n';
	}
	return size;
}

START_TEST(print_and_parse)
{
	char *text, *printed = NULL, *again = NULL, *before, *after;
	size_t length, printed_length, again_length, size;
	struct document *first, *second;

	srandom((unsigned int)_i);
	text = random_text(&length);
	first = parse(text, length);
	ck_assert_int_eq(document_print(first, &printed, &printed_length), 0);
	second = parse(printed, printed_length);
	same_document(first, second);
	ck_assert_int_eq(document_print(second, &again, &again_length), 0);
	ck_assert_str_eq(printed, again);

	before = malloc(length + 1);
	after = malloc(printed_length + 1);
	size = comments_of(text, length, before);
	ck_assert_uint_eq(size, comments_of(printed, printed_length, after));
	ck_assert_msg(memcmp(before, after, size) == 0, "%s\n-----\n%s", text, printed);
	free(before);
	free(after);
	free(text);
	free(printed);
	free(again);
	document_free(first);
	document_free(second);
}
END_TEST

START_TEST(lines_have_an_end)
{
	char *text = NULL, *printed = NULL;
	size_t length, printed_length;
	struct document *document;
	FILE *out = open_memstream(&text, &length);

	fprintf(out, "%sset many usb [", POLICY_HEAD);
	for (unsigned int i = 0; i < 500; i++)
		fprintf(out, " %04x:%04x", i, i);
	fputs(" ]\n", out);
	fclose(out);
	document = parse(text, length);
	ck_assert_int_eq(document_print(document, &printed, &printed_length), 0);
	for (char *line = strtok(printed, "\n"); line; line = strtok(NULL, "\n"))
		ck_assert_uint_le(strlen(line), PRINT_WIDTH);
	free(text);
	free(printed);
	document_free(document);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("fmt");
	TCase *tests = tcase_create("fmt");

	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, print_and_parse, 0, 500);
	tcase_add_test(tests, lines_have_an_end);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
