// SPDX-License-Identifier: GPL-2.0-or-later
/* What to do first about an event. */
#include <string.h>

#include "agent/office/web/sentence_parts.h"

static const struct sentence_choice advice[] = {
	{ "usb",
	  N_("Call the custodian: who plugged it in, and what is on it? Have it brought to the "
	     "office.") },
	{ "link", N_("Call the custodian: who plugged the cable in, and where does it lead?") },
	{ "network", N_("Ask the user which program it was, and what it was to do there.") },
	{ "policy", N_("Ask the system administrator who installed what.") },
	{ "alarm", N_("Go and see the terminal. Let nobody switch it off before you have.") },
	{ "loss",
	  N_("Go and see the terminal: entries are missing, and what they said is not known.") },
	{ "late", N_("Wait for the next check-in.") },
	{ "silent", N_("Call the custodian: is the terminal on, and is its cable plugged in?") },
	{ "escalated", N_("Go and see the terminal.") },
	{ "fleet-silent", N_("Ask the system administrator whether the network is down.") },
	{ "rollback",
	  N_("Secure the terminal as evidence. Let nobody switch it off or repair it.") },
	{ "fork", N_("Secure the terminal as evidence. Let nobody switch it off or repair it.") },
	{ "old-policy", N_("Ask the system administrator who installed what.") },
	{ "clock-back", N_("Ask the system administrator who set the clock.") },
	{ "overdue-bundle", N_("Call the custodian for the medium with the bundle.") },
	{ "medium-lost", N_("Ask who had the medium last, and where it was seen last.") },
	{ "medium-clone",
	  N_("Have all media of this number brought here, and withdraw the number.") },
	{ "transfer-unknown",
	  N_("Secure the medium and the importing terminal: its slip was signed by a key that "
	     "recorded nothing.") },
	{ "transfer-differs", N_("Secure the medium, and compare the slip on it with both logs.") },
	{ "transfer-twice", N_("Ask who needed it a second time, and where the medium was.") },
	{ "transfer-overdue",
	  N_("Ask the requester where the medium is; if nobody knows, enter it as lost.") },
	{ NULL, NULL },
};

/* For kinds that say little: by what the entry is about. */
static const struct sentence_choice closer[] = {
	{ "lockdown", N_("Ask the system administrator which policy is to be installed.") },
	{ "enforcing",
	  N_("Nothing is to be done if the change was meant; else ask who signed it.") },
	{ "trust-first", N_("Compare the fingerprint with the office's own list.") },
	{ "trust-next", N_("Compare the number with the office's own list.") },
	{ "iface_unknown", N_("Call the custodian: what was connected, and by whom?") },
	{ "iface_identity_mismatch", N_("Call the custodian: what was connected, and by whom?") },
	{ "rfkill_unblocked", N_("Call the custodian: who switched the radio on?") },
	{ "addr_illegal", N_("Ask the system administrator who changed it.") },
	{ "route_illegal", N_("Ask the system administrator who changed it.") },
	{ "dns_illegal", N_("Ask the system administrator who changed it.") },
	{ "forwarding_enabled", N_("Ask the system administrator who changed it.") },
	{ "ruleset_tampered", N_("Ask the system administrator who changed it.") },
	{ "tc_or_xdp_attached", N_("Ask the system administrator who changed it.") },
	{ NULL, NULL },
};

const char *sentence_advice(const struct store_event *event, const json_t *entry)
{
	const json_t *what = json_object_get(entry, "event");
	const char *text = sentence_choose(closer, sentence_text(what, "violation"));
	/* A digest says both of the entry that it stands for. */
	bool held = strcmp(sentence_text(what, "type"), "held") == 0;

	if (event->state == STORE_EVENT_RECORDED)
		return NULL;
	if (!text)
		text = sentence_choose(closer, sentence_text(what, held ? "what" : "name"));
	if (!text)
		text = sentence_choose(advice, event->kind);
	return text ? text : sentence_choose(advice, sentence_text(what, held ? "of" : "type"));
}
