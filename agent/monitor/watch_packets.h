/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The log of refused packets, stated to the core as fast as it takes them. */
#ifndef AIRGAP_MONITOR_WATCH_PACKETS_H
#define AIRGAP_MONITOR_WATCH_PACKETS_H

#include "agent/monitor/monitor.h"

struct watch_packets;

int watch_packets_new(struct monitor *monitor, struct watch_packets **watch);

/* watch_packets_adopt - read this socket from now on, which becomes the watch's */
int watch_packets_adopt(struct watch_packets *watch, int fd);

/* watch_packets_drop - close the socket: the core, whose it was, is away and opens another */
void watch_packets_drop(struct watch_packets *watch);

/* watch_packets_drained - the core has taken what waited for it: go on */
void watch_packets_drained(struct watch_packets *watch);

void watch_packets_free(struct watch_packets *watch);

#endif
