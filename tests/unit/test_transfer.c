// SPDX-License-Identifier: GPL-2.0-or-later
/* Deciding over transfers. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/decide/context.h"
#include "policy/decide/hours.h"
#include "policy/decide/transfer.h"
#include "tests/unit/policy_fixture.h"
#include "tests/unit/unit.h"

static const struct policy_context context = {
	.levels = { 4, { "neibu", "mimi", "jimi", "juemi" } },
};

static struct policy *policy_transfer(const char *outside, const char *rules)
{
	char text[8192];

	snprintf(text, sizeof(text), "%s%s\ntransfer {\n%s\n}\n", POLICY_HEAD, outside, rules);
	return policy_of(text);
}

/* One file of type odt that goes out at the terminal's level, to a medium of that level. */
static struct transfer_facts facts_out(void)
{
	return (struct transfer_facts){
		.direction = TRANSFER_OUT,
		.medium = TRANSFER_MEDIUM_REGISTERED,
		.files = 1,
		.type_count = 1,
		.size = 1000,
		.types = { "odt" },
		.level = "mimi",
		.medium_level = "mimi",
		.unit = "7.2.15",
		.login = "novak",
		.local_s = 9 * 3600 + 30 * 60,
	};
}

static struct transfer_verdict decide(const char *rules, const struct transfer_facts *facts)
{
	struct policy *policy = policy_transfer("", rules);
	struct transfer_verdict verdict;

	policy_decide_transfer(policy, &context, facts, &verdict);
	policy_free(policy);
	return verdict;
}

static bool permits(const char *rules, const struct transfer_facts *facts)
{
	return decide(rules, facts).verdict.result == POLICY_RESULT_PERMIT;
}

#define ALL "allow all: size at-most 1T"

START_TEST(permitted)
{
	struct transfer_facts facts = facts_out();
	struct transfer_verdict verdict =
		decide("allow docs: direction out, types in [ odt pdf ], size at-most 1K, "
		       "level at-most terminal, unit \"7.2.15\", login in [ \"novak\" ], "
		       "approvals [ security 1 approval 2 ], wait at-most 8h, scan required, "
		       "because \"minutes\"",
		       &facts);

	ck_assert_uint_eq(verdict.verdict.result, POLICY_RESULT_PERMIT);
	ck_assert_uint_eq(verdict.verdict.cause, POLICY_CAUSE_ALLOW);
	ck_assert_str_eq(verdict.verdict.rule, "docs");
	ck_assert_str_eq(verdict.verdict.because, "minutes");
	ck_assert_uint_gt(verdict.verdict.line, 0);
	ck_assert_uint_eq(verdict.approvals.duty[POLICY_DUTY_SECURITY], 1);
	ck_assert_uint_eq(verdict.approvals.duty[POLICY_DUTY_APPROVAL], 2);
	ck_assert_uint_eq(verdict.wait_s, 8 * 3600);
	ck_assert_uint_eq(verdict.wait_clock_s, 8 * 3600);
	ck_assert_uint_eq(verdict.scan, 1);
}
END_TEST

START_TEST(each_condition_refuses)
{
	static const char *const conditions[] = {
		"direction in",
		"direction out, types in [ pdf ]",
		"types not-in [ odt ]",
		"level is neibu",
		"level at-most neibu",
		"unit \"7.2.16\"",
		"unit not-in [ \"7.2.15\" ]",
		"login \"kovac\"",
		"login not-in [ \"novak\" ]",
		"medium foreign",
		"time \"Mon 10:00-17:00\"",
		"time in [ \"Tue-Sun 00:00-24:00\" \"Mon 00:00-09:30\" ]",
	};
	struct transfer_facts facts = facts_out();
	char rule[256];

	for (size_t i = 0; i < sizeof(conditions) / sizeof(conditions[0]); i++) {
		snprintf(rule, sizeof(rule), "allow docs: %s", conditions[i]);
		ck_assert_msg(!permits(rule, &facts), "%s", rule);
		ck_assert_uint_eq(decide(rule, &facts).verdict.cause, POLICY_CAUSE_DEFAULT);
	}
	facts.size = 1025;
	ck_assert(!permits("allow docs: size at-most 1K", &facts));
	facts.size = 1024;
	ck_assert(permits("allow docs: size at-most 1K", &facts));
}
END_TEST

START_TEST(built_in)
{
	static const struct {
		const char *level;
		const char *medium;
		const char *rule; /* NULL: permitted */
	} cases[] = {
		{ "mimi", "mimi", NULL },
		{ "neibu", "mimi", NULL },
		{ "neibu", "neibu", NULL },
		{ "", "mimi", "no-level" },
		{ "geheim", "mimi", "no-level" },
		{ "jimi", "juemi", "terminal-level" },
		{ "mimi", "neibu", "medium-level" },
		{ "mimi", "jimi", "medium-level" },
		{ "mimi", "", "medium-level" },
		{ "mimi", "geheim", "medium-level" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct transfer_facts facts = facts_out();
		struct transfer_verdict verdict;

		snprintf(facts.level, sizeof(facts.level), "%s", cases[i].level);
		snprintf(facts.medium_level, sizeof(facts.medium_level), "%s", cases[i].medium);
		verdict = decide(ALL, &facts);
		ck_assert_msg((verdict.verdict.result == POLICY_RESULT_PERMIT) == !cases[i].rule,
			      "case %zu", i);
		if (cases[i].rule)
			ck_assert_str_eq(verdict.verdict.rule, cases[i].rule);
	}
}
END_TEST

/* What is of the highest level lies apart. */
START_TEST(highest_level_apart)
{
	static const struct policy_context two = { .levels = { 2, { "neibu", "mimi" } } };
	struct policy *policy = policy_transfer("", ALL);
	struct transfer_facts facts = facts_out();
	struct transfer_verdict verdict;

	policy_decide_transfer(policy, &two, &facts, &verdict);
	ck_assert_uint_eq(verdict.verdict.result, POLICY_RESULT_PERMIT);
	strcpy(facts.level, "neibu");
	policy_decide_transfer(policy, &two, &facts, &verdict);
	ck_assert_str_eq(verdict.verdict.rule, "medium-level");
	policy_free(policy);
}
END_TEST

/* Without an order of levels nothing but the terminal's own is good. */
START_TEST(no_order)
{
	struct policy *policy = policy_transfer("", ALL);
	struct transfer_facts facts = facts_out();
	struct transfer_verdict verdict;

	policy_decide_transfer(policy, NULL, &facts, &verdict);
	ck_assert_uint_eq(verdict.verdict.result, POLICY_RESULT_PERMIT);
	strcpy(facts.level, "neibu");
	policy_decide_transfer(policy, NULL, &facts, &verdict);
	ck_assert_uint_eq(verdict.verdict.result, POLICY_RESULT_REFUSE);
	policy_free(policy);
}
END_TEST

START_TEST(foreign_media)
{
	struct transfer_facts facts = facts_out();

	facts.medium = TRANSFER_MEDIUM_FOREIGN;
	facts.medium_level[0] = '\0';
	ck_assert_str_eq(decide("allow all: medium foreign", &facts).verdict.rule, "one-way");
	facts.direction = TRANSFER_IN;
	ck_assert(permits("allow all: medium foreign", &facts));
	/* What does not name them is not of them. */
	ck_assert(!permits(ALL, &facts));
	ck_assert(!permits("allow all: medium registered", &facts));
	ck_assert(!permits("allow all: medium foreign\nforbid no: medium foreign", &facts));
}
END_TEST

START_TEST(foreign_asked_of_the_policy)
{
	static const struct {
		const char *rules;
		bool foreign;
	} cases[] = {
		{ ALL, false },
		{ "allow in: medium foreign, direction in", true },
		{ "allow in: medium foreign", true },
		{ "allow out: medium foreign, direction out", false },
		{ "allow in: medium registered", false },
		{ "forbid in: medium foreign", false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct policy *policy = policy_transfer("", cases[i].rules);

		ck_assert_msg(policy_transfer_foreign(policy) == cases[i].foreign, "%s",
			      cases[i].rules);
		ck_assert(policy_has_transfer(policy));
		policy_free(policy);
	}
}
END_TEST

/* As long as no medium is there, what is said of it refuses nothing. */
START_TEST(no_medium_yet)
{
	struct transfer_facts facts = facts_out();

	facts.medium = TRANSFER_MEDIUM_ANY;
	facts.medium_level[0] = '\0';
	ck_assert(permits("allow all: medium registered", &facts));
	ck_assert(permits(ALL "\nforbid no: medium foreign", &facts));
	facts.direction = TRANSFER_IN;
	ck_assert(permits("allow all: medium foreign", &facts));
}
END_TEST

START_TEST(every_file_counts)
{
	struct transfer_facts facts = facts_out();

	facts.files = 2;
	facts.type_count = 2;
	strcpy(facts.types[1], "exe");
	ck_assert(!permits("allow docs: types in [ odt ]", &facts));
	ck_assert(permits("allow docs: types in [ odt exe ]", &facts));
	ck_assert(permits("allow docs: types not-in [ pdf ]", &facts));
	ck_assert(!permits("allow docs: types not-in [ exe ]", &facts));
	ck_assert(!permits(ALL "\nforbid programs: types in [ exe ]", &facts));
	ck_assert(!permits(ALL "\nforbid others: types not-in [ odt ]", &facts));
	ck_assert(permits(ALL "\nforbid others: types not-in [ odt exe ]", &facts));
	ck_assert(permits(ALL "\nforbid programs: types in [ dll ]", &facts));
}
END_TEST

/* What is not known is false in an allow and true in a forbid. */
START_TEST(missing)
{
	struct transfer_facts facts = facts_out();

	facts.unit[0] = facts.login[0] = '\0';
	facts.local_s = -1;
	ck_assert(!permits("allow a: unit \"7.2.15\"", &facts));
	ck_assert(!permits("allow a: login \"novak\"", &facts));
	ck_assert(!permits("allow a: time \"Mon-Sun 00:00-24:00\"", &facts));
	ck_assert(!permits(ALL "\nforbid f: unit \"7\"", &facts));
	ck_assert(!permits(ALL "\nforbid f: login \"x\"", &facts));
	ck_assert(!permits(ALL "\nforbid f: time \"Mon 01:00-02:00\"", &facts));
}
END_TEST

START_TEST(fewest_approvals)
{
	static const char rules[] =
		"allow two: direction out, approvals [ security 1 approval 1 ]\n"
		"allow one: direction out, approvals [ approval 1 ], scan required\n"
		"allow scanless: direction out, approvals [ security 1 ], wait at-most 1h\n"
		"allow longer: direction out, approvals [ security 1 ], wait at-most 2h\n"
		"allow again: direction out, approvals [ security 1 ], wait at-most 2h\n";
	struct transfer_facts facts = facts_out();
	struct transfer_verdict verdict = decide(rules, &facts);

	ck_assert_str_eq(verdict.verdict.rule, "longer");
	ck_assert_uint_eq(verdict.verdict.rule_index, 3);
	ck_assert_uint_eq(verdict.wait_s, 7200);
	ck_assert_uint_eq(verdict.scan, 0);
}
END_TEST

START_TEST(order_has_no_meaning)
{
	struct transfer_facts facts = facts_out();

	ck_assert(!permits("forbid f: direction out\n" ALL, &facts));
	ck_assert(!permits(ALL "\nforbid f: direction out", &facts));
	ck_assert_str_eq(
		decide(ALL "\nforbid f: direction out, because \"no\"", &facts).verdict.because,
		"no");
}
END_TEST

START_TEST(flawed)
{
	struct transfer_facts facts = facts_out(), good = facts;

	facts.files = 0;
	ck_assert_uint_eq(decide(ALL, &facts).verdict.cause, POLICY_CAUSE_FLAW);
	facts = good;
	facts.type_count = 0;
	ck_assert_uint_eq(decide(ALL, &facts).verdict.cause, POLICY_CAUSE_FLAW);
	facts = good;
	facts.type_count = TRANSFER_TYPES_MAX + 1;
	ck_assert_uint_eq(decide(ALL, &facts).verdict.cause, POLICY_CAUSE_FLAW);
	facts = good;
	facts.direction = TRANSFER_DIRECTION_COUNT;
	ck_assert_uint_eq(decide(ALL, &facts).verdict.cause, POLICY_CAUSE_FLAW);
	facts = good;
	memset(facts.login, 'x', sizeof(facts.login));
	ck_assert_uint_eq(decide(ALL, &facts).verdict.cause, POLICY_CAUSE_FLAW);
	facts = good;
	memset(facts.types[0], 'x', sizeof(facts.types[0]));
	ck_assert_uint_eq(decide(ALL, &facts).verdict.cause, POLICY_CAUSE_FLAW);
}
END_TEST

START_TEST(no_block)
{
	struct policy *policy = policy_of(POLICY_HEAD);
	struct transfer_facts facts = facts_out();
	struct transfer_verdict verdict;

	policy_decide_transfer(policy, &context, &facts, &verdict);
	ck_assert_uint_eq(verdict.verdict.result, POLICY_RESULT_REFUSE);
	ck_assert(!policy_has_transfer(policy));
	policy_free(policy);
}
END_TEST

START_TEST(sets)
{
	struct policy *policy = policy_transfer("set friends text [ \"7.2.15\" \"7.2.16\" ]\n",
						"allow a: unit in @friends, login not-in @friends");
	struct transfer_facts facts = facts_out();
	struct transfer_verdict verdict;

	policy_decide_transfer(policy, &context, &facts, &verdict);
	ck_assert_uint_eq(verdict.verdict.result, POLICY_RESULT_PERMIT);
	strcpy(facts.unit, "7.2.17");
	policy_decide_transfer(policy, &context, &facts, &verdict);
	ck_assert_uint_eq(verdict.verdict.result, POLICY_RESULT_REFUSE);
	policy_free(policy);
}
END_TEST

#define MON (INT64_C(0))
#define FRI (INT64_C(4) * 86400)
#define H   INT64_C(3600)

START_TEST(working_hours)
{
	static const struct {
		int64_t from;
		uint64_t wait;
		uint64_t clock;
	} cases[] = {
		{ MON + 9 * H, 3600, 3600 },
		{ MON + 16 * H, 2 * 3600, 1 * 3600 + 15 * 3600 + 3600 },
		/* Friday 16:00, 8 hours: one is left of Friday, seven are Monday's. */
		{ FRI + 16 * H, 8 * 3600, 3600 + (7 + 48 + 8 + 7) * 3600 },
		{ FRI + 20 * H, 60, (4 + 48 + 8) * 3600 + 60 },
		{ MON + 12 * H, 5 * 9 * 3600, HOURS_WEEK },
		{ MON + 8 * H + 30, 30, 30 },
		{ -1, 3600, 3600 },
	};
	static const struct week_hours spans[] = { { 0x1f, 8 * 60, 17 * 60 },
						   { 0x01, 9 * 60, 10 * 60 } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ck_assert_msg(
			hours_pass(spans, 2, cases[i].from, cases[i].wait) == cases[i].clock,
			"case %zu: %llu", i,
			(unsigned long long)hours_pass(spans, 2, cases[i].from, cases[i].wait));
	ck_assert_uint_eq(hours_pass(spans, 0, MON, 99), 99);
	ck_assert(hours_contain(spans, 1, FRI + 17 * H - 1));
	ck_assert(!hours_contain(spans, 1, FRI + 17 * H));
	ck_assert(!hours_contain(spans, 1, FRI + 86400 + 9 * H));
	ck_assert(hours_contain(spans, 1, HOURS_WEEK + 9 * H));
}
END_TEST

START_TEST(waits_in_working_hours)
{
	struct transfer_facts facts = facts_out();
	struct transfer_verdict verdict;

	facts.local_s = FRI + 16 * H;
	verdict = decide("hours [ \"Mon-Fri 08:00-17:00\" ]\n"
			 "allow a: direction out, wait at-most 8h",
			 &facts);
	ck_assert_uint_eq(verdict.wait_s, 8 * 3600);
	ck_assert_uint_eq(verdict.wait_clock_s, (1 + 7 + 48 + 8 + 7) * 3600);
}
END_TEST

START_TEST(explained)
{
	struct policy *policy = policy_transfer(
		"", "allow pdf: types in [ pdf ]\nallow odt: direction out, types in [ odt ]");
	struct transfer_explanation *explanation = NULL;
	struct transfer_facts facts = facts_out();

	ck_assert_int_eq(policy_explain_transfer(policy, &context, &facts, &explanation), 0);
	ck_assert_uint_eq(explanation->rule_count, 2);
	ck_assert(!explanation->rules[0].matched);
	ck_assert(explanation->rules[0].conditions[0].decided);
	ck_assert_str_eq(explanation->rules[0].conditions[0].text, "types in [ pdf ]");
	ck_assert(explanation->rules[1].named);
	transfer_explanation_free(explanation);
	facts.level[0] = '\0';
	ck_assert_int_eq(policy_explain_transfer(policy, &context, &facts, &explanation), 0);
	ck_assert_uint_eq(explanation->rule_count, 0);
	transfer_explanation_free(explanation);
	policy_free(policy);
}
END_TEST

START_TEST(spellings)
{
	static const struct {
		const char *rule;
		const char *error;
	} cases[] = {
		{ "allow a: time \"Mon-Fri 17:00-08:00\"", "is not hours of the week" },
		{ "allow a: time \"Mon 08:00\"", "is not hours of the week" },
		{ "allow a: time \"Mon-Xxx 08:00-09:00\"", "is not hours of the week" },
		{ "allow a: time \"Fri-Mon 08:00-09:00\"", "is not hours of the week" },
		{ "allow a: time \"Mon 08:00-24:01\"", "is not hours of the week" },
		{ "allow a: time \"Mon\"", "is not hours of the week" },
		{ "allow a: time \"\"", "is not hours of the week" },
		{ "allow a: medium borrowed", "is not possible here" },
		{ "allow a: scan required", "matches everything" },
		{ "forbid a: direction in, scan required", "has no meaning in a forbid" },
	};
	char text[2048];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *error;

		snprintf(text, sizeof(text), "%stransfer {\n%s\n}\n", POLICY_HEAD, cases[i].rule);
		error = error_of(text, strlen(text));
		ck_assert_msg(strstr(error, cases[i].error), "%s: %s", cases[i].rule, error);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("transfer");
	TCase *tcase = tcase_create("transfer");

	if (sodium_init() < 0)
		return 1;
	tcase_add_test(tcase, permitted);
	tcase_add_test(tcase, each_condition_refuses);
	tcase_add_test(tcase, built_in);
	tcase_add_test(tcase, highest_level_apart);
	tcase_add_test(tcase, no_order);
	tcase_add_test(tcase, foreign_media);
	tcase_add_test(tcase, foreign_asked_of_the_policy);
	tcase_add_test(tcase, no_medium_yet);
	tcase_add_test(tcase, every_file_counts);
	tcase_add_test(tcase, missing);
	tcase_add_test(tcase, fewest_approvals);
	tcase_add_test(tcase, order_has_no_meaning);
	tcase_add_test(tcase, flawed);
	tcase_add_test(tcase, no_block);
	tcase_add_test(tcase, sets);
	tcase_add_test(tcase, working_hours);
	tcase_add_test(tcase, waits_in_working_hours);
	tcase_add_test(tcase, explained);
	tcase_add_test(tcase, spellings);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
