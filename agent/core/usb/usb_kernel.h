/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the core asks of the kernel for USB devices, by sysfs
 * (Documentation/ABI/testing/sysfs-bus-usb and Documentation/usb/authorization.rst of Linux).
 *
 * Every write is read back. A device is held by an open descriptor of its folder: when it is gone,
 * calls fail; they never reach the next device in the same port. Letting a device in is usb_grant.h.
 */
#ifndef AIRGAP_CORE_USB_USB_KERNEL_H
#define AIRGAP_CORE_USB_USB_KERNEL_H

#include "policy/decide/facts.h"

/**
 * usb_kernel_close_defaults - let no new device in by itself
 *
 * Sets usbcore's parameter, which each controller takes when it registers, and both defaults of
 * every bus that is there. Returns 0; -errno of the first failure, after trying all. A kernel
 * without USB is closed already: 0.
 */
int usb_kernel_close_defaults(const char *root);

/* usb_kernel_close_bus - both defaults of one bus; "usb3". 0 or -errno. */
int usb_kernel_close_bus(const char *root, const char *port);

/**
 * usb_kernel_compare - is the device behind @folder still the one that @facts describe?
 *
 * Compares device number, ids, serial number and, once it is configured, every interface with what
 * the kernel says itself. Returns 0; -ENODEV: it is another plug-in; -ESTALE when anything else
 * differs; another -errno.
 */
int usb_kernel_compare(int folder, const struct usb_facts *facts);

/* usb_kernel_compare_identity - the same without the interfaces */
int usb_kernel_compare_identity(int folder, const struct usb_facts *facts);

/* usb_kernel_compare_serial - the same of the serial number alone */
int usb_kernel_compare_serial(int folder, const struct usb_facts *facts);

/* What the kernel grants now, against what the verdict grants. */
enum usb_kernel_state {
	USB_KERNEL_CLOSED, /* not authorised at all */
	USB_KERNEL_LESS,   /* authorised, but not all that the verdict grants */
	USB_KERNEL_EQUAL,
	USB_KERNEL_MORE, /* something is open that the verdict does not grant */
};

/* usb_kernel_state - enum usb_kernel_state, or -errno when it could not be read */
int usb_kernel_state(int folder, const struct usb_verdict *verdict);

/* usb_kernel_block - take everything back; 0 when the kernel shows it so, or the device is gone */
int usb_kernel_block(int folder);

#endif
