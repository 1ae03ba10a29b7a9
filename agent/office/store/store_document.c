// SPDX-License-Identifier: GPL-2.0-or-later
/* What officers sign and the office delivers; who has which number of it. */
#include <errno.h>
#include <string.h>

#include "agent/office/store/store_sql.h"
#include "agent/office/store/store_document.h"

static int highest(struct store *store, uint32_t kind, const char *name, uint64_t *number)
{
	sqlite3_stmt *statement;
	int r = store_bind(store, SQL_DOCUMENT_HIGHEST, &statement, "it", (int64_t)kind, name);

	if (r == 0)
		r = store_step(store, statement);
	if (r <= 0)
		return r == 0 ? -ENOENT : r;
	*number = store_u64(statement, 0);
	sqlite3_reset(statement);
	return 0;
}

int store_document_add(struct store *store, struct store_document *document)
{
	uint64_t number = 0;
	int r = highest(store, document->kind, document->name, &number);

	if (r == 0 && number > document->number)
		r = -ESTALE;
	if (r == 0)
		r = store_run(store, SQL_DOCUMENT_ADD, "itibib", (int64_t)document->kind,
			      document->name, (int64_t)document->number, document->digest,
			      sizeof(document->digest), document->added_us, document->data,
			      document->length);
	if (r < 0)
		return r;
	document->id = sqlite3_last_insert_rowid(store->db);
	return 0;
}

void store_document_read(sqlite3_stmt *row, struct store_document *document)
{
	*document = (struct store_document){
		.id = sqlite3_column_int64(row, 0),
		.kind = store_u32(row, 1),
		.number = store_u64(row, 3),
		.added_us = sqlite3_column_int64(row, 5),
	};
	store_text(row, 2, document->name, sizeof(document->name));
	store_blob(row, 4, document->digest, sizeof(document->digest));
}

int store_document_walk(struct store *store, sqlite3_stmt *row, int r, store_document_fn fn,
			void *data)
{
	while (store_more(store, row, &r)) {
		struct store_document document;

		store_document_read(row, &document);
		document.data = sqlite3_column_blob(row, 6);
		document.length = (size_t)sqlite3_column_bytes(row, 6);
		r = fn(data, &document);
	}
	return r;
}

int store_document_each(struct store *store, store_document_fn fn, void *data)
{
	sqlite3_stmt *statement = NULL;
	int r = store_bind(store, SQL_DOCUMENT_EACH, &statement, "");

	return store_document_walk(store, statement, r, fn, data);
}

int store_document_kind(struct store *store, uint32_t kind, uint32_t limit, store_document_fn fn,
			void *data)
{
	sqlite3_stmt *statement = NULL;
	int r = store_bind(store, SQL_DOCUMENT_KIND, &statement, "ii", (int64_t)kind,
			   (int64_t)limit);

	return store_document_walk(store, statement, r, fn, data);
}

int store_document_newest(struct store *store, int64_t *id)
{
	sqlite3_stmt *row;
	int r = store_bind(store, SQL_DOCUMENT_NEWEST, &row, "");

	if (r == 0)
		r = store_step(store, row);
	if (r <= 0)
		return r == 0 ? -ENOENT : r;
	*id = sqlite3_column_int64(row, 0);
	sqlite3_reset(row);
	return 0;
}

int store_inbox_each(struct store *store, int64_t terminal, store_document_fn fn, void *data)
{
	sqlite3_stmt *statement = NULL;
	int r = store_bind(store, SQL_INBOX_EACH, &statement, "i", terminal);

	return store_document_walk(store, statement, r, fn, data);
}

int store_delivery_want(struct store *store, int64_t terminal,
			const struct store_document *document, int64_t now_us)
{
	int r = store_run(store, SQL_DELIVERY_WANT, "iitiii", terminal, (int64_t)document->kind,
			  document->name, document->id, (int64_t)document->number, now_us);

	return r < 0 ? r : r == 0 ? -ESTALE : 0;
}

int store_delivery_delivered(struct store *store, int64_t terminal, uint32_t kind, const char *name,
			     uint64_t number, int64_t now_us)
{
	int r = store_run(store, SQL_DELIVERY_DELIVERED, "iitii", terminal, (int64_t)kind, name,
			  (int64_t)number, now_us);

	return r < 0 ? r : 0;
}

int store_delivery_sent(struct store *store, int64_t terminal, int64_t now_us)
{
	int r = store_run(store, SQL_DELIVERY_SENT, "ii", terminal, now_us);

	return r < 0 ? r : 0;
}

int store_delivery_active(struct store *store, int64_t terminal, uint32_t kind, const char *name,
			  uint64_t number, int64_t now_us)
{
	int r = store_run(store, SQL_DELIVERY_ACTIVE, "iitii", terminal, (int64_t)kind, name,
			  (int64_t)number, now_us);

	return r < 0 ? r : 0;
}

int store_delivery_each(struct store *store, int64_t terminal, store_delivery_fn fn, void *data)
{
	sqlite3_stmt *row;
	int r = store_bind(store, terminal ? SQL_PAGE_DELIVERIES : SQL_DELIVERY_EACH, &row, "i",
			   terminal);

	while (store_more(store, row, &r)) {
		struct store_delivery delivery = {
			.terminal = sqlite3_column_int64(row, 0),
			.document = sqlite3_column_int64(row, 1),
			.kind = store_u32(row, 2),
			.wanted = store_u64(row, 4),
			.delivered = store_u64(row, 5),
			.active = store_u64(row, 6),
			.wanted_us = sqlite3_column_int64(row, 7),
			.delivered_us = sqlite3_column_int64(row, 8),
			.active_us = sqlite3_column_int64(row, 9),
		};

		store_text(row, 3, delivery.name, sizeof(delivery.name));
		r = fn(data, &delivery);
	}
	return r;
}
