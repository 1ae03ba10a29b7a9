// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/door/door_request.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

static int parse(const char *text, enum door_kind door, bool has_file, struct door_request *request,
		 struct door_refusal *refusal)
{
	size_t length = strlen(text);
	char *exact = malloc(length ? length : 1);
	int r;

	/* In a block of its very size, so that a sanitizer sees a read beyond it. */
	memcpy(exact, text, length);
	*refusal = (struct door_refusal){ 0 };
	r = door_request_parse(exact, length, door, has_file, request, refusal);
	free(exact);
	return r;
}

static const struct {
	const char *text;
	enum door_kind door;
	bool file;
	enum door_verb verb;
} good[] = {
	{ "{\"v\":1,\"verb\":\"status\"}", DOOR_QUERY, false, DOOR_VERB_STATUS },
	{ " { \"verb\" : \"devices\" , \"v\" : 1 } ", DOOR_QUERY, false, DOOR_VERB_DEVICES },
	{ "{\"v\":1,\"verb\":\"watch\"}", DOOR_QUERY, false, DOOR_VERB_WATCH },
	{ "{\"v\":1,\"verb\":\"\\u0077atch\"}", DOOR_QUERY, false, DOOR_VERB_WATCH },
	{ "{\"v\":1,\"verb\":\"install\"}", DOOR_CONTROL, true, DOOR_VERB_INSTALL },
	{ "{\"v\":1,\"verb\":\"rescan\"}", DOOR_CONTROL, false, DOOR_VERB_RESCAN },
	{ "{\"v\":1,\"verb\":\"end-maintenance\"}", DOOR_CONTROL, false,
	  DOOR_VERB_END_MAINTENANCE },
	{ "{\"v\":1,\"verb\":\"inspection\"}", DOOR_CONTROL, true, DOOR_VERB_INSPECTION },
};

START_TEST(test_good)
{
	struct door_request request = { .verb = DOOR_VERB_COUNT };
	struct door_refusal refusal;

	ck_assert_int_eq(parse(good[_i].text, good[_i].door, good[_i].file, &request, &refusal), 0);
	ck_assert_int_eq(request.verb, good[_i].verb);
	ck_assert_str_ne(door_verb_name(request.verb), "");
}
END_TEST

static const struct {
	const char *text;
	enum door_kind door;
	bool file;
	const char *error;
} bad[] = {
	{ "", DOOR_QUERY, false, "malformed" },
	{ "status", DOOR_QUERY, false, "malformed" },
	{ "[]", DOOR_QUERY, false, "malformed" },
	{ "[{\"v\":1,\"verb\":\"status\"}]", DOOR_QUERY, false, "malformed" },
	{ "\"status\"", DOOR_QUERY, false, "malformed" },
	{ "{\"v\":1,\"verb\":\"status\"", DOOR_QUERY, false, "malformed" },
	{ "{\"v\":1,\"verb\":\"status\"}x", DOOR_QUERY, false, "malformed" },
	{ "{\"v\":1,\"verb\":\"status\"}{\"v\":1,\"verb\":\"status\"}", DOOR_QUERY, false,
	  "malformed" },
	{ "{\"v\":1,\"v\":1,\"verb\":\"status\"}", DOOR_QUERY, false, "malformed" },
	{ "{\"v\":1,\"verb\":\"status\",\"all\":true}", DOOR_QUERY, false, "malformed" },
	{ "{\"v\":1,\"verb\":\"status\",\"\":0}", DOOR_QUERY, false, "malformed" },
	{ "{\"v\":1,\"verb\":[[[[\"status\"]]]]}", DOOR_QUERY, false, "malformed" },
	{ "{\"v\":1,\"verb\":\"st\\u0000atus\"}", DOOR_QUERY, false, "malformed" },
	{ "{\"v\":1,\"verb\":\"\xff\xfe\"}", DOOR_QUERY, false, "malformed" },
	{ "{\"verb\":\"status\"}", DOOR_QUERY, false, "version" },
	{ "{\"v\":2,\"verb\":\"status\"}", DOOR_QUERY, false, "version" },
	{ "{\"v\":1.0,\"verb\":\"status\"}", DOOR_QUERY, false, "version" },
	{ "{\"v\":\"1\",\"verb\":\"status\"}", DOOR_QUERY, false, "version" },
	{ "{\"v\":18446744073709551617,\"verb\":\"status\"}", DOOR_QUERY, false, "malformed" },
	{ "{\"v\":1}", DOOR_QUERY, false, "unknown-verb" },
	{ "{\"v\":1,\"verb\":null}", DOOR_QUERY, false, "unknown-verb" },
	{ "{\"v\":1,\"verb\":\"Status\"}", DOOR_QUERY, false, "unknown-verb" },
	{ "{\"v\":1,\"verb\":\"statuss\"}", DOOR_QUERY, false, "unknown-verb" },
	{ "{\"v\":1,\"verb\":\"rescan\"}", DOOR_QUERY, false, "wrong-door" },
	{ "{\"v\":1,\"verb\":\"end-maintenance\"}", DOOR_QUERY, false, "wrong-door" },
	{ "{\"v\":1,\"verb\":\"install\"}", DOOR_QUERY, false, "wrong-door" },
	{ "{\"v\":1,\"verb\":\"status\"}", DOOR_CONTROL, false, "wrong-door" },
	{ "{\"v\":1,\"verb\":\"install\"}", DOOR_CONTROL, false, "no-file" },
	{ "{\"v\":1,\"verb\":\"rescan\"}", DOOR_CONTROL, true, "unexpected-file" },
};

START_TEST(test_bad)
{
	struct door_request request;
	struct door_refusal refusal;

	ck_assert_int_lt(parse(bad[_i].text, bad[_i].door, bad[_i].file, &request, &refusal), 0);
	ck_assert_msg(refusal.error && strcmp(refusal.error, bad[_i].error) == 0,
		      "%s: %s instead of %s", bad[_i].text, refusal.error, bad[_i].error);
	ck_assert_str_ne(refusal.text, "");
}
END_TEST

START_TEST(test_every_prefix_is_refused)
{
	static const char whole[] = "{\"v\":1,\"verb\":\"status\"}";
	struct door_request request;
	struct door_refusal refusal;

	for (size_t length = 0; length < sizeof(whole) - 1; length++) {
		char *part = strndup(whole, length);

		ck_assert_int_lt(parse(part, DOOR_QUERY, false, &request, &refusal), 0);
		free(part);
	}
}
END_TEST

START_TEST(test_deep_and_long)
{
	struct door_request request;
	struct door_refusal refusal;
	char *deep = malloc(DOOR_REQUEST_MAX + 1);

	memset(deep, '[', DOOR_REQUEST_MAX);
	ck_assert_int_lt(door_request_parse(deep, DOOR_REQUEST_MAX - 1, DOOR_QUERY, false, &request,
					    &refusal),
			 0);
	ck_assert_str_eq(refusal.error, "malformed");
	ck_assert_int_lt(
		door_request_parse(deep, DOOR_REQUEST_MAX, DOOR_QUERY, false, &request, &refusal),
		0);
	ck_assert_str_eq(refusal.error, "too-long");
	/* The longest that is looked at, and brackets in a string are no nesting. */
	memset(deep, ' ', DOOR_REQUEST_MAX);
	memcpy(deep, "{\"v\":1,\"verb\":\"[[[[[[\\\"[[\"}", 27);
	ck_assert_int_lt(door_request_parse(deep, DOOR_REQUEST_MAX - 1, DOOR_QUERY, false, &request,
					    &refusal),
			 0);
	ck_assert_str_eq(refusal.error, "unknown-verb");
	free(deep);
}
END_TEST

/* Every change of one byte either is refused or still names a verb of this door. */
START_TEST(test_every_byte_changed)
{
	static const char whole[] = "{\"v\":1,\"verb\":\"status\"}";
	struct door_request request;
	struct door_refusal refusal;
	int accepted = 0;

	for (size_t i = 0; i < sizeof(whole) - 1; i++) {
		for (int byte = 1; byte < 256; byte++) {
			char text[sizeof(whole)];

			memcpy(text, whole, sizeof(whole));
			text[i] = (char)byte;
			if (parse(text, DOOR_QUERY, false, &request, &refusal) == 0) {
				ck_assert_int_eq(request.verb, DOOR_VERB_STATUS);
				accepted++;
			}
		}
	}
	/* Each byte unchanged, and nothing else: the text has no blanks to change. */
	ck_assert_int_eq(accepted, (int)sizeof(whole) - 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("door_request");
	TCase *tests = tcase_create("door_request");

	tcase_add_loop_test(tests, test_good, 0, sizeof(good) / sizeof(good[0]));
	tcase_add_loop_test(tests, test_bad, 0, sizeof(bad) / sizeof(bad[0]));
	tcase_add_test(tests, test_every_prefix_is_refused);
	tcase_add_test(tests, test_deep_and_long);
	tcase_add_test(tests, test_every_byte_changed);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
