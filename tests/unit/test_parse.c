// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/lang/document.h"
#include "policy/lang/lex.h"
#include "tests/unit/policy_fixture.h"
#include "tests/unit/unit.h"

static const char trust[] =
	"airgap-trust 1\n"
	"trust {\n"
	"  number 3\n"
	"  levels [ neibu \"\xe5\x86\x85\"  mimi \"\xe7\xa7\x98\" ]\n"
	"  root at-least 2\n"
	"  policy security 1  approval 2\n"
	"  minimum-serial 40\n"
	"}\n"
	"keys {\n"
	"  key rt-1  duty root  person \"A. Novak\"  public \"ssh-ed25519 AAAA\"\n"
	"  key so-7a person \"J. Kovac\" public \"ssh-ed25519 BBBB\" duty security\n"
	"  revoked so-3b public \"ssh-ed25519 CCCC\"\n"
	"}\n";

START_TEST(a_trust_list_by_its_names)
{
	struct document *document = NULL;
	const struct statement *key;
	const struct value *levels, *need;

	ck_assert_int_eq(document_parse("airgap-trust", trust, strlen(trust), NULL, &document), 0);
	ck_assert_uint_eq(document_number(document, "trust", "number", "number", 0), 3);
	ck_assert_uint_eq(document_number(document, "trust", "root", "at-least", 0), 2);
	ck_assert_uint_eq(document_number(document, "trust", "nothing", "x", 7), 7);
	levels = statement_value(
		document_statement(document_block(document, "trust"), "levels", NULL), "levels");
	ck_assert_uint_eq(levels->list.count, 4);
	ck_assert_str_eq(levels->list.items[2].text, "mimi");
	ck_assert_int_eq(levels->list.items[3].type, VALUE_TEXT);
	need = &document_statement(document_block(document, "trust"), "policy", NULL)->args[0];
	ck_assert_uint_eq(need->list.count, 4);
	ck_assert_uint_eq(need->list.items[3].number, 2);
	key = document_statement(document_block(document, "keys"), "key", NULL);
	ck_assert_str_eq(statement_text(key, "person"), "A. Novak");
	key = document_statement(document_block(document, "keys"), "key", key);
	ck_assert_str_eq(statement_text(key, "name"), "so-7a");
	ck_assert_str_eq(statement_text(key, "duty"), "security");
	ck_assert_ptr_null(document_statement(document_block(document, "keys"), "key", key));
	key = document_statement(document_block(document, "keys"), "revoked", NULL);
	ck_assert_ptr_null(statement_text(key, "person"));
	ck_assert_uint_eq(key->at.line, 12);
	document_free(document);
}
END_TEST

START_TEST(another_kind_is_an_error)
{
	struct diag_list diags = DIAG_LIST_INIT;
	struct document *document = NULL;

	ck_assert_int_eq(document_parse("airgap-policy", trust, strlen(trust), &diags, &document),
			 -EINVAL);
	ck_assert_ptr_null(document);
	ck_assert_str_eq(diags.items[0].message, "this is not an airgap-policy");
	diag_list_free(&diags);
	ck_assert_int_eq(document_parse(NULL, trust, strlen(trust), NULL, &document), 0);
	document_free(document);
}
END_TEST

START_TEST(typed_values)
{
	struct policy *policy = policy_usb(
		"set ids usb [ 0951:1666 046D:* *:* ]\n"
		"set net address [ 10.20.0.0/24 fd12:7::/48 ]\n"
		"network {\n allow a: address in @net\n}\n"
		"transfer {\n allow b: direction in, size at-most 50M, wait at-most 8h\n}\n",
		"allow a: id in @ids, interfaces within [ 08:06:* ], hash "
		"\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\"");
	const struct document *document = policy_document(policy);
	const struct block *sets = document->first->next->next;
	const struct value *list = statement_value(sets->first, "elements");
	const struct statement *rule;

	ck_assert_ptr_null(sets->schema);
	ck_assert_uint_eq(list->list.items[0].id.vendor, 0x951);
	ck_assert_uint_eq(list->list.items[0].id.product, 0x1666);
	ck_assert(list->list.items[1].id.any_product && !list->list.items[1].id.any_vendor);
	ck_assert(list->list.items[2].id.any_vendor);
	list = statement_value(sets->first->next, "elements");
	ck_assert_uint_eq(list->list.items[0].prefix.family, 4);
	ck_assert_uint_eq(list->list.items[0].prefix.bits, 24);
	ck_assert_uint_eq(list->list.items[1].prefix.bytes[0], 0xfd);
	rule = document_statement(document_block(document, "usb"), "allow", NULL);
	ck_assert_uint_eq(rule->conditions[1].value.list.items[0].triple.fixed, 2);
	ck_assert_uint_eq(rule->conditions[2].value.hash[31], 31);
	rule = document_statement(document_block(document, "transfer"), "allow", NULL);
	ck_assert_uint_eq(rule->conditions[1].value.number, UINT64_C(50) << 20);
	ck_assert_uint_eq(rule->conditions[2].value.number, 8 * 3600);
	policy_free(policy);
}
END_TEST

START_TEST(dates)
{
	struct policy *policy = policy_of(POLICY_HEAD);

	/* date -u -d 2026-12-01 +%s; date -u -d '2027-05-31 23:59:59' +%s */
	ck_assert_int_eq(policy_valid_from(policy), 1796083200);
	ck_assert_int_eq(policy_valid_until(policy), 1811807999);
	policy_free(policy);
}
END_TEST

START_TEST(the_text_ends_at_the_signature)
{
	static const char mark[] = DOCUMENT_SIGNATURE_LINE;
	char text[256];

	snprintf(text, sizeof(text), "abc\n%s\nrest\n%s\n", mark, mark);
	ck_assert_uint_eq(document_text_length(text, strlen(text)), 4);
	snprintf(text, sizeof(text), "abc\n%s", mark);
	ck_assert_uint_eq(document_text_length(text, strlen(text)), 4);
	snprintf(text, sizeof(text), "%s\n", mark);
	ck_assert_uint_eq(document_text_length(text, strlen(text)), 0);
	snprintf(text, sizeof(text), "abc\n %s\n%s \n# %s\n%s\r\n", mark, mark, mark, mark);
	ck_assert_uint_eq(document_text_length(text, strlen(text)), strlen(text));
	ck_assert_uint_eq(document_text_length(text, 0), 0);
}
END_TEST

/* POLICY_HEAD and a comment that brings the text to exactly @size bytes. */
static char *padded(size_t size)
{
	size_t head = strlen(POLICY_HEAD);
	char *text = malloc(size);

	memcpy(text, POLICY_HEAD, head);
	memset(text + head, '#', size - head);
	return text;
}

START_TEST(the_largest_text)
{
	char *text = padded(LEX_TEXT_MAX);

	ck_assert_str_eq(error_of(text, LEX_TEXT_MAX), "");
	free(text);
	text = padded(LEX_TEXT_MAX + 1);
	ck_assert_str_eq(error_of(text, LEX_TEXT_MAX + 1),
			 ":1:1: error: the text has 262145 bytes; at most 262144 are permitted");
	free(text);
}
END_TEST

static char *many_rules(size_t rules, size_t *length)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, length);

	fprintf(out, "%susb {\n", POLICY_HEAD);
	for (size_t i = 0; i < rules; i++)
		fprintf(out, "allow r%zu: id %04zx:*\n", i, i);
	fputs("}\n", out);
	fclose(out);
	return text;
}

START_TEST(the_most_rules)
{
	size_t length;
	char *text = many_rules(DOCUMENT_RULES_MAX, &length);

	ck_assert_str_eq(error_of(text, length), "");
	free(text);
	text = many_rules(DOCUMENT_RULES_MAX + 10, &length);
	ck_assert_str_eq(error_of(text, length), ":4109:1: error: more than 4096 rules");
	free(text);
}
END_TEST

START_TEST(the_longest_name)
{
	char text[2048], name[66];

	memset(name, 'n', 64);
	name[64] = '\0';
	snprintf(text, sizeof(text), "%susb {\nallow %s: id *:*\n}\n", POLICY_HEAD, name);
	ck_assert_str_eq(error_of(text, strlen(text)), "");
	name[64] = 'n';
	name[65] = '\0';
	snprintf(text, sizeof(text), "%susb {\nallow %s: id *:*\n}\n", POLICY_HEAD, name);
	ck_assert_ptr_nonnull(strstr(error_of(text, strlen(text)), "is not a name"));
}
END_TEST

START_TEST(a_set_that_fills_the_text)
{
	struct policy *policy;
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	fprintf(out, "%sset many usb [\n", POLICY_HEAD);
	for (unsigned int i = 0; i < 25000; i++)
		fprintf(out, "%04x:%04x\n", i / 100, i % 100);
	fputs("]\nusb {\nallow a: id in @many\n}\n", out);
	fclose(out);
	policy = policy_of(text);
	ck_assert_int_eq(verdict_of(policy, "id 00f9:0063 interfaces [ 03:01:01 ]").result,
			 POLICY_RESULT_PERMIT);
	ck_assert_int_eq(verdict_of(policy, "id 00f9:0064 interfaces [ 03:01:01 ]").result,
			 POLICY_RESULT_REFUSE);
	policy_free(policy);
	free(text);
}
END_TEST

START_TEST(all_errors_and_in_order)
{
	struct diag_list diags = DIAG_LIST_INIT;
	struct policy *policy = NULL;
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	fprintf(out, "%susb {\n", POLICY_HEAD);
	for (unsigned int i = 0; i < 3000; i++)
		fprintf(out, "allow a%u: idd *:*\nallow a%u: id in @x\n", i, i);
	fputs("}\n", out);
	fclose(out);
	ck_assert_int_eq(policy_parse(text, length, &diags, &policy), -EINVAL);
	/* of each pair: the condition, the second name, the set */
	ck_assert_uint_eq(diags.errors, 3 * 2048 + 1);
	diag_sort(&diags);
	for (size_t i = 1; i < diags.count; i++)
		ck_assert(diags.items[i - 1].at.line < diags.items[i].at.line ||
			  (diags.items[i - 1].at.line == diags.items[i].at.line &&
			   diags.items[i - 1].at.column <= diags.items[i].at.column));
	diag_list_free(&diags);
	free(text);
}
END_TEST

START_TEST(findings_beyond_the_most_are_counted)
{
	struct diag_list diags = DIAG_LIST_INIT;
	struct document *document = NULL;
	char *text = malloc(LEX_TEXT_MAX), *shown = NULL;
	size_t size;
	FILE *out;

	memcpy(text, "airgap-policy 1\n", 16);
	for (size_t i = 16; i + 1 < LEX_TEXT_MAX; i += 2)
		memcpy(text + i, "x\n", 2);
	ck_assert_int_eq(document_parse(NULL, text, LEX_TEXT_MAX, &diags, &document), -EINVAL);
	ck_assert_uint_eq(diags.count, DIAG_MAX);
	ck_assert_uint_eq(diags.errors, DIAG_MAX + diags.dropped);
	out = open_memstream(&shown, &size);
	diag_print(out, "f", text, LEX_TEXT_MAX, &diags);
	fclose(out);
	ck_assert_ptr_nonnull(strstr(shown, "more findings are not shown"));
	free(shown);
	free(text);
	diag_list_free(&diags);
}
END_TEST

static const char whole[] = POLICY_HEAD
	"people {\n officer \"A\" key k duty security login \"a\"\n}\n"
	"set s usb [ 046d:c31c # c\n 413c:2113 ]\n"
	"table media signed [ security 2 ] withdraw [ security 1 ]\n"
	"usb {\n default block\n allow a: id in @s, interfaces within [ 03:01:* ], at-most 2\n"
	" forbid b: device in @media, because \"x\"\n}\n"
	"failure {\n tamper lockdown notify security\n}\n";

/* Damage a good text at random: never more than an error, and every error inside the text. */
START_TEST(damaged_texts)
{
	static const char *const pieces[] = { "[", "]",	      "{",    "}",  "\"", ",",
					      "@", "\n",      "#",    "..", ":",  "allow",
					      " ", "usb {\n", "\xff", "\\" };
	struct diag_list diags = DIAG_LIST_INIT;
	struct policy *policy = NULL;
	char text[sizeof(whole) + 64];
	size_t length = sizeof(whole) - 1;

	srandom((unsigned int)_i);
	memcpy(text, whole, length);
	for (int n = (int)(random() % 4) + 1; n > 0; n--) {
		const char *piece = pieces[(size_t)random() % (sizeof(pieces) / sizeof(pieces[0]))];
		size_t at = (size_t)random() % length, size = strlen(piece);

		if (random() % 3 == 0) {
			memmove(text + at, text + at + 1, length - at - 1);
			length--;
			continue;
		}
		memmove(text + at + size, text + at, length - at);
		memcpy(text + at, piece, size);
		length += size;
	}
	if (policy_parse(text, length, &diags, &policy) == 0)
		ck_assert_uint_eq(diags.errors, 0);
	else
		ck_assert_uint_gt(diags.errors, 0);
	for (size_t i = 0; i < diags.count; i++) {
		ck_assert_uint_ge(diags.items[i].at.line, 1);
		ck_assert_uint_ge(diags.items[i].at.column, 1);
		ck_assert_uint_le(diags.items[i].at.offset, length);
	}
	policy_free(policy);
	diag_list_free(&diags);
}
END_TEST

/* Every beginning of a good text. */
START_TEST(cut_texts)
{
	char *text = malloc((size_t)_i + 1);

	memcpy(text, whole, (size_t)_i);
	error_of(text, (size_t)_i);
	free(text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("parse");
	TCase *tests = tcase_create("parse");

	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, a_trust_list_by_its_names);
	tcase_add_test(tests, another_kind_is_an_error);
	tcase_add_test(tests, typed_values);
	tcase_add_test(tests, dates);
	tcase_add_test(tests, the_text_ends_at_the_signature);
	tcase_add_test(tests, the_largest_text);
	tcase_add_test(tests, the_most_rules);
	tcase_add_test(tests, the_longest_name);
	tcase_add_test(tests, a_set_that_fills_the_text);
	tcase_add_test(tests, all_errors_and_in_order);
	tcase_add_test(tests, findings_beyond_the_most_are_counted);
	tcase_add_loop_test(tests, damaged_texts, 0, 500);
	tcase_add_loop_test(tests, cut_texts, 0, (int)sizeof(whole));
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
