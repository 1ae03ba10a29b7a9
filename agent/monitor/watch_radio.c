// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/monitor/watch_radio.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/lib/file.h"
#include "agent/lib/path.h"

#define PATH_RFKILL "/sys/class/rfkill"

/* A state that cannot be read is taken for the worse one. */
static bool is_blocked(int folder)
{
	char soft[16], hard[16];

	if (file_attribute_at(folder, "soft", soft, sizeof(soft)) < 0)
		soft[0] = 0;
	if (file_attribute_at(folder, "hard", hard, sizeof(hard)) < 0)
		hard[0] = 0;
	return strcmp(soft, "1") == 0 || strcmp(hard, "1") == 0;
}

static void look_at(struct monitor *monitor, int class, const char *name)
{
	struct msg_net_sight_of sight = {
		.sight = MSG_NET_SIGHT_RADIO,
		.nsid = -1,
		.seen_us = clock_boottime_us(),
	};
	int folder = openat(class, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (folder < 0)
		return;
	if (!is_blocked(folder)) {
		sight.number = strtoul(name + strlen("rfkill"), NULL, 10);
		if (file_attribute_at(folder, "type", sight.text, sizeof(sight.text)) < 0)
			memset(sight.text, 0, sizeof(sight.text));
		monitor_send(monitor, MSG_NET_SIGHT, &sight);
	}
	close(folder);
}

void watch_radio_state(struct monitor *monitor)
{
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *class;

	if (path_join(path, monitor->daemon.root, PATH_RFKILL) < 0)
		return;
	class = opendir(path);
	if (!class)
		return; /* no radio, or no module for any */
	while ((entry = readdir(class)))
		if (strncmp(entry->d_name, "rfkill", strlen("rfkill")) == 0)
			look_at(monitor, dirfd(class), entry->d_name);
	closedir(class);
}
