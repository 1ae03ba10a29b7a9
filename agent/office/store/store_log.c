// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Mirrored logs: the head, entries and tiles.
 *
 * Entries of a bundle that is not full yet are rows of their own, so that one more entry costs one
 * row; a full bundle takes their place. Nothing else is ever removed.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/office/store/store_sql.h"
#include "agent/office/store/store_log.h"

int store_head_get(struct store *store, int64_t terminal, struct store_head *head)
{
	sqlite3_stmt *statement;
	int r = store_bind(store, SQL_HEAD_GET, &statement, "i", terminal);

	*head = (struct store_head){ 0 };
	if (r == 0)
		r = store_step(store, statement);
	if (r <= 0)
		return r;
	head->pending_size = store_u64(statement, 0);
	store_blob(statement, 1, head->pending_root, sizeof(head->pending_root));
	head->next = store_u64(statement, 2);
	head->size = store_u64(statement, 3);
	store_blob(statement, 4, head->root, sizeof(head->root));
	head->receipt_us = sqlite3_column_int64(statement, 5);
	sqlite3_reset(statement);
	return 0;
}

int store_head_pending(struct store *store, int64_t terminal, uint64_t old, uint64_t size,
		       const uint8_t root[static STORE_HASH_SIZE], const void *note, size_t length)
{
	int r = store_run(store, SQL_HEAD_PENDING, "iibbi", terminal, (int64_t)size, root,
			  (size_t)STORE_HASH_SIZE, note, length, (int64_t)old);

	if (r == 0 && old == 0)
		r = store_run(store, SQL_HEAD_NEW, "iibb", terminal, (int64_t)size, root,
			      (size_t)STORE_HASH_SIZE, note, length);
	/* The row is there and has another size. */
	if (r == 0 || r == -EEXIST)
		return -ESTALE;
	return r < 0 ? r : 0;
}

int store_head_receipt(struct store *store, int64_t terminal, uint64_t size, int64_t receipt_us,
		       const void *note, size_t length)
{
	int r = store_run(store, SQL_HEAD_RECEIPT, "iiib", terminal, (int64_t)size, receipt_us,
			  note, length);

	return r < 0 ? r : r == 0 ? -ESTALE : 0;
}

int store_head_note(struct store *store, int64_t terminal, bool pending, char **note,
		    size_t *length)
{
	sqlite3_stmt *statement;
	int r = store_bind(store, pending ? SQL_HEAD_PENDING_NOTE : SQL_HEAD_NOTE, &statement, "i",
			   terminal);

	*note = NULL;
	if (r == 0)
		r = store_step(store, statement);
	if (r <= 0)
		return r == 0 ? -ENOENT : r;
	if (sqlite3_column_type(statement, 0) == SQLITE_NULL)
		r = -ENOENT;
	else
		r = store_copy(statement, 0, note, length);
	sqlite3_reset(statement);
	return r;
}

/* The log's next entry, which must be one of @first to @last, becomes @next. */
static int advance(struct store *store, int64_t terminal, uint64_t first, uint64_t last,
		   uint64_t next)
{
	int r = store_run(store, SQL_HEAD_NEXT, "iiii", terminal, (int64_t)first, (int64_t)last,
			  (int64_t)next);

	return r < 0 ? r : r == 0 ? -ESTALE : 0;
}

int store_entry_add(struct store *store, int64_t terminal, uint64_t seq, const void *line,
		    size_t length)
{
	int r = advance(store, terminal, seq, seq, seq + 1);

	if (r == 0)
		r = store_run(store, SQL_ENTRY_ADD, "iib", terminal, (int64_t)seq, line, length);
	return r < 0 ? r : 0;
}

int store_bundle_add(struct store *store, int64_t terminal, uint64_t n, const void *data,
		     size_t length)
{
	uint64_t first = n * STORE_BUNDLE_WIDTH, last = first + STORE_BUNDLE_WIDTH - 1;
	int r = advance(store, terminal, first, last, last + 1);

	if (r == 0)
		r = store_run(store, SQL_ENTRY_DROP, "iii", terminal, (int64_t)first,
			      (int64_t)last);
	if (r >= 0)
		r = store_run(store, SQL_BUNDLE_ADD, "iib", terminal, (int64_t)n, data, length);
	return r < 0 ? r : 0;
}

struct bundle {
	uint8_t *data;
	size_t length;
	uint32_t width;
};

static int bundle_append(struct bundle *bundle, const uint8_t *line, size_t length)
{
	uint8_t *data = realloc(bundle->data, bundle->length + length + 2);

	if (!data)
		return -ENOMEM;
	bundle->data = data;
	data += bundle->length;
	data[0] = (uint8_t)(length >> 8);
	data[1] = (uint8_t)length;
	if (length > 0)
		memcpy(data + 2, line, length);
	bundle->length += length + 2;
	bundle->width++;
	return 0;
}

static int gather(struct store *store, int64_t terminal, uint64_t n, struct bundle *bundle)
{
	uint64_t first = n * STORE_BUNDLE_WIDTH;
	sqlite3_stmt *statement;
	int r = store_bind(store, SQL_ENTRY_EACH, &statement, "iii", terminal, (int64_t)first,
			   (int64_t)(first + STORE_BUNDLE_WIDTH - 1));

	while (store_more(store, statement, &r)) {
		r = store_u64(statement, 0) == first + bundle->width ? 0 : -EBADMSG;
		if (r == 0)
			r = bundle_append(bundle, sqlite3_column_blob(statement, 1),
					  (size_t)sqlite3_column_bytes(statement, 1));
	}
	return r;
}

int store_bundle_get(struct store *store, int64_t terminal, uint64_t n, uint8_t **data,
		     size_t *length, uint32_t *width)
{
	struct bundle bundle = { 0 };
	sqlite3_stmt *statement;
	int r = store_bind(store, SQL_BUNDLE_GET, &statement, "ii", terminal, (int64_t)n);

	if (r == 0)
		r = store_step(store, statement);
	if (r == 1) {
		r = store_copy(statement, 0, data, length);
		sqlite3_reset(statement);
		*width = STORE_BUNDLE_WIDTH;
		return r;
	}
	if (r == 0)
		r = gather(store, terminal, n, &bundle);
	if (r < 0) {
		free(bundle.data);
		bundle = (struct bundle){ 0 };
	}
	*data = bundle.data;
	*length = bundle.length;
	*width = bundle.width;
	return r;
}

int store_tile_put(struct store *store, int64_t terminal, uint32_t level, uint64_t n,
		   const void *hashes)
{
	int r = store_run(store, SQL_TILE_PUT, "iiib", terminal, (int64_t)level, (int64_t)n, hashes,
			  (size_t)STORE_BUNDLE_WIDTH * STORE_HASH_SIZE);

	return r < 0 ? r : 0;
}

int store_tile_get(struct store *store, int64_t terminal, uint32_t level, uint64_t n, void *hashes)
{
	sqlite3_stmt *statement;
	int r = store_bind(store, SQL_TILE_GET, &statement, "iii", terminal, (int64_t)level,
			   (int64_t)n);

	if (r == 0)
		r = store_step(store, statement);
	if (r <= 0)
		return r == 0 ? -ENOENT : r;
	store_blob(statement, 0, hashes, (size_t)STORE_BUNDLE_WIDTH * STORE_HASH_SIZE);
	sqlite3_reset(statement);
	return 0;
}
