/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The interfaces of a device's configuration, each held by an open descriptor of its sysfs folder.
 *
 * What was compared through a descriptor is what is opened through it: after another configuration,
 * or when the device is gone, there are other folders, and calls on these fail.
 */
#ifndef AIRGAP_CORE_USB_USB_INTERFACES_H
#define AIRGAP_CORE_USB_USB_INTERFACES_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/decide/facts.h"

/* The kernel keeps that many of a configuration (USB_MAXINTERFACES). */
#define USB_INTERFACES_HELD 32
/* "1-2.3:1.0" */
#define USB_INTERFACE_NAME_SIZE (USB_PORT_SIZE + 16)

struct usb_interfaces {
	uint32_t count;
	struct usb_interface_held {
		uint32_t fact; /* first of its number in facts->interfaces */
		int folder;
	} held[USB_INTERFACES_HELD];
};

/**
 * usb_interfaces_open - hold every interface that @facts name in configuration @config
 * @folder: of the device
 *
 * Returns 0 or -errno, and then holds none; -ENOENT: the kernel shows no such interface.
 */
int usb_interfaces_open(struct usb_interfaces *interfaces, int folder,
			const struct usb_facts *facts, int config);

/**
 * usb_interfaces_compare - are they what @facts say, and all there are?
 *
 * Compares, in the kernel's own words, ids, class and number of each, the setting in use where there
 * are several, and how many interfaces the configuration has. Returns 0; -ESTALE when anything differs; another -errno.
 */
int usb_interfaces_compare(const struct usb_interfaces *interfaces, int folder,
			   const struct usb_facts *facts);

/* usb_interfaces_name - "1-2:1.0"; of a root hub, "1-0:1.0" */
void usb_interfaces_name(const struct usb_facts *facts, uint32_t fact,
			 char name[static USB_INTERFACE_NAME_SIZE]);

/* usb_interfaces_granted - does the verdict grant all settings of this interface? */
bool usb_interfaces_granted(const struct usb_verdict *verdict, uint32_t fact);

void usb_interfaces_close(struct usb_interfaces *interfaces);

#endif
