// SPDX-License-Identifier: GPL-2.0-or-later
/* Both sides of transfers, and media with two branches, as the office's store has them. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/office/exchange.h"
#include "agent/office/incident_book.h"
#include "agent/office/store/store_event.h"
#include "agent/office/store/store_log.h"
#include "tests/unit/unit.h"

#define DAY_US	 (86400 * INT64_C(1000000))
#define NOW_US	 (1000 * DAY_US)
#define BATCH	 "4b0d8f3a2c5e697887a6b5c4d3e2f101"
#define SLIP	 "1111111111111111111111111111111111111111111111111111111111111111"
#define ANOTHER	 "2222222222222222222222222222222222222222222222222222222222222222"
#define MEDIUM	 "9f3c5e00112233445566778899aabbcc"
#define MANIFEST "3333333333333333333333333333333333333333333333333333333333333333"

static struct store *store;
static struct incident_rules rules;
static struct store_terminal a, b, c;

static void add_terminal(struct store_terminal *t, const char *number, const char *unit)
{
	*t = (struct store_terminal){ .generation = 1, .state = STORE_TERMINAL_ACTIVE };
	snprintf(t->number, sizeof(t->number), "%s", number);
	snprintf(t->unit, sizeof(t->unit), "%s", unit);
	snprintf(t->origin, sizeof(t->origin), "%s/1", number);
	snprintf((char *)t->origin_hash, sizeof(t->origin_hash), "%s", number);
	ck_assert_int_eq(store_terminal_add(store, t, NULL, 0), 0);
}

static void setup(void)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/exchange", unit_tmpdir());
	remove(path);
	ck_assert_int_eq(store_open(path, STORE_CREATE, &store), 0);
	incident_rules_default(&rules);
	add_terminal(&a, "T-1", "7.2.14");
	add_terminal(&b, "T-2", "7.2.15");
	add_terminal(&c, "T-3", "7.2.15");
}

static void teardown(void)
{
	store_close(store);
}

static struct exchange of(const struct store_terminal *terminal)
{
	return (struct exchange){ store, &rules, terminal, NOW_US };
}

static void told(const struct store_terminal *terminal, uint64_t seq, json_t *event)
{
	struct exchange exchange = of(terminal);

	ck_assert_ptr_nonnull(event);
	ck_assert_int_eq(exchange_transfer(&exchange, seq, NOW_US, event), 0);
	json_decref(event);
}

static json_t *entry(const char *action, const char *direction, const char *slip)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s?, s:s, s:s, s:s, s:s, s:i, s:I, s:s}", "type",
			 "transfer", "action", action, "batch", BATCH, "manifest", MANIFEST, "slip",
			 slip, "medium", MEDIUM, "direction", direction, "unit",
			 *direction == 'o' ? "7.2.15" : "7.2.14", "level", "mimi", "files", 2,
			 "size", (json_int_t)5000000000, "login", "novak");
}

static json_t *import_entry(const char *slip, const char *peer, int position)
{
	json_t *event = entry("imported", "in", slip);

	json_object_set_new(event, "peer", json_string(peer));
	json_object_set_new(event, "peer_position", json_integer(position));
	return event;
}

/* The office holds so many entries of its log. */
static void log_is(const struct store_terminal *terminal, uint64_t entries)
{
	static const uint8_t root[STORE_HASH_SIZE];
	struct exchange exchange = of(terminal);

	ck_assert_int_eq(store_head_pending(store, terminal->id, 0, entries, root, "", 0), 0);
	for (uint64_t i = 0; i < entries; i++)
		ck_assert_int_eq(store_entry_add(store, terminal->id, i, "x", 1), 0);
	ck_assert_int_eq(exchange_reached(&exchange, entries), 0);
}

static struct store_transfer row(const struct store_terminal *terminal, uint32_t side)
{
	static const uint8_t batch[] = { 0x4b, 0x0d, 0x8f, 0x3a, 0x2c, 0x5e, 0x69, 0x78,
					 0x87, 0xa6, 0xb5, 0xc4, 0xd3, 0xe2, 0xf1, 0x01 };
	struct store_transfer found;

	ck_assert_int_eq(store_transfer_find(store, batch, terminal->id, side, &found), 0);
	return found;
}

struct count {
	const char *kind;
	unsigned int found;
};

static int count_kind(void *data, const struct store_event *event)
{
	struct count *count = data;

	count->found += strcmp(event->kind, count->kind) == 0;
	return 0;
}

static unsigned int events(const char *kind)
{
	struct store_event_filter filter = { .limit = 1000 };
	struct count count = { kind, 0 };

	ck_assert_int_eq(store_event_each(store, &filter, count_kind, &count), 0);
	return count.found;
}

START_TEST(both_sides_agree)
{
	struct store_transfer out, in;

	told(&a, 1, entry("requested", "out", NULL));
	ck_assert_uint_eq(row(&a, STORE_SIDE_OUT).state, STORE_TRANSFER_REQUESTED);
	told(&a, 2, entry("approved", "out", NULL));
	told(&a, 3, entry("opened", "out", NULL));
	ck_assert_uint_eq(row(&a, STORE_SIDE_OUT).state, STORE_TRANSFER_APPROVED);
	told(&a, 4, entry("permitted", "out", NULL));
	told(&a, 5, entry("exported", "out", SLIP));
	out = row(&a, STORE_SIDE_OUT);
	ck_assert_uint_eq(out.match, STORE_MATCH_WAITING);
	ck_assert_int_eq(out.due_us, NOW_US + 7 * DAY_US);
	ck_assert_uint_eq(out.size, 5000000000);
	told(&b, 1, import_entry(SLIP, "T-1", 4));
	out = row(&a, STORE_SIDE_OUT);
	in = row(&b, STORE_SIDE_IN);
	ck_assert_uint_eq(out.match, STORE_MATCH_GOOD);
	ck_assert_int_eq(out.due_us, 0);
	ck_assert_uint_eq(in.match, STORE_MATCH_GOOD);
	ck_assert_int_eq(in.event, 0);
}
END_TEST

/* Bundles of two terminals come in any order. */
START_TEST(an_import_may_be_heard_first)
{
	log_is(&a, 3);
	told(&b, 1, import_entry(SLIP, "T-1", 4));
	ck_assert_uint_eq(row(&b, STORE_SIDE_IN).match, STORE_MATCH_WAITING);
	told(&a, 4, entry("permitted", "out", NULL));
	ck_assert_uint_eq(row(&b, STORE_SIDE_IN).match, STORE_MATCH_WAITING);
	told(&a, 5, entry("exported", "out", SLIP));
	ck_assert_uint_eq(row(&b, STORE_SIDE_IN).match, STORE_MATCH_GOOD);
	ck_assert_uint_eq(row(&a, STORE_SIDE_OUT).match, STORE_MATCH_GOOD);
	ck_assert_uint_eq(events("transfer-unknown"), 0);
}
END_TEST

START_TEST(never_exported_is_an_alarm)
{
	log_is(&a, 5);
	told(&b, 1, import_entry(SLIP, "T-1", 4));
	ck_assert_uint_eq(row(&b, STORE_SIDE_IN).match, STORE_MATCH_UNKNOWN);
	ck_assert_int_gt(row(&b, STORE_SIDE_IN).event, 0);
	ck_assert_uint_eq(events("transfer-unknown"), 1);
}
END_TEST

START_TEST(never_exported_is_noticed_when_the_log_comes)
{
	told(&b, 1, import_entry(SLIP, "T-1", 4));
	ck_assert_uint_eq(events("transfer-unknown"), 0);
	log_is(&a, 5);
	ck_assert_uint_eq(row(&b, STORE_SIDE_IN).match, STORE_MATCH_UNKNOWN);
	ck_assert_uint_eq(events("transfer-unknown"), 1);
}
END_TEST

START_TEST(of_another_office)
{
	struct incident_book *book = incident_book_of_rules(&rules);
	json_t *abroad = entry("exported", "out", SLIP);

	told(&b, 1, import_entry(SLIP, "T-900", 4));
	ck_assert_uint_eq(row(&b, STORE_SIDE_IN).match, STORE_MATCH_BEYOND);
	json_object_set_new(abroad, "unit", json_string("9.9.9"));
	json_object_set_new(abroad, "batch", json_string("00000000000000000000000000000001"));
	told(&a, 1, abroad);
	ck_assert_uint_eq(events("transfer-unknown"), 0);
	ck_assert_int_eq(exchange_sweep(store, book, NOW_US + 99 * DAY_US), 0);
	ck_assert_uint_eq(events("transfer-overdue"), 0);
	incident_book_free(book);
}
END_TEST

START_TEST(another_slip_is_an_alarm)
{
	told(&a, 5, entry("exported", "out", SLIP));
	told(&b, 1, import_entry(ANOTHER, "T-1", 4));
	ck_assert_uint_eq(row(&b, STORE_SIDE_IN).match, STORE_MATCH_DIFFERS);
	ck_assert_uint_eq(row(&a, STORE_SIDE_OUT).match, STORE_MATCH_WAITING);
	ck_assert_uint_eq(events("transfer-differs"), 1);
}
END_TEST

START_TEST(another_terminal_or_one_that_failed)
{
	told(&a, 5, entry("exported", "out", SLIP));
	told(&b, 1, import_entry(SLIP, "T-3", 4));
	ck_assert_uint_eq(row(&b, STORE_SIDE_IN).match, STORE_MATCH_DIFFERS);
	teardown();
	setup();
	told(&a, 4, entry("permitted", "out", NULL));
	told(&a, 5, entry("interrupted", "out", NULL));
	told(&b, 1, import_entry(SLIP, "T-1", 4));
	ck_assert_uint_eq(row(&b, STORE_SIDE_IN).match, STORE_MATCH_DIFFERS);
	ck_assert_uint_eq(events("transfer-differs"), 1);
}
END_TEST

START_TEST(imported_twice)
{
	told(&a, 5, entry("exported", "out", SLIP));
	told(&b, 1, import_entry(SLIP, "T-1", 4));
	ck_assert_uint_eq(events("transfer-twice"), 0);
	told(&c, 1, import_entry(SLIP, "T-1", 4));
	ck_assert_uint_eq(row(&b, STORE_SIDE_IN).match, STORE_MATCH_GOOD);
	ck_assert_uint_eq(row(&c, STORE_SIDE_IN).match, STORE_MATCH_TWICE);
	ck_assert_uint_eq(events("transfer-twice"), 1);
	told(&b, 2, import_entry(SLIP, "T-1", 4));
	ck_assert_uint_eq(row(&b, STORE_SIDE_IN).match, STORE_MATCH_TWICE);
	ck_assert_uint_eq(row(&b, STORE_SIDE_IN).times, 2);
	ck_assert_uint_eq(events("transfer-twice"), 2);
}
END_TEST

START_TEST(overdue_once_and_then_found)
{
	struct incident_book *book = incident_book_of_rules(&rules);

	told(&a, 5, entry("exported", "out", SLIP));
	ck_assert_int_eq(exchange_sweep(store, book, NOW_US + 7 * DAY_US - 1), 0);
	ck_assert_uint_eq(events("transfer-overdue"), 0);
	ck_assert_int_eq(exchange_sweep(store, book, NOW_US + 7 * DAY_US), 0);
	ck_assert_int_eq(exchange_sweep(store, book, NOW_US + 8 * DAY_US), 0);
	ck_assert_uint_eq(events("transfer-overdue"), 1);
	ck_assert_uint_eq(row(&a, STORE_SIDE_OUT).match, STORE_MATCH_OVERDUE);
	/* Another one's import of another slip changes nothing. */
	told(&c, 1, import_entry(ANOTHER, "T-1", 4));
	ck_assert_uint_eq(row(&a, STORE_SIDE_OUT).match, STORE_MATCH_OVERDUE);
	told(&b, 1, import_entry(SLIP, "T-1", 4));
	ck_assert_uint_eq(row(&a, STORE_SIDE_OUT).match, STORE_MATCH_GOOD);
	incident_book_free(book);
}
END_TEST

START_TEST(a_foreign_medium_has_one_side)
{
	json_t *event = entry("imported", "in", NULL);

	json_object_set_new(event, "medium_kind", json_string("foreign"));
	told(&b, 1, event);
	ck_assert_uint_eq(row(&b, STORE_SIDE_IN).match, STORE_MATCH_NONE);
	ck_assert_uint_eq(row(&b, STORE_SIDE_IN).state, STORE_TRANSFER_DONE);
}
END_TEST

START_TEST(what_is_no_such_entry_is_passed_over)
{
	static const char *const bad[] = {
		"{}",
		"{\"action\":\"exported\"}",
		"{\"action\":\"exported\",\"batch\":\"4b0d\"}",
		"{\"action\":\"exported\",\"batch\":\"00000000000000000000000000000000\"}",
		"{\"action\":\"eaten\",\"batch\":\"" BATCH "\"}",
		"{\"action\":7,\"batch\":[]}",
		"{\"action\":\"admitted\",\"medium\":{\"id\":null,\"sequence\":3}}",
		"{\"action\":\"admitted\",\"medium\":\"" MEDIUM "\"}",
	};
	struct exchange_entry parsed;
	struct store_medium_use use;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		json_t *event = json_loads(bad[i], 0, NULL);

		ck_assert_ptr_nonnull(event);
		ck_assert_int_eq(exchange_parse_transfer(event, &parsed), -EBADMSG);
		ck_assert_int_eq(exchange_parse_medium(event, &use), -EBADMSG);
		told(&a, i, event);
	}
}
END_TEST

static void used(const struct store_terminal *terminal, uint64_t seq, const char *action,
		 int sequence, const char *counter)
{
	struct exchange exchange = of(terminal);
	json_t *event = json_pack("{s:s, s:s, s:{s:s, s:i, s:s}, s:s}", "type", "media", "action",
				  action, "medium", "id", MEDIUM, "sequence", sequence, "level",
				  "mimi", "counter", counter);

	ck_assert_int_eq(exchange_medium(&exchange, seq, NOW_US, event), 0);
	json_decref(event);
}

static int count_use(void *data, const struct store_medium_use *use)
{
	(void)use;
	++*(unsigned int *)data;
	return 0;
}

/* Once at each terminal that had one of the copies. */
START_TEST(a_clone_is_seen)
{
	unsigned int count = 0;

	used(&a, 1, "admitted", 2, SLIP);
	used(&b, 1, "admitted", 3, ANOTHER);
	/* The very entry twice, a refusal that names the same number: no branch. */
	used(&b, 2, "refused", 3, SLIP);
	used(&b, 3, "admitted", 3, ANOTHER);
	ck_assert_uint_eq(events("medium-clone"), 0);
	used(&c, 1, "admitted", 3, SLIP);
	ck_assert_uint_eq(events("medium-clone"), 1);
	used(&c, 2, "admitted", 4, SLIP);
	used(&b, 4, "admitted", 4, ANOTHER);
	ck_assert_uint_eq(events("medium-clone"), 2);
	used(&b, 5, "admitted", 5, ANOTHER);
	used(&c, 3, "admitted", 5, SLIP);
	ck_assert_uint_eq(events("medium-clone"), 2);
	ck_assert_int_eq(store_page_media(store, 0, 10, count_use, &count), 0);
	ck_assert_uint_eq(count, 1);
}
END_TEST

static int count_row(void *data, const struct store_transfer *transfer)
{
	(void)transfer;
	++*(unsigned int *)data;
	return 0;
}

START_TEST(pages_of_transfers)
{
	static const uint8_t medium[] = { 0x9f, 0x3c, 0x5e, 0x00, 0x11, 0x22, 0x33, 0x44,
					  0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc };
	static const uint8_t other[STORE_ID_SIZE] = { 1 };
	static const int64_t done = STORE_TRANSFER_DONE, requested = STORE_TRANSFER_REQUESTED,
			     good = STORE_MATCH_GOOD, waiting = STORE_MATCH_WAITING;
	static const struct {
		unsigned int rows;
		struct store_transfer_filter filter;
	} cases[] = {
		{ 2, { 0 } },
		{ 1, { .limit = 1 } },
		{ 1, { .before = 2 } },
		{ 1, { .unit = "7.2.15" } },
		{ 0, { .unit = "7.2" } },
		{ 2, { .medium = medium } },
		{ 1, { .medium = medium, .unit = "7.2.14" } },
		{ 0, { .medium = medium, .match = &waiting } },
		{ 2, { .medium = medium, .state = &done, .match = &good } },
		{ 0, { .medium = other } },
		{ 2, { .state = &done } },
		{ 0, { .state = &requested } },
		{ 0, { .state = &done, .match = &waiting } },
		{ 1, { .state = &done, .match = &good, .unit = "7.2.15" } },
		{ 2, { .match = &good } },
		{ 1, { .match = &good, .unit = "7.2.14" } },
		{ 0, { .match = &waiting } },
	};

	told(&a, 5, entry("exported", "out", SLIP));
	told(&b, 1, import_entry(SLIP, "T-1", 4));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		unsigned int count = 0;

		ck_assert_int_eq(store_page_transfers(store, &cases[i].filter, count_row, &count),
				 0);
		ck_assert_msg(count == cases[i].rows, "case %zu: %u rows", i, count);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("office_exchange");
	TCase *tests = tcase_create("exchange");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, both_sides_agree);
	tcase_add_test(tests, an_import_may_be_heard_first);
	tcase_add_test(tests, never_exported_is_an_alarm);
	tcase_add_test(tests, never_exported_is_noticed_when_the_log_comes);
	tcase_add_test(tests, of_another_office);
	tcase_add_test(tests, another_slip_is_an_alarm);
	tcase_add_test(tests, another_terminal_or_one_that_failed);
	tcase_add_test(tests, imported_twice);
	tcase_add_test(tests, overdue_once_and_then_found);
	tcase_add_test(tests, a_foreign_medium_has_one_side);
	tcase_add_test(tests, what_is_no_such_entry_is_passed_over);
	tcase_add_test(tests, a_clone_is_seen);
	tcase_add_test(tests, pages_of_transfers);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
