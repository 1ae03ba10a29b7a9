// SPDX-License-Identifier: GPL-2.0-or-later
/* The officers' page: what is written is escaped, what is read is bounded. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/office/web/web.h"
#include "tests/unit/unit.h"

static void expect(struct html *html, const char *wanted)
{
	ck_assert(!html->failed);
	ck_assert_uint_eq(html->used, strlen(wanted));
	ck_assert_mem_eq(html->data, wanted, html->used);
	html_free(html);
}

START_TEST(everything_is_escaped)
{
	struct html h = { 0 };

	html_put(&h, "<a title=\"%s\">%s</a>", "\"onload='x'", "<script>&</script>");
	expect(&h, "<a title=\"&quot;onload=&#39;x&#39;\">&lt;script&gt;&amp;&lt;/script&gt;</a>");
	html_say(&h, "a < %s & %%", "<b>");
	expect(&h, "a &lt; &lt;b&gt; &amp; %");
	html_text(&h, "名 <名>\n");
	expect(&h, "名 &lt;名&gt;\n");
	html_bytes(&h, "<ab", 2);
	expect(&h, "&lt;a");
}
END_TEST

START_TEST(numbers)
{
	struct html h = { 0 };

	html_put(&h, "%d %u %ld %lu %zu %lld", -1, 2u, -3L, 4UL, (size_t)5, 6LL);
	expect(&h, "-1 2 -3 4 5 6");
}
END_TEST

/* What turns letters around or hides them is written out; so is what is no UTF-8. */
START_TEST(nothing_deceives_the_eye)
{
	struct html h = { 0 };

	html_text(&h, "a\u202eb\u200bc\x01\x7f\xff\xc3");
	expect(&h, "a\\u{202E}b\\u{200B}c\\u{1}\\u{7F}\\xff\\xc3");
}
END_TEST

START_TEST(grows)
{
	struct html h = { 0 };

	for (unsigned int i = 0; i < 100000; i++)
		html_text(&h, "<");
	ck_assert_uint_eq(h.used, 400000);
	html_free(&h);
}
END_TEST

static struct form form;

static int parse(const char *body)
{
	return form_parse(&form, body, strlen(body));
}

START_TEST(forms)
{
	ck_assert_int_eq(parse(""), 0);
	ck_assert_uint_eq(form.count, 0);
	ck_assert_int_eq(parse("a=1&b=x%2By+z%3D%26&c=&d"), 0);
	ck_assert_str_eq(form_value(&form, "a"), "1");
	ck_assert_str_eq(form_value(&form, "b"), "x+y z=&");
	ck_assert_str_eq(form_value(&form, "c"), "");
	ck_assert_str_eq(form_value(&form, "d"), "");
	ck_assert_ptr_null(form_value(&form, "e"));
	ck_assert_int_eq(parse("t=one%0D%0Atwo%0Athree&u=%E5%90%8D"), 0);
	ck_assert_str_eq(form_value(&form, "t"), "one\ntwo\nthree");
	ck_assert_str_eq(form_value(&form, "u"), "名");
}
END_TEST

START_TEST(forms_that_are_none)
{
	static const char *const bad[] = { "a=1&a=2", "a=%",   "a=%4",	"a=%g1",
					   "a=%00",   "a=%01", "a=%0d", "a=%ff",
					   "a=%7f",   "%00=1", "&&",	"a=1&&&b=2" };
	char many[FORM_BODY_MAX + 2];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_msg(parse(bad[i]) == -EBADMSG, "%s", bad[i]);
		ck_assert_uint_eq(form.count, 0);
	}
	memset(many, 'a', sizeof(many));
	ck_assert_int_eq(form_parse(&form, many, FORM_BODY_MAX), 0);
	ck_assert_int_eq(form_parse(&form, many, FORM_BODY_MAX + 1), -EBADMSG);
	many[0] = 0;
	for (unsigned int i = 0; i <= FORM_FIELDS_MAX; i++)
		sprintf(many + strlen(many), "f%u=1&", i);
	ck_assert_int_eq(parse(many), -EBADMSG);
}
END_TEST

START_TEST(ids)
{
	ck_assert_int_eq(form_id("17"), 17);
	ck_assert_int_eq(form_id("999999999999999999"), 999999999999999999);
	ck_assert_int_eq(form_id("9999999999999999999"), 0);
	ck_assert_int_eq(form_id("-1"), 0);
	ck_assert_int_eq(form_id("1x"), 0);
	ck_assert_int_eq(form_id(""), 0);
	ck_assert_int_eq(form_id(NULL), 0);
}
END_TEST

START_TEST(language_is_asked_for)
{
	ck_assert_int_eq(web_language(NULL, NULL), PAGE_ENGLISH);
	ck_assert_int_eq(web_language(NULL, "zh-CN,zh;q=0.9,en;q=0.8"), PAGE_CHINESE);
	ck_assert_int_eq(web_language(NULL, "en;q=0.3, zh-Hans;q=0.7"), PAGE_CHINESE);
	ck_assert_int_eq(web_language(NULL, "en-GB, zh;q=0.7"), PAGE_ENGLISH);
	ck_assert_int_eq(web_language(NULL, "sl, de"), PAGE_ENGLISH);
	ck_assert_int_eq(web_language(NULL, ",;q=,,zh;q=0"), PAGE_ENGLISH);
	ck_assert_int_eq(web_language("zh", "en"), PAGE_CHINESE);
	ck_assert_int_eq(web_language("en", "zh"), PAGE_ENGLISH);
	ck_assert_int_eq(web_language("zhx", "en"), PAGE_ENGLISH);
	ck_assert_int_eq(web_language("", "zh"), PAGE_CHINESE);
}
END_TEST

START_TEST(no_way_leads_out)
{
	ck_assert(web_back("/"));
	ck_assert(web_back("/events/17/report"));
	ck_assert(!web_back("//evil.example"));
	ck_assert(!web_back("/\\evil.example"));
	ck_assert(!web_back("https://evil.example"));
	ck_assert(!web_back("/a\r\nX: 1"));
	ck_assert(!web_back("/a?b"));
	ck_assert(!web_back(""));
	ck_assert(!web_back(NULL));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		everything_is_escaped,
		numbers,
		nothing_deceives_the_eye,
		grows,
		forms,
		forms_that_are_none,
		ids,
		language_is_asked_for,
		no_way_leads_out,
	};
	Suite *suite = suite_create("office_html");
	TCase *tcase = tcase_create("core");

	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
