// SPDX-License-Identifier: GPL-2.0-or-later
/* What people add to events: reports, and what they signed. */
#include <errno.h>

#include "agent/office/store/store_sql.h"
#include "agent/office/store/store_event.h"
#include "agent/office/store/store_people.h"

int store_report_add(struct store *store, struct store_report *report)
{
	sqlite3_stmt *row;
	int r = store_bind(store, SQL_REPORT_ADD, &row, "iiit", report->event, report->time_us,
			   report->officer, report->fields);

	if (r == 0)
		r = store_step(store, row);
	if (r != 1)
		return r < 0 ? r : -EIO;
	report->number = store_u32(row, 0);
	sqlite3_reset(row);
	return 0;
}

int store_report_each(struct store *store, int64_t event, store_report_fn fn, void *data)
{
	sqlite3_stmt *row;
	int r = store_bind(store, SQL_REPORT_EACH, &row, "i", event);

	while (store_more(store, row, &r)) {
		struct store_report report = {
			.event = sqlite3_column_int64(row, 0),
			.number = store_u32(row, 1),
			.time_us = sqlite3_column_int64(row, 2),
			.officer = sqlite3_column_int64(row, 3),
			.fields = store_string(row, 4),
		};

		r = fn(data, &report);
	}
	return r;
}

int store_signed_add(struct store *store, int64_t seq, const uint8_t digest[static STORE_HASH_SIZE],
		     const void *data, size_t length)
{
	int r = store_run(store, SQL_SIGNED_ADD, "ibb", seq, digest, (size_t)STORE_HASH_SIZE, data,
			  length);

	return r < 0 ? r : 0;
}

int store_signed_get(struct store *store, int64_t seq, uint8_t **data, size_t *length)
{
	sqlite3_stmt *row;
	int r = store_bind(store, SQL_SIGNED_GET, &row, "i", seq);

	*data = NULL;
	if (r == 0)
		r = store_step(store, row);
	if (r <= 0)
		return r == 0 ? -ENOENT : r;
	r = store_copy(row, 0, data, length);
	sqlite3_reset(row);
	return r;
}
