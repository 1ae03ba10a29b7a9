// SPDX-License-Identifier: GPL-2.0-or-later
/* with-connect-type: four values, so a few bits say all of it. */
#include "policy/import/usbguard_rule.h"

#include <string.h>

#include "policy/decide/facts.h"

/* Bits of enum usb_connect; a device without a type counts as unknown to us. */
static uint8_t connect_bits(const struct usbguard_set *set, bool lacking)
{
	static const char *const names[] = {
		[USB_CONNECT_UNKNOWN] = "unknown",
		[USB_CONNECT_HOTPLUG] = "hotplug",
		[USB_CONNECT_HARDWIRED] = "hardwired",
		[USB_CONNECT_NOT_USED] = "not used",
	};
	uint8_t bits = 0;

	for (size_t i = 0; i < set->count; i++) {
		for (unsigned int k = 0; k < USB_CONNECT_COUNT; k++)
			if (strcmp(names[k], set->values[i].text) == 0 && !set->values[i].nul)
				bits |= (uint8_t)(1U << k);
		if (lacking && set->values[i].text[0] == '\0' && !set->values[i].nul)
			bits |= 1U << USB_CONNECT_UNKNOWN;
	}
	return bits;
}

/* An empty type is told apart from "unknown" only by USBGuard: the stricter reading. */
static void say_connect(struct translation *translation, const struct usbguard_set *set,
			struct usbguard_meaning *meaning)
{
	for (size_t i = 0; i < set->count; i++) {
		if (set->values[i].text[0] != '\0')
			continue;
		usbguard_narrow(translation, meaning, "connect-empty", set->values[i].at,
				"write \"unknown\" if that is meant",
				meaning->allow ? "a port without a connect type counts as unknown "
						 "here; a device there is not allowed by this rule"
					       : "a port without a connect type counts as unknown "
						 "here; a device there is refused");
		return;
	}
}

void usbguard_connect(struct translation *translation, const struct usbguard_set *set,
		      struct usbguard_meaning *meaning, struct region *region)
{
	bool none = set->op == USBGUARD_NONE_OF;
	uint8_t bits = connect_bits(set, none == meaning->allow);
	const char *text;

	if (!set->given)
		return;
	say_connect(translation, set, meaning);
	switch (set->op) {
	case USBGUARD_NONE_OF:
		bits = (uint8_t)~bits & REGION_CONNECT_ANY;
		break;
	case USBGUARD_MATCH_ALL:
		usbguard_narrow(translation, meaning, "match-all", set->at,
				"write one-of instead of match-all",
				meaning->allow ? "USBGuard's match-all is true of every device "
						 "here; only the listed values are allowed"
					       : "USBGuard's match-all is true of every device "
						 "here, so the rule refuses all");
		bits = meaning->allow ? bits : REGION_CONNECT_ANY;
		break;
	case USBGUARD_ONE_OF:
		break;
	default:
		if (set->count == 1 ||
		    (set->op == USBGUARD_ALL_OF && usbguard_common(set, false, &text)))
			break;
		usbguard_narrow(
			translation, meaning, "several-values", set->at,
			"write one-of before the list",
			meaning->allow || set->op == USBGUARD_ALL_OF
				? "a device has only one of these: the rule matches none"
				: "a device has only one of these, so USBGuard never applies "
				  "this rule; here it refuses a device with any of them");
		bits = meaning->allow || set->op == USBGUARD_ALL_OF ? 0 : bits;
	}
	region_connect(region, bits);
}
