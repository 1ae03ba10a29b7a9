// SPDX-License-Identifier: GPL-2.0-or-later
/* The first report of an event, for paper: every field that a report must name; what is not known yet is a line. */
#include <string.h>

#include "agent/office/web/sentence.h"
#include "agent/office/web/view_event.h"
#include "agent/office/web/web.h"

static void open_field(struct page *page, const char *name)
{
	html_put(&page->html, "<tr><th scope=\"row\">%s</th><td>", name);
}

static void close_field(struct page *page)
{
	html_put(&page->html, "</td></tr>");
}

/* Lines to be filled by hand. */
static void put_lines(struct page *page, unsigned int count)
{
	html_put(&page->html, "<span class=\"sr\">%s</span>", _("to be filled by hand"));
	for (unsigned int i = 0; i < count; i++)
		html_put(&page->html, "<span class=\"line\"></span>");
}

static void put_field(struct page *page, const char *name, const char *text, unsigned int lines)
{
	open_field(page, name);
	if (*text)
		html_put(&page->html, "<p class=\"own\">%s</p>", text);
	put_lines(page, *text ? 1 : lines);
	close_field(page);
}

static void put_what(struct page *page, const struct store_event *event, const json_t *entry,
		     const struct store_terminal *terminal)
{
	struct html *h = &page->html;

	open_field(page, _("What happened"));
	sentence_event(page, event, entry);
	if (!entry)
		html_put(h, "<br>%s", event->facts);
	close_field(page);
	open_field(page, _("Content concerned"));
	put_lines(page, 2);
	close_field(page);
	open_field(page, _("Level"));
	html_say(h, _("terminal: %s; content:"), terminal->level[0] ? terminal->level : "?");
	put_lines(page, 1);
	close_field(page);
	open_field(page, _("Quantity"));
	put_lines(page, 1);
	close_field(page);
	open_field(page, _("Carrier"));
	html_say(h, _("terminal %s"), terminal->number[0] ? terminal->number : "?");
	put_lines(page, 1);
	close_field(page);
}

static void put_when(struct page *page, const struct store_event *event,
		     const struct store_terminal *terminal)
{
	struct html *h = &page->html;

	open_field(page, _("Discovered"));
	page_time(page, event->received_us);
	close_field(page);
	open_field(page, _("Time"));
	page_time(page, event->occurred_us);
	html_put(h, " %s", _("by the terminal's clock"));
	close_field(page);
	open_field(page, _("Place"));
	html_say(h, _("room %s, unit %s"), terminal->room[0] ? terminal->room : "?",
		 terminal->unit[0] ? terminal->unit : "?");
	put_lines(page, 1);
	close_field(page);
	open_field(page, _("Persons involved"));
	html_say(h, _("custodian: %s; others:"),
		 terminal->custodian[0] ? terminal->custodian : "?");
	put_lines(page, 2);
	close_field(page);
}

static void put_rest(struct page *page, const struct store_event *event)
{
	put_field(page, _("Course"), event->explanation, 4);
	put_field(page, _("Harm"), "", 3);
	put_field(page, _("Investigation so far"), event->handling, 4);
	put_field(page, _("Remedies taken"), event->result, 3);
	if (event->lateness[0])
		put_field(page, _("Lateness"), event->lateness, 1);
}

static void put_proof_line(struct page *page, const struct store_event *event,
			   const struct store_terminal *terminal)
{
	open_field(page, _("Evidence"));
	if (event->seq >= 0)
		html_say(&page->html, _("entry %ld of the log %s, confirmed by this office"),
			 (long)event->seq, terminal->origin);
	else
		html_text(&page->html, _("found by the office"));
	close_field(page);
}

static void put_signatures(struct page *page)
{
	html_put(&page->html,
		 "<table class=\"signatures\"><tbody><tr><td>%s<span class=\"line\"></span></td>"
		 "<td>%s<span class=\"line\"></span></td><td>%s<span "
		 "class=\"line\"></span></td></tr>"
		 "</tbody></table>",
		 _("Reported by"), _("Person directly responsible"), _("Person first responsible"));
}

static int put_report(void *data, const struct store_event *event)
{
	struct page *page = data;
	struct store_terminal terminal = { 0 };
	json_t *entry = sentence_read(page, event);
	struct html *h = &page->html;
	char title[96];

	if (event->terminal)
		(void)!store_terminal_by_id(page->store, event->terminal, &terminal);
	snprintf(title, sizeof(title), _("First report, event %ld"), (long)event->id);
	page_begin(page, PAGE_EVENTS, title);
	if (event->drill)
		html_put(h, "<p class=\"drill\">%s</p>", _("This is a drill."));
	html_put(h,
		 "<p class=\"no-print\">%s <a href=\"/events/%ld\">%s</a></p>"
		 "<section class=\"report\"><table><tbody>",
		 _("Print this page with the browser. What is empty is filled in by hand; "
		   "supplements "
		   "may follow."),
		 (long)event->id, _("Back to the event"));
	open_field(page, _("Grade"));
	page_grade(page, event->grade);
	close_field(page);
	put_what(page, event, entry, &terminal);
	put_when(page, event, &terminal);
	put_rest(page, event);
	put_proof_line(page, event, &terminal);
	html_put(h, "</tbody></table>");
	put_signatures(page);
	html_put(h, "</section>");
	page_end(page);
	json_decref(entry);
	return 1;
}

void view_report(struct page *page)
{
	view_event_one(page, "/report", put_report);
}
