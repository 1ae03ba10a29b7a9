// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/monitor/watch_net.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/lib/log.h"
#include "agent/lib/netlink.h"
#include "agent/monitor/event_socket.h"
#include "agent/monitor/watch_net_state.h"

/* Packets taken before links and signals get their turn. */
#define BURST 512

/* Some time after the first event that no dump has followed yet; idle machines have no timer. */
#define SETTLE_US 30000000ULL

struct packet {
	struct watch_net *watch;
	int32_t nsid;
};

static int on_settled(sd_event_source *source, uint64_t usec, void *data)
{
	struct watch_net *watch = data;

	(void)source;
	(void)usec;
	watch->settling = false;
	watch_net_scan(watch, MSG_SCAN_CAUSE_SETTLED);
	return 0;
}

/* Neighbours come and go on any network that is in use; they alone are no reason to look at all. */
static void expect_settling(struct watch_net *watch, const struct nlmsghdr *message)
{
	if (watch->settling || message->nlmsg_type == RTM_NEWNEIGH ||
	    message->nlmsg_type == RTM_DELNEIGH)
		return;
	watch->settling = sd_event_source_set_time_relative(watch->settle, SETTLE_US) >= 0 &&
			  sd_event_source_set_enabled(watch->settle, SD_EVENT_ONESHOT) >= 0;
}

static int on_netlink(const struct nlmsghdr *message, void *data)
{
	struct packet *packet = data;
	struct watch_net *watch = packet->watch;
	bool answer = watch->scanning && packet->nsid == -1 && message->nlmsg_pid == watch->port &&
		      message->nlmsg_seq == watch->sequence;

	if (answer && watch_net_answer(watch, message))
		return 0;
	if (message->nlmsg_type < RTM_BASE)
		return 0;
	if (!answer)
		expect_settling(watch, message);
	watch_net_take(watch, message, packet->nsid, answer);
	return 0;
}

static void report_overrun(struct watch_net *watch)
{
	const struct msg_event_loss loss = { .cause = MSG_SCAN_CAUSE_OVERRUN };

	if (!watch->overrun) {
		log_warning("the kernel dropped network events; reading everything anew");
		monitor_send(watch->monitor, MSG_EVENT_LOSS, &loss);
	}
	watch->overrun = true;
}

/* 1: a packet was taken; 0: there is none; -errno. */
static int receive(struct watch_net *watch)
{
	static _Alignas(8) uint8_t buffer[EVENT_SOCKET_SIZE];
	struct packet packet = { watch, -1 };
	ssize_t length = event_socket_receive(watch->fd, buffer, &packet.nsid);

	if (length <= 0)
		return (int)length;
	if (packet.nsid == watch->own_nsid)
		packet.nsid = -1;
	/* After a loss nothing is news until the socket is empty and everything is asked for anew. */
	if (!watch->overrun && netlink_each(buffer, (size_t)length, on_netlink, &packet) < 0)
		log_warning("a malformed message from the kernel was passed over");
	return 1;
}

static int on_readable(sd_event_source *source, int fd, uint32_t events, void *data)
{
	struct watch_net *watch = data;
	int r = 1;

	(void)fd;
	(void)events;
	for (int i = 0; i < BURST && r > 0; i++) {
		/* The kernel's buffer is larger than any queue here could be: let it wait there. */
		if (!monitor_has_room(watch->monitor)) {
			sd_event_source_set_enabled(source, SD_EVENT_OFF);
			break;
		}
		r = receive(watch);
		if (r == -ENOBUFS) {
			report_overrun(watch);
			r = 1;
		}
	}
	if (r < 0) {
		log_error("cannot hear the kernel's network events: %s", strerror(-r));
		return sd_event_exit(watch->monitor->daemon.event, EXIT_FAILURE);
	}
	if (r == 0 && watch->overrun) {
		watch->cause = MSG_SCAN_CAUSE_OVERRUN;
		watch_net_begin(watch);
	}
	if (!watch->overrun)
		watch_net_flush(watch);
	return 0;
}

void watch_net_scan(struct watch_net *watch, enum msg_scan_cause cause)
{
	if (watch->fd < 0)
		return;
	watch->cause = cause;
	/* One that is under way may have passed already what changed; a second one follows. */
	if (watch->scanning || watch->overrun)
		watch->again = true;
	else
		watch_net_begin(watch);
}

int watch_net_new(struct monitor *monitor, void (*besides)(void *data), void *data,
		  struct watch_net **out)
{
	struct watch_net *watch = calloc(1, sizeof(*watch));
	int r;

	if (!watch)
		return -ENOMEM;
	watch->monitor = monitor;
	watch->besides = besides;
	watch->data = data;
	watch->fd = -1;
	watch->own_nsid = -1;
	watch->outbox.send = watch_net_send;
	watch->outbox.data = watch;
	r = sd_event_add_time_relative(monitor->daemon.event, &watch->settle, CLOCK_BOOTTIME,
				       SETTLE_US, SETTLE_US / 10, on_settled, watch);
	if (r >= 0)
		r = sd_event_source_set_enabled(watch->settle, SD_EVENT_OFF);
	if (r >= 0)
		r = sd_event_add_time_relative(monitor->daemon.event, &watch->retry,
					       CLOCK_MONOTONIC, SETTLE_US, 1000, watch_net_retry,
					       watch);
	if (r >= 0)
		r = sd_event_source_set_enabled(watch->retry, SD_EVENT_OFF);
	if (r < 0) {
		watch_net_free(watch);
		return r;
	}
	*out = watch;
	return 0;
}

int watch_net_adopt(struct watch_net *watch, int fd)
{
	struct sockaddr_nl address = { 0 };
	socklen_t length = sizeof(address);
	int r;

	watch_net_drop(watch);
	if (getsockname(fd, (struct sockaddr *)&address, &length) < 0 ||
	    address.nl_family != AF_NETLINK) {
		close(fd);
		return -EPROTO;
	}
	watch->fd = fd;
	watch->port = address.nl_pid;
	r = sd_event_add_io(watch->monitor->daemon.event, &watch->source, fd, EPOLLIN, on_readable,
			    watch);
	if (r < 0) {
		watch_net_drop(watch);
		return r;
	}
	watch_net_scan(watch, MSG_SCAN_CAUSE_START);
	return 0;
}

void watch_net_drop(struct watch_net *watch)
{
	watch->source = sd_event_source_disable_unref(watch->source);
	if (watch->fd >= 0)
		close(watch->fd);
	watch->fd = -1;
	watch->scanning = false;
	watch->overrun = false;
	watch->again = false;
	watch->failures = 0;
	sd_event_source_set_enabled(watch->retry, SD_EVENT_OFF);
	watch->outbox.used = 0;
	net_table_done(&watch->table);
}

uint16_t watch_net_arphrd(const struct watch_net *watch, uint32_t index)
{
	const struct net_entry *entry = net_table_find(&watch->table, index, -1);

	return entry ? entry->now.arphrd : 0;
}

void watch_net_free(struct watch_net *watch)
{
	if (!watch)
		return;
	watch_net_drop(watch);
	sd_event_source_disable_unref(watch->settle);
	sd_event_source_disable_unref(watch->retry);
	free(watch);
}
