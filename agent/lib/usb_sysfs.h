/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What sysfs tells of an USB device, as facts.
 *
 * Works before authorisation: no configuration needs to be set. Own code rather than libudev's,
 * because it honours `--root` and holds every reading of one device to one open folder.
 */
#ifndef AIRGAP_LIB_USB_SYSFS_H
#define AIRGAP_LIB_USB_SYSFS_H

#include <stdbool.h>

#include "policy/decide/facts.h"

/**
 * usb_sysfs_port_valid - could @port name a device in /sys/bus/usb/devices?
 *
 * "usb1", "1-2", "1-2.3"; never an interface ("1-2:1.0"), never a path.
 */
bool usb_sysfs_port_valid(const char *port);

/**
 * usb_sysfs_open - the folder of the device at @port
 * @root: of --root
 *
 * Returns a descriptor that stays with this very device: after it is gone, reads answer ENODEV or
 * ENOENT even when another took its name. Or -errno.
 */
int usb_sysfs_open(const char *root, const char *port);

/* usb_sysfs_open_below - the same, in the folder of the hub that it hangs on; -1: not known */
int usb_sysfs_open_below(const char *root, int hub, const char *port);

/* usb_sysfs_hub_of - port of the hub that @port belongs to; false for a root hub, which has none */
bool usb_sysfs_hub_of(const char *port, char hub[static USB_PORT_SIZE]);

/**
 * usb_sysfs_read - all facts of the device behind @folder, which usb_sysfs_open() has given
 * @facts: bus and device, where they are not zero, are what an event told, and are not read
 *
 * What cannot be read or believed is stated as facts->flaw. Numbers of an event may be an earlier
 * plug-in's: whoever acts on them compares them (usb_sysfs_numbers()). Returns 0; -ENODEV when the
 * device went away meanwhile.
 */
int usb_sysfs_read(const char *root, int folder, const char *port, struct usb_facts *facts);

/**
 * usb_sysfs_numbers - bus and device number of the device behind @folder
 *
 * Attribute `dev`, "189:266": device nodes are numbered by them (drivers/usb/core/hub.c of Linux).
 * Returns 0 or -errno.
 */
int usb_sysfs_numbers(int folder, uint32_t *bus, uint32_t *device);

/**
 * usb_sysfs_number - a decimal or (@base 16) hexadecimal attribute
 *
 * Returns its value, or -errno; -EINVAL when the text is no number below 2^31.
 */
int usb_sysfs_number(int folder, const char *attribute, int base);

/**
 * usb_sysfs_set - write an attribute, and believe only what it shows then
 *
 * Returns 0; -EIO when it shows something else; another -errno.
 */
int usb_sysfs_set(int folder, const char *attribute, const char *value);

/**
 * usb_sysfs_each - call @visit for every device in /sys/bus/usb/devices
 *
 * Hubs come before what hangs on them. Ends early when @visit returns nonzero. Returns that value,
 * 0, or -errno.
 */
int usb_sysfs_each(const char *root, int (*visit)(const char *port, void *data), void *data);

#endif
