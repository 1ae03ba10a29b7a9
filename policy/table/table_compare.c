// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether a new edition grants anything that the one before did not. */
#include <string.h>

#include "policy/table/table_model.h"

static bool same_bytes(const struct table *old, uint32_t a, const struct table *new, uint32_t b,
		       size_t length)
{
	return memcmp(old->pool + a, new->pool + b, length) == 0;
}

static size_t element_length(enum column_type type, const uint8_t *element)
{
	if (type == COLUMN_MAC)
		return TABLE_MAC;
	if (type == COLUMN_ADDRESS)
		return sizeof(struct address_prefix);
	return strlen((const char *)element) + 1;
}

static size_t list_length(const struct table_column *column, const uint8_t *list)
{
	size_t length = 1;

	for (uint8_t i = 0; i < list[0]; i++)
		length += element_length(column->type, list + length);
	return length;
}

static bool same_cell(const struct table_column *column, const struct table *old, uint32_t a,
		      const struct table *new, uint32_t b)
{
	size_t length;

	if (column->type == COLUMN_USB_ID || column->type == COLUMN_DATE ||
	    column->type == COLUMN_STATUS)
		return a == b;
	if (!a || !b)
		return a == b;
	if (column->type == COLUMN_MEDIA_ID)
		return same_bytes(old, a, new, b, TABLE_MEDIA_ID);
	if (!(column->flags & COLUMN_LIST))
		return strcmp((const char *)old->pool + a, (const char *)new->pool + b) == 0;
	length = list_length(column, old->pool + a);
	return length == list_length(column, new->pool + b) && same_bytes(old, a, new, b, length);
}

/* The two cells that may change, and then only in one direction. */
static bool cell_narrows(const struct table_column *column, uint32_t old, uint32_t new)
{
	if (column->type == COLUMN_STATUS)
		return new != TABLE_STATUS_ACTIVE;
	return column->type == COLUMN_DATE && new != 0 && (old == 0 || new < old);
}

static bool row_withdraws(const struct table *old, uint32_t a, const struct table *new, uint32_t b)
{
	const struct table_column *columns = table_columns(new->kind);

	for (uint8_t place = 0; place < new->column_count; place++) {
		uint8_t column = new->column_at[place];
		uint32_t before = table_cell(old, a, column, 0);
		uint32_t after = table_cell(new, b, column, 0);

		if (!same_cell(&columns[column], old, before, new, after) &&
		    !cell_narrows(&columns[column], before, after))
			return false;
	}
	return true;
}

static bool same_columns(const struct table *old, const struct table *new)
{
	for (size_t i = 0; i < TABLE_COLUMNS_MAX; i++)
		if ((old->place_of[i] == TABLE_NO_COLUMN) != (new->place_of[i] == TABLE_NO_COLUMN))
			return false;
	return old->kind == new->kind;
}

bool table_only_withdraws(const struct table *old, const struct table *new)
{
	const uint32_t *slot;
	struct table_key key;

	if (!same_columns(old, new))
		return false;
	for (uint32_t i = 0; i < new->row_count; i++) {
		if (!table_key_of(new, TABLE_INDEX_MAIN, i, &key))
			return false;
		slot = table_index_find(old, TABLE_INDEX_MAIN, &key);
		if (!slot || !*slot || !row_withdraws(old, *slot - 1, new, i))
			return false;
	}
	return true;
}
