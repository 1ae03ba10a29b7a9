// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "policy/decide/context.h"
#include "tests/unit/policy_fixture.h"
#include "tests/unit/unit.h"

static const char full[] = "airgap-policy 1\n"
			   "policy {\n"
			   "    id \"7.2/mimi/standard\"\n"
			   "    serial 42\n"
			   "    class emergency\n"
			   "    mode monitor at-most 72h\n"
			   "    valid 2026-12-01 .. 2027-05-31\n"
			   "    runtime at-most 4380h\n"
			   "}\n"
			   "scope {\n"
			   "    unit \"7.2.14\"\n"
			   "    terminals registered\n"
			   "    level mimi\n"
			   "}\n"
			   "people {\n"
			   "    lead \"L\"\n"
			   "    direct \"D\"\n"
			   "    officer \"O\" key so-7a duty security login \"o\"\n"
			   "    auditor \"A\" key au-1f\n"
			   "}\n"
			   "set ids usb [ 046d:c31c ]\n"
			   "table media signed [ security 2 ]\n"
			   "table terminals signed [ security 1 ]\n"
			   "usb {\n"
			   "    allow a: id in @ids\n"
			   "    allow b: device in @media\n"
			   "}\n"
			   "network {\n"
			   "    allow lan: interface is registered\n"
			   "}\n"
			   "failure {\n"
			   "    expired restrict\n"
			   "    clock-suspect restrict notify approval\n"
			   "    tamper lockdown notify security\n"
			   "}\n";

START_TEST(everything_said)
{
	struct policy *policy = policy_of(full);
	const struct policy_person *people;
	size_t count;

	ck_assert_str_eq(policy_id(policy), "7.2/mimi/standard");
	ck_assert_uint_eq(policy_serial(policy), 42);
	ck_assert_int_eq(policy_class(policy), POLICY_CLASS_EMERGENCY);
	ck_assert_int_eq(policy_mode(policy), POLICY_MODE_MONITOR);
	ck_assert_uint_eq(policy_monitor_limit(policy), 72 * 3600);
	ck_assert_uint_eq(policy_runtime_limit(policy), 4380 * 3600);
	ck_assert_str_eq(policy_unit(policy), "7.2.14");
	ck_assert_str_eq(policy_level(policy), "mimi");
	ck_assert_uint_eq(policy_terminal_count(policy), 0);
	people = policy_people(policy, &count);
	ck_assert_uint_eq(count, 4);
	ck_assert_int_eq(people[0].role, POLICY_ROLE_LEAD);
	ck_assert_ptr_null(people[0].key);
	ck_assert_int_eq(people[2].role, POLICY_ROLE_OFFICER);
	ck_assert_str_eq(people[2].login, "o");
	ck_assert_str_eq(people[2].duty, "security");
	ck_assert_int_eq(people[3].role, POLICY_ROLE_AUDITOR);
	ck_assert_str_eq(people[3].key, "au-1f");
	ck_assert_int_eq(policy_failure_action(policy, POLICY_FAILURE_NO_POLICY),
			 POLICY_ACTION_LOCKDOWN);
	ck_assert_int_eq(policy_failure_action(policy, POLICY_FAILURE_EXPIRED),
			 POLICY_ACTION_RESTRICT);
	ck_assert_str_eq(policy_failure_notify(policy, POLICY_FAILURE_CLOCK_SUSPECT), "approval");
	ck_assert_ptr_null(policy_failure_notify(policy, POLICY_FAILURE_EXPIRED));
	ck_assert_str_eq(policy_failure_name(POLICY_FAILURE_TAMPER), "tamper");
	policy_free(policy);
}
END_TEST

static void office_of(const char *level, const char *below)
{
	const struct policy_levels levels = { 3, { "neibu", "mimi", "jimi" } };
	struct policy *policy;
	char text[sizeof(full) + 100];

	snprintf(text, sizeof(text), "%sreport {\n    office \"10.20.0.5:8443\" key \"k\" %s\n}\n",
		 full, level);
	policy = policy_of(text);
	ck_assert_pstr_eq(policy_office_below(policy, &levels), below);
	policy_free(policy);
}

START_TEST(an_office_is_not_below_its_terminals)
{
	office_of("level mimi", NULL);
	office_of("level jimi", NULL);
	office_of("level neibu", "neibu");
	office_of("level juemi", "juemi");
}
END_TEST

START_TEST(what_is_left_out_is_strict)
{
	struct policy *policy = policy_of(POLICY_HEAD);
	size_t count;

	ck_assert_int_eq(policy_class(policy), POLICY_CLASS_NORMAL);
	ck_assert_int_eq(policy_mode(policy), POLICY_MODE_ENFORCE);
	ck_assert_uint_eq(policy_monitor_limit(policy), 0);
	ck_assert_uint_eq(policy_runtime_limit(policy), 0);
	policy_people(policy, &count);
	ck_assert_uint_eq(count, 0);
	for (int i = 0; i <= POLICY_FAILURE_COUNT; i++) {
		ck_assert_int_eq(policy_failure_action(policy, (enum policy_failure)i),
				 POLICY_ACTION_LOCKDOWN);
		ck_assert_ptr_null(policy_failure_notify(policy, (enum policy_failure)i));
	}
	policy_free(policy);
	policy_free(NULL);
}
END_TEST

START_TEST(scope)
{
	struct policy *policy = policy_of(POLICY_HEAD);

	ck_assert_uint_eq(policy_terminal_count(policy), 1);
	ck_assert_str_eq(policy_terminal(policy, 0), "T-00417");
	ck_assert_ptr_null(policy_terminal(policy, 1));
	ck_assert_int_eq(policy_scope_match(policy, "T-00417", "7.2.14", "mimi", NULL),
			 POLICY_SCOPE_THIS);
	ck_assert_int_eq(policy_scope_match(policy, "T-00418", "7.2.14", "mimi", NULL),
			 POLICY_SCOPE_TERMINAL);
	ck_assert_int_eq(policy_scope_match(policy, "T-00417", "7.2.1", "mimi", NULL),
			 POLICY_SCOPE_UNIT);
	ck_assert_int_eq(policy_scope_match(policy, "T-00417", "7.2.14", "jimi", NULL),
			 POLICY_SCOPE_LEVEL);
	policy_free(policy);
	policy = policy_of(full);
	ck_assert_int_eq(policy_scope_match(policy, "T-00417", "7.2.14", "mimi", NULL),
			 POLICY_SCOPE_REGISTER);
	policy_free(policy);
}
END_TEST

START_TEST(unenforced_parts)
{
	static const struct {
		enum policy_feature feature;
		const char *name;
		uint32_t line;
	} expected[] = {
		{ POLICY_FEATURE_EMERGENCY, "class emergency", 5 },
		{ POLICY_FEATURE_MONITOR, "mode monitor", 6 },
		{ POLICY_FEATURE_RUNTIME, "runtime", 8 },
		{ POLICY_FEATURE_REGISTERED, "terminals registered", 12 },
		{ POLICY_FEATURE_TABLE, "table", 22 },
		{ POLICY_FEATURE_TABLE, "table", 23 },
		{ POLICY_FEATURE_USB_TABLE, "device in a table", 26 },
		{ POLICY_FEATURE_NETWORK, "network", 28 },
	};
	const uint64_t supported =
		POLICY_FEATURE_BIT(POLICY_FEATURE_POLICY) |
		POLICY_FEATURE_BIT(POLICY_FEATURE_SCOPE) |
		POLICY_FEATURE_BIT(POLICY_FEATURE_PEOPLE) | POLICY_FEATURE_BIT(POLICY_FEATURE_SET) |
		POLICY_FEATURE_BIT(POLICY_FEATURE_USB) | POLICY_FEATURE_BIT(POLICY_FEATURE_FAILURE);
	struct policy *policy = policy_of(full);
	struct policy_gap gaps[16];

	ck_assert_uint_eq(policy_unenforced(policy, supported, gaps, 16), 8);
	for (size_t i = 0; i < 8; i++) {
		ck_assert_int_eq(gaps[i].feature, expected[i].feature);
		ck_assert_str_eq(gaps[i].name, expected[i].name);
		ck_assert_uint_eq(gaps[i].line, expected[i].line);
	}
	ck_assert_uint_eq(policy_unenforced(policy, supported, NULL, 0), 8);
	ck_assert_uint_eq(policy_unenforced(policy, UINT64_MAX, gaps, 16), 0);
	policy_free(policy);
	policy = policy_of(POLICY_HEAD);
	ck_assert_uint_eq(policy_unenforced(policy, supported, gaps, 16), 0);
	policy_free(policy);
}
END_TEST

START_TEST(a_warning_does_not_refuse)
{
	static const char text[] = POLICY_HEAD "set unused usb [ 046d:c31c ]\n";
	struct diag_list diags = DIAG_LIST_INIT;
	struct policy *policy = NULL;

	ck_assert_int_eq(policy_parse(text, strlen(text), &diags, &policy), 0);
	ck_assert_uint_eq(diags.errors, 0);
	ck_assert_uint_eq(diags.count, 1);
	ck_assert_int_eq(diags.items[0].severity, DIAG_WARNING);
	policy_free(policy);
	diag_list_free(&diags);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("policy");
	TCase *tests = tcase_create("policy");

	tcase_add_test(tests, everything_said);
	tcase_add_test(tests, an_office_is_not_below_its_terminals);
	tcase_add_test(tests, what_is_left_out_is_strict);
	tcase_add_test(tests, scope);
	tcase_add_test(tests, unenforced_parts);
	tcase_add_test(tests, a_warning_does_not_refuse);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
