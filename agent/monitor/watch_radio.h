/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Radios that are not blocked, from /sys/class/rfkill. The kernel's own events say when to look, so
 * that neither rights on /dev/rfkill nor a daemon that gives them are needed.
 */
#ifndef AIRGAP_MONITOR_WATCH_RADIO_H
#define AIRGAP_MONITOR_WATCH_RADIO_H

#include "agent/monitor/monitor.h"

/* watch_radio_state - state every radio that is neither blocked by software nor by a switch */
void watch_radio_state(struct monitor *monitor);

#endif
