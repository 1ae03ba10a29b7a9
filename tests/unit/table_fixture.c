// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/table_fixture.h"

#include <check.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct table *table_of(const char *name, const char *columns, const char *rows)
{
	struct diag_list diags = DIAG_LIST_INIT;
	struct table *table = NULL;
	char *text = NULL, first[512];
	int ret;

	ck_assert_int_ge(sodium_init(), 0);
	ck_assert_int_gt(asprintf(&text,
				  "airgap-table 1\ntable {\nname %s\nnumber 1\ncolumns [ %s ]\n}\n"
				  "%s",
				  name, columns, rows),
			 0);
	ret = table_parse(text, strlen(text), &diags, &table);
	diag_format_first(&diags, "table", first, sizeof(first));
	diag_list_free(&diags);
	ck_assert_msg(ret == 0, "%s", first);
	free(text);
	return table;
}

struct table *media_of(const char *rows)
{
	return table_of("media", TABLE_MEDIA_COLUMNS, rows);
}

struct table *terminals_of(const char *rows)
{
	return table_of("terminals", TABLE_TERMINAL_COLUMNS, rows);
}

const char *table_error_of(const char *text, size_t length)
{
	static char first[1024];
	struct diag_list diags = DIAG_LIST_INIT;
	struct table *table = NULL;
	int ret = table_parse(text, length, &diags, &table);

	diag_format_first(&diags, "", first, sizeof(first));
	ck_assert_int_eq(ret == 0, diags.errors == 0);
	ck_assert_int_eq(ret == 0, table != NULL);
	table_free(table);
	diag_list_free(&diags);
	return first;
}
