/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's USB events and the devices in sysfs, stated to the core as facts. */
#ifndef AIRGAP_MONITOR_WATCH_USB_H
#define AIRGAP_MONITOR_WATCH_USB_H

#include "agent/monitor/monitor.h"

struct watch_usb;

/**
 * watch_usb_new - start to hear the kernel's events
 *
 * Listens before anything is read, so that no device falls between. 0 or -errno after a message.
 */
int watch_usb_new(struct monitor *monitor, struct watch_usb **watch);

/* watch_usb_socket - the event socket, whose buffer the core may enlarge; stays the watch's */
int watch_usb_socket(const struct watch_usb *watch);

/* watch_usb_scan - state every device that is present, between SCAN_BEGIN and SCAN_END */
void watch_usb_scan(struct watch_usb *watch, enum msg_scan_cause cause);

void watch_usb_free(struct watch_usb *watch);

#endif
