/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * That the machine is about to sleep, as logind tells on the system bus (org.freedesktop.login1(5)), which
 * waits a few seconds for who asked it to.
 *
 * The bus comes late, and on some machines not at all: it is looked for every half a minute. Without it a sleep
 * is noticed when it is over (clock_watch.h).
 */
#ifndef AIRGAP_MONITOR_WATCH_SLEEP_H
#define AIRGAP_MONITOR_WATCH_SLEEP_H

#include "agent/monitor/monitor.h"

struct watch_sleep;

/* watch_sleep_new - 0 or -errno; that there is no bus is no error */
int watch_sleep_new(struct monitor *monitor, struct watch_sleep **watch);

/* watch_sleep_ready - the core has done what it has to do before: the machine may sleep */
void watch_sleep_ready(struct watch_sleep *watch);

void watch_sleep_free(struct watch_sleep *watch);

#endif
