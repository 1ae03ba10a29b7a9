// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/desk_request.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

static int parse(const char *text, bool has_file, struct desk_request *request,
		 struct desk_refusal *refusal)
{
	size_t length = strlen(text);
	char *exact = malloc(length ? length : 1);
	int r;

	/* In a block of its very size, so that a sanitizer sees a read beyond it. */
	memcpy(exact, text, length);
	*refusal = (struct desk_refusal){ 0 };
	r = desk_request_parse(exact, length, has_file, request, refusal);
	free(exact);
	return r;
}

static const struct {
	const char *text;
	bool file;
	enum desk_verb verb;
} good[] = {
	{ "{\"v\":1,\"verb\":\"list\"}", false, DESK_VERB_LIST },
	{ "{\"v\":1,\"verb\":\"media\"}", false, DESK_VERB_MEDIA },
	{ "{\"v\":1,\"verb\":\"recipient\"}", false, DESK_VERB_RECIPIENT },
	{ "{\"v\":1,\"verb\":\"seal\"}", false, DESK_VERB_SEAL },
	{ "{\"v\":1,\"verb\":\"request\",\"unit\":\"7.2.15\",\"level\":\"mimi\",\"term\":\"10 "
	  "years\","
	  "\"basis\":\"item 12\"}",
	  false, DESK_VERB_REQUEST },
	{ "{\"v\":1,\"verb\":\"foreign\",\"level\":\"neibu\"}", false, DESK_VERB_FOREIGN },
	{ "{\"v\":1,\"verb\":\"foreign\",\"level\":\"neibu\",\"medium\":\"00ff\"}", false,
	  DESK_VERB_FOREIGN },
	{ "{\"v\":1,\"verb\":\"add\",\"name\":\"a/b c.txt\"}", true, DESK_VERB_ADD },
	{ "{\"v\":1,\"verb\":\"add\",\"name\":\"\\u4e03.txt\"}", false, DESK_VERB_ADD },
	{ "{\"v\":1,\"verb\":\"approval\",\"batch\":\"4b0d\"}", false, DESK_VERB_APPROVAL },
	{ "{\"v\":1,\"verb\":\"approve\",\"batch\":\"4b0d8f3a2c5e697887a6b5c4d3e2f101\"}", true,
	  DESK_VERB_APPROVE },
	{ "{\"v\":1,\"verb\":\"export\",\"batch\":\"4b0d\",\"medium\":\"9f3c\"}", false,
	  DESK_VERB_EXPORT },
	{ "{\"v\":1,\"verb\":\"import\"}", false, DESK_VERB_IMPORT },
	{ "{\"v\":1,\"verb\":\"look\"}", false, DESK_VERB_LOOK },
	{ "{\"v\":1,\"verb\":\"open\",\"batch\":\"4b0d\",\"index\":1023}", false, DESK_VERB_OPEN },
	{ "{\"v\":1,\"verb\":\"fetch\",\"batch\":\"4b0d\",\"index\":0}", false, DESK_VERB_FETCH },
	{ "{\"v\":1,\"verb\":\"fetched\",\"batch\":\"4b0d\"}", false, DESK_VERB_FETCHED },
	{ "{\"v\":1,\"verb\":\"show\",\"batch\":\"4b0d\"}", false, DESK_VERB_SHOW },
	{ "{\"v\":1,\"verb\":\"cancel\",\"batch\":\"4b0d\"}", false, DESK_VERB_CANCEL },
};

START_TEST(test_good)
{
	struct desk_request request = { .verb = DESK_VERB_COUNT };
	struct desk_refusal refusal;

	ck_assert_msg(parse(good[_i].text, good[_i].file, &request, &refusal) == 0, "%s: %s",
		      good[_i].text, refusal.text);
	ck_assert_int_eq(request.verb, good[_i].verb);
	ck_assert_ptr_nonnull(desk_verb_name(request.verb));
}
END_TEST

static const struct {
	const char *text;
	bool file;
	const char *error;
} bad[] = {
	{ "", false, "malformed" },
	{ "[]", false, "malformed" },
	{ "{\"v\":1,\"verb\":\"list\"", false, "malformed" },
	{ "{\"v\":1,\"verb\":\"list\"}x", false, "malformed" },
	{ "{\"v\":1,\"v\":1,\"verb\":\"list\"}", false, "malformed" },
	{ "{\"v\":1,\"verb\":[\"list\"]}", false, "malformed" },
	{ "{\"v\":2,\"verb\":\"list\"}", false, "version" },
	{ "{\"verb\":\"list\"}", false, "version" },
	{ "{\"v\":1,\"verb\":\"lists\"}", false, "unknown-verb" },
	{ "{\"v\":1}", false, "unknown-verb" },
	{ "{\"v\":1,\"verb\":\"list\",\"batch\":\"4b0d\"}", false, "malformed" },
	{ "{\"v\":1,\"verb\":\"list\",\"all\":true}", false, "malformed" },
	{ "{\"v\":1,\"verb\":\"show\"}", false, "malformed" },
	{ "{\"v\":1,\"verb\":\"show\",\"batch\":\"4b0\"}", false, "bad-id" },
	{ "{\"v\":1,\"verb\":\"show\",\"batch\":\"4B0D\"}", false, "bad-id" },
	{ "{\"v\":1,\"verb\":\"show\",\"batch\":\"../a\"}", false, "bad-id" },
	{ "{\"v\":1,\"verb\":\"show\",\"batch\":7}", false, "bad-id" },
	{ "{\"v\":1,\"verb\":\"show\",\"batch\":\"4b0d8f3a2c5e697887a6b5c4d3e2f1011\"}", false,
	  "bad-id" },
	{ "{\"v\":1,\"verb\":\"show\",\"batch\":\"4b0d\"}", true, "unexpected-file" },
	{ "{\"v\":1,\"verb\":\"approve\",\"batch\":\"4b0d\"}", false, "no-file" },
	{ "{\"v\":1,\"verb\":\"open\",\"batch\":\"4b0d\",\"index\":-1}", false, "malformed" },
	{ "{\"v\":1,\"verb\":\"open\",\"batch\":\"4b0d\",\"index\":1024}", false, "malformed" },
	{ "{\"v\":1,\"verb\":\"open\",\"batch\":\"4b0d\",\"index\":0.5}", false, "malformed" },
	{ "{\"v\":1,\"verb\":\"foreign\",\"level\":\"\"}", false, "malformed" },
	{ "{\"v\":1,\"verb\":\"foreign\",\"level\":\"a\\u001bb\"}", false, "unprintable" },
	{ "{\"v\":1,\"verb\":\"foreign\",\"level\":\"a\\u202eb\"}", false, "unprintable" },
	{ "{\"v\":1,\"verb\":\"add\",\"name\":\"\"}", true, "bad-name" },
	{ "{\"v\":1,\"verb\":\"add\",\"name\":\"/etc/passwd\"}", true, "bad-name" },
	{ "{\"v\":1,\"verb\":\"add\",\"name\":\"../a\"}", true, "bad-name" },
	{ "{\"v\":1,\"verb\":\"add\",\"name\":\"a/./b\"}", true, "bad-name" },
	{ "{\"v\":1,\"verb\":\"add\",\"name\":\"a//b\"}", true, "bad-name" },
	{ "{\"v\":1,\"verb\":\"add\",\"name\":\"a/\"}", true, "bad-name" },
	{ "{\"v\":1,\"verb\":\"add\",\"name\":\"a\\nb\"}", true, "bad-name" },
};

START_TEST(test_bad)
{
	struct desk_request request;
	struct desk_refusal refusal;

	ck_assert_msg(parse(bad[_i].text, bad[_i].file, &request, &refusal) < 0, "%s",
		      bad[_i].text);
	ck_assert_msg(strcmp(refusal.error, bad[_i].error) == 0, "%s: %s, not %s", bad[_i].text,
		      refusal.error, bad[_i].error);
	ck_assert_int_ne(refusal.text[0], 0);
}
END_TEST

START_TEST(test_fields)
{
	struct desk_request request;
	struct desk_refusal refusal;

	ck_assert_int_eq(parse(good[4].text, false, &request, &refusal), 0);
	ck_assert_str_eq(request.unit, "7.2.15");
	ck_assert_str_eq(request.level, "mimi");
	ck_assert_str_eq(request.term, "10 years");
	ck_assert_str_eq(request.basis, "item 12");
	ck_assert_str_eq(request.medium, "");
	/* What was there before is gone. */
	ck_assert_int_eq(parse(good[14].text, false, &request, &refusal), 0);
	ck_assert_str_eq(request.unit, "");
	ck_assert_uint_eq(request.index, 1023);
}
END_TEST

START_TEST(test_too_long)
{
	struct desk_request request;
	struct desk_refusal refusal = { 0 };
	char *text = malloc(DESK_REQUEST_MAX);

	memset(text, ' ', DESK_REQUEST_MAX);
	ck_assert_int_lt(desk_request_parse(text, DESK_REQUEST_MAX, false, &request, &refusal), 0);
	ck_assert_str_eq(refusal.error, "too-long");
	free(text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("desk_request");
	TCase *tests = tcase_create("desk_request");

	tcase_add_loop_test(tests, test_good, 0, sizeof(good) / sizeof(good[0]));
	tcase_add_loop_test(tests, test_bad, 0, sizeof(bad) / sizeof(bad[0]));
	tcase_add_test(tests, test_fields);
	tcase_add_test(tests, test_too_long);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
