/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Links, addresses, routes and whatever else rtnetlink tells, stated to the core as facts.
 *
 * One socket, opened by the core, brings both events and the answers to dumps, so that their order is
 * the order in which things happened. It is read only as fast as the core takes what is stated: its
 * buffer of 32 MiB is the queue. When that overflows, or a dump was overtaken by changes, everything
 * is drained and read anew.
 */
#ifndef AIRGAP_MONITOR_WATCH_NET_H
#define AIRGAP_MONITOR_WATCH_NET_H

#include "agent/monitor/monitor.h"

struct watch_net;

/**
 * watch_net_new - ready for a socket
 * @besides: called within every scan, to state what does not come from rtnetlink; may be NULL
 */
int watch_net_new(struct monitor *monitor, void (*besides)(void *data), void *data,
		  struct watch_net **watch);

/* watch_net_adopt - read this socket from now on, which becomes the watch's; begins with a scan */
int watch_net_adopt(struct watch_net *watch, int fd);

/* watch_net_drop - close the socket: the core, whose it was, is away */
void watch_net_drop(struct watch_net *watch);

/* watch_net_scan - state all that there is, between NET_SCAN_BEGIN and NET_SCAN_END; later, if need be */
void watch_net_scan(struct watch_net *watch, enum msg_scan_cause cause);

/* watch_net_drained - the core has taken what waited for it: go on */
void watch_net_drained(struct watch_net *watch);

/* watch_net_arphrd - how a link of this namespace frames; 0 when it is not known */
uint16_t watch_net_arphrd(const struct watch_net *watch, uint32_t index);

void watch_net_free(struct watch_net *watch);

#endif
