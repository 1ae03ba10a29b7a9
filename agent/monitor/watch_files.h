/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What of the network stands in files: name servers (resolv.conf and systemd-resolved's), and the names
 * of network namespaces in /run/netns.
 */
#ifndef AIRGAP_MONITOR_WATCH_FILES_H
#define AIRGAP_MONITOR_WATCH_FILES_H

#include "agent/monitor/monitor.h"

struct watch_files;

int watch_files_new(struct monitor *monitor, struct watch_files **watch);

/* watch_files_state - state all that there is now */
void watch_files_state(struct watch_files *watch);

void watch_files_free(struct watch_files *watch);

#endif
