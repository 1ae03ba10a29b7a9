// SPDX-License-Identifier: GPL-2.0-or-later
/* Transfers and media, in a sentence. */
#include <string.h>

#include "agent/office/web/sentence_parts.h"

void sentence_transfer(struct page *page, const json_t *event)
{
	static const struct sentence_choice out[] = {
		{ "requested", N_("Files are to be taken out, and this asks for leave: %s.") },
		{ "approved", N_("An officer approved that files are taken out: %s.") },
		{ "permitted", N_("Files are being written to a registered medium: %s.") },
		{ "exported", N_("Files were taken out on a registered medium: %s.") },
		{ "refused", N_("Files were to be taken out, and this was refused: %s.") },
		{ "interrupted", N_("Files were being taken out, and nothing of it counts: %s.") },
		{ "cancelled", N_("A request to take files out was withdrawn: %s.") },
		{ "expired", N_("A request to take files out was not approved in time: %s.") },
		{ "opened", N_("An officer looked at files that are to be taken out: %s.") },
		{ NULL, NULL },
	};
	static const struct sentence_choice in[] = {
		{ "requested", N_("Files are to be brought in, and this asks for leave: %s.") },
		{ "approved", N_("An officer approved that files are brought in: %s.") },
		{ "permitted", N_("Files are being brought in: %s.") },
		{ "imported", N_("Files were brought in: %s.") },
		{ "refused", N_("Files were to be brought in, and this was refused: %s.") },
		{ "quarantined", N_("Files that were to be brought in are in quarantine: %s.") },
		{ "interrupted", N_("Files were being brought in, and nothing of it counts: %s.") },
		{ "cancelled", N_("A request to bring files in was withdrawn: %s.") },
		{ "expired", N_("A request to bring files in was not approved in time: %s.") },
		{ "opened", N_("An officer looked at files that are to be brought in: %s.") },
		{ NULL, NULL },
	};
	bool leaves = strcmp(sentence_text(event, "direction"), "out") == 0;
	const char *text = sentence_choose(leaves ? out : in, sentence_text(event, "action"));
	const char *names = sentence_text(event, "names");

	sentence_fill(page, text ? text : _("About a transfer: %s."),
		      *names ? names : sentence_text(event, "batch"));
	html_put(&page->html, " ");
	html_say(&page->html,
		 leaves ? _("User %s, to unit %s, level %s.")
			: _("User %s, from unit %s, level %s."),
		 sentence_text(event, "login"), sentence_text(event, "unit"),
		 page_level(page, sentence_text(event, "level")));
	if (*sentence_text(event, "text"))
		html_put(&page->html, " %s", sentence_text(event, "text"));
}

void sentence_medium(struct page *page, const json_t *event)
{
	static const struct sentence_choice choices[] = {
		{ "admitted", N_("A medium was put in and may be used: %s.") },
		{ "refused", N_("A medium was put in and refused: %s.") },
		{ "released", N_("A medium was taken out in order: %s.") },
		{ "pulled", N_("A medium was pulled out without leave: %s.") },
		{ "failed", N_("A medium could not be read or mounted: %s.") },
		{ NULL, NULL },
	};
	const json_t *medium = json_object_get(event, "medium");
	const char *text = sentence_choose(choices, sentence_text(event, "action"));
	const char *id = sentence_text(medium, "id");

	sentence_fill(page, text ? text : _("About a medium: %s."), *id ? id : _("none of ours"));
	if (*sentence_text(medium, "text"))
		html_put(&page->html, " %s", sentence_text(medium, "text"));
}
