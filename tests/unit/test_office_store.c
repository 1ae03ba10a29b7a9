// SPDX-License-Identifier: GPL-2.0-or-later
/* The office's store: what is kept, what is refused, what comes back after a restore. */
#include <errno.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/office/store/store_sql.h"
#include "agent/office/store/store_terminal.h"
#include "agent/office/store/store_log.h"
#include "agent/office/store/store_event.h"
#include "agent/office/store/store_people.h"
#include "agent/office/store/store_document.h"
#include "tests/unit/unit.h"

static char path[256];

static struct store *fresh(void)
{
	struct store *store;

	snprintf(path, sizeof(path), "%s/store", unit_tmpdir());
	ck_assert_int_eq(store_open(path, STORE_CREATE, &store), 0);
	return store;
}

static struct store_terminal new_terminal(struct store *store, const char *number,
					  uint32_t generation)
{
	struct store_terminal terminal = { .generation = generation,
					   .state = STORE_TERMINAL_ACTIVE };

	snprintf(terminal.number, sizeof(terminal.number), "%s", number);
	snprintf(terminal.origin, sizeof(terminal.origin), "%s/%u", number, generation);
	randombytes_buf(terminal.origin_hash, sizeof(terminal.origin_hash));
	randombytes_buf(terminal.log_key, sizeof(terminal.log_key));
	randombytes_buf(terminal.tls_pin, sizeof(terminal.tls_pin));
	ck_assert_int_eq(store_terminal_add(store, &terminal, "sealed", 6), 0);
	ck_assert_int_gt(terminal.id, 0);
	return terminal;
}

START_TEST(terminals_are_found)
{
	struct store *store = fresh();
	struct store_terminal a = new_terminal(store, "T-1", 1), found, twin = a;

	new_terminal(store, "T-1", 2);
	ck_assert_int_eq(store_terminal_by_id(store, a.id, &found), 0);
	ck_assert_mem_eq(&found, &a, sizeof(a));
	ck_assert_int_eq(store_terminal_by_origin(store, "T-1/1", &found), 0);
	ck_assert_int_eq(store_terminal_by_hash(store, a.origin_hash, &found), 0);
	ck_assert_int_eq(found.id, a.id);
	ck_assert_int_eq(store_terminal_latest(store, "T-1", &found), 0);
	ck_assert_uint_eq(found.generation, 2);
	ck_assert_int_eq(store_terminal_by_origin(store, "T-2/1", &found), -ENOENT);
	ck_assert_int_eq(store_terminal_add(store, &twin, NULL, 0), -EEXIST);
	/* One that is not active any more is known, but nobody comes in as it. */
	ck_assert_int_eq(store_terminal_by_pin(store, a.tls_pin, &found), 0);
	a.state = STORE_TERMINAL_ENDED;
	a.lost = 7;
	ck_assert_int_eq(store_terminal_update(store, &a), 0);
	ck_assert_int_eq(store_terminal_by_pin(store, a.tls_pin, &found), -ENOENT);
	ck_assert_int_eq(store_terminal_by_id(store, a.id, &found), 0);
	ck_assert_uint_eq(found.lost, 7);
	store_close(store);
}
END_TEST

static struct store_terminal pending(struct store *store, uint8_t key, int64_t expires_us)
{
	struct store_terminal t = { .number = "T-1",
				    .origin = "airgapd/T-1/0",
				    .generation = 1,
				    .state = STORE_TERMINAL_PENDING };
	struct store_enrolment e = { .expires_us = expires_us };

	memset(t.log_key, key, sizeof(t.log_key));
	ck_assert_int_eq(store_terminal_add(store, &t, NULL, 0), 0);
	snprintf(e.id, sizeof(e.id), "%08x", key);
	e.terminal = t.id;
	ck_assert_int_eq(store_enrolment_add(store, &e), 0);
	return t;
}

/* What was asked for in vain can be asked for again; what was let in is never dropped. */
START_TEST(requests_are_forgotten)
{
	static const uint8_t same[32] = { [0 ... 31] = 1 }, other[32] = { [0 ... 31] = 2 };
	struct store *store = fresh();
	struct store_terminal t = pending(store, 1, 100), found;
	struct store_enrolment e;

	/* Somebody else's key does not push a request aside that waits. */
	ck_assert_int_eq(store_terminal_forget(store, t.origin, other, 100), 0);
	ck_assert_int_eq(store_terminal_by_id(store, t.id, &found), 0);
	ck_assert_int_eq(store_terminal_forget(store, t.origin, same, 100), 0);
	ck_assert_int_eq(store_terminal_by_origin(store, t.origin, &found), -ENOENT);
	ck_assert_int_eq(store_enrolment_get(store, "00000001", &e), -ENOENT);
	/* One that has expired, or was refused. */
	t = pending(store, 1, 100);
	ck_assert_int_eq(store_terminal_forget(store, t.origin, other, 101), 0);
	ck_assert_int_eq(store_terminal_by_origin(store, t.origin, &found), -ENOENT);
	t = pending(store, 1, 100);
	t.state = STORE_TERMINAL_REFUSED;
	ck_assert_int_eq(store_terminal_update(store, &t), 0);
	ck_assert_int_eq(store_terminal_forget(store, t.origin, other, 5), 0);
	ck_assert_int_eq(store_terminal_by_origin(store, t.origin, &found), -ENOENT);
	t = pending(store, 1, 100);
	for (t.state = STORE_TERMINAL_ACTIVE; t.state < STORE_TERMINAL_STATE_COUNT; t.state++) {
		if (t.state == STORE_TERMINAL_REFUSED)
			continue;
		ck_assert_int_eq(store_terminal_update(store, &t), 0);
		ck_assert_int_eq(store_terminal_forget(store, t.origin, same, 1000), 0);
		ck_assert_int_eq(store_terminal_by_id(store, t.id, &found), 0);
	}
	store_close(store);
}
END_TEST

START_TEST(codes_serve_once)
{
	static const uint8_t hash[32] = { 1 }, other[32] = { 2 };
	struct store *store = fresh();

	ck_assert_int_eq(store_code_add(store, hash, "T-1", 100), 0);
	ck_assert_int_eq(store_code_add(store, hash, "T-1", 100), -EEXIST);
	ck_assert_int_eq(store_code_use(store, hash, "T-2", 50), -ENOENT);
	ck_assert_int_eq(store_code_use(store, other, "T-1", 50), -ENOENT);
	ck_assert_int_eq(store_code_use(store, hash, "T-1", 101), -ETIME);
	ck_assert_int_eq(store_code_use(store, hash, "T-1", 100), 0);
	ck_assert_int_eq(store_code_use(store, hash, "T-1", 100), -ENOENT);
	store_close(store);
}
END_TEST

START_TEST(head_moves_only_from_where_it_is)
{
	static const uint8_t root[32] = { 9 };
	struct store *store = fresh();
	struct store_head head;
	char *note;
	size_t length;

	ck_assert_int_eq(store_head_get(store, 1, &head), 0);
	ck_assert_uint_eq(head.pending_size, 0);
	ck_assert_int_eq(store_head_pending(store, 1, 5, 7, root, "n", 1), -ESTALE);
	ck_assert_int_eq(store_head_pending(store, 1, 0, 2, root, "two", 3), 0);
	ck_assert_int_eq(store_head_pending(store, 1, 0, 2, root, "two", 3), -ESTALE);
	/* No receipt for what is not there, and entries only in order. */
	ck_assert_int_eq(store_head_receipt(store, 1, 2, 1000, "r", 1), -ESTALE);
	ck_assert_int_eq(store_entry_add(store, 1, 1, "b", 1), -ESTALE);
	ck_assert_int_eq(store_entry_add(store, 1, 0, "a", 1), 0);
	ck_assert_int_eq(store_entry_add(store, 1, 0, "a", 1), -ESTALE);
	ck_assert_int_eq(store_entry_add(store, 1, 1, "b", 1), 0);
	ck_assert_int_eq(store_head_note(store, 1, false, &note, &length), -ENOENT);
	ck_assert_int_eq(store_head_receipt(store, 1, 2, 1000, "receipt", 7), 0);
	ck_assert_int_eq(store_head_note(store, 1, false, &note, &length), 0);
	ck_assert_str_eq(note, "receipt");
	free(note);
	ck_assert_int_eq(store_head_get(store, 1, &head), 0);
	ck_assert_uint_eq(head.size, 2);
	ck_assert_uint_eq(head.next, 2);
	ck_assert_int_eq(head.receipt_us, 1000);
	ck_assert_mem_eq(head.root, root, 32);
	store_close(store);
}
END_TEST

START_TEST(bundles_take_the_place_of_entries)
{
	static const uint8_t root[32] = { 9 };
	uint8_t full[256 * 3], *data, hashes[256 * 32], back[256 * 32];
	struct store *store = fresh();
	uint32_t width;
	size_t length;

	ck_assert_int_eq(store_head_pending(store, 1, 0, 300, root, "n", 1), 0);
	ck_assert_int_eq(store_entry_add(store, 1, 0, "x", 1), 0);
	ck_assert_int_eq(store_entry_add(store, 1, 1, "y", 1), 0);
	ck_assert_int_eq(store_bundle_get(store, 1, 0, &data, &length, &width), 0);
	ck_assert_uint_eq(width, 2);
	ck_assert_uint_eq(length, 6);
	ck_assert_mem_eq(data, "\0\1x\0\1y", 6);
	free(data);
	for (size_t i = 0; i < 256; i++)
		memcpy(full + 3 * i, "\0\1z", 3);
	ck_assert_int_eq(store_bundle_add(store, 1, 1, full, sizeof(full)), -ESTALE);
	ck_assert_int_eq(store_bundle_add(store, 1, 0, full, sizeof(full)), 0);
	ck_assert_int_eq(store_bundle_add(store, 1, 0, full, sizeof(full)), -ESTALE);
	ck_assert_int_eq(store_entry_add(store, 1, 256, "q", 1), 0);
	ck_assert_int_eq(store_bundle_get(store, 1, 0, &data, &length, &width), 0);
	ck_assert_uint_eq(width, 256);
	ck_assert_mem_eq(data, full, sizeof(full));
	free(data);
	randombytes_buf(hashes, sizeof(hashes));
	ck_assert_int_eq(store_tile_put(store, 1, 0, 0, hashes), 0);
	ck_assert_int_eq(store_tile_put(store, 1, 0, 0, hashes), -EEXIST);
	ck_assert_int_eq(store_tile_get(store, 1, 0, 0, back), 0);
	ck_assert_mem_eq(hashes, back, sizeof(hashes));
	ck_assert_int_eq(store_tile_get(store, 1, 1, 0, back), -ENOENT);
	store_close(store);
}
END_TEST

struct seen {
	unsigned int count;
	int64_t ids[8];
	char facts[64];
};

static int see_event(void *data, const struct store_event *event)
{
	struct seen *seen = data;

	ck_assert_uint_lt(seen->count, 8);
	seen->ids[seen->count++] = event->id;
	snprintf(seen->facts, sizeof(seen->facts), "%s %s %s %s", event->number, event->kind,
		 event->facts, event->handling);
	return 0;
}

static int count_action(void *data, const struct store_action *action)
{
	size_t *count = data;

	(void)action;
	++*count;
	return 0;
}

static int64_t add_event(struct store *store, int64_t terminal, int64_t seq, uint32_t state,
			 int64_t inner_us)
{
	struct store_event event = { .terminal = terminal,
				     .seq = seq,
				     .state = state,
				     .inner_us = inner_us,
				     .due_us = inner_us,
				     .kind = "violation",
				     .facts = "a stick" };

	ck_assert_int_eq(store_event_add(store, &event), 0);
	return event.id;
}

START_TEST(events_once_each)
{
	struct store *store = fresh();
	struct store_terminal t = new_terminal(store, "T-7", 1);
	int64_t a = add_event(store, t.id, 3, STORE_EVENT_TO_VERIFY, 900);
	int64_t b = add_event(store, t.id, 4, STORE_EVENT_RECORDED, 0);
	int64_t c = add_event(store, 0, -1, STORE_EVENT_TO_VERIFY, 800);
	int64_t d = add_event(store, 0, -1, STORE_EVENT_TO_VERIFY, 950);
	struct store_event_filter all = { 0 }, one = { .id = a }, mine = { .terminal = t.id };
	struct store_event_filter due = { .by_deadline = true, .limit = 2 };
	struct store_event_filter open = { .states = 1u << STORE_EVENT_TO_VERIFY, .before = d };
	uint64_t counts[STORE_EVENT_STATE_COUNT];
	struct store_event change = { .id = a, .state = STORE_EVENT_CLOSED, .handling = "talked" };
	struct seen seen;

	ck_assert_int_eq(add_event(store, t.id, 3, STORE_EVENT_TO_VERIFY, 1), 0);
#define SEEN(filter)                                                                               \
	memset(&seen, 0, sizeof(seen));                                                            \
	ck_assert_int_eq(store_event_each(store, &(filter), see_event, &seen), 0)
	SEEN(all);
	ck_assert_uint_eq(seen.count, 4);
	ck_assert_int_eq(seen.ids[0], d);
	SEEN(mine);
	ck_assert_uint_eq(seen.count, 2);
	ck_assert_int_eq(seen.ids[0], b);
	SEEN(due);
	ck_assert_uint_eq(seen.count, 2);
	ck_assert_int_eq(seen.ids[0], c);
	ck_assert_int_eq(seen.ids[1], a);
	SEEN(open);
	ck_assert_uint_eq(seen.count, 2);
	ck_assert_int_eq(store_event_update(store, &change), 0);
	SEEN(one);
	ck_assert_str_eq(seen.facts, "T-7 violation a stick talked");
	ck_assert_int_eq(store_event_count(store, counts), 0);
	ck_assert_uint_eq(counts[STORE_EVENT_TO_VERIFY], 2);
	ck_assert_uint_eq(counts[STORE_EVENT_CLOSED], 1);
	change.id = 99;
	ck_assert_int_eq(store_event_update(store, &change), -ENOENT);
	store_close(store);
}
END_TEST

static int see_anomaly(void *data, const struct store_anomaly *anomaly)
{
	ck_assert_uint_eq(anomaly->count, 2);
	ck_assert_int_eq(anomaly->last_us, 20);
	ck_assert_uint_eq(anomaly->evidence_length, 4);
	return ++*(int *)data;
}

START_TEST(anomalies_count)
{
	struct store *store = fresh();
	struct store_anomaly anomaly = { .terminal = 1,
					 .kind = "fork",
					 .detail = "two roots",
					 .first_us = 10,
					 .evidence = "note",
					 .evidence_length = 4 };
	int walked = 0;

	ck_assert_int_eq(store_anomaly_add(store, &anomaly), 1);
	anomaly.first_us = 20;
	ck_assert_int_eq(store_anomaly_add(store, &anomaly), 0);
	/* What a callback answers ends the walk. */
	ck_assert_int_eq(store_anomaly_each(store, 0, see_anomaly, &walked), 1);
	store_close(store);
}
END_TEST

START_TEST(sessions_end_with_their_officer)
{
	struct store *store = fresh();
	struct store_officer officer = { .name = "kovac", .fingerprint = "SHA256:x" }, found;
	struct store_session session = { .token = { 1 }, .csrf = { 2 }, .expires_us = 50 }, back;

	ck_assert_int_eq(store_officer_add(store, &officer), 0);
	ck_assert_int_eq(store_officer_add(store, &officer), -EEXIST);
	session.officer = officer.id;
	ck_assert_int_eq(store_session_add(store, &session), 0);
	ck_assert_int_eq(store_session_get(store, session.token, 51, &back), -ENOENT);
	ck_assert_int_eq(store_session_get(store, session.token, 50, &back), 0);
	ck_assert_mem_eq(back.csrf, session.csrf, 32);
	ck_assert_int_eq(store_officer_retire(store, officer.id), 0);
	ck_assert_int_eq(store_officer_retire(store, officer.id), -ENOENT);
	ck_assert_int_eq(store_session_get(store, session.token, 50, &back), -ENOENT);
	ck_assert_int_eq(store_officer_by_name(store, "kovac", &found), 0);
	ck_assert(found.retired);
	store_close(store);
}
END_TEST

static int see_document(void *data, const struct store_document *document)
{
	ck_assert_uint_eq(document->length, 4);
	*(uint64_t *)data = document->number;
	return 0;
}

START_TEST(numbers_of_documents_only_go_up)
{
	struct store *store = fresh();
	struct store_document d = { .kind = STORE_DOCUMENT_POLICY,
				    .name = "std",
				    .number = 42,
				    .data = "text",
				    .length = 4 };
	uint64_t number = 0;

	ck_assert_int_eq(store_document_add(store, &d), 0);
	ck_assert_int_eq(store_document_add(store, &d), -EEXIST);
	ck_assert_int_eq(store_delivery_want(store, 1, &d, 5), 0);
	ck_assert_int_eq(store_delivery_want(store, 1, &d, 5), -ESTALE);
	d.number = 41;
	ck_assert_int_eq(store_document_add(store, &d), -ESTALE);
	d.number = 43;
	ck_assert_int_eq(store_document_add(store, &d), 0);
	ck_assert_int_eq(store_delivery_want(store, 1, &d, 6), 0);
	ck_assert_int_eq(store_delivery_delivered(store, 1, d.kind, "std", 43, 7), 0);
	ck_assert_int_eq(store_inbox_each(store, 1, see_document, &number), 0);
	ck_assert_uint_eq(number, 43);
	number = 0;
	ck_assert_int_eq(store_delivery_active(store, 1, d.kind, "std", 43, 8), 0);
	ck_assert_int_eq(store_inbox_each(store, 1, see_document, &number), 0);
	ck_assert_uint_eq(number, 0);
	store_close(store);
}
END_TEST

/* A reader sees whole transactions or nothing of them; what was rolled back never was. */
START_TEST(transactions)
{
	struct store *store = fresh(), *reader;
	struct store_terminal found;

	ck_assert_int_eq(store_open(path, STORE_READ, &reader), 0);
	ck_assert_int_eq(store_begin(store), 0);
	new_terminal(store, "T-1", 1);
	ck_assert_int_eq(store_terminal_latest(reader, "T-1", &found), -ENOENT);
	ck_assert_int_eq(store_commit(store), 0);
	ck_assert_int_eq(store_terminal_latest(reader, "T-1", &found), 0);
	ck_assert_int_eq(store_begin(store), 0);
	new_terminal(store, "T-2", 1);
	store_rollback(store);
	ck_assert_int_eq(store_terminal_latest(store, "T-2", &found), -ENOENT);
	ck_assert_int_eq(store_setting_put(reader, "a", "b"), -EROFS);
	store_close(reader);
	store_close(store);
}
END_TEST

START_TEST(backup_comes_back)
{
	struct store *store = fresh();
	struct store_terminal found;
	char copy[300], *value;

	snprintf(copy, sizeof(copy), "%s.backup", path);
	new_terminal(store, "T-1", 1);
	ck_assert_int_eq(store_setting_put(store, "name", "one"), 0);
	ck_assert_int_eq(store_backup(store, copy), 0);
	ck_assert_int_eq(store_backup(store, copy), -EEXIST);
	ck_assert_int_eq(store_setting_put(store, "name", "two"), 0);
	store_close(store);
	ck_assert_int_eq(store_open(copy, STORE_WRITE, &store), 0);
	ck_assert_int_eq(store_check(store), 0);
	ck_assert_int_eq(store_terminal_latest(store, "T-1", &found), 0);
	ck_assert_int_eq(store_setting_get(store, "name", &value), 0);
	ck_assert_str_eq(value, "one");
	free(value);
	store_close(store);
}
END_TEST

START_TEST(versions)
{
	struct store *store = fresh();
	sqlite3 *db;

	store_close(store);
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, "PRAGMA user_version=1000", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	ck_assert_int_eq(store_open(path, STORE_WRITE, &store), -EPROTONOSUPPORT);
	ck_assert_ptr_nonnull(strstr(store_reason(store), "version 1000"));
	store_close(store);
	snprintf(path, sizeof(path), "%s/none", unit_tmpdir());
	ck_assert_int_eq(store_open(path, STORE_WRITE, &store), -ENOENT);
	store_close(store);
}
END_TEST

static int see_rise(void *data, const struct store_event *event)
{
	*(int64_t *)data = event->rises_us;
	return 0;
}

START_TEST(version_1_is_brought_up)
{
	struct store_event_filter one = { .id = 1 }, told = { .tell_us = 1 };
	struct store_action action = { .seq = 5, .event = 1, .verb = "x", .text = "" };
	struct store_event_filter lost = { .id = 2 };
	int64_t rises_us = 0;
	struct store *store;
	struct seen seen = { 0 };
	sqlite3 *db;

	snprintf(path, sizeof(path), "%s/store", unit_tmpdir());
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, store_schema_step(1), NULL, NULL, NULL), SQLITE_OK);
	ck_assert_int_eq(
		sqlite3_exec(db,
			     "INSERT INTO event VALUES(1,NULL,NULL,1,1,2,2,0,5,7,900,0,0,0,0,0,"
			     "'fork','as it was',NULL,'',NULL,NULL);"
			     "INSERT INTO event VALUES(2,NULL,NULL,2,2,3,3,0,5,7,900,0,0,0,0,0,"
			     "'medium-lost','x',NULL,'',NULL,NULL);"
			     "INSERT INTO officer_action VALUES(3,0,1,1,'old','');"
			     "PRAGMA user_version=1",
			     NULL, NULL, NULL),
		SQLITE_OK);
	sqlite3_close(db);
	ck_assert_int_eq(store_open(path, STORE_WRITE, &store), 0);
	ck_assert_int_eq(store_event_each(store, &one, see_event, &seen), 0);
	ck_assert_str_eq(seen.facts, " fork as it was ");
	/* The next sweep plans it, and what people did before is still there. */
	ck_assert_int_eq(store_event_each(store, &told, see_event, &seen), 0);
	ck_assert_uint_eq(seen.count, 3);
	/* A lost medium of which nobody said the level: ten days from discovery. */
	ck_assert_int_eq(store_event_each(store, &lost, see_rise, &rises_us), 0);
	ck_assert_int_eq(rises_us, 7 + INT64_C(864000000000));
	ck_assert_int_eq(store_action_add(store, &action), 0);
	memset(&seen, 0, sizeof(seen));
	ck_assert_int_eq(store_action_each(store, 1, 0, count_action, &seen.count), 0);
	ck_assert_uint_eq(seen.count, 2);
	store_close(store);
}
END_TEST

/* Walks over whole tables that are small by their nature, or asked for in full. */
static bool may_scan(enum store_statement number)
{
	static const enum store_statement small[] = { SQL_TERMINAL_EACH,  SQL_ENROLMENT_FORGET,
						      SQL_ENROLMENT_EACH, SQL_TERMINAL_FORGET,
						      SQL_OFFICER_EACH,	  SQL_OFFICER_SESSIONS_END,
						      SQL_SESSION_SWEEP,  SQL_ANOMALY_EACH,
						      SQL_DOCUMENT_EACH,  SQL_DELIVERY_EACH,
						      SQL_EVENT_COUNT,	  SQL_PAGE_TALLY,
						      SQL_PAGE_RUNNING };

	for (size_t i = 0; i < sizeof(small) / sizeof(small[0]); i++)
		if (small[i] == number)
			return true;
	return false;
}

static void check_plan(sqlite3 *db, enum store_statement number)
{
	sqlite3_stmt *plan;
	char *text = NULL;

	if (asprintf(&text, "EXPLAIN QUERY PLAN %s", store_statement_text(number)) < 0)
		ck_abort();
	ck_assert_int_eq(sqlite3_prepare_v2(db, text, -1, &plan, NULL), SQLITE_OK);
	while (sqlite3_step(plan) == SQLITE_ROW) {
		const char *step = (const char *)sqlite3_column_text(plan, 3);
		/* in the order of the key, as far as the limit goes */
		bool key =
			strstr(text, "LIMIT") &&
			(strcmp(step, "SCAN e") == 0 || strcmp(step, "SCAN officer_action") == 0 ||
			 strcmp(step, "SCAN e USING INDEX event_due") == 0 ||
			 strncmp(step, "SCAN document USING INDEX", 25) == 0);

		if (strncmp(step, "SCAN", 4) == 0 && !key && !strstr(step, "subquery"))
			ck_assert_msg(may_scan(number), "%s: %s", step, text);
		if (strstr(step, "TEMP B-TREE"))
			ck_assert_msg(may_scan(number) || number == SQL_EVENT_OF_STATES ||
					      /* one unit's terminals */
					      number == SQL_PAGE_TERMINALS_OF_UNIT ||
					      number == SQL_DOCUMENT_KIND ||
					      number == SQL_INBOX_EACH,
				      "%s: %s", step, text);
	}
	sqlite3_finalize(plan);
	free(text);
}

START_TEST(queries_use_indexes)
{
	struct store *store = fresh();
	sqlite3 *db;

	store_close(store);
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	for (enum store_statement number = SQL_ROLLBACK + 1; number < SQL_COUNT; number++)
		check_plan(db, number);
	sqlite3_close(db);
}
END_TEST

START_TEST(damage_is_told)
{
	struct store *store = fresh();
	FILE *file;

	for (int i = 0; i < 200; i++) {
		char name[16];

		snprintf(name, sizeof(name), "T-%d", i);
		new_terminal(store, name, 1);
	}
	store_close(store);
	file = fopen(path, "r+");
	ck_assert_ptr_nonnull(file);
	for (long at = 4096; at < 12 * 4096L; at += 64) {
		fseek(file, at, SEEK_SET);
		fputs("damage", file);
	}
	fclose(file);
	if (store_open(path, STORE_WRITE, &store) == 0)
		ck_assert_int_eq(store_check(store), -EBADMSG);
	store_close(store);
}
END_TEST

/* What pages ask is answered from an index; where all of a small table is wanted, in its order. */
START_TEST(pages_ask_an_index)
{
	static const struct {
		enum store_statement from, to;
	} asked[] = { { SQL_PAGE_TERMINALS, SQL_COUNT - 1 },
		      { SQL_SESSION_GET, SQL_SESSION_GET },
		      { SQL_ENTRY_EACH, SQL_TILE_GET } };
	static const enum store_statement whole[] = { SQL_PAGE_TALLY, SQL_PAGE_DOCUMENTS,
						      SQL_PAGE_RUNNING };
	struct store *store = fresh();
	unsigned int count = 0;

	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++)
		for (unsigned int n = asked[i].from; n <= asked[i].to; n++) {
			char *plan =
				sqlite3_mprintf("EXPLAIN QUERY PLAN %s", store_statement_text(n));
			sqlite3_stmt *row;
			bool all = false;

			for (size_t w = 0; w < sizeof(whole) / sizeof(whole[0]); w++)
				all = all || whole[w] == n;
			ck_assert_int_eq(sqlite3_prepare_v2(store->db, plan, -1, &row, NULL),
					 SQLITE_OK);
			while (sqlite3_step(row) == SQLITE_ROW) {
				const char *step = (const char *)sqlite3_column_text(row, 3);

				count++;
				ck_assert_msg(all || strncmp(step, "SCAN", 4) != 0, "%s: %s", step,
					      plan);
				/* Terminals of one unit are sorted: a unit is small. */
				ck_assert_msg(!strstr(step, "TEMP B-TREE") ||
						      n == SQL_PAGE_RUNNING ||
						      n == SQL_PAGE_TERMINALS_OF_UNIT,
					      "%s: %s", step, plan);
			}
			sqlite3_finalize(row);
			sqlite3_free(plan);
		}
	ck_assert_uint_gt(count, 20);
	store_close(store);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		terminals_are_found,
		requests_are_forgotten,
		codes_serve_once,
		head_moves_only_from_where_it_is,
		bundles_take_the_place_of_entries,
		events_once_each,
		anomalies_count,
		sessions_end_with_their_officer,
		numbers_of_documents_only_go_up,
		transactions,
		backup_comes_back,
		versions,
		pages_ask_an_index,
		version_1_is_brought_up,
		queries_use_indexes,
		damage_is_told,
	};
	Suite *suite = suite_create("office_store");
	TCase *tcase = tcase_create("core");

	if (sodium_init() < 0)
		return 1;
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tcase, tests[i]);
	tcase_set_timeout(tcase, 60);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
