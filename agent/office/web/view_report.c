// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The report of an event, for paper: every field that a report must name, with what the office knows and
 * what was filed; what nobody has stated is a line to be filled by hand.
 */
#include <string.h>

#include "agent/office/facts.h"
#include "agent/office/event_report.h"
#include "agent/office/event_words.h"
#include "agent/office/store/store_terminal.h"
#include "agent/office/store/store_event.h"
#include "agent/office/web/sentence.h"
#include "agent/office/web/view_event.h"
#include "agent/office/web/web.h"

#define REPORTS_SHOWN 32

struct report {
	struct page *page;
	const struct store_event *event;
	const json_t *entry;
	struct store_terminal terminal;
	json_t *filed[REPORTS_SHOWN];
	uint32_t count;
};

static int take_filed(void *data, const struct store_report *filed)
{
	struct report *report = data;

	if (report->count < REPORTS_SHOWN)
		report->filed[report->count++] =
			json_loads(filed->fields, JSON_REJECT_DUPLICATES, NULL);
	return 0;
}

/* What was filed about a field; a supplement says which it is. */
static bool put_filed(const struct report *report, enum report_field field)
{
	struct html *h = &report->page->html;
	bool any = false;

	for (uint32_t i = 0; i < report->count; i++) {
		const char *text = json_string_value(
			json_object_get(report->filed[i], report_field_name(field)));

		if (!text || !*text)
			continue;
		any = true;
		html_put(h, "<p class=\"own\">%s", text);
		if (i > 0) {
			html_put(h, " <span class=\"by\">");
			html_say(h, _("(supplement %u)"), i);
			html_put(h, "</span>");
		}
		html_put(h, "</p>");
	}
	return any;
}

/* The same when the office's own records say it; "" and false for nothing. */
static bool put_known_text(struct html *h, const char *text)
{
	if (*text)
		html_put(h, "<p class=\"own\">%s</p>", text);
	return *text;
}

static bool put_known(const struct report *report, enum report_field field)
{
	const struct store_terminal *t = &report->terminal;
	const struct store_event *event = report->event;
	struct html *h = &report->page->html;

	switch (field) {
	case REPORT_LEVEL:
		if (t->level[0])
			html_say(h, _("terminal: %s; content:"),
				 page_level(report->page, t->level));
		return false;
	case REPORT_CARRIER:
		if (t->number[0])
			html_say(h, _("terminal %s"), t->number);
		return false;
	case REPORT_DISCOVERED:
		page_time(report->page, event->found_us);
		return true;
	case REPORT_PERSONS:
		if (t->custodian[0])
			html_say(h, _("custodian: %s; others:"), t->custodian);
		return false;
	case REPORT_TIME:
		page_time(report->page, event->occurred_us);
		if (event->seq >= 0)
			html_put(h, " %s", _("by the terminal's clock"));
		return true;
	case REPORT_PLACE:
		if (t->room[0] || t->unit[0])
			html_say(h, _("room %s, unit %s"), t->room, t->unit);
		return t->room[0] != 0;
	case REPORT_COURSE:
		return put_known_text(h, event->explanation);
	case REPORT_INVESTIGATION:
		return put_known_text(h, event->handling);
	case REPORT_REMEDIES:
		return put_known_text(h, event->result);
	default:
		return false;
	}
}

static void put_field(const struct report *report, enum report_field field)
{
	static const unsigned int lines[REPORT_FIELD_COUNT] = {
		[REPORT_CONTENT] = 2, [REPORT_LEVEL] = 1,	  [REPORT_QUANTITY] = 1,
		[REPORT_CARRIER] = 1, [REPORT_DISCOVERED] = 1,	  [REPORT_PERSONS] = 2,
		[REPORT_TIME] = 1,    [REPORT_PLACE] = 1,	  [REPORT_COURSE] = 4,
		[REPORT_HARM] = 3,    [REPORT_INVESTIGATION] = 3, [REPORT_REMEDIES] = 3,
	};
	struct html *h = &report->page->html;
	bool stated;

	html_put(h, "<tr><th scope=\"row\">%s</th><td>", report_field_label(field));
	stated = put_known(report, field);
	stated = put_filed(report, field) || stated;
	if (!stated) {
		html_put(h, "<span class=\"sr\">%s</span>", _("to be filled by hand"));
		for (unsigned int i = 0; i < lines[field]; i++)
			html_put(h, "<span class=\"line\"></span>");
	}
	html_put(h, "</td></tr>");
}

/* The second axis, on which another body is told. */
static void put_cyber(const struct report *report)
{
	const struct store_event *event = report->event;
	struct html *h = &report->page->html;

	html_put(h,
		 "<tr><th scope=\"row\">%s</th><td>%s</td></tr><tr><th scope=\"row\">%s</th>"
		 "<td>%s</td></tr><tr><th scope=\"row\">%s</th><td>",
		 _("Cyber incident, larger or above"), event_cyber_text(event->cyber),
		 _("Its report is owed to"), event_cyber_body(event->cyber), _("Cyber report due"));
	page_time(report->page, event->cyber_us);
	html_put(h, "</td></tr><tr><th scope=\"row\">%s</th><td>", _("Closing cyber report due"));
	page_time(report->page, event->cyber_closing_us);
	html_put(h, "</td></tr>");
}

static void put_head(const struct report *report)
{
	struct html *h = &report->page->html;
	char shown[FACTS_SHOWN_SIZE];

	html_put(h, "<tr><th scope=\"row\">%s</th><td>", _("Grade"));
	page_grade(report->page, report->event->grade);
	html_put(h, "</td></tr>");
	if (report->event->cyber)
		put_cyber(report);
	html_put(h, "<tr><th scope=\"row\">%s</th><td>", _("What happened"));
	html_put(h, "<p>");
	sentence_event(report->page, report->event, report->entry);
	html_put(h, "</p>");
	if (!report->entry && report->event->source != STORE_SOURCE_OFFICER)
		html_put(h, "<p>%s</p>", facts_shown(report->event->facts, shown));
	html_put(h, "</td></tr>");
}

static void put_tail(const struct report *report)
{
	const struct store_event *event = report->event;
	struct html *h = &report->page->html;
	char shown[FACTS_SHOWN_SIZE];

	if (event->lateness[0])
		html_put(h, "<tr><th scope=\"row\">%s</th><td>%s</td></tr>", _("Lateness"),
			 facts_lateness(event->lateness, shown));
	html_put(h, "<tr><th scope=\"row\">%s</th><td>", _("Evidence"));
	if (event->seq >= 0)
		html_say(h, _("entry %ld of the log %s, confirmed by this office"),
			 (long)event->seq, report->terminal.origin);
	else
		html_text(h, event->source == STORE_SOURCE_OFFICER ? _("entered by an officer")
								   : _("found by the office"));
	html_put(h,
		 "</td></tr></tbody></table><table class=\"signatures\"><tbody><tr>"
		 "<td>%s<span class=\"line\"></span></td><td>%s<span class=\"line\"></span></td>"
		 "<td>%s<span class=\"line\"></span></td></tr></tbody></table>",
		 _("Reported by"), _("Person directly responsible"), _("Person first responsible"));
}

static int put_report(void *data, const struct store_event *event)
{
	struct page *page = data;
	struct report report = { .page = page, .event = event };
	json_t *entry = sentence_read(page, event);
	struct html *h = &page->html;
	char title[96];

	report.entry = entry;
	if (event->terminal)
		(void)!store_terminal_by_id(page->store, event->terminal, &report.terminal);
	if (store_report_each(page->store, event->id, take_filed, &report) < 0)
		h->failed = true;
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
	put_head(&report);
	for (enum report_field field = 0; field < REPORT_FIELD_COUNT; field++)
		put_field(&report, field);
	put_tail(&report);
	html_put(h, "</section>");
	page_end(page);
	for (uint32_t i = 0; i < report.count; i++)
		json_decref(report.filed[i]);
	json_decref(entry);
	return 1;
}

void view_report(struct page *page)
{
	view_event_one(page, "/report", put_report);
}
