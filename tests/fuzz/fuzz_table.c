// SPDX-License-Identifier: GPL-2.0-or-later
/* Signed tables: each row is found by its keys, keys differ, and printing changes nothing. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "policy/lang/document.h"
#include "policy/table/table.h"
#include "policy/table/table_print.h"

static struct table *parse(const char *text, size_t length)
{
	struct diag_list diags = DIAG_LIST_INIT;
	struct table *table = NULL;
	int result = table_parse(text, length, &diags, &table);

	fuzz_diags_hold(&diags, text, document_text_length(text, length), result);
	MUST((result == 0) == (table != NULL));
	diag_list_free(&diags);
	return table;
}

static void text_holds(const char *text, size_t least, size_t most)
{
	if (!text)
		MUST(least == 0);
	else
		MUST(text[0] && strlen(text) <= most && fuzz_shown(text));
}

static void media_holds(const struct table *table, const struct table_media *row)
{
	struct table_media again;

	text_holds(row->serial, 0, USB_STRING_SIZE - 1);
	text_holds(row->level, 1, 64);
	text_holds(row->unit, 0, 128);
	text_holds(row->custodian, 0, 128);
	MUST(row->status < TABLE_STATUS_COUNT && row->until > 0);
	MUST(table_media_find_id(table, row->id, &again) && again.line == row->line);
	if (row->serial)
		MUST(table_media_find(table, row->vendor, row->product, row->serial, &again) &&
		     again.line == row->line);
}

static void terminal_holds(const struct table *table, const struct table_terminal *row)
{
	const char *path = row->bus_paths;
	struct table_terminal again;

	text_holds(row->number, 1, 64);
	text_holds(row->level, 1, 64);
	text_holds(row->custodian, 0, 128);
	text_holds(row->room, 0, 128);
	text_holds(row->disk_serial, 0, 128);
	text_holds(row->log_key, 0, 256);
	text_holds(row->age_recipient, 0, 512);
	MUST(row->status < TABLE_STATUS_COUNT);
	MUST(row->mac_count <= TABLE_LIST_MAX && row->address_count <= TABLE_LIST_MAX);
	MUST(!row->mac_count || !row->bus_path_count || row->mac_count == row->bus_path_count);
	for (uint32_t i = 0; i < row->mac_count; i++)
		MUST(!(row->macs[i][0] & 1));
	for (uint32_t i = 0; i < row->bus_path_count; i++, path = table_text_next(path))
		text_holds(path, 1, 128);
	for (uint32_t i = 0; i < row->address_count; i++)
		MUST(row->addresses[i].bits == (row->addresses[i].family == 4 ? 32 : 128));
	MUST(table_terminal_find(table, row->number, &again) && again.line == row->line);
}

static void table_holds(const struct table *table)
{
	struct table_terminal terminal;
	struct table_media media;
	size_t i;

	MUST(table_number(table) > 0);
	for (i = 0; table_media_row(table, i, &media); i++)
		media_holds(table, &media);
	MUST(table_kind(table) != TABLE_KIND_MEDIA || i == table_row_count(table));
	for (i = 0; table_terminal_row(table, i, &terminal); i++)
		terminal_holds(table, &terminal);
	MUST(table_kind(table) != TABLE_KIND_TERMINALS || i == table_row_count(table));
	MUST(table_only_withdraws(table, table));
}

/* The same rows, so that neither adds to the other; the same normal form. */
static void print_holds(const struct table *table, const char *text, size_t length)
{
	char *once = NULL, *twice = NULL;
	size_t printed = 0, again = 0;
	struct table *other = NULL;

	MUST(table_print(text, length, NULL, &once, &printed) == 0);
	/* Blanks between cells grow: a row near its limit may pass it. */
	if (table_parse(once, printed, NULL, &other) == 0) {
		MUST(table_number(other) == table_number(table));
		MUST(table_row_count(other) == table_row_count(table));
		MUST(table_only_withdraws(table, other) && table_only_withdraws(other, table));
		MUST(table_print(once, printed, NULL, &twice, &again) == 0);
		MUST(again == printed && memcmp(once, twice, printed) == 0);
	} else {
		MUST(length > TABLE_ROW_MAX / 2);
	}
	table_free(other);
	free(once);
	free(twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	enum table_kind kind = table_kind_of(text, size);
	struct table *table = parse(text, size);

	if (!table)
		return 0;
	MUST(kind == table_kind(table));
	table_holds(table);
	print_holds(table, text, size);
	table_free(table);
	return 0;
}
