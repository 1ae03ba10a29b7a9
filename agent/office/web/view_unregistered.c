// SPDX-License-Identifier: GPL-2.0-or-later
/* Terminals that the newest signed table of terminals names, and that never registered here. */
#include <stdlib.h>
#include <string.h>

#include "agent/office/web/web.h"
#include "agent/office/store/store_terminal.h"
#include "agent/office/store/store_document.h"
#include "policy/table/table.h"

#define SHOWN	 50
#define FRESH_US INT64_C(15000000) /* a table of 100,000 rows is not compared at each look */

/* The table as it was parsed last: it is large, and changes weekly. */
static struct {
	int64_t document;
	struct table *table;
	int64_t compared_us;
	size_t rows[SHOWN]; /* the first of those that never registered */
	size_t count;	    /* of all of them */
} known;

static int look(void *data, const struct store_document *document)
{
	struct store_document *newest = data;

	if (document->kind == STORE_DOCUMENT_TABLE &&
	    strcmp(document->name, table_kind_name(TABLE_KIND_TERMINALS)) == 0 &&
	    document->number > newest->number)
		*newest = *document;
	return 0;
}

static int parse(void *data, const struct store_document *document)
{
	(void)data;
	table_free(known.table);
	known.table = NULL;
	known.document = document->id;
	known.compared_us = 0;
	/* It was checked when it was published. */
	(void)!table_parse(document->data, document->length, NULL, &known.table);
	return 0;
}

static const struct table *find_table(struct page *page)
{
	struct store_document newest = { 0 };

	if (store_page_documents(page->store, 500, look, &newest) < 0)
		page->html.failed = true;
	if (newest.id && newest.id != known.document &&
	    store_page_document(page->store, newest.id, parse, NULL) < 0)
		page->html.failed = true;
	return newest.id == known.document ? known.table : NULL;
}

static void put_row(struct page *page, const struct table_terminal *row)
{
	html_put(&page->html,
		 "<tr><td data-label=\"%s\">%s</td><td data-label=\"%s\">%s</td>"
		 "<td data-label=\"%s\">%s</td><td data-label=\"%s\">%s</td></tr>",
		 _("Terminal"), row->number, _("Level"), page_level(page, row->level),
		 _("Custodian"), row->custodian ? row->custodian : "", _("Room"),
		 row->room ? row->room : "");
}

static void compare(struct page *page, const struct table *table)
{
	struct store_terminal terminal;
	struct table_terminal row;

	if (page->now_us - known.compared_us < FRESH_US && page->now_us >= known.compared_us)
		return;
	known.compared_us = page->now_us;
	known.count = 0;
	for (size_t i = 0; table_terminal_row(table, i, &row); i++) {
		if (row.status != TABLE_STATUS_ACTIVE ||
		    store_terminal_latest(page->store, row.number, &terminal) == 0)
			continue;
		if (known.count < SHOWN)
			known.rows[known.count] = i;
		known.count++;
	}
}

void view_unregistered(struct page *page)
{
	const struct table *table = find_table(page);
	struct table_terminal row;
	struct html *h = &page->html;

	if (!table)
		return;
	compare(page, table);
	if (known.count == 0)
		return;
	html_put(h,
		 "<section aria-labelledby=\"h-never\"><h2 id=\"h-never\">%s</h2>"
		 "<table class=\"list\"><thead><tr><th scope=\"col\">%s</th>"
		 "<th scope=\"col\">%s</th><th scope=\"col\">%s</th>"
		 "<th scope=\"col\">%s</th></tr></thead><tbody>",
		 _("In the table of terminals, and never registered"), _("Terminal"), _("Level"),
		 _("Custodian"), _("Room"));
	for (size_t i = 0; i < known.count && i < SHOWN; i++)
		if (table_terminal_row(table, known.rows[i], &row))
			put_row(page, &row);
	html_put(h, "</tbody></table>");
	if (known.count > SHOWN) {
		html_put(h, "<p>");
		html_say(h, _("%lu in all"), (unsigned long)known.count);
		html_put(h, "</p>");
	}
	html_put(h, "</section>");
}
