// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/monitor/watch_modules.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "agent/lib/path.h"

#define PATH_MODULE "/sys/module"

static const char *const senders[] = { "pktgen", "netconsole" };

void watch_modules_state(struct monitor *monitor)
{
	char name[64], path[PATH_MAX];

	for (size_t i = 0; i < sizeof(senders) / sizeof(senders[0]); i++) {
		struct msg_net_sight_of sight = {
			.sight = MSG_NET_SIGHT_MODULE,
			.nsid = -1,
			.number = i,
			.seen_us = clock_boottime_us(),
		};
		int folder;

		snprintf(name, sizeof(name), PATH_MODULE "/%s", senders[i]);
		if (path_join(path, monitor->daemon.root, name) < 0)
			continue;
		folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (folder < 0)
			continue; /* not loaded */
		close(folder);
		snprintf(sight.text, sizeof(sight.text), "%s", senders[i]);
		monitor_send(monitor, MSG_NET_SIGHT, &sight);
	}
}
