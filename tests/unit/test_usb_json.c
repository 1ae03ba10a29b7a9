// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/usb_json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/printable.h"
#include "tests/unit/unit.h"

static struct usb_outcome sample(void)
{
	struct usb_outcome outcome = {
		.state = USB_STATE_FAILED, .error = -EIO, .plug = 3, .seen_us = 10, .settled_us = 20
	};
	struct usb_facts *facts = &outcome.decided.facts;
	struct policy_verdict *verdict = &outcome.decided.verdict;

	facts->vendor = 0x0951;
	facts->product = 0x1666;
	facts->release = 0x0110;
	facts->connect = USB_CONNECT_HOTPLUG;
	facts->flaw = USB_FLAW_TOO_MANY;
	facts->configurations = 1;
	facts->bus = 1;
	facts->device = 5;
	facts->interface_count = 2;
	facts->interfaces[0] = (struct usb_interface){ 1, 0, 0, 8, 6, 0x50, { 0 } };
	facts->interfaces[1] = (struct usb_interface){ 1, 1, 2, 3, 0xff, 1, { 0 } };
	strcpy(facts->port, "1-2.3");
	strcpy(facts->serial, "60A4\"4C\033");
	strcpy(facts->manufacturer, "秘密");
	strcpy(facts->name, "DataTraveler");
	memset(facts->hash, 0xa5, sizeof(facts->hash));
	verdict->result = POLICY_RESULT_PERMIT;
	verdict->cause = POLICY_CAUSE_ALLOW;
	verdict->line = 27;
	verdict->column = 5;
	strcpy(verdict->rule, "storage");
	strcpy(verdict->because, "registered");
	verdict->interfaces[0] = 1;
	return outcome;
}

START_TEST(test_round_trip)
{
	struct usb_outcome before = sample(), after;
	json_t *json = usb_json_outcome(&before);

	ck_assert_ptr_nonnull(json);
	ck_assert_int_eq(usb_json_read_outcome(json, &after), 0);
	ck_assert_int_eq(memcmp(&before, &after, sizeof(before)), 0);
	json_decref(json);
}
END_TEST

START_TEST(test_form)
{
	static const char expected[] =
		"{\"facts\":{\"port\":\"1-2.3\",\"bus\":1,\"device\":5,\"id\":\"0951:1666\","
		"\"release\":\"0110\",\"class\":\"00:00:00\",\"manufacturer\":\"\\u79D8\\u5BC6\","
		"\"name\":\"DataTraveler\",\"serial\":\"60A4\\\"4C\\u001B\",\"connect\":"
		"\"hotplug\","
		"\"flaw\":\"too "
		"many\",\"configurations\":1,\"interfaces\":[{\"config\":1,\"number\":0,"
		"\"alternate\":0,\"class\":\"08:06:50\"},{\"config\":1,\"number\":1,\"alternate\":"
		"2,"
		"\"class\":\"03:ff:01\"}],\"hash\":\"a5a5";
	struct usb_outcome outcome = sample();
	json_t *json = usb_json_outcome(&outcome);
	char *text = json_dumps(json, JSON_COMPACT | JSON_ENSURE_ASCII);

	ck_assert_int_eq(strncmp(text, expected, sizeof(expected) - 1), 0);
	ck_assert_ptr_nonnull(strstr(text,
				     "\"verdict\":{\"result\":\"permit\",\"cause\":\"allow\","
				     "\"rule\":\"storage\",\"because\":\"registered\",\"line\":27,"
				     "\"column\":5,\"interfaces\":[0]},\"state\":\"failed\","
				     "\"error\":\"EIO\",\"plug\":3,\"seen_us\":10,"
				     "\"settled_us\":20}"));
	free(text);
	json_decref(json);
}
END_TEST

/* The monitor may be compromised: whatever its texts hold, there is a JSON. */
START_TEST(test_texts_that_are_no_utf8)
{
	struct usb_outcome outcome = sample();
	json_t *json;

	memset(outcome.decided.facts.name, 0xff, USB_STRING_SIZE - 1);
	json = usb_json_outcome(&outcome);
	ck_assert_ptr_nonnull(json);
	ck_assert_int_eq(
		strncmp(json_string_value(json_object_get(json_object_get(json, "facts"), "name")),
			"\\xff\\xff", 8),
		0);
	json_decref(json);
}
END_TEST

/* The largest device fits the door's objects and the journal's lines. */
START_TEST(test_largest)
{
	struct usb_outcome outcome = sample();
	struct usb_facts *facts = &outcome.decided.facts;
	json_t *json;
	char *text;

	facts->interface_count = USB_INTERFACES_MAX;
	memset(facts->interfaces, 0xff, sizeof(facts->interfaces));
	memset(facts->name, 1, USB_STRING_SIZE - 1);
	memset(facts->manufacturer, 1, USB_STRING_SIZE - 1);
	memset(facts->serial, 1, USB_STRING_SIZE - 1);
	memset(outcome.decided.verdict.because, 1, POLICY_BECAUSE_SIZE - 1);
	memset(outcome.decided.verdict.interfaces, 0xff,
	       sizeof(outcome.decided.verdict.interfaces));
	json = usb_json_outcome(&outcome);
	text = json_dumps(json, JSON_COMPACT | JSON_ENSURE_ASCII);
	ck_assert_uint_lt(strlen(text), 24 * 1024);
	free(text);
	json_decref(json);
}
END_TEST

/* The form that the journal's lines have had from the beginning, whoever writes it. */
START_TEST(test_text_is_as_jansson_writes_it)
{
	static const char *const texts[] = { "",
					     "plain",
					     "a\"b\\c/d",
					     "\b\f\n\r\t\001\037\177",
					     "秘密\360\220\220\267",
					     "\xff\xc0\x80 half \xe7\xa7",
					     "\xed\xa0\x80\xf4\x90\x80\x80",
					     "\xc2\x85\xe2\x80\xa8" };
	static char text[1024];

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct json_text out = { .text = text, .size = sizeof(text) };
		char clean[256], *dumped;
		json_t *json;

		json_text_string(&out, texts[i]);
		json = json_string(printable_utf8(clean, sizeof(clean), texts[i]));
		dumped = json_dumps(json, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_ENCODE_ANY);
		ck_assert_uint_eq(out.length, strlen(dumped));
		ck_assert_msg(strncmp(text, dumped, out.length) == 0, "%.*s, not %s",
			      (int)out.length, text, dumped);
		free(dumped);
		json_decref(json);
	}
}
END_TEST

/* No byte is written beyond the room, and the length tells what was needed. */
START_TEST(test_text_that_does_not_fit)
{
	static char text[32 * 1024];
	struct usb_outcome outcome = sample();
	struct json_text out = { .text = text, .size = sizeof(text) };
	size_t whole;

	usb_json_put_outcome(&out, &outcome);
	whole = out.length;
	for (size_t size = 0; size < whole; size += 7) {
		memset(text, '#', sizeof(text));
		out = (struct json_text){ .text = text, .size = size };
		usb_json_put_outcome(&out, &outcome);
		ck_assert_uint_eq(out.length, whole);
		ck_assert_int_eq(text[size], '#');
	}
}
END_TEST

START_TEST(test_numbers)
{
	static const struct {
		uint64_t number;
		const char *text;
	} cases[] = { { 0, "0" },
		      { 7, "7" },
		      { 1000, "1000" },
		      { INT64_MAX, "9223372036854775807" },
		      { UINT64_MAX, "9223372036854775807" } };
	char text[32];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct json_text out = { .text = text, .size = sizeof(text) };

		json_text_number(&out, cases[i].number);
		ck_assert_uint_eq(out.length, strlen(cases[i].text));
		ck_assert_int_eq(strncmp(text, cases[i].text, out.length), 0);
	}
}
END_TEST

/* Take each member away, or give it another type: never accepted. */
static void spoil(json_t *whole, json_t *object)
{
	struct usb_outcome outcome;
	json_t *copy = json_deep_copy(object), *value;
	const char *key;

	json_object_foreach(copy, key, value)
	{
		json_object_del(object, key);
		/* An absent rule or flaw is no longer told from none given. */
		ck_assert_msg(usb_json_read_outcome(whole, &outcome) < 0, "without %s", key);
		if (strcmp(key, "error") != 0) {
			json_object_set_new(object, key, json_true());
			ck_assert_msg(usb_json_read_outcome(whole, &outcome) < 0, "true as %s",
				      key);
		}
		json_object_set(object, key, value);
		ck_assert_int_eq(usb_json_read_outcome(whole, &outcome), 0);
	}
	json_decref(copy);
}

START_TEST(test_strict)
{
	struct usb_outcome outcome = sample();
	json_t *json = usb_json_outcome(&outcome);

	spoil(json, json);
	spoil(json, json_object_get(json, "facts"));
	spoil(json, json_object_get(json, "verdict"));
	json_decref(json);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("usb_json");
	TCase *tests = tcase_create("usb_json");

	tcase_add_test(tests, test_round_trip);
	tcase_add_test(tests, test_form);
	tcase_add_test(tests, test_texts_that_are_no_utf8);
	tcase_add_test(tests, test_largest);
	tcase_add_test(tests, test_text_is_as_jansson_writes_it);
	tcase_add_test(tests, test_text_that_does_not_fit);
	tcase_add_test(tests, test_numbers);
	tcase_add_test(tests, test_strict);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
