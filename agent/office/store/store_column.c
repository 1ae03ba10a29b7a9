// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading the columns of a row; and the settings, which are little more. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/office/store/store_sql.h"

const char *store_string(sqlite3_stmt *statement, int column)
{
	const unsigned char *text = sqlite3_column_text(statement, column);

	return text ? (const char *)text : "";
}

void store_text(sqlite3_stmt *statement, int column, char *out, size_t size)
{
	snprintf(out, size, "%s", store_string(statement, column));
}

void store_blob(sqlite3_stmt *statement, int column, uint8_t *out, size_t size)
{
	const void *data = sqlite3_column_blob(statement, column);

	if (data && (size_t)sqlite3_column_bytes(statement, column) == size)
		memcpy(out, data, size);
	else
		memset(out, 0, size);
}

int store_copy(sqlite3_stmt *statement, int column, void *out, size_t *length)
{
	const void *data = sqlite3_column_blob(statement, column);
	char **copy = out;

	*length = (size_t)sqlite3_column_bytes(statement, column);
	*copy = malloc(*length + 1);
	if (!*copy)
		return -ENOMEM;
	if (data)
		memcpy(*copy, data, *length);
	(*copy)[*length] = 0;
	return 0;
}

uint32_t store_u32(sqlite3_stmt *statement, int column)
{
	return (uint32_t)sqlite3_column_int64(statement, column);
}

uint64_t store_u64(sqlite3_stmt *statement, int column)
{
	return (uint64_t)sqlite3_column_int64(statement, column);
}

int store_setting_get(struct store *store, const char *name, char **value)
{
	sqlite3_stmt *statement;
	size_t length;
	int r = store_bind(store, SQL_SETTING_GET, &statement, "t", name);

	*value = NULL;
	if (r == 0)
		r = store_step(store, statement);
	if (r <= 0)
		return r == 0 ? -ENOENT : r;
	r = store_copy(statement, 0, value, &length);
	sqlite3_reset(statement);
	return r;
}

int store_setting_put(struct store *store, const char *name, const char *value)
{
	int r = store_run(store, SQL_SETTING_PUT, "tt", name, value);

	return r < 0 ? r : 0;
}
