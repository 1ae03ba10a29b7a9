// SPDX-License-Identifier: GPL-2.0-or-later
/* 'device in @media' and 'terminals registered': every reason for which a row is good or not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/decide/context.h"
#include "tests/unit/policy_fixture.h"
#include "tests/unit/table_fixture.h"
#include "tests/unit/unit.h"

#define TODAY	   1798761600 /* 2027-01-01 00:00:00 UTC */
#define DAY	   86400
#define ID	   "9f3c5e00112233445566778899aabbcc 0951:1666 \"S1\" "
#define STICK	   "id 0951:1666 serial \"S1\" interfaces [ 08:06:50 ]"
#define TABLE	   "table media signed [ security 2 ] withdraw [ security 1 ]\n"
#define ACTIVE_ROW ID "mimi - - - active\n"
#define KNOWN_LEVELS                                                                               \
	{                                                                                          \
		3,                                                                                 \
		{                                                                                  \
			"neibu", "mimi", "jimi"                                                    \
		}                                                                                  \
	}

/* What the condition is worth: in a table of this row, under this context. */
static const struct {
	const char *what;
	const char *row; /* NULL: no table */
	const char *subject;
	int64_t today;
	struct policy_levels levels;
	bool allow;
	bool forbid;
} cases[] = {
	{ "active", ACTIVE_ROW, STICK, TODAY, KNOWN_LEVELS, true, true },
	{ "no table", NULL, STICK, TODAY, KNOWN_LEVELS, false, true },
	{ "an empty table", "", STICK, TODAY, KNOWN_LEVELS, false, false },
	{ "other serial", ACTIVE_ROW, "id 0951:1666 serial \"S2\" interfaces [ 08:06:50 ]", TODAY,
	  KNOWN_LEVELS, false, false },
	{ "other product", ACTIVE_ROW, "id 0951:1667 serial \"S1\" interfaces [ 08:06:50 ]", TODAY,
	  KNOWN_LEVELS, false, false },
	{ "no serial", ACTIVE_ROW, "id 0951:1666 interfaces [ 08:06:50 ]", TODAY, KNOWN_LEVELS,
	  false, true },
	{ "lost", ID "mimi - - - lost\n", STICK, TODAY, KNOWN_LEVELS, false, false },
	{ "returned", ID "mimi - - - returned\n", STICK, TODAY, KNOWN_LEVELS, false, false },
	{ "withdrawn", ID "mimi - - - withdrawn\n", STICK, TODAY, KNOWN_LEVELS, false, false },
	{ "this unit", ID "mimi \"7.2.14\" - - active\n", STICK, TODAY, KNOWN_LEVELS, true, true },
	{ "other unit", ID "mimi \"7.2.15\" - - active\n", STICK, TODAY, KNOWN_LEVELS, false,
	  false },
	{ "part of this unit", ID "mimi \"7.2\" - - active\n", STICK, TODAY, KNOWN_LEVELS, false,
	  false },
	{ "lower level", ID "neibu - - - active\n", STICK, TODAY, KNOWN_LEVELS, true, true },
	{ "higher level", ID "jimi - - - active\n", STICK, TODAY, KNOWN_LEVELS, false, false },
	{ "unknown level", ID "secret - - - active\n", STICK, TODAY, KNOWN_LEVELS, false, true },
	{ "lower level, no order", ID "neibu - - - active\n", STICK, TODAY, { 0 }, false, true },
	{ "same level, no order", ACTIVE_ROW, STICK, TODAY, { 0 }, true, true },
	{ "the terminal's level unknown",
	  ID "neibu - - - active\n",
	  STICK,
	  TODAY,
	  { 1, { "neibu" } },
	  false,
	  true },
	{ "ends today", ID "mimi - - 2027-01-01 active\n", STICK, TODAY, KNOWN_LEVELS, true, true },
	{ "ends today, at its end", ID "mimi - - 2027-01-01 active\n", STICK, TODAY + DAY - 1,
	  KNOWN_LEVELS, true, true },
	{ "ended yesterday", ID "mimi - - 2027-01-01 active\n", STICK, TODAY + DAY, KNOWN_LEVELS,
	  false, false },
	{ "day unknown", ID "mimi - - 2027-01-01 active\n", STICK, 0, KNOWN_LEVELS, false, true },
	{ "day unknown, no end", ACTIVE_ROW, STICK, 0, KNOWN_LEVELS, true, true },
	{ "ended, level unknown", ID "secret - - 2026-12-31 active\n", STICK, TODAY, KNOWN_LEVELS,
	  false, false },
};

static struct policy_verdict decide(const char *rules, const struct policy_context *context,
				    const char *subject)
{
	struct policy *policy = policy_usb(TABLE, rules);
	struct usb_facts facts = facts_of(subject);
	struct policy_verdict verdict;

	policy_decide_usb(policy, context, &facts, NULL, &verdict);
	policy_free(policy);
	return verdict;
}

START_TEST(device_in_media)
{
	struct table *table = cases[_i].row ? media_of(cases[_i].row) : NULL;
	const struct policy_context context = {
		.media = table,
		.today = cases[_i].today,
		.levels = cases[_i].levels,
	};
	struct policy_verdict verdict;

	verdict = decide("allow a: device in @media", &context, cases[_i].subject);
	ck_assert_msg((verdict.result == POLICY_RESULT_PERMIT) == cases[_i].allow, "%s: allow",
		      cases[_i].what);
	verdict = decide("allow a: interfaces within [ *:*:* ]\nforbid b: device in @media",
			 &context, cases[_i].subject);
	ck_assert_msg((verdict.cause == POLICY_CAUSE_FORBID) == cases[_i].forbid, "%s: forbid",
		      cases[_i].what);
	table_free(table);
}
END_TEST

START_TEST(no_context)
{
	struct policy_verdict verdict = decide("allow a: device in @media", NULL, STICK);

	ck_assert_int_eq(verdict.cause, POLICY_CAUSE_DEFAULT);
}
END_TEST

/* Table terminals given in the place of media is no table of media. */
START_TEST(other_table)
{
	struct table *table = terminals_of("\"S1\" mimi - - - - - - - - active\n");
	const struct policy_context context = { .media = table };

	ck_assert_int_eq(decide("allow a: device in @media", &context, STICK).cause,
			 POLICY_CAUSE_DEFAULT);
	table_free(table);
}
END_TEST

/* Each case is explained, and the explanation decides alike. */
START_TEST(explained)
{
	struct table *table = cases[_i].row ? media_of(cases[_i].row) : NULL;
	const struct policy_context context = {
		.media = table,
		.today = cases[_i].today,
		.levels = cases[_i].levels,
	};
	struct policy *policy = policy_usb(TABLE, "allow a: device in @media");
	struct usb_facts facts = facts_of(cases[_i].subject);
	struct explanation *why = NULL;
	struct explain_condition *it;
	char *text = NULL;
	size_t size = 0;
	FILE *out;

	ck_assert_int_eq(policy_explain_usb(policy, &context, &facts, NULL, &why), 0);
	it = &why->rules[0].conditions[0];
	ck_assert_int_eq(it->holds, cases[_i].allow);
	ck_assert_int_eq(it->outcome == EXPLAIN_MISSING, cases[_i].allow != cases[_i].forbid);
	ck_assert_int_eq(it->note == NULL, cases[_i].allow);
	out = open_memstream(&text, &size);
	ck_assert_ptr_nonnull(out);
	explanation_print(out, "p", why);
	fclose(out);
	if (it->note)
		ck_assert_ptr_nonnull(strstr(text, it->note));
	free(text);
	explanation_free(why);
	policy_free(policy);
	table_free(table);
}
END_TEST

START_TEST(counts)
{
	struct table *table = media_of(ACTIVE_ROW);
	const struct policy_context context = { .media = table };
	struct policy *policy = policy_usb(TABLE, "allow a: device in @media, at-most 1");
	struct usb_facts facts = facts_of(STICK);
	uint32_t in_use[1] = { 0 };

	policy_count_usb(policy, NULL, &facts, in_use);
	ck_assert_uint_eq(in_use[0], 0);
	policy_count_usb(policy, &context, &facts, in_use);
	ck_assert_uint_eq(in_use[0], 1);
	policy_free(policy);
	table_free(table);
}
END_TEST

static const char registered[] =
	"airgap-policy 1\npolicy {\nid \"t\"\nserial 1\nvalid 2026-12-01 .. 2027-05-31\n}\n"
	"scope {\nunit \"7.2.14\"\nterminals registered\nlevel mimi\n}\n"
	"table terminals signed [ security 1 approval 3 ]\n"
	"table media signed [ security 2 ] withdraw [ approval 1 ]\n"
	"usb {\nallow a: device in @media\n}\n";

START_TEST(scope)
{
	struct policy *policy = policy_of(registered);
	struct table *table = terminals_of("\"T-1\" mimi - - - - - - - - active\n"
					   "\"T-2\" jimi - - - - - - - - active\n"
					   "\"T-3\" mimi - - - - - - - - repair\n");
	struct table *media = media_of(ACTIVE_ROW);

#define MATCH(number, level, terminals)                                                            \
	policy_scope_match(policy, number, "7.2.14", level, terminals)
	ck_assert_int_eq(MATCH("T-1", "mimi", table), POLICY_SCOPE_THIS);
	ck_assert_int_eq(MATCH("T-1", "mimi", NULL), POLICY_SCOPE_REGISTER);
	ck_assert_int_eq(MATCH("T-1", "jimi", table), POLICY_SCOPE_LEVEL);
	ck_assert_int_eq(MATCH("T-2", "mimi", table), POLICY_SCOPE_REGISTERED_LEVEL);
	ck_assert_int_eq(MATCH("T-3", "mimi", table), POLICY_SCOPE_WITHDRAWN);
	ck_assert_int_eq(MATCH("T-4", "mimi", table), POLICY_SCOPE_UNREGISTERED);
	ck_assert_int_eq(MATCH("T-1", "mimi", media), POLICY_SCOPE_UNREGISTERED);
	table_free(media);
	table_free(table);
	policy_free(policy);
}
END_TEST

START_TEST(needs)
{
	struct policy *policy = policy_of(registered);
	const struct policy_table *table;

	ck_assert_uint_eq(policy_table_count(policy), 2);
	table = policy_table(policy, 0);
	ck_assert_str_eq(table->name, "terminals");
	ck_assert_uint_eq(table->line, 12);
	ck_assert_uint_eq(table->add.duty[POLICY_DUTY_SECURITY], 1);
	ck_assert_uint_eq(table->add.duty[POLICY_DUTY_APPROVAL], 3);
	ck_assert_mem_eq(&table->add, &table->withdraw, sizeof(table->add));
	ck_assert_ptr_eq(policy_table_named(policy, "media"), policy_table(policy, 1));
	table = policy_table(policy, 1);
	ck_assert_uint_eq(table->add.duty[POLICY_DUTY_SECURITY], 2);
	ck_assert_uint_eq(table->withdraw.duty[POLICY_DUTY_SECURITY], 0);
	ck_assert_uint_eq(table->withdraw.duty[POLICY_DUTY_APPROVAL], 1);
	ck_assert_ptr_null(policy_table(policy, 2));
	ck_assert_ptr_null(policy_table_named(policy, "medium"));
	policy_free(policy);
	policy = policy_of(POLICY_HEAD);
	ck_assert_uint_eq(policy_table_count(policy), 0);
	policy_free(policy);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("decide_table");
	TCase *tests = tcase_create("decide_table");

	tcase_add_loop_test(tests, device_in_media, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_loop_test(tests, explained, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tests, no_context);
	tcase_add_test(tests, other_table);
	tcase_add_test(tests, counts);
	tcase_add_test(tests, scope);
	tcase_add_test(tests, needs);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
