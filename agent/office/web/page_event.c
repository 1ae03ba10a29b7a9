// SPDX-License-Identifier: GPL-2.0-or-later
/* Cells of a row that is an event. */
#include "agent/office/web/sentence.h"
#include "agent/office/store/store_terminal.h"
#include "agent/office/store/store_event.h"

void page_event_terminal(struct page *page, const struct store_event *event)
{
	struct store_terminal terminal;
	struct html *h = &page->html;

	if (event->terminal == 0 ||
	    store_terminal_by_id(page->store, event->terminal, &terminal) < 0) {
		html_put(h, "<span class=\"by\">%s</span>", _("no terminal"));
		return;
	}
	page_terminal(page, &terminal);
	if (terminal.unit[0]) {
		html_put(h, "<br><span class=\"by\">");
		html_say(h, _("Unit %s"), terminal.unit);
		html_put(h, "</span>");
	}
}

void page_event_what(struct page *page, const struct store_event *event, bool with_advice)
{
	json_t *entry = sentence_read(page, event);
	const char *advice = with_advice ? sentence_advice(event, entry) : NULL;
	struct html *h = &page->html;

	html_put(h, "<td data-label=\"%s\"><a class=\"what\" href=\"/events/%ld\">", _("Event"),
		 (long)event->id);
	sentence_event(page, event, entry);
	html_put(h, "</a>");
	if (event->drill)
		html_put(h, " <span class=\"drill\">%s</span>", _("drill"));
	if (advice)
		html_put(h, "<br><span class=\"advice\">%s</span>", advice);
	html_put(h, "</td>");
	json_decref(entry);
}
