// SPDX-License-Identifier: GPL-2.0-or-later
/* What officers do about an event: a form for each move that is offered, and what comes of it. */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "agent/office/event_life.h"
#include "agent/office/event_words.h"
#include "agent/office/group.h"
#include "agent/office/store/store_event.h"
#include "agent/office/store/store_people.h"
#include "agent/office/web/view_event.h"
#include "agent/office/web/web.h"

static int put_officer(void *data, const struct store_officer *officer)
{
	struct page *page = data;

	if (!officer->retired && officer->role != STORE_ROLE_AUDITOR)
		html_put(&page->html, "<option value=\"%ld\">%s, %s</option>", (long)officer->id,
			 officer->name, page_word_role(officer->role));
	return 0;
}

static void put_grades(struct page *page, const struct store_event *event, enum event_move move)
{
	struct html *h = &page->html;

	html_put(h, "<label>%s <select name=\"grade\">", _("Grade"));
	for (uint32_t grade = 1; grade < INCIDENT_GRADES; grade++)
		if (move == EVENT_RAISE ? grade > event->grade : grade < event->grade)
			html_put(h, "<option value=\"%u\">V%u %s</option>", grade, grade,
				 page_word_grade(grade));
	html_put(h, "</select></label>");
}

/*
 * Each with the body that its report is owed to; only those with less time than it has. None is chosen
 * beforehand: the mark is taken back by nobody.
 */
static void put_units(struct page *page, const struct store_event *event)
{
	struct html *h = &page->html;

	html_put(h, "<label>%s <select name=\"unit\" required><option value=\"\">-</option>",
		 _("Kind of unit"));
	for (uint32_t unit = INCIDENT_CYBER_NONE + 1; unit < INCIDENT_CYBER_COUNT; unit++)
		if (!event->cyber || unit < event->cyber)
			html_put(h, "<option value=\"%u\">%s: %s</option>", unit,
				 event_cyber_text(unit), event_cyber_body(unit));
	html_put(h, "</select></label>");
}

static const char *label_of(enum event_move move)
{
	switch (move) {
	case EVENT_EXPLAIN:
		return _("What the user says");
	case EVENT_HANDLE:
		return _("What was done");
	case EVENT_REVIEW:
		return _("Result");
	case EVENT_SENT:
	case EVENT_CYBER_SENT:
	case EVENT_CYBER_CLOSING:
		return _("To whom, and how");
	case EVENT_NOTE:
	case EVENT_ASSIGN:
		return _("Remark");
	default:
		return _("Why");
	}
}

static void put_text(struct page *page, const struct store_event *event, enum event_move move)
{
	const char *known = move == EVENT_EXPLAIN  ? event->explanation
			    : move == EVENT_HANDLE ? event->handling
						   : "";

	html_put(&page->html,
		 "<label>%s<textarea name=\"text\" rows=\"3\" "
		 "maxlength=\"4000\">%s</textarea></label>",
		 label_of(move), known);
}

static void put_fields(struct page *page)
{
	struct html *h = &page->html;

	html_put(h, "<p class=\"by\">%s</p>",
		 _("A first report states at least the first five; supplements follow."));
	for (enum report_field field = 0; field < REPORT_FIELD_COUNT; field++)
		html_put(h,
			 "<label>%s<textarea name=\"%s\" rows=\"2\" "
			 "maxlength=\"2000\"></textarea></label>",
			 report_field_label(field), report_field_name(field));
}

static void put_form(struct page *page, const struct store_event *event, enum event_move move)
{
	uint32_t needs = event_move_needs(move);
	struct html *h = &page->html;
	char action[48];

	snprintf(action, sizeof(action), "/events/%ld", (long)event->id);
	page_form(page, action);
	html_put(h,
		 "<input type=\"hidden\" name=\"move\" value=\"%s\">"
		 "<input type=\"hidden\" name=\"seen\" value=\"%u\"><div class=\"stack\">",
		 event_move_name(move), event->moves);
	if (needs & EVENT_NEEDS_GRADE)
		put_grades(page, event, move);
	if (needs & EVENT_NEEDS_UNIT)
		put_units(page, event);
	if (needs & EVENT_NEEDS_OFFICER) {
		html_put(h, "<label>%s <select name=\"to\">", _("Officer"));
		if (store_officer_each(page->store, put_officer, page) < 0)
			h->failed = true;
		html_put(h, "</select></label>");
	}
	if (needs & EVENT_NEEDS_TEXT)
		put_text(page, event, move);
	if (needs & EVENT_NEEDS_FIELDS)
		put_fields(page);
	html_put(h, "<button>%s</button></div></form>", event_move_label(move));
}

static void put_asked(struct page *page, const struct store_event *event)
{
	struct store_officer officer;
	struct html *h = &page->html;

	if (event->state == STORE_EVENT_TO_REVIEW && event->first_person) {
		html_put(h, "<p class=\"advice\">");
		html_say(h,
			 event->proposal == STORE_EVENT_FALSE_ALARM
				 ? _("%s asks for a false alarm. A second officer decides.")
				 : _("%s asks for closing. A second officer decides."),
			 view_officer(page, event->first_person, &officer));
		html_put(h, "</p>");
	}
	if (event->lower_asked) {
		html_put(h, "<p class=\"advice\">");
		html_say(h, _("%s asks for the grade V%u. A second officer decides."),
			 view_officer(page, event->lower_person, &officer), event->lower_to);
		html_put(h, "</p>");
	}
}

void view_moves(struct page *page, const struct store_event *event, uint32_t reports)
{
	uint32_t offered = event_life_offered(event, reports, &page->session.officer);
	struct html *h = &page->html;

	html_put(h,
		 "<section class=\"no-print\" aria-labelledby=\"h-moves\"><h2 "
		 "id=\"h-moves\">%s</h2>",
		 _("What to do"));
	put_asked(page, event);
	if (!page_may_act(page))
		html_put(h, "<p class=\"by\">%s</p>", event_refusal_text(EVENT_REFUSED_AUDITOR));
	for (enum event_move move = 0; move < EVENT_MOVE_COUNT; move++) {
		if (!(offered >> move & 1))
			continue;
		if (event_move_needs(move) == 0) {
			put_form(page, event, move);
			continue;
		}
		html_put(h, "<details><summary>%s</summary>", event_move_label(move));
		put_form(page, event, move);
		html_put(h, "</details>");
	}
	html_put(h, "</section>");
}

/* --- the answer --- */

static const char *value(const struct page *page, const char *name)
{
	const char *text = form_value(page->form, name);

	return text ? text : "";
}

static void refuse(struct page *page, int64_t event, enum event_refusal why)
{
	struct html *h = &page->html;

	page_begin(page, PAGE_EVENTS, _("This was not done"));
	html_put(h, "<p class=\"fault\" role=\"alert\">%s</p>", event_refusal_text(why));
	if (event)
		html_put(h, "<p><a href=\"/events/%ld\">%s</a></p>", (long)event,
			 _("Back to the event"));
	else
		html_put(h, "<p><a href=\"/events/new\">%s</a></p>", _("Back to the form"));
	page->status = why == EVENT_REFUSED_AUDITOR ? 403 : 409;
	page_end(page);
}

/* What was written goes out when it is on the disk. */
static void finish(struct page *page, int64_t event, int r, enum event_refusal why)
{
	char path[48];

	if (r == -EPERM) {
		refuse(page, event, why);
	} else if (r == -ENOENT) {
		page_message(page, 404, _("This was not done"),
			     event ? _("There is no such event") : _("There is no such terminal"));
	} else if (r < 0) {
		group_break(page->serve->group, page->request, r);
	} else {
		snprintf(path, sizeof(path), "/events/%ld", (long)event);
		page_go(page, path);
		group_wait(page->serve->group, page->request);
	}
}

static struct event_office office_of(struct page *page)
{
	return (struct event_office){ .store = page->serve->store,
				      .keys = &page->serve->keys,
				      .book = page->serve->book,
				      .now_us = page->now_us };
}

void view_move(struct page *page)
{
	struct event_office office = office_of(page);
	struct store_officer to;
	struct report_fields fields;
	struct event_request request = { .move = event_move(value(page, "move")),
					 .event = web_id(page, "/events/", ""),
					 .seen = (uint32_t)form_id(value(page, "seen")),
					 .text = form_value(page->form, "text"),
					 .grade = (uint32_t)form_id(value(page, "grade")),
					 .unit = (uint32_t)form_id(value(page, "unit")),
					 .fields = &fields };
	enum event_refusal why = EVENT_GRANTED;
	int r;

	for (enum report_field field = 0; field < REPORT_FIELD_COUNT; field++)
		fields.value[field] = form_value(page->form, report_field_name(field));
	if (store_officer_by_id(page->store, form_id(value(page, "to")), &to) == 0)
		request.to = &to;
	r = group_enter(page->serve->group);
	if (r == 0)
		r = event_life_do(&office, &page->session.officer, &request, &why);
	finish(page, request.event, r, why);
}

/* --- an event that no machine saw --- */

static void put_time(struct page *page, const char *name, const char *label)
{
	html_put(&page->html, "<label>%s<input type=\"datetime-local\" name=\"%s\"></label>", label,
		 name);
}

void view_new(struct page *page)
{
	struct html *h = &page->html;

	page_begin(page, PAGE_EVENTS, _("Enter an event"));
	html_put(h, "<p>%s</p>",
		 _("For what no machine sees: loss, theft, what others found; or a drill of one."));
	page_form(page, "/events/new");
	html_put(h, "<div class=\"stack\"><label>%s <select name=\"kind\">", _("Kind"));
	for (size_t i = 0; event_entry_kinds[i]; i++)
		html_put(h, "<option value=\"%s\">%s</option>", event_entry_kinds[i],
			 page_word_kind(event_entry_kinds[i]));
	html_put(
		h,
		"</select></label><label>%s <select name=\"grade\"><option value=\"0\">%s</option>",
		_("Grade"), _("as the kind has it"));
	for (uint32_t grade = 1; grade < INCIDENT_GRADES; grade++)
		html_put(h, "<option value=\"%u\">V%u %s</option>", grade, grade,
			 page_word_grade(grade));
	html_put(h,
		 "</select></label><label>%s<input name=\"number\" maxlength=\"64\" "
		 "placeholder=\"T-00417\"></label>",
		 _("Terminal, if it is about one"));
	html_put(h, "<label>%s <select name=\"medium\">", _("Level of the medium that was lost"));
	for (uint32_t medium = 0; medium < INCIDENT_MEDIUM_COUNT; medium++)
		html_put(h, "<option value=\"%u\">%s</option>", medium, event_medium_text(medium));
	html_put(h, "</select></label>");
	put_time(page, "occurred", _("When it happened"));
	put_time(page, "found", _("When it was discovered; empty: now"));
	html_put(h,
		 "<label>%s<textarea name=\"facts\" rows=\"4\" maxlength=\"4000\" "
		 "required></textarea>"
		 "</label><label class=\"check\"><input type=\"checkbox\" name=\"drill\" "
		 "value=\"1\"> "
		 "%s</label><button>%s</button></div></form>",
		 _("What happened"), _("This is a drill."), _("Enter an event"));
	page_end(page);
}

/* "2026-11-25T16:30", local time; 0: none */
static int64_t take_time(const char *text)
{
	struct tm parts = { .tm_isdst = -1 };
	const char *end = strptime(text, "%Y-%m-%dT%H:%M", &parts);

	return end && *end == 0 ? (int64_t)mktime(&parts) * 1000000 : 0;
}

void view_enter(struct page *page)
{
	struct event_office office = office_of(page);
	struct event_entry entry = { .kind = value(page, "kind"),
				     .number = value(page, "number"),
				     .facts = value(page, "facts"),
				     .grade = (uint32_t)form_id(value(page, "grade")),
				     .drill = form_value(page->form, "drill") != NULL,
				     .medium = (uint32_t)form_id(value(page, "medium")),
				     .occurred_us = take_time(value(page, "occurred")),
				     .found_us = take_time(value(page, "found")) };
	enum event_refusal why = EVENT_GRANTED;
	int64_t id = 0;
	int r;

	if (entry.occurred_us == 0)
		entry.occurred_us = entry.found_us ? entry.found_us : page->now_us;
	r = group_enter(page->serve->group);
	if (r == 0)
		r = event_life_enter(&office, &page->session.officer, &entry, &id, &why);
	finish(page, id, r, why);
}
