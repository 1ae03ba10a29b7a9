// SPDX-License-Identifier: GPL-2.0-or-later
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/decide/subject.h"
#include "tests/unit/policy_fixture.h"
#include "tests/unit/unit.h"

static const char rules[] =
	"allow keys: id 046d:*, interfaces within [ 03:*:* ], at-most 1\n"
	"allow stick: serial \"A\", interfaces has-any [ 08:*:* ]\n"
	"forbid radio: interfaces has-any [ e0:*:* ], serial in [ \"R\" ], because \"radio\"";

static struct explanation *explain(const struct policy *policy, const char *subject,
				   const uint32_t *in_use)
{
	struct usb_facts facts = facts_of(subject);
	struct explanation *explanation = NULL;
	struct policy_verdict verdict;

	ck_assert_int_eq(policy_explain_usb(policy, NULL, &facts, in_use, &explanation), 0);
	policy_decide_usb(policy, NULL, &facts, in_use, &verdict);
	ck_assert_int_eq(memcmp(&verdict, &explanation->verdict, sizeof(verdict)), 0);
	return explanation;
}

START_TEST(conditions_and_what_decided)
{
	struct policy *policy = policy_usb("", rules);
	struct explanation *why =
		explain(policy, "id 046d:c31c interfaces [ 03:01:01 08:06:50 ]", NULL);
	const struct explain_rule *rule = &why->rules[0];

	ck_assert_uint_eq(why->rule_count, 3);
	ck_assert(!rule->matched && !rule->named && rule->allow);
	ck_assert_str_eq(rule->name, "keys");
	ck_assert_uint_eq(rule->limit, 1);
	ck_assert_uint_eq(rule->condition_count, 2);
	ck_assert_str_eq(rule->conditions[0].text, "id 046d:*");
	ck_assert_int_eq(rule->conditions[0].outcome, EXPLAIN_TRUE);
	ck_assert(!rule->conditions[0].decided);
	ck_assert_int_eq(rule->conditions[1].outcome, EXPLAIN_FALSE);
	ck_assert(rule->conditions[1].decided);
	ck_assert_uint_eq(rule->conditions[1].line, 13);
	ck_assert_uint_eq(rule->conditions[1].column, 24);
	ck_assert_int_eq(why->rules[1].conditions[0].outcome, EXPLAIN_MISSING);
	ck_assert(!why->rules[1].conditions[0].holds);
	ck_assert_int_eq(why->rules[2].conditions[1].outcome, EXPLAIN_MISSING);
	ck_assert(why->rules[2].conditions[1].holds);
	explanation_free(why);
	policy_free(policy);
}
END_TEST

START_TEST(the_named_rule)
{
	static const uint32_t in_use[] = { 1, 0, 0 };
	struct policy *policy = policy_usb("", rules);
	struct explanation *why;

	why = explain(policy, "id 046d:c31c interfaces [ 03:01:01 ]", NULL);
	ck_assert(why->rules[0].named && why->rules[0].matched && !why->rules[0].used_up);
	explanation_free(why);
	why = explain(policy, "id 046d:c31c interfaces [ 03:01:01 ]", in_use);
	ck_assert(why->rules[0].named && why->rules[0].matched && why->rules[0].used_up);
	ck_assert_uint_eq(why->verdict.cause, POLICY_CAUSE_LIMIT);
	explanation_free(why);
	why = explain(policy, "id 046d:c31c interfaces [ 03:01:01 e0:01:01 ]", NULL);
	ck_assert(why->rules[2].named);
	explanation_free(why);
	explanation_free(NULL);
	policy_free(policy);
}
END_TEST

START_TEST(a_flawed_device_asks_no_rule)
{
	struct policy *policy = policy_usb("", rules);
	struct usb_facts facts = facts_of("id 046d:c31c interfaces [ 03:01:01 ]");
	struct explanation *why = NULL;

	facts.flaw = USB_FLAW_LENGTH;
	facts.interface_count = 5000;
	ck_assert_int_eq(policy_explain_usb(policy, NULL, &facts, NULL, &why), 0);
	ck_assert_uint_eq(why->rule_count, 0);
	ck_assert_uint_eq(why->verdict.cause, POLICY_CAUSE_FLAW);
	explanation_free(why);
	policy_free(policy);
}
END_TEST

static char *text_of(const struct explanation *why)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	explanation_print(out, "p", why);
	fclose(out);
	return text;
}

START_TEST(nothing_to_authorise_is_said)
{
	struct policy *policy = policy_usb("", rules);
	struct explanation *why =
		explain(policy, "serial \"A\" interfaces [ 08:06:50/03:00:00 ]", NULL);
	char *text = text_of(why);

	ck_assert_ptr_nonnull(
		strstr(text, "no interface has all its alternate settings in the list"));
	ck_assert_uint_eq(why->verdict.result, POLICY_RESULT_REFUSE);
	free(text);
	explanation_free(why);
	policy_free(policy);
}
END_TEST

START_TEST(json_says_the_same)
{
	struct policy *policy = policy_usb("", rules);
	struct explanation *why = explain(policy, "id 046d:c31c interfaces [ 03:01:01 ]", NULL);
	json_t *json = explanation_json("p", why), *rule, *condition;

	ck_assert_ptr_nonnull(json);
	ck_assert_str_eq(json_string_value(json_object_get(json, "result")), "permit");
	ck_assert_str_eq(json_string_value(json_object_get(json, "rule")), "keys");
	ck_assert_uint_eq(json_array_size(json_object_get(json, "rules")), 3);
	ck_assert_uint_eq(json_array_size(json_object_get(json, "interfaces")), 1);
	rule = json_array_get(json_object_get(json, "rules"), 2);
	ck_assert_str_eq(json_string_value(json_object_get(rule, "action")), "forbid");
	condition = json_array_get(json_object_get(rule, "conditions"), 1);
	ck_assert_str_eq(json_string_value(json_object_get(condition, "outcome")), "missing");
	ck_assert(json_is_true(json_object_get(condition, "holds")));
	json_decref(json);
	explanation_free(why);

	why = explain(policy, "id 1234:5678 interfaces [ 03:01:01 ]", NULL);
	json = explanation_json("p", why);
	ck_assert_ptr_null(json_object_get(json, "rule"));
	ck_assert_str_eq(json_string_value(json_object_get(json, "cause")), "default");
	json_decref(json);
	explanation_free(why);
	policy_free(policy);
}
END_TEST

static const struct {
	const char *text;
	const char *message;
} bad_subjects[] = {
	{ "", "s:1:1: error: an attribute is expected before the end of the text" },
	{ "idd 0951:1666", "s:1:1: error: 'idd' is not an attribute of a USB device" },
	{ "id 0951:*", "s:1:4: error: '0951:*' is not what one device has" },
	{ "id 0951", "s:1:4: error: '0951' is not a USB id" },
	{ "id", "s:1:3: error: a USB id is expected before the end of the text" },
	{ "id 0951:1666 id 0951:1666", "s:1:14: error: 'id' stands twice" },
	{ "serial A1", "s:1:8: error: 'A1' is not a text" },
	{ "interfaces 08:06:50", "s:1:12: error: '[' is expected, not '08:06:50'" },
	{ "interfaces [ 08:06:* ]", "s:1:14: error: '08:06:*' is not an interface" },
	{ "interfaces [ 08:06:50/ ]", "s:1:14: error: '' is not an interface" },
	{ "interfaces [ 08:06:50",
	  "s:1:22: error: an interface or ']' is expected before the end of the text" },
	{ "connect-type inside", "s:1:14: error: 'inside' is not possible here" },
	{ "id 0951:1666, serial \"A\"", "s:1:13: error: an attribute is expected, not ','" },
	{ "device in @media", "s:1:1: error: 'device' is not an attribute of a USB device" },
};

START_TEST(subjects_that_are_none)
{
	struct diag_list diags = DIAG_LIST_INIT;
	struct usb_facts facts;
	char first[256];

	ck_assert_int_lt(subject_parse_usb(bad_subjects[_i].text, strlen(bad_subjects[_i].text),
					   &diags, &facts),
			 0);
	diag_format_first(&diags, "s", first, sizeof(first));
	ck_assert_str_eq(first, bad_subjects[_i].message);
	diag_list_free(&diags);
}
END_TEST

START_TEST(a_whole_subject)
{
	struct usb_facts facts = facts_of(
		"id 0951:1666 serial \"A\\\"1\" name \"N\" manufacturer \"M\" port 1-2.3 "
		"connect-type hardwired class ef interfaces [ 08:06:50/08:06:62 03:01:01 ]");

	ck_assert_uint_eq(facts.vendor, 0x951);
	ck_assert_uint_eq(facts.product, 0x1666);
	ck_assert_str_eq(facts.serial, "A\"1");
	ck_assert_str_eq(facts.port, "1-2.3");
	ck_assert_uint_eq(facts.connect, USB_CONNECT_HARDWIRED);
	ck_assert_uint_eq(facts.class, 0xef);
	ck_assert_uint_eq(facts.interface_count, 3);
	ck_assert_uint_eq(facts.interfaces[1].number, 0);
	ck_assert_uint_eq(facts.interfaces[1].alternate, 1);
	ck_assert_uint_eq(facts.interfaces[1].protocol, 0x62);
	ck_assert_uint_eq(facts.interfaces[2].number, 1);
}
END_TEST

START_TEST(too_many_interfaces)
{
	struct diag_list diags = DIAG_LIST_INIT;
	struct usb_facts facts;
	char text[2048] = "interfaces [";

	for (int i = 0; i < 129; i++)
		strcat(text, " 08:06:50");
	strcat(text, " ]");
	ck_assert_int_lt(subject_parse_usb(text, strlen(text), &diags, &facts), 0);
	ck_assert_str_eq(diags.items[0].message, "more than 128 interfaces");
	diag_list_free(&diags);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("why");
	TCase *tests = tcase_create("why");

	tcase_add_test(tests, conditions_and_what_decided);
	tcase_add_test(tests, the_named_rule);
	tcase_add_test(tests, a_flawed_device_asks_no_rule);
	tcase_add_test(tests, nothing_to_authorise_is_said);
	tcase_add_test(tests, json_says_the_same);
	tcase_add_loop_test(tests, subjects_that_are_none, 0,
			    sizeof(bad_subjects) / sizeof(bad_subjects[0]));
	tcase_add_test(tests, a_whole_subject);
	tcase_add_test(tests, too_many_interfaces);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
