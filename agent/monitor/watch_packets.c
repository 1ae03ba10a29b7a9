// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/monitor/watch_packets.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "agent/lib/log.h"
#include "agent/lib/netlink.h"
#include "agent/monitor/event_socket.h"
#include "agent/monitor/lateness.h"
#include "agent/monitor/nflog.h"
#include "agent/monitor/packet_queue.h"

#define BURST 256
/* Packets leave most of the link's queue to facts, which matter more. */
#define WAITING_MAX 64

struct watch_packets {
	struct monitor *monitor;
	int fd; /* -1: none */
	sd_event_source *source;
	bool counted;	   /* expected holds */
	uint32_t expected; /* number of the next packet in the log */
	uint64_t bound_us; /* what is being read was sent no earlier */
	struct lateness lateness;
	struct packet_queue queue;
};

static void flush(struct watch_packets *watch)
{
	struct msg_net_packet packet;

	while (link_waiting(watch->monitor->core) < WAITING_MAX &&
	       packet_queue_take(&watch->queue, &packet))
		monitor_send(watch->monitor, MSG_NET_PACKET, &packet);
}

/* The kernel numbers what it logs, so that what it could not hand over shows as a hole. */
static void note_sequence(struct watch_packets *watch, uint32_t sequence)
{
	uint32_t hole = sequence - watch->expected;

	if (watch->counted && hole < INT32_MAX)
		watch->queue.lost += hole;
	watch->counted = true;
	watch->expected = sequence + 1;
}

static int on_message(const struct nlmsghdr *message, void *data)
{
	struct watch_packets *watch = data;
	struct msg_net_packet packet;
	uint32_t sequence;
	int r = nflog_read(message, &packet, &sequence);

	if (r == 0 || sequence)
		note_sequence(watch, sequence);
	if (r < 0)
		return 0;
	packet.seen_us = watch->bound_us;
	packet_queue_put(&watch->queue, &packet);
	return 0;
}

static int on_readable(sd_event_source *source, int fd, uint32_t events, void *data)
{
	static _Alignas(8) uint8_t buffer[EVENT_SOCKET_SIZE];
	struct watch_packets *watch = data;
	ssize_t length;
	int32_t nsid;

	(void)events;
	watch->bound_us = lateness_bound(&watch->lateness, sd_event_source_get_event(source));
	for (int i = 0; i < BURST; i++) {
		length = event_socket_receive(fd, buffer, &nsid);
		if (length == 0) {
			lateness_empty(&watch->lateness, sd_event_source_get_event(source));
			break;
		}
		/* How many were dropped, the next one's number tells. */
		if (length == -ENOBUFS)
			continue;
		if (length < 0) {
			log_error("cannot read the log of refused packets: %s",
				  strerror((int)-length));
			return sd_event_exit(watch->monitor->daemon.event, EXIT_FAILURE);
		}
		netlink_each(buffer, (size_t)length, on_message, watch);
	}
	flush(watch);
	return 0;
}

static int on_turn(sd_event_source *source, void *data)
{
	struct watch_packets *watch = data;

	lateness_turn(&watch->lateness, sd_event_source_get_event(source));
	return 0;
}

int watch_packets_new(struct monitor *monitor, struct watch_packets **out)
{
	struct watch_packets *watch = calloc(1, sizeof(*watch));

	if (!watch)
		return -ENOMEM;
	watch->monitor = monitor;
	watch->fd = -1;
	lateness_open(&watch->lateness, monitor->daemon.root);
	*out = watch;
	return 0;
}

int watch_packets_adopt(struct watch_packets *watch, int fd)
{
	int r;

	watch_packets_drop(watch);
	watch->fd = fd;
	r = sd_event_add_io(watch->monitor->daemon.event, &watch->source, fd, EPOLLIN, on_readable,
			    watch);
	if (r >= 0)
		r = sd_event_source_set_prepare(watch->source, on_turn);
	if (r < 0)
		watch_packets_drop(watch);
	else
		/* Nobody can have asked for the log before it was handed over. */
		lateness_empty(&watch->lateness, watch->monitor->daemon.event);
	return r < 0 ? r : 0;
}

void watch_packets_drop(struct watch_packets *watch)
{
	watch->source = sd_event_source_disable_unref(watch->source);
	if (watch->fd >= 0)
		close(watch->fd);
	watch->fd = -1;
	watch->counted = false;
}

void watch_packets_drained(struct watch_packets *watch)
{
	flush(watch);
}

void watch_packets_free(struct watch_packets *watch)
{
	if (!watch)
		return;
	watch_packets_drop(watch);
	lateness_close(&watch->lateness);
	free(watch);
}
