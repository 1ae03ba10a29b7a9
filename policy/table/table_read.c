// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rows, one after the other, in one pass over the text. A row with errors is left out and reported;
 * the reader goes on at the next line, so that one run reports all errors of a table.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/lang/document.h"
#include "policy/table/table_cell.h"

struct key_at {
	struct span at;
	const char *what;
};

static int append_row(struct table *table, uint32_t line)
{
	size_t stride = table_stride(table), need = (table->row_count + 1) * stride;
	size_t room = table->cells_room;
	uint32_t *cells;

	if (need > room) {
		room = need + room / 2;
		cells = reallocarray(table->cells, room, sizeof(*cells));
		if (!cells)
			return -ENOMEM;
		table->cells = cells;
		table->cells_room = room;
	}
	memset(table->cells + table->row_count * stride, 0, stride * sizeof(*cells));
	table->cells[table->row_count * stride] = line;
	return 0;
}

static bool add_key(struct cell_reader *reader, unsigned int which, const struct key_at *key_at)
{
	struct table *table = reader->table;
	struct table_key key;
	uint32_t *slot;

	if (!table_key_of(table, which, table->row_count, &key))
		return true;
	if (table_index_reserve(table, which)) {
		reader->no_memory = true;
		return false;
	}
	slot = table_index_find(table, which, &key);
	if (*slot) {
		diag_error(reader->lexer->diags, key_at->at, "keep one of the two rows",
			   "this %s stands in line %u already", key_at->what,
			   table_line(table, *slot - 1));
		return false;
	}
	return true;
}

static void set_key(struct table *table, unsigned int which)
{
	struct table_key key;

	if (!table_key_of(table, which, table->row_count, &key))
		return;
	*table_index_find(table, which, &key) = table->row_count + 1;
	table->indexes[which].used++;
}

/* Both keys or none: a row that is left out must not be found by the other. */
static bool add_keys(struct cell_reader *reader, const struct key_at keys[static TABLE_INDEX_MAX])
{
	for (unsigned int i = 0; i < TABLE_INDEX_MAX; i++)
		if (!add_key(reader, i, &keys[i]))
			return false;
	for (unsigned int i = 0; i < TABLE_INDEX_MAX; i++)
		set_key(reader->table, i);
	return true;
}

static void skip_row(struct cell_reader *reader)
{
	while (reader->now.kind != TOKEN_NEWLINE && reader->now.kind != TOKEN_END)
		reader->now = lex_next(reader->lexer);
}

/* Where a duplicate would be pointed at. */
static void note_key(const struct table *table, uint8_t column, struct span at,
		     struct key_at keys[static TABLE_INDEX_MAX])
{
	if (table->kind == TABLE_KIND_TERMINALS) {
		if (column == TERMINAL_COLUMN_NUMBER)
			keys[TABLE_INDEX_MAIN] = (struct key_at){ at, "number" };
	} else if (column == MEDIA_COLUMN_ID) {
		keys[TABLE_INDEX_MAIN] = (struct key_at){ at, "media-id" };
	} else if (column == MEDIA_COLUMN_SERIAL) {
		keys[TABLE_INDEX_DEVICE] = (struct key_at){ at, "usb-id with this serial" };
	}
}

static bool read_cells(struct cell_reader *reader, struct key_at keys[static TABLE_INDEX_MAX])
{
	const struct table_column *columns = table_columns(reader->table->kind);
	struct table *table = reader->table;
	struct diag_list *diags = reader->lexer->diags;
	uint32_t cell;

	for (uint8_t place = 0; place < table->column_count; place++) {
		uint8_t column = table->column_at[place];

		if (cell_ends_row(&reader->now)) {
			diag_error(diags, reader->now.at, "write '-' for a cell that is empty",
				   "the row ends before column '%s': it has %u of %u cells",
				   columns[column].name, place, table->column_count);
			return false;
		}
		note_key(table, column, reader->now.at, keys);
		if (!cell_read(reader, &columns[column], &cell))
			return false;
		table->cells[table->row_count * table_stride(table) + 1 + place] = cell;
	}
	if (cell_ends_row(&reader->now))
		return true;
	if (reader->now.kind != TOKEN_BAD)
		diag_error(diags, reader->now.at, "one row a line; texts stand between quotes",
			   "the row has more than the %u cells that the head declares",
			   table->column_count);
	return false;
}

/* A link's hardware address and its bus path belong together. */
static bool links_agree(const struct table *table, struct diag_list *diags, struct span at)
{
	uint32_t mac, path;

	if (table->kind != TABLE_KIND_TERMINALS)
		return true;
	mac = table_cell(table, table->row_count, TERMINAL_COLUMN_MAC, 0);
	path = table_cell(table, table->row_count, TERMINAL_COLUMN_BUS_PATH, 0);
	if (!mac || !path || table->pool[mac] == table->pool[path])
		return true;
	diag_error(diags, at, "give each link both, in the same order",
		   "%u hardware addresses, and %u bus paths", table->pool[mac], table->pool[path]);
	return false;
}

static int read_row(struct cell_reader *reader)
{
	struct key_at keys[TABLE_INDEX_MAX] = { 0 };
	struct table *table = reader->table;
	struct span at = reader->now.at;

	if (append_row(table, at.line))
		return -ENOMEM;
	if (read_cells(reader, keys) && links_agree(table, reader->lexer->diags, at) &&
	    add_keys(reader, keys))
		table->row_count++;
	skip_row(reader);
	return reader->no_memory ? -ENOMEM : 0;
}

/* A line that is too long is passed unread. */
static bool row_too_long(struct cell_reader *reader)
{
	struct lexer *lexer = reader->lexer;
	const char *start = lexer->text + reader->now.at.offset;
	size_t left = lexer->length - reader->now.at.offset;
	const char *newline = memchr(start, '\n', left < TABLE_ROW_MAX ? left : TABLE_ROW_MAX);

	if (newline || left < TABLE_ROW_MAX)
		return false;
	diag_error(lexer->diags, reader->now.at, NULL, "the row has more than %u bytes",
		   TABLE_ROW_MAX);
	newline = memchr(start, '\n', left);
	lexer->offset = newline ? (size_t)(newline - lexer->text) : lexer->length;
	return true;
}

static int read_rows(struct cell_reader *reader)
{
	struct table *table = reader->table;
	int ret = 0;

	while (!ret && (reader->now = lex_next(reader->lexer)).kind != TOKEN_END) {
		if (cell_ends_row(&reader->now) || row_too_long(reader))
			continue;
		if (table->row_count == TABLE_ROWS_MAX) {
			diag_error(reader->lexer->diags, reader->now.at, NULL,
				   "a table has at most %u rows", TABLE_ROWS_MAX);
			break;
		}
		ret = read_row(reader);
	}
	return ret;
}

/* What grew by halves and doubles is cut to what it holds. */
static void trim(struct table *table)
{
	size_t cells = table->row_count * table_stride(table);
	void *smaller;

	smaller = cells ? reallocarray(table->cells, cells, sizeof(*table->cells)) : NULL;
	if (smaller) {
		table->cells = smaller;
		table->cells_room = cells;
	}
	smaller = realloc(table->pool, table->pool_used);
	if (smaller) {
		table->pool = smaller;
		table->pool_size = table->pool_used;
	}
}

static int read_table(struct table *table, const char *text, size_t length, struct diag_list *diags)
{
	size_t head = table_head_length(text, length);
	struct cell_reader reader = { .table = table };
	struct lexer lexer;
	int ret;

	ret = table_head_read(table, text, head, diags);
	if (ret)
		return ret;
	lex_init(&lexer, text, length, diags);
	lexer.offset = head;
	for (size_t i = 0; i < head; i++)
		lexer.line += text[i] == '\n';
	reader.lexer = &lexer;
	pool_add(&reader, "", 1);
	ret = reader.no_memory ? -ENOMEM : read_rows(&reader);
	free(reader.shared.slots);
	trim(table);
	return ret;
}

int table_parse(const char *text, size_t length, struct diag_list *diags, struct table **table)
{
	struct diag_list own = DIAG_LIST_INIT;
	struct diag_list *list = diags ? diags : &own;
	static const struct span top = { .line = 1, .column = 1 };
	size_t errors = list->errors;
	struct table *new;
	int ret = 0;

	*table = NULL;
	new = calloc(1, sizeof(*new));
	if (!new)
		return -ENOMEM;
	crypto_shorthash_keygen(new->key);
	length = document_text_length(text, length);
	crypto_hash_sha256(new->digest, (const uint8_t *)text, length);
	if (length > TABLE_TEXT_MAX)
		diag_error(list, top, NULL, "the table has more than %u MiB",
			   TABLE_TEXT_MAX / (1024 * 1024));
	else
		ret = read_table(new, text, length, list);
	if (!ret && list->errors > errors)
		ret = -EINVAL;
	if (ret)
		table_free(new);
	else
		*table = new;
	diag_list_free(&own);
	return ret;
}
