// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/decide/recipients.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "policy/decide/context.h"
#include "policy/lang/policy.h"
#include "tests/unit/unit.h"

#define HEAD                                                                                       \
	"airgap-policy 1\npolicy {\nid \"t\"\nserial 1\nvalid 2026-01-01 .. 2099-12-31\n}\n"       \
	"scope {\nunit \"7.2.14\"\nterminals [ \"T-1\" ]\nlevel mimi\n}\n"

static const struct policy_levels levels = { 3, { "neibu", "mimi", "jimi" } };

static struct policy *read_policy(const char *transfer)
{
	struct policy *policy = NULL;
	char text[4096];

	snprintf(text, sizeof(text), HEAD "transfer {\n%s}\n", transfer);
	if (policy_parse(text, strlen(text), NULL, &policy) < 0)
		return NULL;
	return policy;
}

static void expect(const char *transfer, const char *unit, const char *level, const char *wanted)
{
	struct policy *policy = read_policy(transfer);
	struct policy_recipient rows[16];
	size_t chosen[16], count, found;
	char got[256] = "";

	ck_assert_ptr_nonnull(policy);
	count = policy_recipients(policy, rows, 16);
	found = recipients_choose(rows, count, unit, level, &levels, chosen, 16);
	for (size_t i = 0; i < found; i++) {
		strcat(got, rows[chosen[i]].recipient);
		strcat(got, " ");
	}
	ck_assert_str_eq(got, wanted);
	policy_free(policy);
}

#define ROTATED                                                                                    \
	"recipients unit \"a\" level mimi epoch 3 \"m3\"\n"                                        \
	"recipients unit \"a\" level mimi epoch 4 \"m4\"\n"                                        \
	"recipients unit \"a\" level mimi epoch 4 \"m4b\"\n"                                       \
	"recipients unit \"a\" level jimi epoch 2 \"j2\"\n"                                        \
	"recipients unit \"b\" \"b0\"\n"

START_TEST(of_the_unit_alone)
{
	expect(ROTATED, "b", "mimi", "b0 ");
	expect(ROTATED, "c", "mimi", "");
}
END_TEST

START_TEST(the_highest_epoch_of_each_level)
{
	expect(ROTATED, "a", "mimi", "m4 m4b j2 ");
	expect("recipients unit \"a\" \"m0\"\nrecipients unit \"a\" epoch 1 \"m1\"\n", "a", "mimi",
	       "m1 ");
}
END_TEST

START_TEST(nobody_opens_what_is_above_his_level)
{
	expect(ROTATED, "a", "neibu", "m4 m4b j2 ");
	expect(ROTATED, "a", "jimi", "j2 ");
	expect(ROTATED, "b", "jimi", "");
	/* A level that the list does not have is below none and above none. */
	expect(ROTATED, "a", "cosmic", "");
	expect("recipients unit \"a\" level cosmic \"c\"\n", "a", "neibu", "");
}
END_TEST

START_TEST(without_an_order_only_the_very_level)
{
	const struct policy_recipient rows[] = { { "a", "jimi", "j", 0, 0 },
						 { "a", "mimi", "m", 0, 0 } };
	const struct policy_levels none = { 0 };
	size_t chosen[2];

	ck_assert_uint_eq(recipients_choose(rows, 2, "a", "mimi", &none, chosen, 2), 1);
	ck_assert_uint_eq(chosen[0], 1);
}
END_TEST

START_TEST(more_than_fit_are_counted)
{
	const struct policy_recipient rows[] = { { "a", "mimi", "1", 0, 0 },
						 { "a", "mimi", "2", 0, 0 },
						 { "a", "jimi", "2", 0, 0 },
						 { "a", "mimi", "3", 0, 0 } };
	size_t chosen[3] = { 9, 9, 9 };

	ck_assert_uint_eq(recipients_choose(rows, 4, "a", "mimi", &levels, chosen, 3), 3);
	ck_assert_uint_eq(chosen[1], 1);
	ck_assert_uint_eq(chosen[2], 3);
	chosen[1] = 9;
	ck_assert_uint_ge(recipients_choose(rows, 4, "a", "mimi", &levels, chosen, 1), 3);
	ck_assert_uint_eq(chosen[0], 0);
	ck_assert_uint_eq(chosen[1], 9);
}
END_TEST

START_TEST(what_a_policy_cannot_say)
{
	ck_assert_ptr_null(
		read_policy("recipients unit \"a\" \"x\"\nrecipients unit \"a\" \"x\"\n"));
	ck_assert_ptr_null(read_policy("recipients unit \"a\" epoch 1 \"x\"\n"
				       "recipients unit \"a\" epoch 2 \"x\"\n"));
	ck_assert_ptr_null(read_policy("recipients unit \"a\" level mimi \"x\"\n"
				       "recipients unit \"a\" level jimi \"x\"\n"));
	ck_assert_ptr_null(read_policy("recipients unit \"a\" epoch 0 \"x\"\n"));
	ck_assert_ptr_null(read_policy("recipients unit \"a\" epoch 4294967296 \"x\"\n"));
}
END_TEST

START_TEST(levels_and_recovery)
{
	struct policy *policy = read_policy("recovery \"r\"\nrecipients unit \"a\" \"x\"\n");
	struct policy_recipient row;

	ck_assert_ptr_nonnull(policy);
	ck_assert_uint_eq(policy_recipients(policy, &row, 1), 1);
	ck_assert_str_eq(row.level, "mimi");
	ck_assert_uint_eq(row.epoch, 0);
	ck_assert_str_eq(policy_recovery(policy), "r");
	policy_free(policy);
	policy = read_policy("");
	ck_assert_ptr_null(policy_recovery(policy));
	ck_assert_uint_eq(policy_recipients(policy, &row, 1), 0);
	policy_free(policy);
}
END_TEST

START_TEST(form_of_a_recipient)
{
	ck_assert(
		recipients_form("age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"));
	ck_assert(!recipients_form("age1..."));
	ck_assert(!recipients_form(""));
	ck_assert(
		!recipients_form("age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujw"));
	ck_assert(
		!recipients_form("age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwb"));
	ck_assert(
		!recipients_form("AGE1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("recipients");
	TCase *tests = tcase_create("recipients");

	tcase_add_test(tests, of_the_unit_alone);
	tcase_add_test(tests, the_highest_epoch_of_each_level);
	tcase_add_test(tests, nobody_opens_what_is_above_his_level);
	tcase_add_test(tests, without_an_order_only_the_very_level);
	tcase_add_test(tests, more_than_fit_are_counted);
	tcase_add_test(tests, what_a_policy_cannot_say);
	tcase_add_test(tests, levels_and_recovery);
	tcase_add_test(tests, form_of_a_recipient);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
