/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Disks on USB devices, and the media in them. Events come by watch_usb; what they mean is read from sysfs. */
#ifndef AIRGAP_MONITOR_WATCH_BLOCK_H
#define AIRGAP_MONITOR_WATCH_BLOCK_H

#include "agent/monitor/monitor.h"
#include "agent/monitor/uevent.h"

/* watch_block_event - a disk came, went, or another medium is in it */
void watch_block_event(struct monitor *monitor, const struct uevent *event);

/* watch_block_state - state all disks, as part of a scan */
void watch_block_state(struct monitor *monitor);

#endif
