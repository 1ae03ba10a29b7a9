// SPDX-License-Identifier: GPL-2.0-or-later
/* Each finding of lint: a policy that has it, and one so near to it that does not. */
#include <stdlib.h>
#include <string.h>

#include "policy/study/lint.h"
#include "tests/unit/policy_fixture.h"
#include "tests/unit/unit.h"

/* 2027-01-01 */
#define TODAY 1798761600

#define KEYBOARD "allow k: id 046d:c31c, interfaces within [ 03:01:* ]"

static const struct {
	const char *name;
	const char *outside;
	const char *with;    /* rules that have it */
	const char *without; /* rules that do not */
} cases[] = {
	{ "never-matches", "", "allow a: id in [ 1234:5678 ], id not-in [ 1234:* ]",
	  "allow a: id in [ 1234:* ], id not-in [ 1234:5678 ]" },
	{ "never-matches", "",
	  "allow a: interfaces within [ 03:01:* ], interfaces has-all [ 08:*:* ]",
	  "allow a: interfaces within [ 03:01:* 08:*:* ], interfaces has-all [ 08:*:* ]" },
	{ "never-matches", "", "allow a: serial in [ \"A\" ], serial absent",
	  "allow a: serial in [ \"A\" ], serial present" },
	{ "never-matches", "",
	  "allow a: interfaces equals [ 03:01:01 ], interfaces has-none [ 03:*:* ]",
	  "allow a: interfaces equals [ 03:01:01 ], interfaces has-none [ 08:*:* ]" },
	{ "never-matches", "",
	  "allow a: connect-type in [ hotplug ], connect-type not-in [ hotplug ]",
	  "allow a: connect-type in [ hotplug ], connect-type not-in [ hardwired ]" },
	{ "swallowed", "", "allow a: id 1234:5678\nforbid f: id 1234:*",
	  "allow a: id 1234:5678\nforbid f: id 1234:*, serial in [ \"A\" ], serial present" },
	{ "swallowed", "",
	  "allow a: id 1234:5678\nforbid f: id 1234:*, serial absent\n"
	  "forbid g: serial present",
	  "allow a: id 1234:5678\nforbid f: id 1234:*, serial absent" },
	/* What a device lacks makes a forbid true, so this one does swallow what has no number. */
	{ "swallowed", "", "allow a: id 1234:5678, serial absent\nforbid f: serial in [ \"A\" ]",
	  "allow a: id 1234:5678, serial absent\nforbid f: serial in [ \"A\" ], serial present" },
	{ "duplicate", "", "allow a: id 1234:5678\nallow b: id in [ 1234:5678 ]",
	  "allow a: id 1234:5678\nallow b: id in [ 1234:5678 ], at-most 1" },
	{ "redundant", "", "forbid a: id 1234:5678\nforbid b: id 1234:*",
	  "forbid a: id 1234:5678\nforbid b: id 4321:*" },
	{ "redundant", "", "allow a: id 1234:5678\nallow b: id 1234:*",
	  "allow a: id 1234:5678\nallow b: id 1234:*, interfaces has-any [ 03:*:* ]" },
	{ "unused", "set s usb [ 1234:5678 ]", "allow a: id 1234:5678", "allow a: id in @s" },
	{ "no-identity", "", "allow a: interfaces within [ 03:01:01 ]", KEYBOARD },
	{ "no-identity", "", "allow a: serial not-in [ \"A\" ]", "allow a: serial in [ \"A\" ]" },
	{ "wildcard", "", "allow a: id 046d:*", "allow a: id 046d:*, serial \"A\"" },
	{ "any-interface", "", "allow a: id 046d:c31c", KEYBOARD },
	{ "part-of-device", "", "allow a: id 046d:c31c, interfaces has-any [ 08:06:50 ]",
	  KEYBOARD },
	{ "mixture", "", "allow a: id 1234:5678, interfaces within [ 08:06:50 03:01:01 ]",
	  "allow a: id 1234:5678, interfaces within [ 08:06:50 03:01:01 ]\n"
	  "forbid f: interfaces has-all [ 08:*:* 03:*:* ]" },
	{ "no-limit", "", "allow a: id 1234:5678, interfaces within [ 08:06:50 ]",
	  "allow a: id 1234:5678, interfaces within [ 08:06:50 ], at-most 1" },
};

static bool finds(const char *outside, const char *rules, const char *name)
{
	const struct policy_context context = { .today = TODAY };
	struct finding_list findings = FINDING_LIST_INIT;
	struct policy *policy = policy_usb(*outside ? "set s usb [ 1234:5678 ]\n" : "", rules);
	bool found = false;

	ck_assert_int_eq(lint_policy(policy, &context, NULL, &findings), 0);
	for (size_t i = 0; i < findings.count; i++)
		found |= strcmp(findings.items[i].name, name) == 0;
	finding_list_free(&findings);
	policy_free(policy);
	return found;
}

START_TEST(each_finding)
{
	ck_assert_msg(finds(cases[_i].outside, cases[_i].with, cases[_i].name), "%s in %s",
		      cases[_i].name, cases[_i].with);
	ck_assert_msg(!finds(cases[_i].outside, cases[_i].without, cases[_i].name), "%s not in %s",
		      cases[_i].name, cases[_i].without);
}
END_TEST

/* Every name that lint_findings() may give is in the table of names. */
START_TEST(names_are_listed)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool listed = false;

		for (const struct lint_check *it = lint_checks; it->name; it++)
			listed |= strcmp(it->name, cases[i].name) == 0;
		ck_assert_msg(listed, "%s", cases[i].name);
	}
}
END_TEST

static struct inventory_device in_use(const char *subject)
{
	return (struct inventory_device){ .facts = facts_of(subject), .in_use = true };
}

/* Two keyboards, one place: the second is refused as a rescan would refuse it. */
START_TEST(counts_what_is_in_use)
{
	const struct policy_context context = { .today = TODAY };
	struct finding_list findings = FINDING_LIST_INIT;
	struct inventory_device devices[] = {
		in_use("id 046d:c31c port 1-1 interfaces [ 03:01:01 ]"),
		in_use("id 046d:c31c port 1-2 interfaces [ 03:01:01 ]"),
		in_use("id 0951:1666 port 1-3 interfaces [ 08:06:50 ]"),
	};
	const struct inventory inventory = { devices, 3 };
	struct policy *policy = policy_usb("", KEYBOARD ", at-most 1");
	unsigned int keyboards = 0, others = 0;

	ck_assert_int_eq(lint_policy(policy, &context, &inventory, &findings), 0);
	for (size_t i = 0; i < findings.count; i++) {
		keyboards += strcmp(findings.items[i].name, "blocks-keyboard") == 0;
		others += strcmp(findings.items[i].name, "blocks-in-use") == 0;
	}
	ck_assert_uint_eq(keyboards, 1);
	ck_assert_uint_eq(others, 1);
	finding_list_free(&findings);
	policy_free(policy);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("lint");
	TCase *tests = tcase_create("lint");

	tcase_add_loop_test(tests, each_finding, 0, (int)(sizeof(cases) / sizeof(cases[0])));
	tcase_add_test(tests, names_are_listed);
	tcase_add_test(tests, counts_what_is_in_use);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
