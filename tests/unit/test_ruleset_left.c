// SPDX-License-Identifier: GPL-2.0-or-later
/* Which links the rules of an earlier run let send, from nftables' listing of them. */
#include "agent/core/network/ruleset.h"
#include "tests/unit/unit.h"

static const char left[] = "table inet airgap_base {\n"
			   "\tchain ag_output {\n"
			   "\t\toif \"lo\" oifname \"lo\" accept\n"
			   "\t\toif \"eth0\" oifname \"eth0\" goto ag_out_12\n"
			   "\t\tgoto ag_refuse\n"
			   "\t}\n"
			   "\tchain ag_input {\n"
			   "\t\tiif \"eth1\" iifname \"eth1\" goto ag_in_3\n"
			   "\t}\n"
			   "}\n";

START_TEST(the_link_itself)
{
	ck_assert(ruleset_left_open(left, 12, "eth0"));
}
END_TEST

START_TEST(no_other)
{
	ck_assert(!ruleset_left_open(left, 12, "eth1"));
	ck_assert(!ruleset_left_open(left, 1, "eth0"));
	ck_assert(!ruleset_left_open(left, 2, "eth0"));
	ck_assert(!ruleset_left_open(left, 3, "eth1"));
	ck_assert(!ruleset_left_open(left, 1, "lo"));
	ck_assert(!ruleset_left_open("", 12, "eth0"));
}
END_TEST

START_TEST(a_name_is_not_part_of_the_pattern)
{
	ck_assert(!ruleset_left_open(left, 12, "lo\" accept"));
	ck_assert(!ruleset_left_open(left, 12, ""));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ruleset_left");
	TCase *tests = tcase_create("ruleset_left");

	tcase_add_test(tests, the_link_itself);
	tcase_add_test(tests, no_other);
	tcase_add_test(tests, a_name_is_not_part_of_the_pattern);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
