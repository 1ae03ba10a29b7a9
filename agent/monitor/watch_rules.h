/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Changes of nftables, by whomever: the core is told that there was one, and compares. */
#ifndef AIRGAP_MONITOR_WATCH_RULES_H
#define AIRGAP_MONITOR_WATCH_RULES_H

#include "agent/monitor/monitor.h"

struct watch_rules;

int watch_rules_new(struct monitor *monitor, struct watch_rules **watch);

/* watch_rules_adopt - read this socket from now on, which becomes the watch's; states a change at once */
int watch_rules_adopt(struct watch_rules *watch, int fd);

void watch_rules_drop(struct watch_rules *watch);
void watch_rules_free(struct watch_rules *watch);

#endif
