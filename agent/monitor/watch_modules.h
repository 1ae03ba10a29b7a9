/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Modules of the kernel that give frames to a driver themselves, where no packet filter looks:
 * pktgen (net/core/pktgen.c) and netconsole (net/core/netpoll.c). Only root can load one, and nobody
 * can keep it from sending; that it is there is stated.
 */
#ifndef AIRGAP_MONITOR_WATCH_MODULES_H
#define AIRGAP_MONITOR_WATCH_MODULES_H

#include "agent/monitor/monitor.h"

/* watch_modules_state - state each of them that is loaded */
void watch_modules_state(struct monitor *monitor);

#endif
