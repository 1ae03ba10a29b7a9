// SPDX-License-Identifier: GPL-2.0-or-later
#include <limits.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/core/noticing.h"
#include "agent/lib/i18n.h"
#include "agent/lib/notice_json.h"
#include "agent/lib/notice_text.h"
#include "tests/unit/unit.h"

static struct msg_notice sample(void)
{
	struct msg_notice notice = { .event = NOTICE_USB_REFUSED, .uid = UINT32_MAX, .entry = 17 };

	strcpy(notice.subject, "Ultra (0781:5581)");
	strcpy(notice.because, "no rule permits it");
	strcpy(notice.call, "J. Kovac");
	return notice;
}

START_TEST(text_says_what_why_and_whom)
{
	struct msg_notice notice = sample();
	struct notice_text text;

	notice_text(&notice, &text);
	ck_assert_str_eq(text.title, "This USB device was refused: Ultra (0781:5581)");
	ck_assert_str_eq(text.body,
			 "Reason: no rule permits it\n"
			 "Unplug it. Use only devices that are registered for this terminal.\n"
			 "Questions: call J. Kovac, security officer.\n");
	strcpy(notice.rule, "bad-combo");
	notice.call[0] = 0;
	notice_text(&notice, &text);
	ck_assert_ptr_nonnull(strstr(text.body, "Reason: no rule permits it (rule bad-combo)\n"));
	ck_assert_ptr_nonnull(strstr(text.body, "call the confidentiality office"));
}
END_TEST

START_TEST(every_event_has_words_and_no_grade)
{
	for (uint32_t event = 0; event < NOTICE_COUNT; event++) {
		struct msg_notice notice = sample();
		struct notice_text text;

		notice.event = event;
		notice.number = 7;
		notice_text(&notice, &text);
		ck_assert_uint_ge(strlen(text.title), 10);
		ck_assert_uint_ge(strlen(text.body), 40);
		ck_assert_ptr_null(strstr(text.body, "V1"));
		ck_assert_ptr_null(strchr(text.title, '%'));
		ck_assert_uint_eq(notice_event_find(notice_event_name(event)), event);
	}
	ck_assert_uint_eq(notice_event_find("nonsense"), NOTICE_COUNT);
}
END_TEST

START_TEST(maintenance_says_how_long)
{
	static const struct {
		uint64_t minutes;
		const char *title;
	} cases[] = {
		{ 1, "Maintenance of this terminal has begun, for at most 1 minute" },
		{ 90, "Maintenance of this terminal has begun, for at most 90 minutes" },
		{ 60, "Maintenance of this terminal has begun, for at most 1 hour" },
		{ 480, "Maintenance of this terminal has begun, for at most 8 hours" },
	};
	struct msg_notice notice = sample();
	struct notice_text text;

	notice.event = NOTICE_MAINTENANCE;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		notice.number = cases[i].minutes;
		notice_text(&notice, &text);
		ck_assert_str_eq(text.title, cases[i].title);
	}
	i18n_use("zh_CN");
	notice_text(&notice, &text);
	i18n_use("en");
	ck_assert_str_eq(text.title, "本机维护已开始，最长 8 小时");
}
END_TEST

/* A device chooses its own name. */
START_TEST(hostile_names_are_written_out)
{
	struct msg_notice notice = sample();
	struct notice_text text;

	strcpy(notice.subject, "\033[2J%s%n\r\nroot\x07\xff");
	notice_text(&notice, &text);
	ck_assert_ptr_null(strchr(text.title, '\033'));
	ck_assert_ptr_null(strchr(text.title, '\n'));
	ck_assert_ptr_null(strchr(text.title, '\x07'));
	ck_assert_ptr_nonnull(strstr(text.title, "%s%n"));
}
END_TEST

START_TEST(chinese_where_it_is_asked_for)
{
	struct msg_notice notice = sample();
	struct notice_text text;

	i18n_use("zh_CN");
	notice_text(&notice, &text);
	i18n_use("en");
	ck_assert_str_eq(text.title, "已拒绝此 USB 设备：Ultra (0781:5581)");
	ck_assert_ptr_nonnull(strstr(text.body, "请联系安全保密管理员 J. Kovac。"));
}
END_TEST

START_TEST(json_and_back)
{
	struct msg_notice notice = sample(), back;
	char *json;

	notice.number = 3;
	strcpy(notice.subject, "a \"quoted\" \\ name\n\x7f");
	json = notice_json(&notice);
	ck_assert_ptr_nonnull(json);
	ck_assert_int_eq(notice_json_read(json, strlen(json), &back), 0);
	/* Whom it concerns was settled by sending it. */
	back.uid = notice.uid;
	ck_assert_str_eq(back.because, notice.because);
	ck_assert_uint_eq(back.entry, 17);
	ck_assert_uint_eq(back.number, 3);
	for (size_t cut = 0; cut < strlen(json); cut++)
		ck_assert_int_ne(notice_json_read(json, cut, &back), 0);
	free(json);
}
END_TEST

START_TEST(json_of_others_is_refused)
{
	static const char *const texts[] = {
		"",
		"{}",
		"[]",
		"{\"v\":2,\"event\":\"lockdown\",\"subject\":\"\",\"because\":\"\",\"rule\":\"\","
		"\"call\":\"\",\"number\":0,\"entry\":0}",
		"{\"v\":1,\"event\":\"party\",\"subject\":\"\",\"because\":\"\",\"rule\":\"\","
		"\"call\":\"\",\"number\":0,\"entry\":0}",
		"{\"v\":1,\"event\":\"lockdown\",\"subject\":\"\",\"because\":\"\",\"rule\":\"\","
		"\"call\":\"\",\"number\":-1,\"entry\":0}",
		"{\"v\":1,\"event\":\"lockdown\",\"subject\":\"\",\"because\":\"\",\"rule\":\"\","
		"\"call\":\"\",\"number\":0,\"entry\":0,\"more\":1}",
	};
	struct msg_notice notice;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		ck_assert_int_ne(notice_json_read(texts[i], strlen(texts[i]), &notice), 0);
}
END_TEST

START_TEST(one_thing_is_told_once)
{
	static struct noticing noticing;
	struct msg_notice notice = sample(), other = sample();
	uint64_t now = 1000;

	strcpy(other.subject, "Other (0781:5582)");
	ck_assert(noticing_is_new(&noticing, &notice, now));
	ck_assert(!noticing_is_new(&noticing, &notice, now + 1));
	ck_assert(noticing_is_new(&noticing, &other, now + 2));
	ck_assert(!noticing_is_new(&noticing, &notice, now + NOTICING_AGAIN_US - 1));
	ck_assert(noticing_is_new(&noticing, &notice, now + NOTICING_AGAIN_US));
	other.event = NOTICE_PHONE_REFUSED;
	ck_assert(noticing_is_new(&noticing, &other, now + 3));
	other.uid = 1000;
	ck_assert(noticing_is_new(&noticing, &other, now + 3));
}
END_TEST

static uint64_t tell(struct noticing *noticing, uint32_t event, uint32_t uid, int places,
		     uint64_t now, uint64_t *last)
{
	struct msg_notice notice = sample();
	uint64_t told = 0;

	notice.event = event;
	notice.uid = uid;
	for (int i = 0; i < places; i++) {
		notice.number = 0;
		snprintf(notice.subject, sizeof(notice.subject), "203.0.113.9 port %d", i);
		if (!noticing_is_new(noticing, &notice, now + (uint64_t)i))
			continue;
		told++;
		*last += notice.number;
	}
	return told;
}

/* A port scan: the first ones are told, and that there are more; nobody else is the poorer for it. */
START_TEST(a_flood_is_not_told_one_by_one)
{
	static struct noticing noticing;
	uint64_t now = 1000, last = 0;

	ck_assert_uint_eq(tell(&noticing, NOTICE_EGRESS_REFUSED, 1000, 96, now, &last),
			  NOTICING_EACH);
	ck_assert_uint_eq(last, 1);
	ck_assert_uint_eq(tell(&noticing, NOTICE_EGRESS_REFUSED, 1001, 3, now, &last), 3);
	ck_assert_uint_eq(tell(&noticing, NOTICE_USB_REFUSED, 1000, 3, now, &last), 3);
	ck_assert_uint_eq(last, 1);
	/* One and the same thing uses up nothing. */
	for (int i = 0; i < 50; i++)
		tell(&noticing, NOTICE_ADDRESS_REMOVED, UINT32_MAX, 1, now, &last);
	ck_assert_uint_eq(
		tell(&noticing, NOTICE_ADDRESS_REMOVED, UINT32_MAX, NOTICING_EACH, now, &last),
		NOTICING_EACH - 1);
	/* Later it may be told again. */
	now += NOTICING_AGAIN_US;
	ck_assert_uint_eq(tell(&noticing, NOTICE_EGRESS_REFUSED, 1000, 96, now, &last),
			  NOTICING_EACH);
	/* However many users there are, nothing is told without bounds. */
	for (uint32_t uid = 0; uid < 2 * NOTICING_COUNTS; uid++)
		ck_assert_uint_le(tell(&noticing, NOTICE_EGRESS_REFUSED, uid, 20, now, &last),
				  NOTICING_EACH);
}
END_TEST

/* What becomes of the terminal itself is never one too many. */
START_TEST(states_are_always_told)
{
	static struct noticing noticing;
	uint64_t last = 0;

	ck_assert_uint_eq(tell(&noticing, NOTICE_LOCKDOWN, UINT32_MAX, 30, 1000, &last), 30);
	ck_assert_uint_eq(tell(&noticing, NOTICE_MAINTENANCE, UINT32_MAX, 30, 1000, &last), 30);
}
END_TEST

START_TEST(the_last_one_says_that_there_are_more)
{
	struct msg_notice notice = sample();
	struct notice_text text;

	notice_text(&notice, &text);
	ck_assert_ptr_null(strstr(text.body, "More of this kind"));
	notice.number = 1;
	notice_text(&notice, &text);
	ck_assert_ptr_nonnull(strstr(text.body, "More of this kind"));
	notice.event = NOTICE_POLICY_ENDS;
	notice_text(&notice, &text);
	ck_assert_ptr_null(strstr(text.body, "More of this kind"));
}
END_TEST

START_TEST(phones_are_called_phones)
{
	static const struct {
		uint8_t class, subclass, protocol;
		enum notice_event event;
	} cases[] = {
		{ 0x08, 0x06, 0x50, NOTICE_USB_REFUSED },
		{ 0x03, 0x01, 0x01, NOTICE_USB_REFUSED },
		{ 0x06, 0x01, 0x01, NOTICE_PHONE_REFUSED },
		{ 0xe0, 0x01, 0x03, NOTICE_PHONE_REFUSED },
		{ 0x02, 0x06, 0x00, NOTICE_PHONE_REFUSED },
		{ 0x02, 0x0d, 0x00, NOTICE_PHONE_REFUSED },
		{ 0xff, 0x42, 0x01, NOTICE_PHONE_REFUSED },
		{ 0xff, 0x00, 0x00, NOTICE_USB_REFUSED },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct usb_facts facts = { .interface_count = 2 };

		facts.interfaces[0].class = 0x08;
		facts.interfaces[1].class = cases[i].class;
		facts.interfaces[1].subclass = cases[i].subclass;
		facts.interfaces[1].protocol = cases[i].protocol;
		ck_assert_int_eq(noticing_usb_event(&facts), cases[i].event);
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("notice");
	TCase *tcase = tcase_create("notice");

	tcase_add_test(tcase, text_says_what_why_and_whom);
	tcase_add_test(tcase, every_event_has_words_and_no_grade);
	tcase_add_test(tcase, maintenance_says_how_long);
	tcase_add_test(tcase, hostile_names_are_written_out);
	tcase_add_test(tcase, chinese_where_it_is_asked_for);
	tcase_add_test(tcase, json_and_back);
	tcase_add_test(tcase, json_of_others_is_refused);
	tcase_add_test(tcase, one_thing_is_told_once);
	tcase_add_test(tcase, a_flood_is_not_told_one_by_one);
	tcase_add_test(tcase, states_are_always_told);
	tcase_add_test(tcase, the_last_one_says_that_there_are_more);
	tcase_add_test(tcase, phones_are_called_phones);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	char folder[PATH_MAX] = "";
	ssize_t length = readlink("/proc/self/exe", folder, sizeof(folder) - 32);

	/* build/tests/unit/test_notice: the catalogs of the same build are in build/locale. */
	for (int up = 0; up < 3 && length > 0; up++) {
		char *slash = strrchr(folder, '/');

		if (slash)
			*slash = 0;
	}
	strcat(folder, "/locale");
	i18n_init(folder);
	i18n_use("en");
	if (sodium_init() < 0)
		return 1;
	return unit_run(suite());
}
