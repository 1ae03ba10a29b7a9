// SPDX-License-Identifier: GPL-2.0-or-later
/* The office's own sentences, in the language of who reads. That all of them are known: test_office_ingest. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/i18n.h"
#include "agent/office/facts.h"
#include "tests/unit/unit.h"

static char out[FACTS_SHOWN_SIZE];

/* Known, and in English the very same. */
static void same(const char *facts)
{
	ck_assert_ptr_eq(facts_shown(facts, out), out);
	ck_assert_str_eq(out, facts);
}

START_TEST(english_stays)
{
	same("the terminal is at 12 entries and had signed 40: its disk was set back");
	same("table media went back from 4 to 3 at entry 7: this disk was set back, or it is "
	     "another one");
	same("nothing has been heard for 31 minutes");
	same("no bundle has come from this terminal without network, and one was due");
	same("heard again after 3 minutes; no entry is missing");
	same("heard again after 3 minutes, with a gap: 9 entries are lost");
	same("late: the result; the delay is kovac's, who has it");
	same("50 % of the time for taking it in hand is over: tell the person directly "
	     "responsible, B. Zajc");
	same("75 % of the time for the result is over: tell the person first responsible");
	same("batch 01ab was imported at T-1 with a slip of T-2, and was exported at T-3");
	same("batch 01ab was imported at T-1 with a slip of T-2, and T-2 recorded no export of it "
	     "up to "
	     "entry 9, which the slip names");
	same("batch 01ab was imported 3 times at T-1");
	ck_assert_ptr_eq(
		facts_lateness("late: the result; the delay is kovac's, who has it; late: taking "
			       "it in hand; the delay is the office's: nobody took it",
			       out),
		out);
	ck_assert_str_eq(
		out, "late: the result; the delay is kovac's, who has it; late: taking it in hand; "
		     "the delay is the office's: nobody took it");
}
END_TEST

START_TEST(what_others_wrote_stays)
{
	static const char *const texts[] = {
		"",
		"%s",
		"a label is missing",
		"nothing has been heard for  minutes",
		"nothing has been heard for 31 minutes, says the custodian",
		"the terminal is at 12 entries and had signed : its disk was set back",
	};
	char *longer = calloc(1, 5000);

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		ck_assert_ptr_eq(facts_shown(texts[i], out), texts[i]);
		ck_assert_ptr_eq(facts_lateness(texts[i], out), texts[i]);
	}
	strcpy(longer, "nothing has been heard for ");
	memset(longer + strlen(longer), '9', 4000);
	strcat(longer, " minutes");
	ck_assert_ptr_eq(facts_shown(longer, out), longer);
	free(longer);
}
END_TEST

START_TEST(chinese)
{
	i18n_init("build/locale");
	i18n_use("zh_CN");
	if (strcmp(_("the result"), "the result") == 0) {
		printf("skip chinese # build/locale is not here\n");
		return;
	}
	facts_shown("table media went back from 4 to 3 at entry 7: this disk was set back, or it "
		    "is another one",
		    out);
	ck_assert_str_eq(
		out,
		"登记表 media 的编号由 4 退回到 3(第 7 条记录):该磁盘被回退,或已不是原来的磁盘");
	facts_lateness(
		"late: the result; the delay is kovac's, who has it; late: taking it in hand; the "
		"delay is the office's: nobody took it",
		out);
	ck_assert_str_eq(out,
			 "迟误:处理结果;责任在承办人 kovac;迟误:开始处置;责任在保密办:无人受理");
	facts_shown("50 % of the time for the result is over: tell the person directly "
		    "responsible, B. Zajc",
		    out);
	ck_assert_str_eq(out, "已过时限的 50 %(处理结果):应告知直接责任人 B. Zajc");
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { english_stays, what_others_wrote_stays, chinese };
	Suite *suite = suite_create("facts");
	TCase *tcase = tcase_create("core");

	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
