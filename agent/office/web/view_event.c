// SPDX-License-Identifier: GPL-2.0-or-later
/* One event: what happened, what was done about it, its proof. And the register of all events. */
#include <string.h>

#include "agent/office/facts.h"
#include "agent/office/event_words.h"
#include "agent/office/store/store_event.h"
#include "agent/office/store/store_people.h"
#include "agent/office/web/sentence.h"
#include "agent/office/web/view_event.h"
#include "agent/office/web/web.h"

#define EVENTS_SHOWN 50

/* --- one event --- */

const char *view_officer(struct page *page, int64_t id, struct store_officer *officer)
{
	if (id == 0)
		return _("at the office's machine");
	return store_officer_by_id(page->store, id, officer) == 0 ? officer->name : "?";
}

static void put_deadline(struct page *page, const char *name, const struct store_event *event,
			 int64_t deadline_us, bool runs)
{
	struct html *h = &page->html;

	if (deadline_us == 0)
		return;
	html_put(h, "<div><dt>%s</dt><dd>", name);
	if (runs)
		page_left(page, event->found_us, deadline_us);
	else
		page_time(page, deadline_us);
	html_put(h, "</dd></div>");
}

static void put_cyber(struct page *page, const struct store_event *event, bool is_open)
{
	struct html *h = &page->html;

	if (!event->cyber)
		return;
	html_put(h, "<div><dt>%s</dt><dd>%s</dd></div><div><dt>%s</dt><dd>%s</dd></div>",
		 _("Cyber incident, larger or above"), event_cyber_text(event->cyber),
		 _("Its report is owed to"), event_cyber_body(event->cyber));
	put_deadline(page, _("Cyber report due"), event, event->cyber_us,
		     is_open && !event->cyber_sent_us);
	put_deadline(page, _("Cyber report went out"), event, event->cyber_sent_us, false);
	put_deadline(page, _("Closing cyber report due"), event, event->cyber_closing_us,
		     is_open && !event->cyber_closed_us);
	put_deadline(page, _("Closing cyber report went out"), event, event->cyber_closed_us,
		     false);
}

static void put_facts(struct page *page, const struct store_event *event)
{
	char shown[FACTS_SHOWN_SIZE];
	struct store_officer officer;
	bool is_open =
		event->state >= STORE_EVENT_TO_VERIFY && event->state <= STORE_EVENT_TO_REVIEW;
	struct html *h = &page->html;

	html_put(h, "<dl class=\"facts\"><div><dt>%s</dt><dd>", _("Grade"));
	page_grade(page, event->grade);
	if (event->proposed != event->grade) {
		html_put(h, " ");
		html_say(h, _("(proposed: V%u)"), event->proposed);
	}
	html_put(h, "</dd></div><div><dt>%s</dt><dd>", _("State"));
	page_state(page, event->state);
	html_put(h, "</dd></div><div><dt>%s</dt><dd>", _("Terminal"));
	page_event_terminal(page, event);
	if (event->assigned) {
		html_put(h, "</dd></div><div><dt>%s</dt><dd>%s", _("In hand of"),
			 view_officer(page, event->assigned, &officer));
	}
	html_put(h, "</dd></div><div><dt>%s</dt><dd>%s</dd></div><div><dt>%s</dt><dd>", _("Kind"),
		 page_word_kind(event->kind), _("Happened"));
	page_time(page, event->occurred_us);
	html_put(h, "</dd></div><div><dt>%s</dt><dd>", _("Discovered"));
	page_time(page, event->found_us);
	html_put(h, "</dd></div>");
	put_deadline(page, _("Report to the office"), event, event->inner_us,
		     event->state == STORE_EVENT_TO_VERIFY);
	put_deadline(page, _("Report to the administration above"), event, event->outer_us,
		     is_open);
	put_deadline(page, _("Result"), event, event->result_us, is_open);
	put_cyber(page, event, is_open);
	if (event->medium || event->rises_us)
		html_put(h, "<div><dt>%s</dt><dd>%s</dd></div>", _("Level of the medium"),
			 event_medium_text(event->medium));
	if (event->grade < INCIDENT_LOST_GRADE)
		put_deadline(page, _("Treated as a leak, V4, if not found by"), event,
			     event->rises_us, is_open);
	if (event->lateness[0])
		html_put(h, "<div><dt>%s</dt><dd>%s</dd></div>", _("Lateness"),
			 facts_lateness(event->lateness, shown));
	html_put(h, "</dl>");
}

static void put_text(struct page *page, const char *name, const char *text)
{
	if (*text)
		html_put(&page->html, "<h3>%s</h3><p class=\"own\">%s</p>", name, text);
}

struct listing {
	struct page *page;
	unsigned int count;
};

static int put_action(void *data, const struct store_action *action)
{
	struct listing *listing = data;
	struct page *page = listing->page;
	struct store_officer officer;
	struct html *h = &page->html;
	char shown[FACTS_SHOWN_SIZE];

	if (listing->count++ == 0)
		page_list(page, false, PAGE_COLUMNS(_("When"), _("Who"), _("What"), _("In words")));
	html_put(h, "<tr><td data-label=\"%s\">", _("When"));
	page_time(page, action->time_us);
	html_put(h,
		 "</td><td data-label=\"%s\">%s</td><td data-label=\"%s\">%s</td>"
		 "<td data-label=\"%s\">%s</td></tr>",
		 _("Who"), view_officer(page, action->officer, &officer), _("What"),
		 page_word_verb(action->verb), _("In words"),
		 action->officer ? action->text : facts_shown(action->text, shown));
	return 0;
}

static void put_handling(struct page *page, const struct store_event *event)
{
	struct listing listing = { .page = page };
	struct html *h = &page->html;

	html_put(h, "<section aria-labelledby=\"h-handling\"><h2 id=\"h-handling\">%s</h2>",
		 _("What was done about it"));
	put_text(page, _("Explanation of the user"), event->explanation);
	put_text(page, _("Handling"), event->handling);
	put_text(page, _("Result"), event->result);
	if (store_page_actions(page->store, event->id, 0, 200, put_action, &listing) < 0)
		h->failed = true;
	html_put(h,
		 listing.count ? "</tbody></table></section>" : "<p class=\"by\">%s</p></section>",
		 _("Nobody has done anything yet."));
}

static int count_report(void *data, const struct store_report *report)
{
	uint32_t *count = data;

	*count = report->number;
	return 0;
}

static int put_event(void *data, const struct store_event *event)
{
	struct page *page = data;
	json_t *entry = sentence_read(page, event);
	const char *advice = sentence_advice(event, entry);
	struct html *h = &page->html;
	uint32_t reports = 0;
	char title[64], shown[FACTS_SHOWN_SIZE];

	if (store_report_each(page->store, event->id, count_report, &reports) < 0)
		h->failed = true;
	snprintf(title, sizeof(title), _("Event %ld"), (long)event->id);
	page_begin(page, PAGE_EVENTS, title);
	if (event->drill)
		html_put(h, "<p class=\"drill\">%s</p>", _("This is a drill."));
	html_put(h, "<p class=\"lead\">");
	sentence_event(page, event, entry);
	html_put(h, "</p>");
	if (advice)
		html_put(h, "<p class=\"advice\"><b>%s</b> %s</p>", _("First:"), advice);
	if (!entry)
		html_put(h, "<p class=\"by\">%s</p>",
			 event->source == STORE_SOURCE_OFFICE ? facts_shown(event->facts, shown)
							      : event->facts);
	put_facts(page, event);
	html_put(h, "<p class=\"no-print\"><a href=\"/events/%ld/report\">%s</a></p>",
		 (long)event->id, _("First report, to be printed"));
	put_handling(page, event);
	view_moves(page, event, reports);
	view_proof(page, event);
	page_end(page);
	json_decref(entry);
	return 1;
}

int view_event_one(struct page *page, const char *suffix, store_event_fn fn)
{
	struct store_event_filter filter = { .id = web_id(page, "/events/", suffix) };
	int r = filter.id ? store_event_each(page->store, &filter, fn, page) : 0;

	if (r < 0)
		reply_busy(page->request, 503, 5);
	else if (r == 0)
		page_message(page, 404, _("There is no such event"),
			     _("What you were looking for is not here."));
	return r;
}

void view_event(struct page *page)
{
	view_event_one(page, "", put_event);
}

/* --- the register --- */

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
	html_put(h,
		 "<tr class=\"r%u\"><td class=\"n\" data-label=\"%s\">%ld</td><td "
		 "data-label=\"%s\">",
		 event->grade, _("Number"), (long)event->id, _("Discovered"));
	page_time(page, event->found_us);
	html_put(h, "</td><td data-label=\"%s\">", _("Grade"));
	if (event->grade)
		page_grade(page, event->grade);
	html_put(h, "</td>");
	page_event_what(page, event, false);
	html_put(h, "<td data-label=\"%s\">", _("Terminal"));
	page_event_terminal(page, event);
	html_put(h, "</td><td data-label=\"%s\">", _("State"));
	page_state(page, event->state);
	html_put(h, "</td></tr>");
	return 0;
}

static int walk(struct page *page, const char *state, struct rows *rows)
{
	struct store_event_filter filter = { .before = form_id(web_query(page, "before")),
					     .limit = EVENTS_SHOWN };
	uint32_t number = incident_state(state);

	if (number < STORE_EVENT_STATE_COUNT)
		return store_page_events(page->store, number, filter.before, EVENTS_SHOWN, put_row,
					 rows);
	return store_event_each(page->store, &filter, put_row, rows);
}

static void put_states(struct page *page, const char *state)
{
	struct html *h = &page->html;

	html_put(h, "<ul class=\"choices\" aria-label=\"%s\"><li><a href=\"/events\"%s>%s</a></li>",
		 _("State"), "", _("all"));
	for (uint32_t i = STORE_EVENT_TO_VERIFY; i < STORE_EVENT_STATE_COUNT; i++)
		html_put(h,
			 strcmp(incident_state_name(i), state) == 0
				 ? "<li><a aria-current=\"true\" "
				   "href=\"/events?state=%s\">%s</a></li>"
				 : "<li><a href=\"/events?state=%s\">%s</a></li>",
			 incident_state_name(i), event_state_text(i));
	html_put(h, "</ul>");
}

void view_events(struct page *page)
{
	const char *state = web_query(page, "state");
	struct rows rows = { .page = page };
	struct html *h = &page->html;

	page_begin(page, PAGE_EVENTS, _("Events"));
	put_states(page, state);
	if (page_may_act(page))
		html_put(h, "<p><a href=\"/events/new\">%s</a></p>", _("Enter an event"));
	page_list(page, true,
		  PAGE_COLUMNS(_("Number"), _("Discovered"), _("Grade"), _("What happened"),
			       _("Terminal"), _("State")));
	if (walk(page, state, &rows) < 0)
		h->failed = true;
	html_put(h, "</tbody></table>");
	if (rows.count == 0)
		html_put(h, "<p class=\"nothing\">%s</p>", _("There is no such event."));
	if (rows.count == EVENTS_SHOWN)
		html_put(h,
			 "<p><a rel=\"next\" href=\"/events?before=%ld&amp;state=%s\">%s</a></p>",
			 (long)rows.last, state, _("Older ones"));
	page_end(page);
}
