// SPDX-License-Identifier: GPL-2.0-or-later
/* One terminal: what is known of it, and its history. */
#include <stdlib.h>
#include <string.h>

#include "agent/lib/journal_file.h"
#include "agent/office/extract.h"
#include "agent/office/store/store_terminal.h"
#include "agent/office/store/store_event.h"
#include "agent/office/web/sentence.h"
#include "agent/office/web/web.h"

#define EVENTS_SHOWN  50
#define ENTRIES_SHOWN 64

static bool find(struct page *page, const char *suffix, struct store_terminal *terminal)
{
	int64_t id = web_id(page, "/terminals/", suffix);

	if (id && store_terminal_by_id(page->store, id, terminal) == 0)
		return true;
	page_message(page, 404, _("There is no such terminal"),
		     _("What you were looking for is not here."));
	return false;
}

static void put_fact(struct page *page, const char *name, const char *value)
{
	if (*value)
		html_put(&page->html, "<div><dt>%s</dt><dd>%s</dd></div>", name, value);
}

static void open_fact(struct page *page, const char *name)
{
	html_put(&page->html, "<div><dt>%s</dt><dd>", name);
}

static void put_facts(struct page *page, const struct store_terminal *t)
{
	struct html *h = &page->html;

	html_put(h, "<dl class=\"facts\">");
	put_fact(page, _("Custodian"), t->custodian);
	put_fact(page, _("Room"), t->room);
	put_fact(page, _("Unit"), t->unit);
	put_fact(page, _("Level"), page_level(page, t->level));
	open_fact(page, _("State"));
	page_contact(page, t->contact);
	if (t->contact_us) {
		html_put(h, " %s ", _("since"));
		page_time(page, t->contact_us);
	}
	html_put(h, "</dd></div>");
	open_fact(page, _("Last heard"));
	page_time(page, t->seen_us);
	html_put(h, "</dd></div>");
	open_fact(page, _("Registered"));
	page_time(page, t->registered_us);
	if (t->generation > 1) {
		html_text(h, _(", "));
		html_say(h, _("installation number %u"), t->generation);
	}
	html_put(h, "</dd></div>");
	open_fact(page, _("Entries with a receipt"));
	html_put(h, "<a href=\"/terminals/%ld/log\">%lu</a></dd></div>", (long)t->id,
		 (unsigned long)t->size);
	if (t->lost) {
		open_fact(page, _("Entries that it says it lost"));
		html_put(h, "<span class=\"behind\">%lu</span></dd></div>", (unsigned long)t->lost);
	}
	if (t->standalone) {
		open_fact(page, _("Without network; next bundle due"));
		page_time(page, t->return_us);
		html_put(h, "</dd></div>");
	}
	open_fact(page, _("In force"));
	view_numbers(page, t->id);
	html_put(h, "</dd></div></dl>");
}

static const char *const kinds[] = {
	"violation", "alarm",	   "loss", "permit",	 "policy",
	"boot",	     "clean-stop", "late", "silent",	 "escalated",
	"returned",  "rollback",   "fork", "old-policy", "clock-back",
};

static void put_filter(struct page *page, const char *kind, uint32_t grade)
{
	struct html *h = &page->html;

	html_put(h,
		 "<form method=\"get\" class=\"filter\"><label>%s <select name=\"kind\">"
		 "<option value=\"\">%s</option>",
		 _("Kind"), _("all"));
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		html_put(h,
			 strcmp(kinds[i], kind) == 0 ? "<option value=\"%s\" selected>%s</option>"
						     : "<option value=\"%s\">%s</option>",
			 kinds[i], page_word_kind(kinds[i]));
	html_put(
		h,
		"</select></label> <label>%s <select name=\"grade\"><option value=\"\">%s</option>",
		_("Grade at least"), _("any"));
	for (uint32_t i = 1; i < INCIDENT_GRADES; i++)
		html_put(h,
			 i == grade ? "<option value=\"%u\" selected>V%u %s</option>"
				    : "<option value=\"%u\">V%u %s</option>",
			 i, i, page_word_grade(i));
	html_put(h, "</select></label> <button>%s</button></form>", _("Show"));
}

struct rows {
	struct page *page;
	unsigned int count;
	int64_t last;
};

static int put_row(void *data, const struct store_event *event)
{
	struct rows *rows = data;
	struct page *page = rows->page;
	struct html *h = &page->html;

	rows->count++;
	rows->last = event->id;
	html_put(h, "<tr class=\"r%u\"><td data-label=\"%s\">", event->grade, _("When"));
	page_time(page, event->occurred_us);
	html_put(h, "</td><td data-label=\"%s\">", _("Grade"));
	if (event->grade)
		page_grade(page, event->grade);
	html_put(h, "</td><td data-label=\"%s\">%s</td>", _("Kind"), page_word_kind(event->kind));
	page_event_what(page, event, false);
	html_put(h, "<td data-label=\"%s\">", _("State"));
	page_state(page, event->state);
	html_put(h, "</td></tr>");
	return 0;
}

static void put_history(struct page *page, const struct store_terminal *t)
{
	const char *kind = web_query(page, "kind");
	struct store_history_filter filter = { .terminal = t->id,
					       .before = form_id(web_query(page, "before")),
					       .kind = *kind ? kind : NULL,
					       .grade = (uint32_t)form_id(web_query(page, "grade")),
					       .limit = EVENTS_SHOWN };
	struct rows rows = { .page = page };
	struct html *h = &page->html;

	html_put(h, "<section aria-labelledby=\"h-history\"><h2 id=\"h-history\">%s</h2>",
		 _("History"));
	put_filter(page, kind, filter.grade);
	page_list(page, false,
		  PAGE_COLUMNS(_("When"), _("Grade"), _("Kind"), _("What happened"), _("State")));
	if (store_page_history(page->store, &filter, put_row, &rows) < 0)
		h->failed = true;
	html_put(h, "</tbody></table>");
	if (rows.count == 0)
		html_put(h, "<p class=\"nothing\">%s</p>", _("Nothing of this kind."));
	if (rows.count == EVENTS_SHOWN)
		html_put(h,
			 "<p><a rel=\"next\" "
			 "href=\"/terminals/%ld?before=%ld&amp;kind=%s&amp;grade=%s\">"
			 "%s</a></p>",
			 (long)t->id, (long)rows.last, kind, web_query(page, "grade"),
			 _("Older ones"));
	html_put(h, "</section>");
}

void view_terminal(struct page *page)
{
	struct store_terminal terminal;
	struct html *h = &page->html;

	if (!find(page, "", &terminal))
		return;
	page_begin(page, PAGE_TERMINALS, terminal.number);
	put_facts(page, &terminal);
	html_put(h, "<p><a href=\"/terminals/%ld/log\">%s</a></p>", (long)terminal.id,
		 _("Its log, entry by entry"));
	put_history(page, &terminal);
	page_end(page);
}

/* --- the log itself, heartbeats and all --- */

static void put_entry(struct page *page, const struct store_terminal *t, uint64_t seq)
{
	struct journal_head head = { 0 };
	struct html *h = &page->html;
	char *line = NULL;
	size_t length = 0;
	json_t *entry = NULL;

	html_put(h, "<tr><td class=\"n\" data-label=\"%s\">%lu</td>", _("Entry"),
		 (unsigned long)seq);
	if (store_page_entry(page->store, t->id, seq, &line, &length) == 0)
		entry = sentence_line(line, length, &head);
	if (entry) {
		html_put(h, "<td data-label=\"%s\">", _("When"));
		page_time(page, extract_time_us(head.time));
		html_put(h, "</td><td data-label=\"%s\">%s</td><td data-label=\"%s\">", _("Kind"),
			 page_word_kind(journal_kind_name(head.kind)), _("What happened"));
		sentence_entry(page, entry);
		html_put(h, "</td>");
	} else {
		html_put(h, "<td></td><td></td><td>%s</td>",
			 _("An entry of a kind that this office does not know."));
	}
	html_put(h, "<td><details><summary>%s</summary><pre class=\"raw\">", _("raw"));
	html_bytes(h, line ? line : "", length);
	html_put(h, "</pre></details></td></tr>");
	json_decref(entry);
	free(line);
}

void view_log(struct page *page)
{
	struct store_terminal t;
	struct html *h = &page->html;
	uint64_t end, from;

	if (!find(page, "/log", &t))
		return;
	page_begin(page, PAGE_TERMINALS, t.number);
	end = (uint64_t)form_id(web_query(page, "before"));
	if (end == 0 || end > t.size)
		end = t.size;
	from = end > ENTRIES_SHOWN ? end - ENTRIES_SHOWN : 0;
	html_put(h, "<h2>");
	html_say(h, _("Entries %lu to %lu of %lu"), (unsigned long)from,
		 (unsigned long)(end ? end - 1 : 0), (unsigned long)t.size);
	html_put(h, "</h2><p><a href=\"/terminals/%ld\">%s</a></p>", (long)t.id,
		 _("Back to the terminal"));
	page_list(
		page, true,
		PAGE_COLUMNS(_("Entry"), _("When"), _("Kind"), _("What happened"), _("Raw form")));
	for (uint64_t seq = end; seq > from; seq--)
		put_entry(page, &t, seq - 1);
	html_put(h, "</tbody></table>");
	if (from > 0)
		html_put(h, "<p><a rel=\"next\" href=\"/terminals/%ld/log?before=%lu\">%s</a></p>",
			 (long)t.id, (unsigned long)from, _("Older ones"));
	page_end(page);
}
