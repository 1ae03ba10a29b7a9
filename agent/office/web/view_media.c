// SPDX-License-Identifier: GPL-2.0-or-later
/* Registered media: where each was used last, and all uses of one. */
#include <sodium.h>
#include <stdio.h>

#include "agent/office/web/view_transfer.h"
#include "agent/office/web/web.h"

#define SHOWN 100

struct rows {
	struct page *page;
	bool all; /* of one medium: no column for it */
	unsigned int count;
	int64_t last;
};

static int put_use(void *data, const struct store_medium_use *use)
{
	struct rows *rows = data;
	struct page *page = rows->page;
	struct html *h = &page->html;

	rows->count++;
	rows->last = use->id;
	html_put(h, "<tr>");
	if (!rows->all) {
		html_put(h, "<td class=\"all\" data-label=\"%s\">", _("Medium"));
		transfer_put_medium(page, use->medium);
		html_put(h, "</td>");
	}
	html_put(h, "<td data-label=\"%s\">", _("When"));
	page_time(page, use->time_us);
	html_put(h, "</td><td data-label=\"%s\">", _("Terminal"));
	transfer_put_terminal(page, use->terminal);
	html_put(h, "</td><td data-label=\"%s\">%s %s</td><td class=\"n\" data-label=\"%s\">",
		 _("What"), transfer_word_medium(use->what), use->text, _("Use number"));
	if (use->sequence)
		html_put(h, "%lu", (unsigned long)use->sequence);
	html_put(h,
		 "</td><td data-label=\"%s\">%s</td><td data-label=\"%s\">%s</td>"
		 "<td data-label=\"%s\">%s</td></tr>",
		 _("Level"), page_level(page, use->level), _("Unit"), use->unit, _("Custodian"),
		 use->custodian);
	return 0;
}

static void put_head(struct page *page, const struct rows *rows)
{
	struct html *h = &page->html;

	html_put(h, "<section><table class=\"list\"><thead><tr>");
	if (!rows->all)
		html_put(h, "<th scope=\"col\">%s</th>", _("Medium"));
	html_put(h,
		 "<th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th>"
		 "<th scope=\"col\" class=\"n\">%s</th><th scope=\"col\">%s</th><th "
		 "scope=\"col\">%s</th>"
		 "<th scope=\"col\">%s</th></tr></thead><tbody>",
		 _("When"), _("Terminal"), _("What"), _("Use number"), _("Level"), _("Unit"),
		 _("Custodian"));
}

static void put_one(struct page *page, const uint8_t medium[static STORE_ID_SIZE], int64_t before)
{
	struct rows rows = { .page = page, .all = true };
	struct html *h = &page->html;
	char id[2 * STORE_ID_SIZE + 1];

	sodium_bin2hex(id, sizeof(id), medium, STORE_ID_SIZE);
	html_put(h,
		 "<p>%s <code class=\"digest\">%s</code></p><p class=\"no-print\">"
		 "<a href=\"/transfers?medium=%s\">%s</a> <a href=\"/media\">%s</a></p>",
		 _("Medium"), id, id, _("Transfers with it"), _("All media"));
	put_head(page, &rows);
	if (store_page_medium(page->store, medium, before, SHOWN, put_use, &rows) < 0)
		h->failed = true;
	html_put(h, "</tbody></table>");
	if (rows.count == 0)
		html_put(h, "<p class=\"by\">%s</p>", _("No terminal has reported this medium."));
	if (rows.count == SHOWN)
		html_put(h, "<p><a rel=\"next\" href=\"/media?id=%s&amp;before=%ld\">%s</a></p>",
			 id, (long)rows.last, _("Older ones"));
	html_put(h, "</section>");
}

static void put_all(struct page *page, int64_t before)
{
	struct rows rows = { .page = page };
	struct html *h = &page->html;

	html_put(h, "<p>%s</p>",
		 _("Each registered medium that terminals have reported, with its last use."));
	put_head(page, &rows);
	if (store_page_media(page->store, before, SHOWN, put_use, &rows) < 0)
		h->failed = true;
	html_put(h, "</tbody></table>");
	if (rows.count == 0)
		html_put(h, "<p class=\"by\">%s</p>", _("No medium was used yet."));
	if (rows.count == SHOWN)
		html_put(h, "<p><a rel=\"next\" href=\"/media?before=%ld\">%s</a></p>",
			 (long)rows.last, _("Older ones"));
	html_put(h, "</section>");
}

void view_media(struct page *page)
{
	int64_t before = form_id(web_query(page, "before"));
	uint8_t medium[STORE_ID_SIZE];

	page_begin(page, PAGE_TRANSFERS, _("Media"));
	if (transfer_medium_id(web_query(page, "id"), medium))
		put_one(page, medium, before);
	else
		put_all(page, before);
	page_end(page);
}
