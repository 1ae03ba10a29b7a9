// SPDX-License-Identifier: GPL-2.0-or-later
/* What a table says, once it is read. Nothing here allocates. */
#include "policy/table/table.h"

#include <stdlib.h>
#include <string.h>

#include "policy/table/table_model.h"

#define DAY 86400

void table_free(struct table *table)
{
	if (!table)
		return;
	for (unsigned int i = 0; i < TABLE_INDEX_MAX; i++)
		free(table->indexes[i].slots);
	free(table->cells);
	free(table->pool);
	sodium_memzero(table->key, sizeof(table->key));
	free(table);
}

enum table_kind table_kind(const struct table *table)
{
	return table->kind;
}

const char *table_kind_name(enum table_kind kind)
{
	static const char *const names[TABLE_KIND_COUNT] = {
		[TABLE_KIND_MEDIA] = "media",
		[TABLE_KIND_TERMINALS] = "terminals",
	};

	return kind < TABLE_KIND_COUNT ? names[kind] : "unknown";
}

const char *table_name(const struct table *table)
{
	return table_kind_name(table->kind);
}

uint64_t table_number(const struct table *table)
{
	return table->number;
}

const uint8_t *table_digest(const struct table *table)
{
	return table->digest;
}

size_t table_row_count(const struct table *table)
{
	return table->row_count;
}

size_t table_memory(const struct table *table)
{
	size_t bytes =
		sizeof(*table) + table->cells_room * sizeof(*table->cells) + table->pool_size;

	for (unsigned int i = 0; i < TABLE_INDEX_MAX; i++)
		bytes += table->indexes[i].slot_count * sizeof(*table->indexes[i].slots);
	return bytes;
}

uint32_t table_cell(const struct table *table, uint32_t row, unsigned int column, uint32_t absent)
{
	uint8_t place = table->place_of[column];

	if (place == TABLE_NO_COLUMN)
		return absent;
	return table->cells[row * table_stride(table) + 1 + place];
}

static const uint8_t *pool_of(const struct table *table, uint32_t row, unsigned int column)
{
	uint32_t place = table_cell(table, row, column, 0);

	return place ? table->pool + place : NULL;
}

const char *table_cell_text(const struct table *table, uint32_t row, unsigned int column)
{
	return (const char *)pool_of(table, row, column);
}

static const void *list_of(const struct table *table, uint32_t row, unsigned int column,
			   uint32_t *count)
{
	const uint8_t *list = pool_of(table, row, column);

	*count = list ? list[0] : 0;
	return list ? list + 1 : NULL;
}

static int64_t until_of(uint32_t cell)
{
	return cell ? (int64_t)cell * DAY - 1 : INT64_MAX;
}

static void fill_media(const struct table *table, uint32_t i, struct table_media *row)
{
	uint32_t id = table_cell(table, i, MEDIA_COLUMN_USB_ID, 0);

	*row = (struct table_media){
		.id = pool_of(table, i, MEDIA_COLUMN_ID),
		.vendor = (uint16_t)(id >> 16),
		.product = (uint16_t)id,
		.line = table_line(table, i),
		.serial = table_cell_text(table, i, MEDIA_COLUMN_SERIAL),
		.level = table_cell_text(table, i, MEDIA_COLUMN_LEVEL),
		.unit = table_cell_text(table, i, MEDIA_COLUMN_UNIT),
		.custodian = table_cell_text(table, i, MEDIA_COLUMN_CUSTODIAN),
		.until = until_of(table_cell(table, i, MEDIA_COLUMN_UNTIL, 0)),
		.status = (enum table_status)table_cell(table, i, MEDIA_COLUMN_STATUS,
							TABLE_STATUS_ACTIVE),
	};
}

static void fill_terminal(const struct table *table, uint32_t i, struct table_terminal *row)
{
	*row = (struct table_terminal){
		.number = table_cell_text(table, i, TERMINAL_COLUMN_NUMBER),
		.level = table_cell_text(table, i, TERMINAL_COLUMN_LEVEL),
		.custodian = table_cell_text(table, i, TERMINAL_COLUMN_CUSTODIAN),
		.room = table_cell_text(table, i, TERMINAL_COLUMN_ROOM),
		.disk_serial = table_cell_text(table, i, TERMINAL_COLUMN_DISK_SERIAL),
		.log_key = table_cell_text(table, i, TERMINAL_COLUMN_LOG_KEY),
		.age_recipient = table_cell_text(table, i, TERMINAL_COLUMN_AGE_RECIPIENT),
		.line = table_line(table, i),
		.status = (enum table_status)table_cell(table, i, TERMINAL_COLUMN_STATUS,
							TABLE_STATUS_ACTIVE),
	};
	row->macs = list_of(table, i, TERMINAL_COLUMN_MAC, &row->mac_count);
	row->bus_paths = list_of(table, i, TERMINAL_COLUMN_BUS_PATH, &row->bus_path_count);
	row->addresses = list_of(table, i, TERMINAL_COLUMN_ADDRESSES, &row->address_count);
}

/* Addresses lie in the pool as they are, wherever that is. */
_Static_assert(_Alignof(struct address_prefix) == 1, "may stand at any place");

static bool find(const struct table *table, enum table_kind kind, unsigned int which,
		 const struct table_key *key, uint32_t *row)
{
	const uint32_t *slot;

	if (table->kind != kind || key->length > LEX_STRING_MAX)
		return false;
	slot = table_index_find(table, which, key);
	if (!slot || !*slot)
		return false;
	*row = *slot - 1;
	return true;
}

bool table_media_find(const struct table *table, uint16_t vendor, uint16_t product,
		      const char *serial, struct table_media *row)
{
	const struct table_key key = {
		.bytes = serial,
		.length = strlen(serial),
		.number = (uint32_t)vendor << 16 | product,
	};
	uint32_t i;

	if (!serial[0] || !find(table, TABLE_KIND_MEDIA, TABLE_INDEX_DEVICE, &key, &i))
		return false;
	fill_media(table, i, row);
	return true;
}

bool table_media_find_id(const struct table *table, const uint8_t id[static TABLE_MEDIA_ID],
			 struct table_media *row)
{
	const struct table_key key = { .bytes = id, .length = TABLE_MEDIA_ID };
	uint32_t i;

	if (!find(table, TABLE_KIND_MEDIA, TABLE_INDEX_MAIN, &key, &i))
		return false;
	fill_media(table, i, row);
	return true;
}

bool table_media_row(const struct table *table, size_t i, struct table_media *row)
{
	if (table->kind != TABLE_KIND_MEDIA || i >= table->row_count)
		return false;
	fill_media(table, (uint32_t)i, row);
	return true;
}

bool table_terminal_find(const struct table *table, const char *number, struct table_terminal *row)
{
	const struct table_key key = { .bytes = number, .length = strlen(number) };
	uint32_t i;

	if (!find(table, TABLE_KIND_TERMINALS, TABLE_INDEX_MAIN, &key, &i))
		return false;
	fill_terminal(table, i, row);
	return true;
}

bool table_terminal_row(const struct table *table, size_t i, struct table_terminal *row)
{
	if (table->kind != TABLE_KIND_TERMINALS || i >= table->row_count)
		return false;
	fill_terminal(table, (uint32_t)i, row);
	return true;
}

const char *table_text_next(const char *text)
{
	return text + strlen(text) + 1;
}
