// SPDX-License-Identifier: GPL-2.0-or-later
/* Documents that were published, and who runs which; and what officers did. */
#include <sodium.h>
#include <stdio.h>

#include "agent/office/web/view_event.h"
#include "agent/office/store/store_people.h"
#include "agent/office/store/store_document.h"
#include "agent/office/web/web.h"

#define DOCUMENTS_SHOWN 200
#define ACTIONS_SHOWN	100

struct rows {
	struct page *page;
	unsigned int count;
	int64_t last;
};

static int put_running(void *data, const struct store_running *running)
{
	struct rows *rows = data;
	struct html *h = &rows->page->html;

	if (running->kind == STORE_DOCUMENT_ORDER)
		return 0;
	rows->count++;
	html_put(h, "<tr><td data-label=\"%s\">%s %s</td><td class=\"n\" data-label=\"%s\">",
		 _("Document"), page_word_document(running->kind), running->name, _("Number"));
	if (running->active)
		html_put(h, "%lu", (unsigned long)running->active);
	else
		html_put(h, "%s", _("none yet"));
	html_put(
		h,
		"</td><td class=\"n\" data-label=\"%s\">%lu</td><td class=\"n\" data-label=\"%s\">",
		_("Terminals"), (unsigned long)running->count, _("of these a newer one waits for"));
	if (running->behind)
		html_put(h, "<span class=\"behind\">%lu</span></td></tr>",
			 (unsigned long)running->behind);
	else
		html_put(h, "<span class=\"zero\">0</span></td></tr>");
	return 0;
}

static int put_document(void *data, const struct store_document *d)
{
	struct rows *rows = data;
	struct html *h = &rows->page->html;
	char hex[2 * STORE_HASH_SIZE + 1];

	rows->count++;
	sodium_bin2hex(hex, sizeof(hex), d->digest, sizeof(d->digest));
	html_put(h,
		 "<tr><td data-label=\"%s\">%s %s</td><td class=\"n\" data-label=\"%s\">%lu</td>"
		 "<td data-label=\"%s\">",
		 _("Document"), page_word_document(d->kind), d->name, _("Number"),
		 (unsigned long)d->number, _("Published"));
	page_time(rows->page, d->added_us);
	html_put(h,
		 "</td><td class=\"n\" data-label=\"%s\">%lu</td><td data-label=\"%s\">"
		 "<code class=\"digest\">%s</code></td></tr>",
		 _("Bytes"), (unsigned long)d->length, _("SHA-256"), hex);
	return 0;
}

static void put_none(struct page *page, const struct rows *rows, const char *text)
{
	html_put(&page->html, "</tbody></table>");
	if (rows->count == 0)
		html_put(&page->html, "<p class=\"nothing\">%s</p>", text);
	html_put(&page->html, "</section>");
}

void view_policies(struct page *page)
{
	struct rows running = { .page = page }, documents = { .page = page };
	struct html *h = &page->html;

	page_begin(page, PAGE_POLICIES, _("Policies"));
	html_put(h,
		 "<section aria-labelledby=\"h-runs\"><h2 id=\"h-runs\">%s</h2>"
		 "<table class=\"list\"><thead><tr><th scope=\"col\">%s</th>"
		 "<th scope=\"col\" class=\"n\">%s</th><th scope=\"col\" class=\"n\">%s</th>"
		 "<th scope=\"col\" class=\"n\">%s</th></tr></thead><tbody>",
		 _("Who runs which"), _("Document"), _("Number"), _("Terminals"),
		 _("of these a newer one waits for"));
	if (store_page_running(page->store, put_running, &running) < 0)
		h->failed = true;
	put_none(page, &running, _("No terminal has said yet what it runs."));
	html_put(h,
		 "<section aria-labelledby=\"h-published\"><h2 id=\"h-published\">%s</h2>"
		 "<table class=\"list\"><thead><tr><th scope=\"col\">%s</th>"
		 "<th scope=\"col\" class=\"n\">%s</th><th scope=\"col\">%s</th>"
		 "<th scope=\"col\" class=\"n\">%s</th><th "
		 "scope=\"col\">%s</th></tr></thead><tbody>",
		 _("Published documents"), _("Document"), _("Number"), _("Published"), _("Bytes"),
		 _("SHA-256"));
	if (store_page_documents(page->store, DOCUMENTS_SHOWN, put_document, &documents) < 0)
		h->failed = true;
	put_none(page, &documents, _("Nothing has been published yet."));
	page_end(page);
}

/* --- what officers did --- */

static int put_action(void *data, const struct store_action *action)
{
	struct rows *rows = data;
	struct page *page = rows->page;
	struct store_officer officer;
	struct html *h = &page->html;

	rows->count++;
	rows->last = action->seq;
	html_put(h, "<tr><td class=\"n\" data-label=\"%s\">%ld</td><td data-label=\"%s\">",
		 _("Entry"), (long)action->seq, _("When"));
	page_time(page, action->time_us);
	html_put(h,
		 "</td><td data-label=\"%s\">%s</td><td data-label=\"%s\">%s</td>"
		 "<td data-label=\"%s\">",
		 _("Who"), view_officer(page, action->officer, &officer), _("What"),
		 page_word_verb(action->verb), _("In words"));
	if (action->event)
		html_put(h, "<a href=\"/events/%ld\">%ld</a> ", (long)action->event,
			 (long)action->event);
	html_put(h, "%s</td></tr>", action->text);
	return 0;
}

void view_actions(struct page *page)
{
	int64_t before = form_id(web_query(page, "before"));
	struct rows rows = { .page = page };
	struct html *h = &page->html;

	page_begin(page, PAGE_ACTIONS, _("Officers' actions"));
	html_put(h, "<p>%s</p>",
		 _("Each is an entry of the office's own log, which nobody can shorten unseen."));
	html_put(h,
		 "<section><table class=\"list\"><thead><tr><th scope=\"col\" class=\"n\">%s</th>"
		 "<th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th>"
		 "<th scope=\"col\">%s</th></tr></thead><tbody>",
		 _("Entry"), _("When"), _("Who"), _("What"), _("In words"));
	if (store_page_actions(page->store, 0, before, ACTIONS_SHOWN, put_action, &rows) < 0)
		h->failed = true;
	put_none(page, &rows, _("Nobody has done anything yet."));
	if (rows.count == ACTIONS_SHOWN)
		html_put(h, "<p><a rel=\"next\" href=\"/actions?before=%ld\">%s</a></p>",
			 (long)rows.last, _("Older ones"));
	page_end(page);
}
