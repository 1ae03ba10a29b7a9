/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rescue rule: keyboards that the last good policy authorised work in lockdown too.
 *
 * Kept in /var/lib/airgap/state/rescue, one a line: 64 hexadecimal digits of the device's hash, a
 * space, its port. A wrong policy must not take away the keyboard on which it can be replaced.
 */
#ifndef AIRGAP_CORE_GOVERN_RESCUE_H
#define AIRGAP_CORE_GOVERN_RESCUE_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/decide/facts.h"

#define RESCUE_MAX 8 /* keyboards; the oldest makes room */

struct rescue {
	uint32_t count;
	struct rescue_entry {
		uint8_t hash[USB_HASH_SIZE];
		char port[USB_PORT_SIZE];
	} entries[RESCUE_MAX];
};

/* rescue_load - an absent or damaged file gives no keyboard */
void rescue_load(const char *root, struct rescue *rescue);

/**
 * rescue_interfaces - the keyboard interfaces (03:01:01) of a sound device
 * @bits: of a verdict; those of keyboard interfaces are set, the others cleared
 *
 * Returns how many there are.
 */
uint32_t rescue_interfaces(const struct usb_facts *facts, uint8_t bits[USB_INTERFACES_MAX / 8]);

/* rescue_knows - a keyboard that is on the list, in the port where it was */
bool rescue_knows(const struct rescue *rescue, const struct usb_facts *facts);

/**
 * rescue_learn - put a device whose keyboard interfaces policy authorised on the list, and save it
 *
 * Returns 0, also when there was nothing to learn; or -errno.
 */
int rescue_learn(const char *root, struct rescue *rescue, const struct usb_verdict *verdict);

#endif
