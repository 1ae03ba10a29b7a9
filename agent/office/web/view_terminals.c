// SPDX-License-Identifier: GPL-2.0-or-later
/* All terminals, by unit and state, and which numbers of documents they have. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/office/web/web.h"
#include "agent/office/store/store_terminal.h"
#include "agent/office/store/store_document.h"

#define SHOWN	  100
#define UNITS_MAX 200

static const char *const contact_names[STORE_CONTACT_COUNT] = {
	"never", "on-time", "late", "silent", "escalated", "off",
};

/* --- the overview: a row a unit, a column a state --- */

struct overview {
	struct page *page;
	char unit[STORE_TEXT_SIZE];
	bool any;
	uint64_t counts[STORE_CONTACT_COUNT], all[STORE_CONTACT_COUNT];
};

/* A value in an address: letters, digits and little else stay, the rest is written as %XX. */
static void put_query(struct html *h, const char *text)
{
	char written[4];

	for (; *text; text++) {
		if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._",
			   *text))
			html_bytes(h, text, 1);
		else {
			snprintf(written, sizeof(written), "%%%02X",
				 (unsigned int)(unsigned char)*text);
			html_text(h, written);
		}
	}
}

static void put_count(struct page *page, const char *unit, uint32_t contact, uint64_t count)
{
	struct html *h = &page->html;

	html_put(h, "<td class=\"n\" data-label=\"%s\">", page_word_contact(contact));
	if (count == 0) {
		html_put(h, "<span class=\"zero\">0</span></td>");
		return;
	}
	html_put(h, "<a href=\"/terminals?state=%s", contact_names[contact]);
	if (unit) {
		html_put(h, "&amp;unit=");
		put_query(h, unit);
	}
	html_put(h, "\">%lu</a></td>", (unsigned long)count);
}

static void put_unit(struct overview *o)
{
	struct html *h = &o->page->html;

	if (!o->any)
		return;
	html_put(h, "<tr><th scope=\"row\"><a href=\"/terminals?unit=");
	put_query(h, o->unit);
	html_put(h, "\">%s</a></th>", o->unit[0] ? o->unit : _("(no unit)"));
	for (uint32_t i = 0; i < STORE_CONTACT_COUNT; i++)
		put_count(o->page, o->unit, i, o->counts[i]);
	html_put(h, "</tr>");
}

static int take_tally(void *data, const struct store_tally *tally)
{
	struct overview *o = data;

	if (tally->contact >= STORE_CONTACT_COUNT)
		return 0;
	if (!o->any || strcmp(o->unit, tally->unit) != 0) {
		put_unit(o);
		memset(o->counts, 0, sizeof(o->counts));
		snprintf(o->unit, sizeof(o->unit), "%s", tally->unit);
		o->any = true;
	}
	o->counts[tally->contact] += tally->count;
	o->all[tally->contact] += tally->count;
	return 0;
}

static void put_overview(struct page *page)
{
	struct overview o = { .page = page };
	struct html *h = &page->html;

	html_put(h,
		 "<section aria-labelledby=\"h-units\"><h2 id=\"h-units\">%s</h2>"
		 "<table class=\"list counts\"><thead><tr><th scope=\"col\">%s</th>",
		 _("By unit and state"), _("Unit"));
	for (uint32_t i = 0; i < STORE_CONTACT_COUNT; i++) {
		html_put(h, "<th scope=\"col\" class=\"n\">");
		page_contact(page, i);
		html_put(h, "</th>");
	}
	html_put(h, "</tr></thead><tbody>");
	if (store_page_tally(page->store, take_tally, &o) < 0)
		h->failed = true;
	put_unit(&o);
	html_put(h, "<tr class=\"sum\"><th scope=\"row\">%s</th>", _("All units"));
	for (uint32_t i = 0; i < STORE_CONTACT_COUNT; i++)
		put_count(page, NULL, i, o.all[i]);
	html_put(h, "</tr></tbody></table></section>");
}

/* --- the list --- */

struct numbers {
	struct page *page;
	unsigned int count;
};

/* "policy 42 of 43": what runs, and what is wanted where that is another. */
static int put_delivery(void *data, const struct store_delivery *d)
{
	struct numbers *numbers = data;
	struct html *h = &numbers->page->html;

	if (d->kind == STORE_DOCUMENT_ORDER && d->active >= d->wanted)
		return 0;
	html_put(h, numbers->count++ ? "<br>" : "");
	html_put(h, "%s %s <b>%lu</b>", page_word_document(d->kind), d->name,
		 (unsigned long)d->active);
	if (d->wanted > d->active) {
		html_put(h, " <span class=\"behind\">");
		html_say(h,
			 d->delivered >= d->wanted ? _("%lu is wanted, delivered")
						   : _("%lu is wanted, not fetched yet"),
			 (unsigned long)d->wanted);
		html_put(h, "</span>");
	}
	return 0;
}

void view_numbers(struct page *page, int64_t terminal)
{
	struct numbers numbers = { .page = page };

	if (store_delivery_each(page->store, terminal, put_delivery, &numbers) < 0)
		page->html.failed = true;
	if (numbers.count == 0)
		html_put(&page->html, "<span class=\"by\">%s</span>", _("nothing yet"));
}

struct list {
	struct page *page;
	struct store_terminal *rows;
	uint32_t count;
};

static int collect(void *data, const struct store_terminal *terminal)
{
	struct list *list = data;

	list->rows[list->count++] = *terminal;
	return 0;
}

static void put_row(struct page *page, const struct store_terminal *t)
{
	struct html *h = &page->html;

	html_put(h, "<tr><td data-label=\"%s\">", _("Terminal"));
	page_terminal(page, t);
	html_put(h, "</td><td data-label=\"%s\">%s</td><td data-label=\"%s\">%s</td>", _("Unit"),
		 t->unit, _("Level"), page_level(page, t->level));
	html_put(h, "<td data-label=\"%s\">", _("State"));
	page_contact(page, t->contact);
	html_put(h, "</td><td data-label=\"%s\">", _("Last heard"));
	page_time(page, t->seen_us);
	html_put(h, "</td><td data-label=\"%s\">", _("In force"));
	view_numbers(page, t->id);
	html_put(h, "</td></tr>");
}

static void put_more(struct page *page, const char *unit, const char *state, const char *after)
{
	struct html *h = &page->html;

	html_put(h, "<p><a rel=\"next\" href=\"/terminals?after=");
	put_query(h, after);
	if (*unit) {
		html_put(h, "&amp;unit=");
		put_query(h, unit);
	}
	if (*state) {
		html_put(h, "&amp;state=");
		put_query(h, state);
	}
	html_put(h, "\">%s</a></p>", _("Further terminals"));
}

static void put_list(struct page *page)
{
	const char *unit = web_query(page, "unit"), *state = web_query(page, "state");
	struct store_terminal_filter filter = { .after = web_query(page, "after"), .limit = SHOWN };
	struct list list = { .page = page };
	struct html *h = &page->html;

	/* An empty unit is one, too: terminals that were registered without. */
	filter.unit = request_query(page->request, "unit");
	for (uint32_t i = 0; i < STORE_CONTACT_COUNT; i++)
		if (strcmp(state, contact_names[i]) == 0)
			filter.contacts = 1u << i;
	list.rows = calloc(SHOWN, sizeof(*list.rows));
	if (!list.rows || store_page_terminals(page->store, &filter, collect, &list) < 0)
		h->failed = true;
	html_put(h, "<section aria-labelledby=\"h-list\"><h2 id=\"h-list\">%s</h2>",
		 _("Terminals"));
	if (filter.unit || filter.contacts)
		html_put(h,
			 "<p class=\"filter\">%s <b>%s</b> <b>%s</b> <a "
			 "href=\"/terminals\">%s</a></p>",
			 _("Shown:"), unit,
			 filter.contacts
				 ? page_word_contact((uint32_t)__builtin_ctz(filter.contacts))
				 : "",
			 _("Show all"));
	html_put(h,
		 "<table class=\"list\"><thead><tr><th scope=\"col\">%s</th><th "
		 "scope=\"col\">%s</th>"
		 "<th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th>"
		 "<th scope=\"col\">%s</th></tr></thead><tbody>",
		 _("Terminal"), _("Unit"), _("Level"), _("State"), _("Last heard"), _("In force"));
	for (uint32_t i = 0; i < list.count; i++)
		put_row(page, &list.rows[i]);
	html_put(h, "</tbody></table>");
	if (list.count == 0)
		html_put(h, "<p class=\"nothing\">%s</p>", _("No terminal is like this."));
	if (list.count == SHOWN)
		put_more(page, unit, state, list.rows[SHOWN - 1].number);
	html_put(h, "</section>");
	free(list.rows);
}

void view_terminals(struct page *page)
{
	page_begin(page, PAGE_TERMINALS, _("Terminals"));
	put_overview(page);
	view_unregistered(page);
	put_list(page);
	page_end(page);
}
