// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/lib/account.h"
#include "agent/lib/clock_watch.h"
#include "agent/lib/log.h"
#include "agent/lib/path.h"
#include "agent/monitor/monitor.h"
#include "agent/monitor/watch_files.h"
#include "agent/monitor/watch_net.h"
#include "agent/monitor/watch_packets.h"
#include "agent/monitor/watch_modules.h"
#include "agent/monitor/watch_radio.h"
#include "agent/monitor/watch_rules.h"
#include "agent/monitor/watch_sleep.h"
#include "agent/monitor/watch_usb.h"

/* 2.4 KiB each: at most 2.4 MiB wait for a slow core. */
#define QUEUE_MAX 1024
/* Who can wait states nothing more while that many do. */
#define QUEUE_ROOM 256

static struct monitor monitor;
static struct watch_usb *watch;
static struct watch_net *net;
static struct watch_packets *packets;
static struct watch_rules *filter;
static struct watch_files *files;
static struct watch_sleep *sleep_watch;
static struct clock_watch *clocks;

/* Beyond what every program needs. */
static const struct sandbox_rule rules[] = {
	/* reading sysfs, where links lead to folders of attributes */
	{ "openat", 0, 0, 0 },
	{ "open", 0, 0, 0 },
	{ "newfstatat", 0, 0, 0 },
	{ "statx", 0, 0, 0 },
	{ "lstat", 0, 0, 0 },
	{ "stat", 0, 0, 0 },
	{ "readlink", 0, 0, 0 },
	{ "readlinkat", 0, 0, 0 },
	{ "getdents64", 0, 0, 0 },
	{ "access", 0, 0, 0 },
	{ "faccessat", 0, 0, 0 },
	{ "faccessat2", 0, 0, 0 },
	{ "getcwd", 0, 0, 0 },
	{ "ioctl", 1, UINT64_MAX, 0x541b /* FIONREAD */ },
	/* the sockets that the core hands over: which one is it? All else on them is common */
	{ "getsockname", 0, 0, 0 },
	/* the system bus */
	{ "setsockopt", 0, 0, 0 },
	{ "getpeername", 0, 0, 0 },
	{ "getegid", 0, 0, 0 },
	{ "uname", 0, 0, 0 },
	/* folders of name servers and namespaces, which come and go */
	{ "inotify_add_watch", 0, 0, 0 },
	{ NULL, 0, 0, 0 },
};

static const struct sandbox_path paths[] = {
	{ "/sys", SANDBOX_READ },
	/* resolv.conf, wherever it leads, also when it is made or replaced later; /run/netns */
	{ "/etc", SANDBOX_READ },
	{ "/run", SANDBOX_READ },
	{ NULL, 0 },
};

static const struct sandbox sandbox = { .rules = rules, .paths = paths };

void monitor_send(struct monitor *self, enum msg_type type, const void *body)
{
	if (!link_is_up(self->core))
		return;
	if (link_send(self->core, type, body, -1, NULL) == -ENOBUFS)
		self->congested = true;
}

bool monitor_has_room(const struct monitor *self)
{
	return link_waiting(self->core) < QUEUE_ROOM;
}

static void on_up(void *data, const struct msg_hello *hello)
{
	(void)data;
	(void)hello;
	monitor.congested = false;
	link_send(monitor.core, MSG_EVENT_SOCKET, NULL, watch_usb_socket(watch), NULL);
	watch_usb_scan(watch, MSG_SCAN_CAUSE_START);
}

static void on_down(void *data, int error, const char *reason)
{
	(void)data;
	watch_net_drop(net);
	watch_packets_drop(packets);
	watch_rules_drop(filter);
	log_warning("lost airgapd (%s%s); waiting for it", reason,
		    error == -EPROTO ? ", dropped" : "");
}

/* The handler owns what came along. */
static int adopt(enum msg_net_socket kind, int *fd)
{
	int taken = *fd;

	if (taken < 0)
		return -EPROTO;
	*fd = -1;
	switch (kind) {
	case MSG_NET_SOCKET_ROUTE:
		return watch_net_adopt(net, taken);
	case MSG_NET_SOCKET_PACKETS:
		return watch_packets_adopt(packets, taken);
	case MSG_NET_SOCKET_RULES:
		return watch_rules_adopt(filter, taken);
	case MSG_NET_SOCKET_COUNT:
	default:
		close(taken);
		return -EPROTO;
	}
}

static int on_message(void *data, struct msg *msg)
{
	(void)data;
	switch (msg->type) {
	case MSG_SCAN_REQUEST:
		watch_usb_scan(watch, ((const struct msg_scan *)msg->body)->cause);
		return 0;
	case MSG_NET_SOCKET:
		return adopt(((const struct msg_net_socket_kind *)msg->body)->kind, &msg->fd);
	case MSG_NET_SCAN_REQUEST:
		watch_net_scan(net, ((const struct msg_scan *)msg->body)->cause);
		return 0;
	case MSG_SLEEP_READY:
		watch_sleep_ready(sleep_watch);
		return 0;
	case MSG_PING:
		monitor_send(&monitor, MSG_PONG, msg->body);
		return 0;
	default:
		return -EPROTO;
	}
}

static void on_drained(void *data)
{
	bool congested = monitor.congested;

	(void)data;
	monitor.congested = false;
	if (congested) {
		watch_usb_scan(watch, MSG_SCAN_CAUSE_CONGESTED);
		watch_net_scan(net, MSG_SCAN_CAUSE_CONGESTED);
	}
	watch_net_drained(net);
	watch_packets_drained(packets);
}

static void on_clock(void *data, uint64_t slept_us)
{
	(void)data;
	if (!slept_us)
		return;
	watch_usb_scan(watch, MSG_SCAN_CAUSE_RESUME);
	watch_net_scan(net, MSG_SCAN_CAUSE_RESUME);
}

static int connect_core(void)
{
	static const struct link_handler handler = { on_up, on_down, on_message, on_drained };
	struct link_config config = {
		.event = monitor.daemon.event,
		.self = MSG_ROLE_MONITOR,
		.peer = MSG_ROLE_CORE,
		.queue_max = QUEUE_MAX,
		.sandbox = monitor.daemon.sandbox,
		.handler = &handler,
	};
	char path[PATH_MAX];
	int r;

	r = path_join(path, monitor.daemon.root, PATH_SOCKET_MONITOR);
	if (r < 0)
		return r;
	config.path = path;
	config.peer_uid = monitor.core_uid;
	return link_connect(&config, &monitor.core);
}

/* What a scan of the network states that is not rtnetlink's. */
static void state_besides(void *data)
{
	(void)data;
	watch_files_state(files);
	watch_radio_state(&monitor);
	watch_modules_state(&monitor);
}

static int start(void)
{
	gid_t group;
	int r;

	r = account_find(monitor.daemon.root, "root", &monitor.core_uid, &group);
	if (r < 0) {
		log_error("no user root in the password file: %s", strerror(-r));
		return r;
	}
	r = watch_usb_new(&monitor, &watch);
	if (r == 0)
		r = watch_net_new(&monitor, state_besides, NULL, &net);
	if (r == 0)
		r = watch_files_new(&monitor, &files);
	if (r == 0)
		r = watch_packets_new(&monitor, &packets);
	if (r == 0)
		r = watch_rules_new(&monitor, &filter);
	if (r == 0)
		r = watch_sleep_new(&monitor, &sleep_watch);
	if (r == 0)
		r = clock_watch_new(monitor.daemon.event, on_clock, NULL, &clocks);
	if (r == 0)
		r = daemon_confine(&monitor.daemon, &sandbox);
	if (r == 0)
		r = connect_core();
	if (r < 0)
		log_error("cannot start: %s", strerror(-r));
	return r;
}

int main(int argc, char *argv[])
{
	int r;

	r = daemon_init(&monitor.daemon, "airgap-monitord",
			"Hears the kernel's device events and states facts to airgapd.", argc,
			argv);
	if (r != 0)
		return r == 1 ? EXIT_SUCCESS : 2;
	r = start() == 0 ? daemon_run(&monitor.daemon) : EXIT_FAILURE;
	link_free(monitor.core);
	watch_sleep_free(sleep_watch);
	watch_files_free(files);
	watch_rules_free(filter);
	watch_packets_free(packets);
	watch_net_free(net);
	watch_usb_free(watch);
	clock_watch_free(clocks);
	daemon_done(&monitor.daemon);
	return r;
}
