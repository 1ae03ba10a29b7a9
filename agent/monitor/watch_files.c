// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/monitor/watch_files.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "agent/lib/file.h"
#include "agent/lib/path.h"
#include "agent/lib/printable.h"
#include "agent/monitor/resolv.h"

#define PATH_RESOLV   "/etc/resolv.conf"
#define PATH_RESOLVED "/run/systemd/resolve/resolv.conf"
#define PATH_NETNS    "/run/netns"
#define SERVERS_MAX   16
#define NAMES_MAX     64
#define FILE_LIMIT    65536
#define LINKS_MAX     8

struct watch_files {
	struct monitor *monitor;
	int fd;
	sd_event_source *source;
	struct net_prefix servers[2 * SERVERS_MAX]; /* as stated last */
	char names[NAMES_MAX][NAME_MAX + 1];
	size_t name_count;
};

static void state(struct watch_files *watch, struct msg_net_sight_of *sight)
{
	sight->nsid = -1;
	sight->seen_us = clock_boottime_us();
	monitor_send(watch->monitor, MSG_NET_SIGHT, sight);
}

/* Folders come and go; to watch one twice is to watch it once (inotify(7)). */
static void watch_folder(struct watch_files *watch, const char *path)
{
	char full[PATH_MAX];

	if (path_join(full, watch->monitor->daemon.root, path) == 0)
		inotify_add_watch(watch->fd, full,
				  IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_TO |
					  IN_MOVED_FROM | IN_ONLYDIR);
}

/* Where a link leads within --root; each folder on the way is watched. False: too many links. */
static bool follow(struct watch_files *watch, char path[static PATH_MAX])
{
	char full[PATH_MAX], target[PATH_MAX], *slash;
	ssize_t length;

	for (int i = 0; i < LINKS_MAX; i++) {
		if (path_join(full, watch->monitor->daemon.root, path) < 0)
			return false;
		length = readlink(full, target, sizeof(target) - 1);
		slash = strrchr(path, '/');
		*slash = 0;
		watch_folder(watch, *path ? path : "/");
		*slash = '/';
		if (length < 0)
			return true;
		target[length] = 0;
		if (target[0] == '/')
			slash = path;
		else
			slash++;
		if (snprintf(slash, PATH_MAX - (size_t)(slash - path), "%s", target) >=
		    PATH_MAX - (slash - path))
			return false;
	}
	return false;
}

static void read_servers(struct watch_files *watch, const char *name, struct net_prefix *servers)
{
	char path[PATH_MAX], full[PATH_MAX];
	uint8_t *text = NULL;
	size_t length = 0;

	memset(servers, 0, SERVERS_MAX * sizeof(*servers));
	snprintf(path, sizeof(path), "%s", name);
	if (!follow(watch, path) || path_join(full, watch->monitor->daemon.root, path) < 0 ||
	    file_read(full, FILE_LIMIT, &text, &length) < 0)
		return;
	resolv_read((const char *)text, length, servers, SERVERS_MAX);
	free(text);
}

static void state_servers(struct watch_files *watch, bool all)
{
	struct net_prefix now[2 * SERVERS_MAX];

	read_servers(watch, PATH_RESOLV, now);
	read_servers(watch, PATH_RESOLVED, now + SERVERS_MAX);
	if (!all && memcmp(now, watch->servers, sizeof(now)) == 0)
		return;
	memcpy(watch->servers, now, sizeof(now));
	for (size_t i = 0; i < 2 * SERVERS_MAX; i++) {
		struct msg_net_sight_of sight = { .sight = MSG_NET_SIGHT_DNS,
						  .family = now[i].family,
						  .prefix = now[i] };

		if (now[i].family != NET_FAMILY_NONE)
			state(watch, &sight);
	}
}

static bool is_known(const struct watch_files *watch, const char *name)
{
	for (size_t i = 0; i < watch->name_count; i++)
		if (strcmp(watch->names[i], name) == 0)
			return true;
	return false;
}

static int is_namespace(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* Beyond NAMES_MAX each is told at every change: more than once is better than not at all. */
static void state_namespaces(struct watch_files *watch, bool all)
{
	char path[PATH_MAX], names[NAMES_MAX][NAME_MAX + 1];
	struct dirent **entries;
	size_t kept = 0;
	int count = -1;

	watch_folder(watch, "/run");
	watch_folder(watch, PATH_NETNS);
	if (path_join(path, watch->monitor->daemon.root, PATH_NETNS) == 0)
		count = scandir(path, &entries, is_namespace, alphasort);
	for (int i = 0; i < count; i++) {
		struct msg_net_sight_of sight = { .sight = MSG_NET_SIGHT_NAMESPACE,
						  .number = UINT64_MAX };

		printable_copy(sight.text, sizeof(sight.text), entries[i]->d_name);
		if (all || !is_known(watch, entries[i]->d_name))
			state(watch, &sight);
		if (kept < NAMES_MAX)
			strcpy(names[kept++], entries[i]->d_name);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	memcpy(watch->names, names, kept * sizeof(names[0]));
	watch->name_count = kept;
}

static int on_change(sd_event_source *source, int fd, uint32_t events, void *data)
{
	_Alignas(struct inotify_event) char buffer[4096];
	struct watch_files *watch = data;
	bool any = false;

	(void)source;
	(void)events;
	/* Which file it was does not matter: all are read, and only what differs is stated. */
	while (read(fd, buffer, sizeof(buffer)) > 0)
		any = true;
	if (any) {
		state_servers(watch, false);
		state_namespaces(watch, false);
	}
	return 0;
}

void watch_files_state(struct watch_files *watch)
{
	state_servers(watch, true);
	state_namespaces(watch, true);
}

int watch_files_new(struct monitor *monitor, struct watch_files **out)
{
	struct watch_files *watch = calloc(1, sizeof(*watch));
	int r;

	if (!watch)
		return -ENOMEM;
	watch->monitor = monitor;
	watch->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	r = watch->fd < 0 ? -errno
			  : sd_event_add_io(monitor->daemon.event, &watch->source, watch->fd,
					    EPOLLIN, on_change, watch);
	if (r < 0) {
		watch_files_free(watch);
		return r;
	}
	*out = watch;
	return 0;
}

void watch_files_free(struct watch_files *watch)
{
	if (!watch)
		return;
	sd_event_source_disable_unref(watch->source);
	if (watch->fd >= 0)
		close(watch->fd);
	free(watch);
}
