// SPDX-License-Identifier: GPL-2.0-or-later
/* Printing and re-parsing is the identity, on documents of every kind made from the schema. */
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/lang/document.h"
#include "policy/lang/print.h"
#include "tests/unit/random_document.h"
#include "tests/unit/same_document.h"
#include "tests/unit/unit.h"

/* Of each kind of document; policies, which have most in them, get more. */
#define DOCUMENTS      400
#define POLICIES       2000
#define STATE(kind, i) (seed + 1000003 * (uint64_t)(kind) + 7919 * (uint64_t)(i))

static uint64_t seed = UINT64_C(0x5eed00a1);

static struct document *parse(const char *kind, const char *text, size_t length)
{
	struct diag_list diags = DIAG_LIST_INIT;
	struct document *document = NULL;
	char first[512];

	document_parse(kind, text, length, &diags, &document);
	diag_format_first(&diags, "text", first, sizeof(first));
	diag_list_free(&diags);
	ck_assert_msg(document != NULL, "%s\n%.*s", first, (int)length, text);
	return document;
}

static void check_one(struct random_document *random)
{
	char *text, *printed = NULL, *again = NULL;
	size_t length, printed_length, again_length;
	struct document *first, *second;

	text = random_document(random, &length);
	first = parse(random->schema->kind, text, length);
	ck_assert_int_eq(document_print(first, &printed, &printed_length), 0);
	second = parse(random->schema->kind, printed, printed_length);
	same_document(first, second);
	ck_assert_int_eq(document_print(second, &again, &again_length), 0);
	ck_assert_msg(strcmp(printed, again) == 0, "%s\n-----\n%s", printed, again);
	document_free(first);
	document_free(second);
	free(text);
	free(printed);
	free(again);
}

START_TEST(identity)
{
	const struct schema_document *schema = &schema_documents[_i];
	unsigned int count = strcmp(schema->kind, "airgap-policy") == 0 ? POLICIES : DOCUMENTS;

	for (unsigned int i = 0; i < count; i++) {
		struct random_document random = { .schema = schema, .state = STATE(_i, i) };

		check_one(&random);
	}
}
END_TEST

struct tally {
	const char *name;
	bool found;
};

static void tick(void *data, const char *name)
{
	struct tally *tally = data;

	tally->found |= strcmp(tally->name, name) == 0;
}

static bool is_written(const struct schema_document *schema, const char *name)
{
	struct tally tally = { .name = name };

	for (unsigned int i = 0; i < 200 && !tally.found; i++) {
		struct random_document random = {
			.schema = schema,
			.state = STATE(0, i),
			.written = tick,
			.data = &tally,
		};
		size_t length;

		free(random_document(&random, &length));
	}
	return tally.found;
}

/* The test above is worth something only if every row of the schema is met. */
START_TEST(every_row_is_written)
{
	const struct schema_document *schema = schema_find("airgap-policy");

	for (const struct schema_block *block = schema->blocks; block->name; block++) {
		for (const struct schema_statement *it = block->statements; it->keyword; it++)
			ck_assert_msg(is_written(schema, it->keyword), "%s", it->keyword);
		for (const struct schema_condition *it = block->conditions; it && it->name; it++)
			ck_assert_msg(is_written(schema, it->name), "%s", it->name);
	}
}
END_TEST

static int count_kinds(void)
{
	int count = 0;

	while (schema_documents[count].kind)
		count++;
	return count;
}

int main(void)
{
	Suite *suite = suite_create("print");
	TCase *tests = tcase_create("print");
	const char *given = getenv("SEED");

	if (given)
		seed = strtoull(given, NULL, 0);
	printf("# seed %#" PRIx64 ", %d policies, %d documents of each other kind\n", seed,
	       POLICIES, DOCUMENTS);
	if (sodium_init() < 0)
		return 1;
	tcase_set_timeout(tests, 120);
	tcase_add_loop_test(tests, identity, 0, count_kinds());
	tcase_add_test(tests, every_row_is_written);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
