// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/monitor/watch_rules.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "agent/lib/log.h"
#include "agent/lib/netlink.h"
#include "agent/monitor/event_socket.h"
#include "agent/monitor/nft_change.h"

#define BURST 256

struct watch_rules {
	struct monitor *monitor;
	int fd; /* -1: none */
	sd_event_source *source;
	bool midst; /* a change of which the end has not come */
	bool ended; /* last holds */
	struct msg_net_sight_of
		last; /* change that ended last in this burst; all before it are in it */
};

/*
 * One message for all changes of a burst by one process. Some, such as the end of a table's owner, have
 * no end mark: a burst that ends amid a change tells of it, too, without a number.
 */
static void state(struct watch_rules *watch)
{
	struct msg_net_sight_of unknown = { .sight = MSG_NET_SIGHT_RULESET, .nsid = -1 };
	struct msg_net_sight_of *sight = watch->ended ? &watch->last : &unknown;

	if (watch->ended || watch->midst) {
		sight->seen_us = clock_boottime_us();
		monitor_send(watch->monitor, MSG_NET_SIGHT, sight);
	}
	watch->ended = false;
	watch->midst = false;
}

static int on_message(const struct nlmsghdr *message, void *data)
{
	struct watch_rules *watch = data;
	struct msg_net_sight_of sight;
	int r = nft_change_read(message, &sight);

	if (r == 0) {
		/* Whoever changes them is named, also when this agent did so in the same burst. */
		if (watch->ended && strcmp(watch->last.text, sight.text) != 0 &&
		    monitor_has_room(watch->monitor))
			state(watch);
		watch->last = sight;
		watch->ended = true;
		watch->midst = false;
	} else if (r == -EAGAIN || r == -EBADMSG) {
		watch->midst = true;
	}
	return 0;
}

static int on_readable(sd_event_source *source, int fd, uint32_t events, void *data)
{
	static _Alignas(8) uint8_t buffer[EVENT_SOCKET_SIZE];
	struct watch_rules *watch = data;
	ssize_t length;
	int32_t nsid;

	(void)source;
	(void)events;
	for (int i = 0; i < BURST; i++) {
		length = event_socket_receive(fd, buffer, &nsid);
		if (length == 0)
			break;
		if (length == -ENOBUFS) {
			watch->midst = true;
			continue;
		}
		if (length < 0) {
			log_error("cannot hear changes of the packet filter: %s",
				  strerror((int)-length));
			return sd_event_exit(watch->monitor->daemon.event, EXIT_FAILURE);
		}
		netlink_each(buffer, (size_t)length, on_message, watch);
	}
	state(watch);
	return 0;
}

int watch_rules_new(struct monitor *monitor, struct watch_rules **out)
{
	struct watch_rules *watch = calloc(1, sizeof(*watch));

	if (!watch)
		return -ENOMEM;
	watch->monitor = monitor;
	watch->fd = -1;
	*out = watch;
	return 0;
}

int watch_rules_adopt(struct watch_rules *watch, int fd)
{
	int r;

	watch_rules_drop(watch);
	watch->fd = fd;
	r = sd_event_add_io(watch->monitor->daemon.event, &watch->source, fd, EPOLLIN, on_readable,
			    watch);
	if (r < 0) {
		watch_rules_drop(watch);
		return r;
	}
	/* Whatever changed before this socket was heard. */
	watch->midst = true;
	state(watch);
	return 0;
}

void watch_rules_drop(struct watch_rules *watch)
{
	watch->source = sd_event_source_disable_unref(watch->source);
	if (watch->fd >= 0)
		close(watch->fd);
	watch->fd = -1;
}

void watch_rules_free(struct watch_rules *watch)
{
	if (!watch)
		return;
	watch_rules_drop(watch);
	free(watch);
}
