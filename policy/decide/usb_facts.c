// SPDX-License-Identifier: GPL-2.0-or-later
/* Facts by themselves: whether they can be, and what they amount to. */
#include "policy/decide/usb_rules.h"

#include <string.h>

#define CLASS_HUB 0x09

static bool ended(const char *text, size_t size)
{
	return memchr(text, '\0', size) != NULL;
}

enum usb_flaw usb_facts_flaw(const struct usb_facts *facts)
{
	if (facts->flaw != USB_SOUND)
		return (enum usb_flaw)facts->flaw;
	if (facts->interface_count > USB_INTERFACES_MAX)
		return USB_FLAW_TOO_MANY;
	if (!ended(facts->port, sizeof(facts->port)) ||
	    !ended(facts->serial, sizeof(facts->serial)) ||
	    !ended(facts->manufacturer, sizeof(facts->manufacturer)) ||
	    !ended(facts->name, sizeof(facts->name)))
		return USB_FLAW_STRING;
	if (facts->connect >= USB_CONNECT_COUNT)
		return USB_FLAW_MISMATCH;
	return USB_SOUND;
}

bool usb_facts_hub(const struct usb_facts *facts)
{
	for (uint32_t i = 0; i < facts->interface_count; i++)
		if (facts->interfaces[i].class != CLASS_HUB || facts->interfaces[i].subclass != 0)
			return false;
	return facts->class == CLASS_HUB && facts->interface_count > 0;
}

bool usb_facts_root_hub(const struct usb_facts *facts)
{
	return usb_facts_hub(facts) && strncmp(facts->port, "usb", 3) == 0;
}

const char *policy_usb_flaw_text(enum usb_flaw flaw)
{
	static const char *const texts[USB_FLAW_COUNT_OF] = {
		[USB_SOUND] = "the descriptors are sound",
		[USB_FLAW_UNREADABLE] = "the kernel gave no descriptors",
		[USB_FLAW_SHORT] = "the descriptors end too early",
		[USB_FLAW_LENGTH] = "a descriptor has an impossible length",
		[USB_FLAW_COUNT] = "the descriptors announce other counts than they hold",
		[USB_FLAW_DUPLICATE] = "a configuration or alternate setting is described twice",
		[USB_FLAW_TOO_MANY] = "the device has too many interfaces",
		[USB_FLAW_MISMATCH] = "two readings of the device disagree",
		[USB_FLAW_STRING] = "a name or the serial number is not proper text",
	};

	if (flaw >= USB_FLAW_COUNT_OF || !texts[flaw])
		return "unknown flaw";
	return texts[flaw];
}

const char *policy_cause_name(enum policy_cause cause)
{
	static const char *const names[POLICY_CAUSE_COUNT] = {
		[POLICY_CAUSE_DEFAULT] = "default",   [POLICY_CAUSE_ALLOW] = "allow",
		[POLICY_CAUSE_FORBID] = "forbid",     [POLICY_CAUSE_LIMIT] = "limit",
		[POLICY_CAUSE_BUILTIN] = "builtin",   [POLICY_CAUSE_FLAW] = "flaw",
		[POLICY_CAUSE_LOCKDOWN] = "lockdown", [POLICY_CAUSE_RESTRICT] = "restrict",
		[POLICY_CAUSE_RESCUE] = "rescue",     [POLICY_CAUSE_ORDER] = "order",
		[POLICY_CAUSE_UNREADY] = "unready",   [POLICY_CAUSE_MONITOR] = "monitor",
	};

	return cause < POLICY_CAUSE_COUNT && names[cause] ? names[cause] : "unknown";
}

const char *policy_result_name(enum policy_result result)
{
	return result == POLICY_RESULT_PERMIT ? "permit" : "refuse";
}
