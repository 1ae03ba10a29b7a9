// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/store/store_page.h"
#include "agent/office/store/store_terminal.h"
#include "agent/office/store/store_event.h"
#include "agent/office/store/store_people.h"
#include "agent/office/store/store_document.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/office/store/store_sql.h"

static int walk_terminals(struct store *store, sqlite3_stmt *row, int r, store_terminal_fn fn,
			  void *data)
{
	struct store_terminal terminal;

	while (store_more(store, row, &r)) {
		store_terminal_read(row, &terminal);
		r = fn(data, &terminal);
	}
	return r;
}

int store_page_terminals(struct store *store, const struct store_terminal_filter *filter,
			 store_terminal_fn fn, void *data)
{
	int64_t contacts = filter->contacts ? filter->contacts : UINT32_MAX;
	sqlite3_stmt *row;
	int r;

	if (filter->unit)
		r = store_bind(store, SQL_PAGE_TERMINALS_OF_UNIT, &row, "tiit", filter->after,
			       contacts, (int64_t)filter->limit, filter->unit);
	else
		r = store_bind(store, SQL_PAGE_TERMINALS, &row, "tii", filter->after, contacts,
			       (int64_t)filter->limit);
	return walk_terminals(store, row, r, fn, data);
}

int store_page_missing(struct store *store, uint32_t limit, store_terminal_fn fn, void *data)
{
	sqlite3_stmt *row;
	int r = store_bind(store, SQL_PAGE_MISSING, &row, "i", (int64_t)limit);

	return walk_terminals(store, row, r, fn, data);
}

int store_page_tally(struct store *store, store_tally_fn fn, void *data)
{
	sqlite3_stmt *row;
	int r = store_bind(store, SQL_PAGE_TALLY, &row, "");

	while (store_more(store, row, &r)) {
		struct store_tally tally = { store_string(row, 0), store_u32(row, 1),
					     store_u64(row, 2) };

		r = fn(data, &tally);
	}
	return r;
}

int store_page_history(struct store *store, const struct store_history_filter *filter,
		       store_event_fn fn, void *data)
{
	int64_t before = filter->before ? filter->before : INT64_MAX;
	int64_t limit = filter->limit, grade = filter->grade;
	struct store_event event;
	sqlite3_stmt *row;
	int r;

	if (filter->kind)
		r = store_bind(store, SQL_PAGE_HISTORY_OF_KIND, &row, "iiiti", filter->terminal,
			       before, limit, filter->kind, grade);
	else if (filter->grade)
		r = store_bind(store, SQL_PAGE_HISTORY_OF_GRADE, &row, "iiii", filter->terminal,
			       before, limit, grade);
	else
		r = store_bind(store, SQL_PAGE_HISTORY, &row, "iii", filter->terminal, before,
			       limit);
	while (store_more(store, row, &r)) {
		store_event_read(row, &event);
		r = fn(data, &event);
	}
	return r;
}

/* The @n-th entry of a bundle: each has its length before it, 16 bits, big endian. */
static int cut(const uint8_t *data, size_t size, uint32_t n, char **line, size_t *length)
{
	size_t at = 0;

	for (;;) {
		size_t here;

		if (size - at < 2)
			return -EBADMSG;
		here = (size_t)data[at] << 8 | data[at + 1];
		at += 2;
		if (here > size - at)
			return -EBADMSG;
		if (n-- == 0) {
			*line = strndup((const char *)data + at, here);
			*length = here;
			return *line ? 0 : -ENOMEM;
		}
		at += here;
	}
}

int store_page_entry(struct store *store, int64_t terminal, uint64_t seq, char **line,
		     size_t *length)
{
	sqlite3_stmt *row;
	int r = store_bind(store, SQL_ENTRY_EACH, &row, "iii", terminal, (int64_t)seq,
			   (int64_t)seq);

	*line = NULL;
	if (r == 0)
		r = store_step(store, row);
	if (r == 1) {
		r = store_copy(row, 1, line, length);
		sqlite3_reset(row);
		return r;
	}
	if (r == 0)
		r = store_bind(store, SQL_BUNDLE_GET, &row, "ii", terminal,
			       (int64_t)(seq / STORE_BUNDLE_WIDTH));
	if (r == 0)
		r = store_step(store, row);
	if (r <= 0)
		return r == 0 ? -ENOENT : r;
	/* Cut out of the database's own buffer: a bundle is large, an entry is not. */
	r = cut(sqlite3_column_blob(row, 0), (size_t)sqlite3_column_bytes(row, 0),
		(uint32_t)(seq % STORE_BUNDLE_WIDTH), line, length);
	sqlite3_reset(row);
	return r;
}

int store_page_actions(struct store *store, int64_t event, int64_t before, uint32_t limit,
		       store_action_fn fn, void *data)
{
	int64_t below = before ? before : INT64_MAX;
	sqlite3_stmt *row;
	int r = event ? store_bind(store, SQL_PAGE_ACTIONS_OF_EVENT, &row, "iii", below,
				   (int64_t)limit, event)
		      : store_bind(store, SQL_PAGE_ACTIONS, &row, "ii", below, (int64_t)limit);

	while (store_more(store, row, &r)) {
		struct store_action action;

		store_action_read(row, &action);
		r = fn(data, &action);
	}
	return r;
}

int store_page_documents(struct store *store, uint32_t limit, store_document_fn fn, void *data)
{
	sqlite3_stmt *row;
	int r = store_bind(store, SQL_PAGE_DOCUMENTS, &row, "i", (int64_t)limit);

	while (store_more(store, row, &r)) {
		struct store_document document;

		store_document_read(row, &document);
		document.length = (size_t)sqlite3_column_int64(row, 6);
		r = fn(data, &document);
	}
	return r;
}

int store_page_document(struct store *store, int64_t id, store_document_fn fn, void *data)
{
	sqlite3_stmt *row;
	int r = store_bind(store, SQL_PAGE_DOCUMENT, &row, "i", id);

	return store_document_walk(store, row, r, fn, data);
}

int store_page_events(struct store *store, uint32_t state, int64_t before, uint32_t limit,
		      store_event_fn fn, void *data)
{
	struct store_event event;
	sqlite3_stmt *row;
	int r = store_bind(store, SQL_PAGE_EVENTS_OF_STATE, &row, "iii",
			   before ? before : INT64_MAX, (int64_t)limit, (int64_t)state);

	while (store_more(store, row, &r)) {
		store_event_read(row, &event);
		r = fn(data, &event);
	}
	return r;
}

int store_page_running(struct store *store, store_running_fn fn, void *data)
{
	sqlite3_stmt *row;
	int r = store_bind(store, SQL_PAGE_RUNNING, &row, "");

	while (store_more(store, row, &r)) {
		struct store_running running = { store_u32(row, 0), store_string(row, 1),
						 store_u64(row, 2), store_u64(row, 3),
						 store_u64(row, 4) };

		r = fn(data, &running);
	}
	return r;
}

int store_page_open(struct store *store, uint64_t counts[static STORE_EVENT_STATE_COUNT])
{
	sqlite3_stmt *row;
	int r = store_bind(store, SQL_PAGE_OPEN, &row, "");

	memset(counts, 0, STORE_EVENT_STATE_COUNT * sizeof(counts[0]));
	while (store_more(store, row, &r)) {
		if (store_u32(row, 0) < STORE_EVENT_STATE_COUNT)
			counts[store_u32(row, 0)] = store_u64(row, 1);
	}
	return r;
}
