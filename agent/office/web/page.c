// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/event_words.h"
#include "agent/office/store/store_terminal.h"
#include "agent/office/store/store_event.h"
#include "agent/office/store/store_people.h"
#include "agent/office/web/page.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "agent/office/web/web.h"

#define MINUTE INT64_C(60)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

static const struct {
	const char *path;
	const char *name;
} places[PAGE_PLACE_COUNT] = {
	[PAGE_NOW] = { "/", N_("Now") },
	[PAGE_TERMINALS] = { "/terminals", N_("Terminals") },
	[PAGE_EVENTS] = { "/events", N_("Events") },
	[PAGE_TRANSFERS] = { "/transfers", N_("Transfers") },
	[PAGE_POLICIES] = { "/policies", N_("Policies") },
	[PAGE_ACTIONS] = { "/actions", N_("Officers' actions") },
};

void page_headers(struct request *request)
{
	static const char *const headers[][2] = {
		{ "Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action "
					     "'self'; frame-ancestors 'none'; "
					     "base-uri 'none'" },
		{ "X-Content-Type-Options", "nosniff" },
		{ "X-Frame-Options", "DENY" },
		{ "Referrer-Policy", "no-referrer" },
		{ "Cross-Origin-Opener-Policy", "same-origin" },
		{ "Cross-Origin-Resource-Policy", "same-origin" },
		{ "Permissions-Policy", "camera=(), microphone=(), geolocation=(), usb=()" },
	};

	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
		reply_header(request, headers[i][0], headers[i][1]);
}

static void put_languages(struct page *page)
{
	static const char *const names[PAGE_LANGUAGE_COUNT] = { "English", "中文" };
	struct html *h = &page->html;

	html_put(h, "<ul class=\"languages\">");
	for (unsigned int i = 0; i < PAGE_LANGUAGE_COUNT; i++) {
		html_put(h, "<li>");
		if (page->language == i)
			html_put(h, "<span aria-current=\"true\" lang=\"%s\">%s</span>",
				 web_language_tag(i), names[i]);
		else
			html_put(h,
				 "<a href=\"/language?to=%s&amp;back=%s\" lang=\"%s\" "
				 "hreflang=\"%s\">%s</a>",
				 web_language_tag(i), page->request->path, web_language_tag(i),
				 web_language_tag(i), names[i]);
		html_put(h, "</li>");
	}
	html_put(h, "</ul>");
}

static void put_person(struct page *page)
{
	struct html *h = &page->html;

	html_put(h, "<div class=\"person\"><span><b>%s</b>, %s</span>", page->session.officer.name,
		 page_word_role(page->session.officer.role));
	page_form(page, "/logout");
	html_put(h, "<button class=\"plain\">%s</button></form></div>", _("Log out"));
}

static void put_navigation(struct page *page)
{
	struct html *h = &page->html;

	html_put(h, "<nav aria-label=\"%s\"><ul>", _("Pages"));
	for (unsigned int i = 0; i < PAGE_PLACE_COUNT; i++)
		html_put(h,
			 page->place == i ? "<li><a href=\"%s\" aria-current=\"page\">%s</a></li>"
					  : "<li><a href=\"%s\">%s</a></li>",
			 places[i].path, _(places[i].name));
	html_put(h, "</ul></nav>");
}

void page_begin(struct page *page, enum page_place place, const char *title)
{
	struct html *h = &page->html;

	page->place = place;
	html_put(h,
		 "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">"
		 "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
		 "<meta name=\"color-scheme\" content=\"light dark\">"
		 "<title>%s - %s</title><link rel=\"stylesheet\" href=\"/style.css\"></head><body>"
		 "<a class=\"skip\" href=\"#main\">%s</a>",
		 web_language_tag(page->language), title, page->serve->keys.name,
		 _("Go to the content"));
	html_put(h, "<header><div class=\"bar\"><p class=\"office\">%s <span>%s</span></p>",
		 _("Confidentiality office"), page->serve->keys.name);
	put_languages(page);
	if (page->is_in)
		put_person(page);
	html_put(h, "</div>");
	if (page->is_in)
		put_navigation(page);
	html_put(h, "</header><main id=\"main\" tabindex=\"-1\"><h1>%s</h1>", title);
}

void page_end(struct page *page)
{
	struct html *h = &page->html;

	html_put(h, "</main><footer><p>");
	html_say(h, _("Level of this office: %s."), page_level(page, page->serve->level));
	html_put(h, " ");
	html_text(h, _("Times are local times of the office."));
	html_put(h, " ");
	html_text(h, _("As of"));
	html_put(h, " ");
	page_time(page, page->now_us);
	html_put(h, "</p></footer></body></html>\n");
	if (h->failed) {
		reply_busy(page->request, 503, 5);
		return;
	}
	reply(page->request, page->status ? page->status : 200, "text/html; charset=utf-8", h->data,
	      h->used);
	reply_header(page->request, "Cache-Control", "no-store");
	reply_header(page->request, "Content-Language", web_language_tag(page->language));
	page_headers(page->request);
}

void page_message(struct page *page, unsigned int status, const char *title, const char *text)
{
	page_begin(page, PAGE_OUTSIDE, title);
	html_put(&page->html, "<p class=\"lead\">%s</p><p><a href=\"/\">%s</a></p>", text,
		 _("To the page of what needs attention"));
	page->status = status;
	page_end(page);
}

void page_go(struct page *page, const char *path)
{
	reply(page->request, 303, "text/plain; charset=utf-8", "", 0);
	reply_header(page->request, "Location", path);
	reply_header(page->request, "Cache-Control", "no-store");
	page_headers(page->request);
}

void page_form(struct page *page, const char *action)
{
	html_put(&page->html,
		 "<form method=\"post\" action=\"%s\"><input type=\"hidden\" name=\"csrf\" "
		 "value=\"%s\">",
		 action, page->session.csrf);
}

bool page_may_act(const struct page *page)
{
	return page->is_in && (page->session.officer.role == STORE_ROLE_OFFICER ||
			       page->session.officer.role == STORE_ROLE_LEAD);
}

/* --- pieces --- */

void page_time(struct page *page, int64_t time_us)
{
	time_t seconds = (time_t)(time_us / 1000000);
	char machine[40], local[40];
	struct tm parts;

	if (time_us == 0)
		return;
	strftime(machine, sizeof(machine), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&seconds, &parts));
	strftime(local, sizeof(local), "%Y-%m-%d %H:%M", localtime_r(&seconds, &parts));
	html_put(&page->html, "<time datetime=\"%s\">%s</time>", machine, local);
}

void page_span(struct page *page, int64_t span_us)
{
	int64_t seconds = span_us / 1000000;
	int64_t days = seconds / DAY, hours = seconds % DAY / HOUR,
		minutes = seconds % HOUR / MINUTE;
	struct html *h = &page->html;

	if (days)
		html_say(h, ngettext("%ld day", "%ld days", (unsigned long)days), (long)days);
	if (hours && days < 10) {
		html_put(h, days ? " " : "");
		html_say(h, _("%ld h"), (long)hours);
	}
	if (!days && (minutes || !hours)) {
		html_put(h, hours ? " " : "");
		html_say(h, _("%ld min"), (long)minutes);
	}
}

void page_span_in(struct page *page, const char *text, int64_t span_us)
{
	const char *hole = strstr(text, "%s");

	if (!hole) {
		html_text(&page->html, text);
		return;
	}
	html_bytes(&page->html, text, (size_t)(hole - text));
	page_span(page, span_us);
	html_text(&page->html, hole + 2);
}

void page_left(struct page *page, int64_t from_us, int64_t deadline_us)
{
	static const char *const classes[] = {
		[INCIDENT_IN_TIME] = "time",
		[INCIDENT_HALF] = "half",
		[INCIDENT_PRESSING] = "pressing",
		[INCIDENT_OVERDUE] = "overdue",
	};
	enum incident_due due = incident_due(incident_book_own(page->serve->book), from_us,
					     deadline_us, page->now_us);
	struct html *h = &page->html;

	if (deadline_us == 0) {
		html_put(h, "<span class=\"left none\">%s</span>", _("no deadline"));
		return;
	}
	html_put(h, "<span class=\"left %s\">", classes[due]);
	if (deadline_us > page->now_us)
		page_span_in(page, _("%s left"), deadline_us - page->now_us);
	else
		page_span_in(page, _("late by %s"), page->now_us - deadline_us);
	html_put(h, "</span> ");
	page_time(page, deadline_us);
}

void page_grade(struct page *page, uint32_t grade)
{
	if (grade == 0)
		html_put(&page->html, "<span class=\"grade g0\">%s</span>", page_word_grade(0));
	else
		html_put(&page->html, "<span class=\"grade g%u\"><b>V%u</b> %s</span>", grade,
			 grade, page_word_grade(grade));
}

void page_state(struct page *page, uint32_t state)
{
	html_put(&page->html, "<span class=\"state s%u\">%s</span>", state,
		 event_state_text(state));
}

void page_contact(struct page *page, uint32_t contact)
{
	html_put(&page->html, "<span class=\"contact c%u\">%s</span>", contact,
		 page_word_contact(contact));
}

void page_terminal(struct page *page, const struct store_terminal *terminal)
{
	struct html *h = &page->html;

	html_put(h, "<a href=\"/terminals/%ld\">%s</a>", (long)terminal->id, terminal->number);
	if (terminal->custodian[0] || terminal->room[0])
		html_put(h, "<br><span class=\"by\">%s%s%s</span>", terminal->custodian,
			 terminal->custodian[0] && terminal->room[0] ? ", " : "", terminal->room);
}

int64_t page_due(const struct store_event *event)
{
	return event->due_us == INT64_MAX ? 0 : event->due_us;
}

void page_list(struct page *page, bool numbered, const char *const *columns)
{
	struct html *h = &page->html;

	html_put(h, "<table class=\"list\"><thead><tr>");
	for (unsigned int i = 0; columns[i]; i++)
		html_put(h,
			 numbered && i == 0 ? "<th scope=\"col\" class=\"n\">%s</th>"
					    : "<th scope=\"col\">%s</th>",
			 columns[i]);
	html_put(h, "</tr></thead><tbody>");
}
