// SPDX-License-Identifier: GPL-2.0-or-later
/* Transfers: the two sides of each batch. */
#include "agent/office/store/store_transfer.h"

#include <errno.h>

#include "agent/office/store/store_sql.h"

static void read_transfer(sqlite3_stmt *row, struct store_transfer *t)
{
	*t = (struct store_transfer){
		.id = sqlite3_column_int64(row, 0),
		.terminal = sqlite3_column_int64(row, 1),
		.side = store_u32(row, 4),
		.state = store_u32(row, 5),
		.match = store_u32(row, 6),
		.times = store_u32(row, 7),
		.foreign = store_u32(row, 8),
		.files = store_u32(row, 9),
		.size = store_u64(row, 10),
		.sequence = store_u64(row, 11),
		.peer_position = store_u64(row, 12),
		.first_us = sqlite3_column_int64(row, 13),
		.changed_us = sqlite3_column_int64(row, 14),
		.done_us = sqlite3_column_int64(row, 15),
		.due_us = sqlite3_column_int64(row, 16),
		.seq = sqlite3_column_int64(row, 17),
		.event = sqlite3_column_int64(row, 18),
	};
	store_text(row, 2, t->number, sizeof(t->number));
	store_blob(row, 3, t->batch, sizeof(t->batch));
	store_blob(row, 19, t->manifest, sizeof(t->manifest));
	store_blob(row, 20, t->slip, sizeof(t->slip));
	store_blob(row, 21, t->medium, sizeof(t->medium));
	store_text(row, 22, t->level, sizeof(t->level));
	store_text(row, 23, t->unit, sizeof(t->unit));
	store_text(row, 24, t->peer, sizeof(t->peer));
	store_text(row, 25, t->login, sizeof(t->login));
	store_text(row, 26, t->types, sizeof(t->types));
	store_text(row, 27, t->names, sizeof(t->names));
	store_text(row, 28, t->text, sizeof(t->text));
}

static int walk(struct store *store, sqlite3_stmt *row, int r, store_transfer_fn fn, void *data)
{
	struct store_transfer transfer;

	while (r == 0 && (r = store_step(store, row)) == 1) {
		read_transfer(row, &transfer);
		r = fn(data, &transfer);
		if (r != 0)
			sqlite3_reset(row);
	}
	return r;
}

/* The one row of a question; -ENOENT. */
static int one(struct store *store, sqlite3_stmt *row, int r, struct store_transfer *transfer)
{
	if (r == 0)
		r = store_step(store, row);
	if (r <= 0)
		return r == 0 ? -ENOENT : r;
	read_transfer(row, transfer);
	sqlite3_reset(row);
	return 0;
}

int store_transfer_find(struct store *store, const uint8_t batch[static STORE_ID_SIZE],
			int64_t terminal, uint32_t side, struct store_transfer *transfer)
{
	sqlite3_stmt *row = NULL;
	int r = store_bind(store, SQL_TRANSFER_FIND, &row, "bii", batch, (size_t)STORE_ID_SIZE,
			   terminal, (int64_t)side);

	return one(store, row, r, transfer);
}

int store_transfer_by_id(struct store *store, int64_t id, struct store_transfer *transfer)
{
	sqlite3_stmt *row = NULL;
	int r = store_bind(store, SQL_TRANSFER_BY_ID, &row, "i", id);

	return one(store, row, r, transfer);
}

int store_transfer_put(struct store *store, struct store_transfer *t)
{
	enum store_statement statement = t->id ? SQL_TRANSFER_UPDATE : SQL_TRANSFER_ADD;
	int r = store_run(store, statement, "ibiiiiiiiiiiiiiiibbbttttttti", t->terminal, t->batch,
			  sizeof(t->batch), (int64_t)t->side, (int64_t)t->state, (int64_t)t->match,
			  (int64_t)t->times, (int64_t)t->foreign, (int64_t)t->files,
			  (int64_t)t->size, (int64_t)t->sequence, (int64_t)t->peer_position,
			  t->first_us, t->changed_us, t->done_us, t->due_us, t->seq, t->event,
			  t->manifest, sizeof(t->manifest), t->slip, sizeof(t->slip), t->medium,
			  sizeof(t->medium), t->level, t->unit, t->peer, t->login, t->types,
			  t->names, t->text, t->id);

	if (r < 0)
		return r;
	if (t->id == 0)
		t->id = sqlite3_last_insert_rowid(store->db);
	return r == 0 ? -ENOENT : 0;
}

int store_transfer_batch(struct store *store, const uint8_t batch[static STORE_ID_SIZE],
			 store_transfer_fn fn, void *data)
{
	sqlite3_stmt *row = NULL;
	int r = store_bind(store, SQL_TRANSFER_BATCH, &row, "b", batch, (size_t)STORE_ID_SIZE);

	return walk(store, row, r, fn, data);
}

int store_transfer_waiting(struct store *store, const char *peer, uint64_t next,
			   store_transfer_fn fn, void *data)
{
	sqlite3_stmt *row = NULL;
	int r = store_bind(store, SQL_TRANSFER_WAITING, &row, "ti", peer, (int64_t)next);

	return walk(store, row, r, fn, data);
}

int store_transfer_due(struct store *store, int64_t now_us, uint32_t limit, store_transfer_fn fn,
		       void *data)
{
	sqlite3_stmt *row = NULL;
	int r = store_bind(store, SQL_TRANSFER_DUE, &row, "ii", now_us, (int64_t)limit);

	return walk(store, row, r, fn, data);
}

int store_page_transfers(struct store *store, const struct store_transfer_filter *filter,
			 store_transfer_fn fn, void *data)
{
	int64_t before = filter->before ? filter->before : INT64_MAX;
	int64_t limit = filter->limit ? filter->limit : 100;
	sqlite3_stmt *row = NULL;
	int r;

	if (filter->medium)
		r = store_bind(store, SQL_PAGE_TRANSFERS_OF_MEDIUM, &row, "iibnnt", before, limit,
			       filter->medium, (size_t)STORE_ID_SIZE, filter->state, filter->match,
			       filter->unit);
	else if (filter->state)
		r = store_bind(store, SQL_PAGE_TRANSFERS_OF_STATE, &row, "iinnt", before, limit,
			       filter->state, filter->match, filter->unit);
	else if (filter->match)
		r = store_bind(store, SQL_PAGE_TRANSFERS_OF_MATCH, &row, "iint", before, limit,
			       filter->match, filter->unit);
	else if (filter->unit)
		r = store_bind(store, SQL_PAGE_TRANSFERS_OF_UNIT, &row, "iit", before, limit,
			       filter->unit);
	else
		r = store_bind(store, SQL_PAGE_TRANSFERS, &row, "ii", before, limit);
	return walk(store, row, r, fn, data);
}

int store_transfer_step_add(struct store *store, const struct store_transfer_step *step)
{
	int r = store_run(store, SQL_TRANSFER_STEP_ADD, "iiitt", step->transfer, step->seq,
			  step->time_us, step->name, step->text);

	return r < 0 ? r : 0;
}

int store_transfer_step_each(struct store *store, int64_t transfer, store_transfer_step_fn fn,
			     void *data)
{
	sqlite3_stmt *row = NULL;
	int r = store_bind(store, SQL_TRANSFER_STEP_EACH, &row, "i", transfer);

	while (r == 0 && (r = store_step(store, row)) == 1) {
		struct store_transfer_step step = {
			.transfer = transfer,
			.seq = sqlite3_column_int64(row, 0),
			.time_us = sqlite3_column_int64(row, 1),
			.name = store_string(row, 2),
			.text = store_string(row, 3),
		};

		r = fn(data, &step);
		if (r != 0)
			sqlite3_reset(row);
	}
	return r;
}
