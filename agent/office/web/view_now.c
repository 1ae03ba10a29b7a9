// SPDX-License-Identifier: GPL-2.0-or-later
/* What needs attention now: open events by deadline, terminals out of contact. */
#include "agent/office/event_words.h"
#include "agent/office/store/store_terminal.h"
#include "agent/office/store/store_event.h"
#include "agent/office/web/web.h"

#define EVENTS_SHOWN  50
#define MISSING_SHOWN 50
#define OPEN_STATES                                                                                \
	(1u << STORE_EVENT_TO_VERIFY | 1u << STORE_EVENT_IN_HAND | 1u << STORE_EVENT_TO_REVIEW)

static int put_event(void *data, const struct store_event *event)
{
	struct page *page = data;
	struct html *h = &page->html;

	html_put(h, "<tr class=\"r%u\"><td data-label=\"%s\">", event->grade, _("Grade"));
	page_grade(page, event->grade);
	html_put(h, "</td><td data-label=\"%s\">", _("Deadline"));
	page_left(page, event->found_us, page_due(event));
	html_put(h, "</td>");
	page_event_what(page, event, true);
	html_put(h, "<td data-label=\"%s\">", _("Terminal"));
	page_event_terminal(page, event);
	html_put(h, "</td><td data-label=\"%s\">", _("State"));
	page_state(page, event->state);
	html_put(h, "</td></tr>");
	return 0;
}

static void put_events(struct page *page, uint64_t open)
{
	struct store_event_filter filter = { .states = OPEN_STATES,
					     .by_deadline = true,
					     .limit = EVENTS_SHOWN };
	struct html *h = &page->html;

	html_put(h, "<section aria-labelledby=\"h-events\"><h2 id=\"h-events\">%s</h2>",
		 _("Events that wait for the office"));
	if (open == 0) {
		html_put(h, "<p class=\"nothing\">%s</p></section>",
			 _("No event waits. There is nothing to do."));
		return;
	}
	page_list(page, false,
		  PAGE_COLUMNS(_("Grade"), _("Deadline"), _("What happened, what to do first"),
			       _("Terminal"), _("State")));
	if (store_event_each(page->store, &filter, put_event, page) < 0)
		h->failed = true;
	html_put(h, "</tbody></table>");
	if (open > EVENTS_SHOWN) {
		html_put(h, "<p><a href=\"/events?state=open\">");
		html_say(h, _("All %lu that wait"), (unsigned long)open);
		html_put(h, "</a></p>");
	}
	html_put(h, "</section>");
}

struct missing {
	struct page *page;
	unsigned int count;
};

static int put_missing(void *data, const struct store_terminal *terminal)
{
	struct missing *missing = data;
	struct page *page = missing->page;
	struct html *h = &page->html;

	if (missing->count++ == 0)
		page_list(page, false,
			  PAGE_COLUMNS(_("Terminal"), _("Unit"), _("State"), _("Last heard")));
	html_put(h, "<tr><td data-label=\"%s\">", _("Terminal"));
	page_terminal(page, terminal);
	html_put(h, "</td><td data-label=\"%s\">%s</td><td data-label=\"%s\">", _("Unit"),
		 terminal->unit, _("State"));
	page_contact(page, terminal->contact);
	html_put(h, "</td><td data-label=\"%s\">", _("Last heard"));
	page_time(page, terminal->seen_us);
	if (terminal->seen_us) {
		html_put(h, "<br><span class=\"by\">");
		page_span_in(page, _("%s ago"), page->now_us - terminal->seen_us);
		html_put(h, "</span>");
	}
	html_put(h, "</td></tr>");
	return 0;
}

static void put_contact(struct page *page)
{
	struct missing missing = { .page = page };
	struct html *h = &page->html;

	html_put(h, "<section aria-labelledby=\"h-contact\"><h2 id=\"h-contact\">%s</h2>",
		 _("Terminals out of contact"));
	if (store_page_missing(page->store, MISSING_SHOWN, put_missing, &missing) < 0)
		h->failed = true;
	if (missing.count == 0)
		html_put(h, "<p class=\"nothing\">%s</p>",
			 _("Every terminal that promised to check in has done so."));
	else
		html_put(h, "</tbody></table>");
	if (missing.count == MISSING_SHOWN)
		html_put(h, "<p><a href=\"/terminals\">%s</a></p>", _("All terminals"));
	html_put(h, "</section>");
}

void view_now(struct page *page)
{
	uint64_t counts[STORE_EVENT_STATE_COUNT], open = 0;
	struct html *h = &page->html;

	page_begin(page, PAGE_NOW, _("What needs attention now"));
	if (store_page_open(page->store, counts) < 0)
		h->failed = true;
	html_put(h, "<ul class=\"tiles\">");
	for (uint32_t state = STORE_EVENT_TO_VERIFY; state <= STORE_EVENT_TO_REVIEW; state++) {
		open += counts[state];
		html_put(h, "<li><b>%lu</b> %s</li>", (unsigned long)counts[state],
			 event_state_text(state));
	}
	html_put(h, "</ul>");
	put_events(page, open);
	put_contact(page);
	page_end(page);
}
