// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/ctl/ctl_table.h"

#include <errno.h>
#include <libsmartcols.h>
#include <stdlib.h>

#include "agent/lib/printable.h"

struct ctl_table {
	const struct ctl *ctl;
	struct libscols_table *table;
	struct libscols_line *line;
	size_t column;
	int error;
};

struct ctl_table *ctl_table_new(const struct ctl *ctl, const char *const *headings)
{
	struct ctl_table *table = calloc(1, sizeof(*table));

	if (!table)
		return NULL;
	table->ctl = ctl;
	table->table = scols_new_table();
	for (; table->table && *headings; headings++)
		if (!scols_table_new_column(table->table, *headings, 0, 0))
			table->error = -ENOMEM;
	if (!table->table || table->error) {
		ctl_table_free(table);
		return NULL;
	}
	scols_table_enable_noheadings(table->table, ctl->no_legend);
	scols_table_enable_colors(table->table, ctl->colour);
	/* A pager moves sideways and a pipe has no width: nothing is cut off or broken. */
	scols_table_set_termforce(table->table, SCOLS_TERMFORCE_NEVER);
	return table;
}

void ctl_table_row(struct ctl_table *table)
{
	table->line = scols_table_new_line(table->table, NULL);
	table->column = 0;
	if (!table->line)
		table->error = -ENOMEM;
}

void ctl_table_cell(struct ctl_table *table, enum ctl_style style, const char *text)
{
	char *clean = printable_new(text);
	struct libscols_cell *cell;
	int r = clean && table->line ? 0 : -ENOMEM;

	if (r == 0)
		r = scols_line_refer_data(table->line, table->column, clean);
	if (r < 0)
		free(clean);
	if (r == 0 && style != CTL_PLAIN && table->ctl->colour) {
		cell = scols_line_get_cell(table->line, table->column);
		r = scols_cell_set_color(cell, ctl_on(table->ctl, style));
	}
	table->column++;
	if (r < 0)
		table->error = r;
}

int ctl_table_print(struct ctl_table *table)
{
	return table->error ? table->error : scols_print_table(table->table);
}

void ctl_table_free(struct ctl_table *table)
{
	if (!table)
		return;
	scols_unref_table(table->table);
	free(table);
}
