/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a table lies in memory. Shared by the files of this folder; everyone else wants table.h.
 *
 * A row is one number a column, after the number of its line. What does not fit into a number stands
 * in the pool, and the cell is its place there:
 *
 *	COLUMN_USB_ID            vendor << 16 | product
 *	COLUMN_DATE              days since 1970, plus one
 *	COLUMN_STATUS            enum table_status
 *	COLUMN_MEDIA_ID          place of its bytes
 *	texts, levels            place of the text, ended by NUL
 *	columns with COLUMN_LIST place of one byte, the count, and then the elements
 *
 * 0 is an empty cell, save for the first three, of which only a date can be empty.
 */
#ifndef AIRGAP_POLICY_TABLE_MODEL_H
#define AIRGAP_POLICY_TABLE_MODEL_H

#include <sodium.h>

#include "policy/lang/lex.h"
#include "policy/table/table.h"
#include "policy/table/table_column.h"

#define TABLE_INDEX_MAX 2
/* media-id, or number */
#define TABLE_INDEX_MAIN 0
/* usb-id and serial */
#define TABLE_INDEX_DEVICE 1

#define TABLE_NO_COLUMN 0xff

/* Open addressing; a slot is the place of a row, or of a text in the pool, plus one. */
struct table_index {
	uint32_t *slots;
	uint32_t slot_count; /* a power of two, or 0 */
	uint32_t used;
};

struct table {
	enum table_kind kind;
	uint64_t number;
	uint8_t digest[TABLE_DIGEST_SIZE];
	uint8_t key[crypto_shorthash_KEYBYTES];
	uint8_t column_count;
	uint8_t column_at[TABLE_COLUMNS_MAX]; /* by place in a row: which column */
	uint8_t place_of[TABLE_COLUMNS_MAX];  /* by column: its place, or TABLE_NO_COLUMN */
	uint32_t *cells;
	size_t cells_room;
	uint32_t row_count;
	uint8_t *pool; /* begins with one byte that nothing refers to */
	size_t pool_used;
	size_t pool_size;
	struct table_index indexes[TABLE_INDEX_MAX];
};

/* A key on its way into an index: bytes in one or two pieces. */
struct table_key {
	const void *bytes;
	size_t length;
	uint32_t number; /* ids of a device; 0 for other keys */
};

/* table_index.c */
uint64_t table_hash(const struct table *table, const struct table_key *key);
/** table_index_find - the slot of a key, or the free one where it belongs; NULL in an empty index */
uint32_t *table_index_find(const struct table *table, unsigned int which,
			   const struct table_key *key);
/** table_index_reserve - room for one more; 0 or -ENOMEM */
int table_index_reserve(struct table *table, unsigned int which);
/** table_key_of - a row's key in an index; false when it has none there */
bool table_key_of(const struct table *table, unsigned int which, uint32_t row,
		  struct table_key *key);

/* table.c */
static inline size_t table_stride(const struct table *table)
{
	return 1u + table->column_count;
}

static inline uint32_t table_line(const struct table *table, uint32_t row)
{
	return table->cells[row * table_stride(table)];
}

/** table_cell - the number in a cell; @absent when the table has no such column */
uint32_t table_cell(const struct table *table, uint32_t row, unsigned int column, uint32_t absent);
/** table_cell_text - NULL when empty or absent */
const char *table_cell_text(const struct table *table, uint32_t row, unsigned int column);

/* table_head.c */
/** table_head_length - bytes of the text up to the end of the line that closes the head */
size_t table_head_length(const char *text, size_t length);
/** table_head_read - kind, number and columns; 0, -EINVAL with findings, or -ENOMEM */
int table_head_read(struct table *table, const char *text, size_t length, struct diag_list *diags);

/* A table that is being read. */
struct cell_reader {
	struct lexer *lexer;
	struct token now; /* the first token that is not yet used */
	struct table *table;
	struct table_index shared; /* texts in the pool that many rows have */
	bool no_memory;
};

/* table_pool.c: each returns the place, or 0 when memory is short */
uint32_t pool_add(struct cell_reader *reader, const void *bytes, size_t length);
uint32_t pool_add_text(struct cell_reader *reader, const char *text);
/** pool_add_shared - a text that may be there already */
uint32_t pool_add_shared(struct cell_reader *reader, const char *text);

#endif
