// SPDX-License-Identifier: GPL-2.0-or-later
/* All transfers, and the requests that wait for an approval. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/office/web/view_transfer.h"
#include "agent/office/web/web.h"

#define SHOWN	       50
#define REQUESTS_SHOWN 100

struct rows {
	struct page *page;
	struct store_transfer *items;
	size_t count;
};

static int collect(void *data, const struct store_transfer *transfer)
{
	struct rows *rows = data;

	rows->items[rows->count++] = *transfer;
	return 0;
}

/* --- requests --- */

static void put_request(struct page *page, const struct store_transfer *t)
{
	struct html *h = &page->html;

	html_put(h, "<tr><td data-label=\"%s\">", _("Requested"));
	page_time(page, t->first_us);
	html_put(h, "</td><td data-label=\"%s\">", _("Terminal"));
	transfer_put_terminal(page, t->terminal);
	html_put(h, "</td><td data-label=\"%s\">%s</td><td data-label=\"%s\">%s</td>",
		 _("Requester"), t->login, _("Direction"), transfer_word_side(t->side));
	html_put(h,
		 "<td data-label=\"%s\">%s</td><td data-label=\"%s\">%s</td><td data-label=\"%s\">",
		 _("Unit"), t->unit, _("Level"), page_level(page, t->level), _("Content"));
	transfer_put_size(page, t);
	html_put(h,
		 "</td><td data-label=\"%s\">%s</td><td data-label=\"%s\">"
		 "<a href=\"/transfers/%ld\">%s</a><br><a "
		 "href=\"/transfers/%ld/form\">%s</a></td></tr>",
		 _("State"), transfer_word_state(t), _("Approval"), (long)t->id, _("Details"),
		 (long)t->id, _("Form on paper"));
}

static void put_requests(struct page *page)
{
	static const int64_t waiting[] = { STORE_TRANSFER_REQUESTED, STORE_TRANSFER_APPROVED };
	struct rows rows = { .page = page };
	struct html *h = &page->html;

	rows.items = calloc(2 * REQUESTS_SHOWN, sizeof(*rows.items));
	if (!rows.items) {
		h->failed = true;
		return;
	}
	for (size_t i = 0; i < sizeof(waiting) / sizeof(waiting[0]); i++) {
		struct store_transfer_filter filter = { .state = &waiting[i],
							.limit = REQUESTS_SHOWN };

		if (store_page_transfers(page->store, &filter, collect, &rows) < 0)
			h->failed = true;
	}
	html_put(h,
		 "<section aria-labelledby=\"h-requests\"><h2 id=\"h-requests\">%s</h2>"
		 "<table class=\"list\"><thead><tr><th scope=\"col\">%s</th><th "
		 "scope=\"col\">%s</th>"
		 "<th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th>"
		 "<th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th>"
		 "<th scope=\"col\">%s</th></tr></thead><tbody>",
		 _("Requests that wait"), _("Requested"), _("Terminal"), _("Requester"),
		 _("Direction"), _("Unit"), _("Level"), _("Content"), _("State"), _("Approval"));
	for (size_t i = 0; i < rows.count; i++)
		put_request(page, &rows.items[i]);
	html_put(h, "</tbody></table>");
	if (rows.count == 0)
		html_put(h, "<p class=\"nothing\">%s</p>", _("No request waits."));
	html_put(h, "</section>");
	free(rows.items);
}

/* --- the list --- */

/* What the address asks for. */
struct asked {
	struct store_transfer_filter filter;
	uint8_t medium[STORE_ID_SIZE];
	int64_t state, match;
};

static void read_asked(struct page *page, struct asked *asked)
{
	const char *unit = web_query(page, "unit"), *state = web_query(page, "state");
	const char *match = web_query(page, "match");

	*asked = (struct asked){ .filter = { .before = form_id(web_query(page, "before")),
					     .limit = SHOWN } };
	if (*unit)
		asked->filter.unit = unit;
	if (transfer_medium_id(web_query(page, "medium"), asked->medium))
		asked->filter.medium = asked->medium;
	for (uint32_t i = 0; i < STORE_TRANSFER_STATE_COUNT; i++)
		if (strcmp(state, transfer_state_name(i)) == 0) {
			asked->state = i;
			asked->filter.state = &asked->state;
		}
	for (uint32_t i = 0; i < STORE_MATCH_COUNT; i++)
		if (strcmp(match, transfer_match_name(i)) == 0) {
			asked->match = i;
			asked->filter.match = &asked->match;
		}
}

static void put_option(struct html *h, const char *name, const char *text, bool chosen)
{
	html_put(h,
		 chosen ? "<option value=\"%s\" selected>%s</option>"
			: "<option value=\"%s\">%s</option>",
		 name, text);
}

static void put_filter(struct page *page, const struct asked *asked)
{
	struct html *h = &page->html;

	html_put(h,
		 "<form method=\"get\" action=\"/transfers\" class=\"filter no-print\">"
		 "<label>%s <input name=\"unit\" value=\"%s\" size=\"12\"></label>"
		 "<label>%s <input name=\"medium\" value=\"%s\" size=\"34\" "
		 "maxlength=\"32\"></label>"
		 "<label>%s <select name=\"state\">",
		 _("Unit"), web_query(page, "unit"), _("Medium"), web_query(page, "medium"),
		 _("State"));
	put_option(h, "", _("any"), !asked->filter.state);
	for (uint32_t i = 0; i < STORE_TRANSFER_STATE_COUNT; i++)
		put_option(h, transfer_state_name(i), transfer_state_text(i),
			   asked->filter.state && asked->state == i);
	html_put(h, "</select></label><label>%s <select name=\"match\">", _("Other side"));
	put_option(h, "", _("any"), !asked->filter.match);
	for (uint32_t i = 0; i < STORE_MATCH_COUNT; i++)
		put_option(h, transfer_match_name(i), transfer_match_text(i),
			   asked->filter.match && asked->match == i);
	html_put(h, "</select></label><button>%s</button> <a href=\"/transfers\">%s</a></form>",
		 _("Show"), _("Show all"));
}

static void put_row(struct page *page, const struct store_transfer *t)
{
	struct html *h = &page->html;

	html_put(h,
		 "<tr><td class=\"n\" data-label=\"%s\"><a href=\"/transfers/%ld\">%ld</a></td>"
		 "<td data-label=\"%s\">",
		 _("Number"), (long)t->id, (long)t->id, _("When"));
	page_time(page, t->changed_us);
	html_put(h, "</td><td data-label=\"%s\">%s</td><td data-label=\"%s\">", _("Direction"),
		 transfer_word_side(t->side), _("Terminal"));
	transfer_put_terminal(page, t->terminal);
	html_put(h, "</td><td data-label=\"%s\">%s</td><td data-label=\"%s\">%s</td>", _("Unit"),
		 t->unit, _("Level"), page_level(page, t->level));
	html_put(h, "<td data-label=\"%s\">", _("Content"));
	transfer_put_size(page, t);
	html_put(h, "</td><td data-label=\"%s\">%s</td><td data-label=\"%s\">", _("State"),
		 transfer_word_state(t), _("Other side"));
	transfer_put_match(page, t);
	html_put(h, "</td></tr>");
}

static void put_hidden(struct html *h, const char *name, const char *value)
{
	if (*value)
		html_put(h, "<input type=\"hidden\" name=\"%s\" value=\"%s\">", name, value);
}

/* A form, so that the browser writes what was asked for as an address. */
static void put_more(struct page *page, int64_t last)
{
	struct html *h = &page->html;

	html_put(h,
		 "<form method=\"get\" action=\"/transfers\" class=\"no-print\">"
		 "<input type=\"hidden\" name=\"before\" value=\"%ld\">",
		 (long)last);
	put_hidden(h, "unit", web_query(page, "unit"));
	put_hidden(h, "medium", web_query(page, "medium"));
	put_hidden(h, "state", web_query(page, "state"));
	put_hidden(h, "match", web_query(page, "match"));
	html_put(h, "<button class=\"plain\">%s</button></form>", _("Older ones"));
}

static void put_list(struct page *page)
{
	struct rows rows = { .page = page };
	struct html *h = &page->html;
	struct asked asked;

	read_asked(page, &asked);
	rows.items = calloc(SHOWN, sizeof(*rows.items));
	if (!rows.items) {
		h->failed = true;
		return;
	}
	if (store_page_transfers(page->store, &asked.filter, collect, &rows) < 0)
		h->failed = true;
	html_put(h, "<section aria-labelledby=\"h-list\"><h2 id=\"h-list\">%s</h2>", _("Ledger"));
	put_filter(page, &asked);
	html_put(h,
		 "<table class=\"list\"><thead><tr><th scope=\"col\" class=\"n\">%s</th>"
		 "<th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th>"
		 "<th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th>"
		 "<th scope=\"col\">%s</th><th scope=\"col\">%s</th></tr></thead><tbody>",
		 _("Number"), _("When"), _("Direction"), _("Terminal"), _("Unit"), _("Level"),
		 _("Content"), _("State"), _("Other side"));
	for (size_t i = 0; i < rows.count; i++)
		put_row(page, &rows.items[i]);
	html_put(h, "</tbody></table>");
	if (rows.count == 0)
		html_put(h, "<p class=\"by\">%s</p>", _("There is no such transfer."));
	if (rows.count == SHOWN)
		put_more(page, rows.items[SHOWN - 1].id);
	html_put(h, "</section>");
	free(rows.items);
}

void view_transfers(struct page *page)
{
	page_begin(page, PAGE_TRANSFERS, _("Transfers"));
	html_put(&page->html, "<p class=\"no-print\"><a href=\"/media\">%s</a></p>",
		 _("Media, and where they were used"));
	put_requests(page);
	put_list(page);
	page_end(page);
}
