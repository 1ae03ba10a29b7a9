// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/web/sentence_parts.h"

#include <stdlib.h>
#include <string.h>

#include "agent/lib/digest.h"
#include "agent/office/store/store_event.h"

json_t *sentence_line(const char *line, size_t length, struct journal_head *head)
{
	struct digest digest;

	if (digest_parse(line, length, &digest) == 0) {
		*head = digest.head;
		return json_loadb(line, digest.text_length, JSON_REJECT_DUPLICATES, NULL);
	}
	return journal_head_parse(line, length, head) == 0
		       ? json_loadb(line, length, JSON_REJECT_DUPLICATES, NULL)
		       : NULL;
}

json_t *sentence_read(struct page *page, const struct store_event *event)
{
	struct journal_head head;
	char *line = NULL;
	size_t length = 0;
	json_t *entry = NULL;

	if (event->source != STORE_SOURCE_TERMINAL || event->seq < 0)
		return NULL;
	if (store_page_entry(page->store, event->terminal, (uint64_t)event->seq, &line, &length) <
	    0)
		return NULL;
	entry = sentence_line(line, length, &head);
	free(line);
	return entry;
}

const char *sentence_choose(const struct sentence_choice *choices, const char *word)
{
	for (; choices->word; choices++)
		if (strcmp(choices->word, word) == 0)
			return _(choices->text);
	return NULL;
}

void sentence_fill(struct page *page, const char *text, const char *subject)
{
	const char *hole = strstr(text, "%s");

	if (!hole) {
		html_text(&page->html, text);
		return;
	}
	html_bytes(&page->html, text, (size_t)(hole - text));
	html_put(&page->html, "<b>%s</b>", subject);
	html_text(&page->html, hole + 2);
}

static const struct sentence_choice usb_states[] = {
	{ "blocked", N_("A USB device was plugged in and refused: %s.") },
	{ "refused", N_("A USB device was plugged in and refused: %s.") },
	{ "pending", N_("A USB device is being let in: %s.") },
	{ "authorised", N_("A USB device was let in: %s.") },
	{ "failed", N_("A USB device could not be let in: %s.") },
	{ "gone", N_("A USB device was unplugged: %s.") },
	{ NULL, NULL },
};

static void say_usb(struct page *page, const json_t *event)
{
	const json_t *outcome = json_object_get(event, "outcome");
	const json_t *facts = json_object_get(outcome, "facts");
	const char *text = sentence_choose(usb_states, sentence_text(outcome, "state"));
	const char *name = sentence_text(facts, "name"), *serial = sentence_text(facts, "serial");

	sentence_fill(page, text ? text : _("A USB device was noticed: %s."),
		      *name ? name : sentence_text(facts, "id"));
	html_put(&page->html, " ");
	html_say(&page->html, _("Port %s, kind %s"), sentence_text(facts, "port"),
		 sentence_text(facts, "id"));
	if (*serial) {
		html_text(&page->html, _(", "));
		html_say(&page->html, _("serial number %s"), serial);
	}
	html_text(&page->html, _("."));
}

static const struct sentence_choice link_states[] = {
	{ "down", N_("A network connection is not registered and stays closed: %s.") },
	{ "pending", N_("A network connection is being opened: %s.") },
	{ "open", N_("A network connection was opened: %s.") },
	{ "failed", N_("A network connection could not be opened: %s.") },
	{ "gone", N_("A network connection was taken away: %s.") },
	{ NULL, NULL },
};

static void say_link(struct page *page, const json_t *event)
{
	const json_t *outcome = json_object_get(event, "outcome");
	const char *text = sentence_choose(link_states, sentence_text(outcome, "state"));

	sentence_fill(page, text ? text : _("A network connection was noticed: %s."),
		      sentence_text(json_object_get(outcome, "link"), "name"));
}

static const struct sentence_choice violations[] = {
	{ "iface_unknown", N_("A network adapter that nobody registered appeared: %s.") },
	{ "iface_identity_mismatch", N_("A network adapter is not the registered one: %s.") },
	{ "iface_renamed", N_("A network adapter was given another name: %s.") },
	{ "iface_netns_moved", N_("A network adapter was moved out of sight: %s.") },
	{ "addr_illegal", N_("A network address was set that is not permitted: %s.") },
	{ "route_illegal", N_("A way to another network was set that is not permitted: %s.") },
	{ "dns_illegal", N_("A name server was set that is not permitted: %s.") },
	{ "neighbour_on_unknown", N_("Another machine was seen on a foreign network: %s.") },
	{ "egress_blocked", N_("A program tried to reach %s and was stopped.") },
	{ "l2_egress_blocked", N_("A program tried to send raw packets and was stopped: %s.") },
	{ "forward_blocked", N_("Packets of another machine were stopped: %s.") },
	{ "forwarding_enabled", N_("The terminal was set to pass on packets of others: %s.") },
	{ "socket_family_denied", N_("A program used a way past the network rules: %s.") },
	{ "rfkill_unblocked", N_("A radio was switched on: %s.") },
	{ "ruleset_tampered", N_("Somebody changed the terminal's packet filter. %s") },
	{ "tc_or_xdp_attached",
	  N_("Somebody put a program between the network and its rules: %s.") },
	{ "netns_seen", N_("A network of its own was made inside the terminal: %s.") },
	{ "event_loss", N_("The terminal could not keep up with changes of its network. %s") },
	{ NULL, NULL },
};

/* The one thing that a violation of the network is about. */
static const char *network_subject(const json_t *event)
{
	static const char *const places[][2] = {
		{ "flow", "to" }, { "address", "address" }, { "route", "to" }, { "link", "name" }
	};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		const char *text =
			sentence_text(json_object_get(event, places[i][0]), places[i][1]);

		if (*text)
			return text;
	}
	return sentence_text(event, "text");
}

static void say_network(struct page *page, const json_t *event)
{
	const char *text = sentence_choose(violations, sentence_text(event, "violation"));
	const json_t *actor = json_object_get(event, "actor");
	json_int_t count = json_integer_value(json_object_get(event, "count"));

	sentence_fill(page, text ? text : _("Something is wrong with the network: %s."),
		      network_subject(event));
	if (*sentence_text(actor, "login")) {
		html_put(&page->html, " ");
		html_say(&page->html, _("User %s"), sentence_text(actor, "login"));
		if (*sentence_text(actor, "program")) {
			html_text(&page->html, _(", "));
			html_say(&page->html, _("program %s"), sentence_text(actor, "program"));
		}
		html_text(&page->html, _("."));
	}
	if (count > 1) {
		html_put(&page->html, " ");
		html_say(&page->html, _("%lld times."), (long long)count);
	}
}

static const struct sentence_choice policy_actions[] = {
	{ "activated", N_("A policy took effect: %s.") },
	{ "loaded", N_("The policy was loaded at the start: %s.") },
	{ "refused", N_("A policy was offered and refused: %s.") },
	{ "missing", N_("The terminal has no valid policy and is in lockdown. %s") },
	{ "expired", N_("The policy has expired: %s.") },
	{ NULL, NULL },
};

static void say_policy(struct page *page, const json_t *event)
{
	const char *text = sentence_choose(policy_actions, sentence_text(event, "action"));

	sentence_fill(page, text ? text : _("About a policy: %s."), sentence_text(event, "id"));
	if (*sentence_text(event, "reason"))
		html_put(&page->html, " %s", sentence_text(event, "reason"));
}

static const struct sentence_choice notes[] = {
	{ "lockdown", N_("The terminal is in lockdown: keyboards that worked before still work, "
			 "nothing else does.") },
	{ "restricted", N_("The terminal is restricted: no removable storage can be used.") },
	{ "enforcing", N_("The terminal works under its policy again.") },
	{ "trust-first",
	  N_("A first signers' list was installed; its fingerprint must be compared.") },
	{ "trust-next", N_("A new signers' list was installed.") },
	{ "trust-refused", N_("A signers' list was offered and refused.") },
	{ "table-missing", N_("A table that the policy needs is missing.") },
	{ "events-lost",
	  N_("The terminal could not keep up with its devices, and looked at all anew.") },
	{ "boot", N_("The terminal was started.") },
	{ "clean-stop", N_("The terminal was stopped in order.") },
	{ "heartbeat", N_("The terminal checked in: nothing else happened.") },
	{ "journal-started", N_("The recorder was started.") },
	{ "journal-restarted", N_("The recorder was started again after it ended without order.") },
	{ "entries-lost", N_("Entries were lost: the terminal could not write them.") },
	{ "records-lost", N_("Entries were lost: the terminal could not write them.") },
	{ "log-torn", N_("The last entry was cut off by a power failure.") },
	{ "log-damaged", N_("The terminal's log was altered or damaged, and begun anew.") },
	{ "log-key-damaged", N_("The key that signs the terminal's log is damaged.") },
	{ "quota-reached", N_("There was too much of the same; the rest is only counted.") },
	{ "entries-counted", N_("So many of the same were counted and not written.") },
	{ "receipt-anchor", N_("The terminal keeps the office's receipt.") },
	{ "core-started", N_("The guard was started.") },
	{ "core-stopped", N_("The guard was stopped.") },
	{ "peer-lost", N_("A part of the guard ended: what it blocks stays blocked.") },
	{ "peer-dropped", N_("A part of the guard misbehaved and was cut off.") },
	{ "rules-failed", N_("The packet filter could not be set; the network stays closed.") },
	{ "state-behind",
	  N_("The terminal's state is older than it was: it may have been set back.") },
	{ "state-damaged", N_("The terminal's state is damaged.") },
	{ "network-open", N_("The network was open before the guard ran.") },
	{ "defaults-open", N_("USB was open before the guard ran.") },
	{ "opened-by-others", N_("Something else than the guard opened a device or a network.") },
	{ "open-before-verdict", N_("A device was in use before the guard judged it.") },
	{ "policy-expires", N_("The policy ends soon.") },
	{ "document-refused", N_("A document that the office sent was refused.") },
	{ "document-installed", N_("A document that the office sent took effect.") },
	{ NULL, NULL },
};

static void say_note(struct page *page, const json_t *event)
{
	const char *text = sentence_choose(notes, sentence_text(event, "name"));
	const char *subject = sentence_text(event, "subject"), *own = sentence_text(event, "text");

	html_text(&page->html, text ? text : sentence_text(event, "name"));
	if (*subject)
		html_put(&page->html, " <b>%s</b>", subject);
	if (*own)
		html_put(&page->html, " %s", own);
}

/* The terminal is above the office's level: what it is about stays there, digest.h. */
static void say_held(struct page *page, const json_t *entry, const json_t *event)
{
	static const struct {
		const char *of;
		const struct sentence_choice *choices;
	} kinds[] = { { "usb", usb_states },
		      { "link", link_states },
		      { "network", violations },
		      { "policy", policy_actions },
		      { "note", notes } };
	const char *text = NULL;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(sentence_text(event, "of"), kinds[i].of) == 0)
			text = sentence_choose(kinds[i].choices, sentence_text(event, "what"));
	sentence_fill(page, text ? text : _("Something happened: %s."), _("held at the terminal"));
	html_put(&page->html, " ");
	html_say(&page->html,
		 _("Digest %s; on the terminal 'airgapctl log show %lld' shows the "
		   "entry that has it."),
		 sentence_text(entry, "leaf"),
		 (long long)json_integer_value(json_object_get(entry, "seq")));
}

void sentence_entry(struct page *page, const json_t *entry)
{
	static const struct {
		const char *type;
		void (*say)(struct page *page, const json_t *event);
	} sayers[] = { { "usb", say_usb },	    { "link", say_link },
		       { "network", say_network },  { "policy", say_policy },
		       { "note", say_note },	    { "transfer", sentence_transfer },
		       { "media", sentence_medium } };
	const json_t *event = json_object_get(entry, "event");

	if (strcmp(sentence_text(event, "type"), "held") == 0) {
		say_held(page, entry, event);
		return;
	}
	for (size_t i = 0; i < sizeof(sayers) / sizeof(sayers[0]); i++)
		if (strcmp(sentence_text(event, "type"), sayers[i].type) == 0) {
			sayers[i].say(page, event);
			return;
		}
	html_text(&page->html, _("An entry of a kind that this office does not know."));
}

/* What the office found out itself; the facts, in English, stand on the event's own page. */
static const struct sentence_choice own[] = {
	{ "late", N_("The terminal has not checked in when it had promised to.") },
	{ "silent", N_("Nothing is heard from the terminal any more.") },
	{ "escalated", N_("Nothing has been heard from the terminal for a long time.") },
	{ "returned", N_("The terminal is heard again.") },
	{ "fleet-silent", N_("Many terminals fell silent at the same time.") },
	{ "rollback",
	  N_("The terminal's disk was set back: what it had reported before is gone there.") },
	{ "fork", N_("The terminal's log was rewritten or set back, or the terminal was cloned.") },
	{ "old-policy", N_("An old policy came back into force on the terminal.") },
	{ "clock-back", N_("The terminal's clock was set back.") },
	{ "office-down", N_("The office itself did not run for a while.") },
	{ "overdue-bundle",
	  N_("No bundle has come from this terminal without network, and one was due.") },
	{ "medium-lost", N_("A registered medium is lost.") },
	{ "medium-clone", N_("There are two copies of a registered medium.") },
	{ "transfer-unknown", N_("Files were imported that no terminal exported.") },
	{ "transfer-differs", N_("Export and import of a transfer are not the same.") },
	{ "transfer-twice", N_("A transfer was imported more than once.") },
	{ "transfer-overdue", N_("A transfer was exported, and nobody has imported it.") },
	{ "alarm", N_("Entries came in a form that the office cannot read.") },
	{ NULL, NULL },
};

void sentence_event(struct page *page, const struct store_event *event, const json_t *entry)
{
	const char *text =
		event->source == STORE_SOURCE_OFFICE ? sentence_choose(own, event->kind) : NULL;

	if (entry)
		sentence_entry(page, entry);
	else
		html_text(&page->html, text ? text : event->facts);
}
