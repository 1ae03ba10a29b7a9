// SPDX-License-Identifier: GPL-2.0-or-later
/* Media: which was in which terminal, when, and how far its counter was. */
#include "agent/office/store/store_transfer.h"

#include "agent/office/store/store_sql.h"

int store_medium_use_add(struct store *store, struct store_medium_use *use)
{
	int r = store_run(store, SQL_MEDIUM_USE_ADD, "biiitibtttt", use->medium,
			  sizeof(use->medium), use->terminal, use->seq, use->time_us, use->what,
			  (int64_t)use->sequence, use->counter, sizeof(use->counter), use->level,
			  use->unit, use->custodian, use->text);

	if (r < 0)
		return r;
	use->id = sqlite3_last_insert_rowid(store->db);
	return 0;
}

static int walk(struct store *store, sqlite3_stmt *row, int r, store_medium_use_fn fn, void *data)
{
	while (r == 0 && (r = store_step(store, row)) == 1) {
		struct store_medium_use use = {
			.id = sqlite3_column_int64(row, 0),
			.terminal = sqlite3_column_int64(row, 2),
			.number = store_string(row, 3),
			.seq = sqlite3_column_int64(row, 4),
			.time_us = sqlite3_column_int64(row, 5),
			.what = store_string(row, 6),
			.sequence = store_u64(row, 7),
			.level = store_string(row, 9),
			.unit = store_string(row, 10),
			.custodian = store_string(row, 11),
			.text = store_string(row, 12),
		};

		store_blob(row, 1, use.medium, sizeof(use.medium));
		store_blob(row, 8, use.counter, sizeof(use.counter));
		r = fn(data, &use);
		if (r != 0)
			sqlite3_reset(row);
	}
	return r;
}

int store_medium_other(struct store *store, const struct store_medium_use *use,
		       store_medium_use_fn fn, void *data)
{
	sqlite3_stmt *row = NULL;
	int r = store_bind(store, SQL_MEDIUM_OTHER, &row, "bib", use->medium, sizeof(use->medium),
			   (int64_t)use->sequence, use->counter, sizeof(use->counter));

	return walk(store, row, r, fn, data);
}

int store_page_media(struct store *store, int64_t before, uint32_t limit, store_medium_use_fn fn,
		     void *data)
{
	sqlite3_stmt *row = NULL;
	int r = store_bind(store, SQL_PAGE_MEDIA, &row, "ii", before ? before : INT64_MAX,
			   (int64_t)limit);

	return walk(store, row, r, fn, data);
}

int store_page_medium(struct store *store, const uint8_t medium[static STORE_ID_SIZE],
		      int64_t before, uint32_t limit, store_medium_use_fn fn, void *data)
{
	sqlite3_stmt *row = NULL;
	int r = store_bind(store, SQL_PAGE_MEDIUM, &row, "bii", medium, (size_t)STORE_ID_SIZE,
			   before ? before : INT64_MAX, (int64_t)limit);

	return walk(store, row, r, fn, data);
}
