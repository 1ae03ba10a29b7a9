// SPDX-License-Identifier: GPL-2.0-or-later
/* Whose grades and deadlines count: the terminal's policy, its unit's, the office's own. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "agent/office/incident_book.h"
#include "agent/office/store/store_terminal.h"
#include "agent/office/store/store_document.h"
#include "tests/unit/unit.h"

static struct store *store;

static void publish(unsigned int serial, const char *unit, const char *blocks)
{
	struct store_document document = { .kind = STORE_DOCUMENT_POLICY, .number = serial };
	char text[2048];

	document.length =
		(size_t)snprintf(text, sizeof(text),
				 "airgap-policy 1\npolicy {\n    id \"t\"\n    serial %u\n"
				 "    valid 2026-12-01 .. 2027-05-31\n}\nscope {\n    unit \"%s\"\n"
				 "    terminals [ \"T-1\" ]\n    level mimi\n}\n%s",
				 serial, unit, blocks);
	document.data = text;
	document.digest[0] = (uint8_t)serial;
	ck_assert_int_eq(store_document_add(store, &document), 0);
}

START_TEST(policies_come_first)
{
	struct store_terminal t = { .id = 1, .unit = "7.2", .level = "mimi", .policy = 4 };
	const struct incident_rules *rules;
	struct incident_book *book;
	char path[256];

	snprintf(path, sizeof(path), "%s/store", unit_tmpdir());
	ck_assert_int_eq(store_open(path, STORE_CREATE, &store), 0);
	ck_assert_int_eq(store_setting_put(store, "incidents", "{\"V1\":{\"inner_s\":1800}}"), 0);
	ck_assert_int_eq(incident_book_new(&book, store), 0);
	ck_assert_int_eq(incident_book_own(book)->deadlines[1].inner_s, 1800);
	ck_assert_ptr_eq(incident_book_for(book, &t), incident_book_own(book));
	publish(4, "7.2",
		"people {\n    lead \"L. Lead\"\n    direct \"D. Direct\"\n}\n"
		"report {\n    office \"10.0.0.1:8443\"  key \"k\"  level mimi\n"
		"    heartbeat every 5m  late-after 12m\n    bundle every 3d\n}\n"
		"incidents {\n    grade silent V3\n    deadline V3 20h  inside 6h\n"
		"    deadline V4 12h  result 60d\n    escalate direct 40  lead 80\n"
		"    lost juemi 5d  others 30d\n    cyber critical 30m  closing 20d\n    cyber "
		"other 3h\n}\n");
	publish(5, "7.2", "incidents {\n    deadline V2 15m\n}\n");
	publish(6, "8.1", "incidents {\n    deadline V2 5m\n}\n");
	/* What has been published since is not known before the next look. */
	ck_assert_ptr_eq(incident_book_for(book, &t), incident_book_own(book));
	ck_assert_int_eq(incident_book_refresh(book, store), 0);
	rules = incident_book_for(book, &t);
	ck_assert_int_eq(rules->deadlines[3].outer_s, 20 * 3600);
	ck_assert_int_eq(rules->deadlines[3].inner_s, 6 * 3600);
	ck_assert_int_eq(rules->deadlines[4].outer_s, 12 * 3600);
	ck_assert_int_eq(rules->deadlines[4].result_s, 60 * 86400);
	ck_assert_int_eq(rules->lost_juemi_s, 5 * 86400);
	ck_assert_int_eq(rules->cyber[INCIDENT_CYBER_CRITICAL].report_s, 1800);
	ck_assert_int_eq(rules->cyber[INCIDENT_CYBER_CRITICAL].closing_s, 20 * 86400);
	ck_assert_int_eq(rules->cyber[INCIDENT_CYBER_CENTRAL].report_s, 7200);
	ck_assert_int_eq(rules->cyber[INCIDENT_CYBER_OTHER].report_s, 3 * 3600);
	ck_assert_int_eq(rules->cyber[INCIDENT_CYBER_OTHER].closing_s, 30 * 86400);
	ck_assert_int_eq(rules->lost_others_s, 30 * 86400);
	/* What it does not say is the office's. */
	ck_assert_int_eq(rules->deadlines[1].inner_s, 1800);
	ck_assert_int_eq(rules->deadlines[4].inner_s, 12 * 3600);
	ck_assert_uint_eq(incident_grade(rules, "silent", 0), 3);
	ck_assert_str_eq(rules->direct, "D. Direct");
	ck_assert_str_eq(rules->lead, "L. Lead");
	ck_assert_uint_eq(rules->direct_percent, 40);
	ck_assert_uint_eq(rules->lead_percent, 80);
	ck_assert_uint_eq(rules->heartbeat_s, 300);
	ck_assert_uint_eq(rules->late, 3);
	ck_assert_uint_eq(rules->bundle_s, 3 * 86400);
	/* Of a terminal that has none in force, the newest of its unit and level. */
	t.policy = 0;
	ck_assert_int_eq(incident_book_for(book, &t)->deadlines[2].inner_s, 15 * 60);
	strcpy(t.unit, "8.1");
	ck_assert_int_eq(incident_book_for(book, &t)->deadlines[2].inner_s, 5 * 60);
	strcpy(t.level, "jimi");
	ck_assert_ptr_eq(incident_book_for(book, &t), incident_book_own(book));
	ck_assert_ptr_eq(incident_book_for(book, NULL), incident_book_own(book));
	incident_book_free(book);
	store_close(store);
}
END_TEST

/* So many editions that the oldest fall away: the newest of the unit counts then. */
START_TEST(old_editions)
{
	struct store_terminal t = { .id = 1, .unit = "7.2", .level = "mimi", .policy = 1 };
	struct incident_book *book;
	char path[256], text[64];

	snprintf(path, sizeof(path), "%s/store", unit_tmpdir());
	ck_assert_int_eq(store_open(path, STORE_CREATE, &store), 0);
	for (unsigned int serial = 1; serial <= 70; serial++) {
		snprintf(text, sizeof(text), "incidents {\n    deadline V2 %um\n}\n", serial);
		publish(serial, "7.2", text);
	}
	ck_assert_int_eq(incident_book_new(&book, store), 0);
	ck_assert_int_eq(incident_book_for(book, &t)->deadlines[2].inner_s, 70 * 60);
	t.policy = 40;
	ck_assert_int_eq(incident_book_for(book, &t)->deadlines[2].inner_s, 40 * 60);
	incident_book_free(book);
	store_close(store);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("incident_book");
	TCase *tcase = tcase_create("core");

	if (sodium_init() < 0)
		return 1;
	tcase_add_test(tcase, policies_come_first);
	tcase_add_test(tcase, old_editions);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
