// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/link.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/lib/log.h"
#include "agent/lib/seqpacket.h"
#include "agent/lib/version.h"

#define BACKOFF_MIN_US 20000ULL
#define BACKOFF_MAX_US 1000000ULL
/* A peer that broke the protocol waits longer before it may come again. */
#define BACKOFF_FAULT_US 1000000ULL
/* Packets handled before other event sources get their turn. */
#define BURST 64

struct link {
	struct link_config config;
	char *path;
	int listen_fd;
	int fd;
	sd_event_source *listen_source;
	sd_event_source *source;
	sd_event_source *timer;
	bool greeted; /* the peer's hello has come */
	uint64_t sent;
	uint64_t received;
	uint64_t backoff_us;
	struct seqpacket_queue queue;
};

static int arm_timer(struct link *link, uint64_t delay_us);
static int on_packet(sd_event_source *source, int fd, uint32_t events, void *data);

static void disconnect(struct link *link, int error, const char *reason)
{
	bool was_up = link->greeted;

	if (link->fd < 0)
		return;
	link->source = sd_event_source_disable_unref(link->source);
	close(link->fd);
	link->fd = -1;
	link->greeted = false;
	seqpacket_queue_clear(&link->queue);
	if (error == -EPROTO) {
		log_warning("dropped %s: %s", msg_role_name(link->config.peer), reason);
		link->backoff_us = BACKOFF_FAULT_US;
	}
	/* A peer that hangs up before its hello is not asked ever faster. */
	if (!was_up && link->backoff_us < BACKOFF_MAX_US)
		link->backoff_us *= 2;
	if (link->listen_fd < 0 || error == -EPROTO)
		arm_timer(link, link->backoff_us);
	if (was_up || error == -EPROTO)
		link->config.handler->down(link->config.data, error, reason);
}

static int watch_writable(struct link *link, bool on)
{
	return sd_event_source_set_io_events(link->source, EPOLLIN | (on ? EPOLLOUT : 0));
}

static int enqueue(struct link *link, const void *packet, size_t length, int fd)
{
	int r = -ENOBUFS;

	if (link->queue.length < link->config.queue_max)
		r = seqpacket_queue_add(&link->queue, packet, length, fd);
	return r < 0 ? r : watch_writable(link, true);
}

static int flush_queue(struct link *link)
{
	int r = seqpacket_queue_flush(&link->queue, link->fd);

	if (r < 0 || link->queue.length > 0)
		return r;
	r = watch_writable(link, false);
	if (r < 0)
		return r;
	if (link->config.handler->drained)
		link->config.handler->drained(link->config.data);
	return 0;
}

/* Send now when nothing waits before it, else at the end of the queue. */
static int send_body(struct link *link, enum msg_type type, const void *body, int fd,
		     uint64_t *sequence)
{
	uint8_t packet[sizeof(struct msg_header) + MSG_BODY_MAX];
	struct msg_header header = { .type = type };
	int size = msg_size(type);
	int r = -EAGAIN;

	if (size < 0 || size > MSG_BODY_MAX)
		return -EPROTO;
	header.length = (uint32_t)size;
	header.sequence = link->sent + 1;
	memcpy(packet, &header, sizeof(header));
	if (size > 0)
		memcpy(packet + sizeof(header), body, (size_t)size);

	if (link->queue.length == 0)
		r = seqpacket_send(link->fd, packet, sizeof(header) + (size_t)size, fd);
	if (r == -EAGAIN)
		r = enqueue(link, packet, sizeof(header) + (size_t)size, fd);
	if (r == -ENOBUFS)
		return r;
	/* Any other failure shows as a hang-up in the event loop, which disconnects. */
	if (r < 0)
		return -ENOTCONN;
	link->sent++;
	if (sequence)
		*sequence = header.sequence;
	return 0;
}

int link_send(struct link *link, enum msg_type type, const void *body, int fd, uint64_t *sequence)
{
	if (!link_is_up(link))
		return -ENOTCONN;
	return send_body(link, type, body, fd, sequence);
}

bool link_is_up(const struct link *link)
{
	return link && link->fd >= 0 && link->greeted;
}

size_t link_waiting(const struct link *link)
{
	return link ? link->queue.length : 0;
}

/* Takes @fd, also on failure. */
static int adopt(struct link *link, int fd)
{
	struct msg_hello hello = { .protocol = MSG_PROTOCOL, .sandbox = link->config.sandbox };
	int r;

	r = seqpacket_check_peer(fd, link->config.peer_uid, msg_role_name(link->config.peer));
	if (r < 0) {
		close(fd);
		return r;
	}
	link->fd = fd;
	link->sent = 0;
	link->received = 0;
	link->greeted = false;
	r = sd_event_add_io(link->config.event, &link->source, fd, EPOLLIN, on_packet, link);
	if (r >= 0)
		r = sd_event_source_set_priority(link->source, link->config.priority);
	if (r < 0) {
		link->source = sd_event_source_disable_unref(link->source);
		close(fd);
		link->fd = -1;
		return r;
	}
	snprintf(hello.version, sizeof(hello.version), "%s", AIRGAP_VERSION);
	send_body(link, MSG_HELLO, &hello, -1, NULL);
	return 0;
}

static int take_hello(struct link *link, const struct msg_hello *hello)
{
	if (hello->protocol != MSG_PROTOCOL) {
		log_error("%s speaks protocol %u, this program %u: install both from one package",
			  msg_role_name(link->config.peer), hello->protocol, MSG_PROTOCOL);
		return -EPROTO;
	}
	link->greeted = true;
	link->backoff_us = BACKOFF_MIN_US;
	link->config.handler->up(link->config.data, hello);
	return 0;
}

static int deliver(struct link *link, const uint8_t *packet, size_t length, int *fd)
{
	struct msg_header header = { 0 };
	struct msg msg;
	const char *reason;
	int r;

	r = msg_check(packet, length, link->config.peer, *fd >= 0, link->received + 1, &reason);
	if (r == 0) {
		memcpy(&header, packet, sizeof(header));
		reason = "first message must be hello, and only the first";
		if ((header.type == MSG_HELLO) == link->greeted)
			r = -EPROTO;
	}
	if (r < 0) {
		disconnect(link, -EPROTO, reason);
		return r;
	}
	link->received++;

	if (header.type == MSG_HELLO) {
		r = take_hello(link, (const void *)(packet + sizeof(header)));
		reason = "another protocol version";
	} else {
		msg = (struct msg){ .type = (enum msg_type)header.type,
				    .sequence = header.sequence,
				    .body = packet + sizeof(header),
				    .length = header.length,
				    .fd = *fd };
		r = link->config.handler->message(link->config.data, &msg);
		*fd = msg.fd;
		reason = "message refused";
	}
	if (r != 0)
		disconnect(link, -EPROTO, reason);
	return r;
}

static int on_packet(sd_event_source *source, int fd, uint32_t events, void *data)
{
	_Alignas(8) uint8_t packet[sizeof(struct msg_header) + MSG_BODY_MAX];
	struct link *link = data;
	ssize_t length;
	int passed;

	(void)source;
	if (events & EPOLLOUT && flush_queue(link) < 0) {
		disconnect(link, -EPIPE, "connection lost");
		return 0;
	}
	for (int i = 0; i < BURST && link->fd == fd; i++) {
		length = seqpacket_receive(fd, packet, sizeof(packet), &passed);
		if (length == -EAGAIN || length == -EINTR)
			return 0;
		if (length == -EMSGSIZE) {
			disconnect(link, -EPROTO, "packet too long");
			return 0;
		}
		if (length <= 0) {
			disconnect(link, (int)length, "connection closed");
			return 0;
		}
		deliver(link, packet, (size_t)length, &passed);
		if (passed >= 0)
			close(passed);
	}
	return 0;
}

static int on_accept(sd_event_source *source, int listen_fd, uint32_t events, void *data)
{
	struct link *link = data;
	int fd;

	(void)source;
	(void)events;
	fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0)
		return 0;
	if (link->fd >= 0 && seqpacket_check_peer(fd, link->config.peer_uid,
						  msg_role_name(link->config.peer)) == 0) {
		/* The same program came again: the old connection's end has not been seen yet. */
		disconnect(link, 0, "replaced by a new connection");
	} else if (link->fd >= 0) {
		close(fd);
		return 0;
	}
	adopt(link, fd);
	return 0;
}

static int try_connect(struct link *link)
{
	int fd = seqpacket_connect(link->path);

	return fd < 0 ? fd : adopt(link, fd);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *data)
{
	struct link *link = data;

	(void)source;
	(void)usec;
	if (link->listen_fd >= 0) {
		sd_event_source_set_enabled(link->listen_source, SD_EVENT_ON);
		return 0;
	}
	if (link->fd < 0 && try_connect(link) < 0) {
		link->backoff_us = link->backoff_us * 2 > BACKOFF_MAX_US ? BACKOFF_MAX_US
									 : link->backoff_us * 2;
		return arm_timer(link, link->backoff_us);
	}
	return 0;
}

static int arm_timer(struct link *link, uint64_t delay_us)
{
	int r;

	if (link->listen_fd >= 0)
		sd_event_source_set_enabled(link->listen_source, SD_EVENT_OFF);
	r = sd_event_source_set_time_relative(link->timer, delay_us);
	if (r < 0)
		return r;
	return sd_event_source_set_enabled(link->timer, SD_EVENT_ONESHOT);
}

static struct link *link_new(const struct link_config *config)
{
	struct link *link = calloc(1, sizeof(*link));

	if (!link)
		return NULL;
	link->config = *config;
	link->listen_fd = -1;
	link->fd = -1;
	link->backoff_us = BACKOFF_MIN_US;
	link->path = strdup(config->path);
	if (!link->path ||
	    sd_event_add_time_relative(config->event, &link->timer, CLOCK_MONOTONIC, 0, 1000,
				       on_timer, link) < 0 ||
	    sd_event_source_set_enabled(link->timer, SD_EVENT_OFF) < 0) {
		link_free(link);
		return NULL;
	}
	return link;
}

static int open_listener(struct link *link)
{
	link->listen_fd = seqpacket_listen(link->path, link->config.group);
	if (link->listen_fd < 0)
		return link->listen_fd;
	return sd_event_add_io(link->config.event, &link->listen_source, link->listen_fd, EPOLLIN,
			       on_accept, link);
}

int link_listen(const struct link_config *config, struct link **out)
{
	struct link *link = link_new(config);
	int r;

	if (!link)
		return -ENOMEM;
	r = open_listener(link);
	if (r < 0) {
		link_free(link);
		return r;
	}
	*out = link;
	return 0;
}

int link_connect(const struct link_config *config, struct link **out)
{
	struct link *link = link_new(config);

	if (!link)
		return -ENOMEM;
	if (try_connect(link) < 0)
		arm_timer(link, link->backoff_us);
	*out = link;
	return 0;
}

void link_drop(struct link *link, const char *reason)
{
	disconnect(link, -EPROTO, reason);
}

void link_free(struct link *link)
{
	if (!link)
		return;
	sd_event_source_disable_unref(link->source);
	sd_event_source_disable_unref(link->listen_source);
	sd_event_source_disable_unref(link->timer);
	if (link->fd >= 0)
		close(link->fd);
	if (link->listen_fd >= 0)
		close(link->listen_fd);
	seqpacket_queue_clear(&link->queue);
	free(link->path);
	free(link);
}
