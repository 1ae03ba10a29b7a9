// SPDX-License-Identifier: GPL-2.0-or-later
/* States of transfers, and what both sides say of one another, as people read them. */
#include <sodium.h>
#include <string.h>

#include "agent/office/store/store_terminal.h"
#include "agent/office/web/view_transfer.h"

static const struct {
	const char *name;
	const char *text;
} states[STORE_TRANSFER_STATE_COUNT] = {
	[STORE_TRANSFER_REQUESTED] = { "requested", N_("requested") },
	[STORE_TRANSFER_APPROVED] = { "approved", N_("approved") },
	[STORE_TRANSFER_PERMITTED] = { "permitted", N_("permitted, not ended yet") },
	[STORE_TRANSFER_DONE] = { "done", N_("done") },
	[STORE_TRANSFER_REFUSED] = { "refused", N_("refused") },
	[STORE_TRANSFER_QUARANTINED] = { "quarantined", N_("in quarantine") },
	[STORE_TRANSFER_INTERRUPTED] = { "interrupted", N_("interrupted: nothing of it counts") },
	[STORE_TRANSFER_CANCELLED] = { "cancelled", N_("cancelled") },
	[STORE_TRANSFER_EXPIRED] = { "expired", N_("not approved in time") },
};

static const struct {
	const char *name;
	const char *text;
	const char *class; /* of the style */
} matches[STORE_MATCH_COUNT] = {
	[STORE_MATCH_NONE] = { "none", N_("nothing to compare"), "c0" },
	[STORE_MATCH_WAITING] = { "waiting", N_("waits for the other side"), "c2" },
	[STORE_MATCH_GOOD] = { "good", N_("both sides agree"), "c1" },
	[STORE_MATCH_BEYOND] = { "beyond", N_("the other side reports to another office"), "c0" },
	[STORE_MATCH_OVERDUE] = { "overdue", N_("import overdue"), "c3" },
	[STORE_MATCH_UNKNOWN] = { "unknown", N_("never exported"), "c4" },
	[STORE_MATCH_DIFFERS] = { "differs", N_("the sides differ"), "c4" },
	[STORE_MATCH_TWICE] = { "twice", N_("imported more than once"), "c3" },
};

const char *transfer_word_side(uint32_t side)
{
	return side == STORE_SIDE_OUT ? _("export") : _("import");
}

const char *transfer_state_name(uint32_t state)
{
	return state < STORE_TRANSFER_STATE_COUNT ? states[state].name : NULL;
}

const char *transfer_state_text(uint32_t state)
{
	return state < STORE_TRANSFER_STATE_COUNT ? _(states[state].text) : "?";
}

const char *transfer_match_name(uint32_t match)
{
	return match < STORE_MATCH_COUNT ? matches[match].name : NULL;
}

const char *transfer_match_text(uint32_t match)
{
	return match < STORE_MATCH_COUNT ? _(matches[match].text) : "?";
}

const char *transfer_word_state(const struct store_transfer *transfer)
{
	if (transfer->state == STORE_TRANSFER_DONE)
		return transfer->side == STORE_SIDE_OUT ? _("exported") : _("imported");
	return transfer_state_text(transfer->state);
}

const char *transfer_word_match(const struct store_transfer *transfer)
{
	if (transfer->match == STORE_MATCH_NONE && transfer->foreign)
		return _("from a foreign medium");
	return transfer_match_text(transfer->match);
}

const char *transfer_word_action(const char *action)
{
	static const struct {
		const char *name;
		const char *text;
	} words[] = {
		{ "requested", N_("requested") },
		{ "approved", N_("approved") },
		{ "permitted", N_("permitted") },
		{ "exported", N_("exported") },
		{ "imported", N_("imported") },
		{ "refused", N_("refused") },
		{ "quarantined", N_("put into quarantine") },
		{ "interrupted", N_("interrupted") },
		{ "cancelled", N_("cancelled") },
		{ "expired", N_("not approved in time") },
		{ "opened", N_("an officer looked at the files") },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i].name, action) == 0)
			return _(words[i].text);
	return action;
}

const char *transfer_word_medium(const char *what)
{
	static const struct {
		const char *name;
		const char *text;
	} words[] = {
		{ "admitted", N_("used") },
		{ "refused", N_("refused") },
		{ "released", N_("taken out in order") },
		{ "pulled", N_("pulled out without leave") },
		{ "failed", N_("could not be read or mounted") },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i].name, what) == 0)
			return _(words[i].text);
	return what;
}

void transfer_put_match(struct page *page, const struct store_transfer *transfer)
{
	const char *class =
		transfer->match < STORE_MATCH_COUNT ? matches[transfer->match].class : "c0";

	html_put(&page->html, "<span class=\"contact %s\">%s</span>", class,
		 transfer_word_match(transfer));
}

void transfer_put_medium(struct page *page, const uint8_t medium[static STORE_ID_SIZE])
{
	char id[2 * STORE_ID_SIZE + 1];

	if (sodium_is_zero(medium, STORE_ID_SIZE))
		return;
	sodium_bin2hex(id, sizeof(id), medium, STORE_ID_SIZE);
	html_put(&page->html, "<a href=\"/media?id=%s\"><code class=\"digest\">%s</code></a>", id,
		 id);
}

void transfer_put_size(struct page *page, const struct store_transfer *transfer)
{
	unsigned long size = (unsigned long)transfer->size;
	struct html *h = &page->html;

	html_say(h, ngettext("%lu file", "%lu files", transfer->files),
		 (unsigned long)transfer->files);
	html_text(h, _(", "));
	if (size < 10240)
		html_say(h, _("%lu bytes"), size);
	else if (size < 10ul << 20)
		html_say(h, _("%lu KiB"), size >> 10);
	else
		html_say(h, _("%lu MiB"), size >> 20);
}

void transfer_put_terminal(struct page *page, int64_t id)
{
	struct store_terminal terminal;

	if (store_terminal_by_id(page->store, id, &terminal) == 0)
		page_terminal(page, &terminal);
}

bool transfer_medium_id(const char *text, uint8_t id[static STORE_ID_SIZE])
{
	size_t length = 0;

	return strlen(text) == 2 * STORE_ID_SIZE &&
	       sodium_hex2bin(id, STORE_ID_SIZE, text, 2 * STORE_ID_SIZE, NULL, &length, NULL) ==
		       0 &&
	       length == STORE_ID_SIZE;
}
