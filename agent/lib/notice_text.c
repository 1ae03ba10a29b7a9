// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/notice_text.h"

#include <stdio.h>
#include <string.h>

#include "agent/lib/i18n.h"
#include "agent/lib/printable.h"

struct wording {
	const char *name;
	const char *title; /* %s is the subject, where there is one */
	const char *advice;
};

static const struct wording wordings[NOTICE_COUNT] = {
	[NOTICE_USB_REFUSED] = { "usb-refused", N_("This USB device was refused: %s"),
				 N_("Unplug it. Use only devices that are registered for this "
				    "terminal.") },
	[NOTICE_PHONE_REFUSED] = { "phone-refused",
				   N_("This phone or network device was refused: %s"),
				   N_("Unplug it now. No phone, modem or network adapter may be "
				      "connected to this terminal, not even to charge it.") },
	[NOTICE_LINK_REFUSED] = { "link-refused", N_("This network connection was refused: %s"),
				  N_("Unplug the cable. Only the registered connection of this "
				     "terminal may be used.") },
	[NOTICE_RADIO_REFUSED] = { "radio-refused", N_("A radio was switched off: %s"),
				   N_("Leave Wi-Fi and Bluetooth off. This terminal may use no "
				      "radio.") },
	[NOTICE_EGRESS_REFUSED] = { "egress-refused",
				    N_("A program of yours tried to reach %s; nothing was sent"),
				    N_("Close the program. This terminal reaches only what its "
				       "policy names.") },
	[NOTICE_ADDRESS_REMOVED] = { "address-removed", N_("A network address was removed: %s"),
				     N_("Do not set addresses yourself; ask the system "
					"administrator.") },
	[NOTICE_ROUTE_REMOVED] = { "route-removed", N_("A route was removed: %s"),
				   N_("Do not set routes yourself; ask the system "
				      "administrator.") },
	[NOTICE_MEDIUM_REFUSED] = { "medium-refused", N_("This medium was refused: %s"),
				    N_("Nothing of it can be read or written here. Unplug it; use "
				       "only media that are registered for this terminal.") },
	[NOTICE_MEDIUM_FAILED] = { "medium-failed", N_("This medium cannot be used: %s"),
				   N_("Unplug it and plug it in again. If that does not help, give "
				      "it to the confidentiality office.") },
	[NOTICE_TRANSFER_WAITING] = { "transfer-waiting",
				      N_("A transfer waits for your approval: %s"),
				      N_("Look at the files before you sign: airgapctl transfer "
					 "show.") },
	[NOTICE_TRANSFER_APPROVED] = { "transfer-approved", N_("Your transfer was approved: %s"),
				       N_("See how it stands: airgapctl transfer show.") },
	[NOTICE_TRANSFER_REFUSED] = { "transfer-refused", N_("Your transfer was refused: %s"),
				      N_("The reason stands with it: airgapctl transfer show.") },
	[NOTICE_TRANSFER_INTERRUPTED] = { "transfer-interrupted",
					  N_("Your transfer was interrupted: %s"),
					  N_("Nothing of it counts on the medium. What to do "
					     "stands with "
					     "it: airgapctl transfer show.") },
	[NOTICE_LOCKDOWN] = { "lockdown", N_("This terminal is in lockdown"),
			      N_("Keyboards that worked before still work; no other device and no "
				 "network does. Save your work and call for help.") },
	[NOTICE_RESTRICTED] = { "restricted", N_("This terminal is restricted"),
				N_("Removable storage can be read only, and nothing can be "
				   "transferred, until that is settled.") },
	[NOTICE_RELEASED] = { "released", N_("This terminal works normally again"),
			      N_("Unplug and plug in again what was refused meanwhile.") },
	[NOTICE_POLICY_ENDS] = { "policy-ends", N_("The policy of this terminal ends in %s"),
				 N_("The system administrator has to install the next one before "
				    "that day.") },
	[NOTICE_MAINTENANCE] = { "maintenance",
				 N_("Maintenance of this terminal has begun, for at most %s"),
				 N_("Network settings may change meanwhile. Devices are refused as "
				    "always, and nothing is reached but what the policy names.") },
	[NOTICE_MAINTENANCE_OVER] = { "maintenance-over",
				      N_("Maintenance of this terminal is over"),
				      N_("Network settings that the policy does not name have been "
					 "undone.") },
};

const char *notice_event_name(uint32_t event)
{
	return event < NOTICE_COUNT ? wordings[event].name : "unknown";
}

uint32_t notice_event_find(const char *name)
{
	uint32_t event = 0;

	while (event < NOTICE_COUNT && strcmp(wordings[event].name, name) != 0)
		event++;
	return event;
}

/* @template with its first %s replaced: a translation can leave it out, but do no harm. */
static void fill(char *out, size_t size, const char *template, const char *value)
{
	const char *hole = strstr(template, "%s");

	if (hole)
		snprintf(out, size, "%.*s%s%s", (int)(hole - template), template, value, hole + 2);
	else
		snprintf(out, size, "%s", template);
}

static void append(struct notice_text *text, const char *template, const char *value)
{
	size_t used = strlen(text->body);

	fill(text->body + used, sizeof(text->body) - used, template, value);
}

static void fill_number(char *out, size_t size, const char *template, uint64_t number)
{
	char digits[32];

	snprintf(digits, sizeof(digits), "%llu", (unsigned long long)number);
	fill(out, size, template, digits);
}

static void fill_title(const struct msg_notice *notice, struct notice_text *text)
{
	uint64_t number = notice->number;
	char subject[160];

	printable_copy(subject, sizeof(subject), notice->subject);
	if (notice->event == NOTICE_POLICY_ENDS)
		fill_number(subject, sizeof(subject),
			    ngettext("%s day", "%s days", (unsigned long)number), number);
	else if (notice->event == NOTICE_MAINTENANCE && number > 0 && number % 60 == 0)
		fill_number(subject, sizeof(subject),
			    ngettext("%s hour", "%s hours", (unsigned long)number / 60),
			    number / 60);
	else if (notice->event == NOTICE_MAINTENANCE)
		fill_number(subject, sizeof(subject),
			    ngettext("%s minute", "%s minutes", (unsigned long)number), number);
	fill(text->title, sizeof(text->title), _(wordings[notice->event].title), subject);
}

void notice_text(const struct msg_notice *notice, struct notice_text *text)
{
	char because[POLICY_BECAUSE_SIZE], rule[sizeof(notice->rule)], call[sizeof(notice->call)];

	memset(text, 0, sizeof(*text));
	if (notice->event >= NOTICE_COUNT)
		return;
	fill_title(notice, text);
	printable_copy(because, sizeof(because), notice->because);
	printable_copy(rule, sizeof(rule), notice->rule);
	printable_copy(call, sizeof(call), notice->call);
	if (because[0] && rule[0]) {
		append(text, _("Reason: %s"), because);
		append(text, _(" (rule %s)\n"), rule);
	} else if (because[0]) {
		append(text, _("Reason: %s\n"), because);
	}
	append(text, "%s\n", _(wordings[notice->event].advice));
	if (notice->event < NOTICE_LOCKDOWN && notice->number)
		append(text, "%s\n",
		       _("More of this kind will be refused and recorded without another notice "
			 "for some minutes."));
	if (call[0])
		append(text, _("Questions: call %s, security officer.\n"), call);
	else
		append(text, "%s\n", _("Questions: call the confidentiality office."));
}
