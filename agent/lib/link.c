// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/link.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "agent/lib/log.h"
#include "agent/lib/version.h"

#define BACKOFF_MIN_US	 20000ULL
#define BACKOFF_MAX_US	 1000000ULL
/* A peer that broke the protocol waits longer before it may come again. */
#define BACKOFF_FAULT_US 1000000ULL
/* Packets handled before other event sources get their turn. */
#define BURST		 64

struct queued {
	struct queued *next;
	int fd;
	size_t length;
	uint8_t packet[];
};

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
	struct queued *head, **tail;
	size_t queue_length;
};

static int arm_timer(struct link *link, uint64_t delay_us);
static int on_packet(sd_event_source *source, int fd, uint32_t events, void *data);

static void queue_clear(struct link *link)
{
	struct queued *entry;

	while ((entry = link->head)) {
		link->head = entry->next;
		if (entry->fd >= 0)
			close(entry->fd);
		free(entry);
	}
	link->tail = &link->head;
	link->queue_length = 0;
}

static void disconnect(struct link *link, int error, const char *reason)
{
	bool was_up = link->greeted;

	if (link->fd < 0)
		return;
	link->source = sd_event_source_disable_unref(link->source);
	close(link->fd);
	link->fd = -1;
	link->greeted = false;
	queue_clear(link);
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

static int send_packet(int fd, const void *packet, size_t length, int pass)
{
	struct iovec iov = { .iov_len = length };
	union {
		struct cmsghdr align;
		uint8_t space[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct msghdr header = { .msg_iov = &iov, .msg_iovlen = 1 };

	/* sendmsg() reads only; iovec has no const. */
	memcpy(&iov.iov_base, &packet, sizeof(packet));
	if (pass >= 0) {
		struct cmsghdr *cmsg;

		header.msg_control = control.space;
		header.msg_controllen = sizeof(control.space);
		cmsg = CMSG_FIRSTHDR(&header);
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(cmsg), &pass, sizeof(pass));
	}
	if (sendmsg(fd, &header, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		return -errno;
	return 0;
}

static int watch_writable(struct link *link, bool on)
{
	return sd_event_source_set_io_events(link->source, EPOLLIN | (on ? EPOLLOUT : 0));
}

static int enqueue(struct link *link, const void *packet, size_t length, int fd)
{
	struct queued *entry;

	if (link->queue_length >= link->config.queue_max)
		return -ENOBUFS;
	entry = malloc(sizeof(*entry) + length);
	if (!entry)
		return -ENOBUFS;
	entry->next = NULL;
	entry->length = length;
	entry->fd = -1;
	if (fd >= 0) {
		entry->fd = dup(fd);
		if (entry->fd < 0) {
			free(entry);
			return -ENOBUFS;
		}
	}
	memcpy(entry->packet, packet, length);
	*link->tail = entry;
	link->tail = &entry->next;
	link->queue_length++;
	return watch_writable(link, true);
}

static int flush_queue(struct link *link)
{
	struct queued *entry;
	int r;

	while ((entry = link->head)) {
		r = send_packet(link->fd, entry->packet, entry->length, entry->fd);
		if (r == -EAGAIN)
			return 0;
		if (r < 0)
			return r;
		link->head = entry->next;
		if (!link->head)
			link->tail = &link->head;
		link->queue_length--;
		if (entry->fd >= 0)
			close(entry->fd);
		free(entry);
	}
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

	if (!link->head)
		r = send_packet(link->fd, packet, sizeof(header) + (size_t)size, fd);
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

static int check_peer(const struct link *link, int fd)
{
	struct ucred credentials;
	socklen_t length = sizeof(credentials);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &length) < 0)
		return -errno;
	if (credentials.uid != link->config.peer_uid) {
		log_warning("refused a connection for %s from user %u, process %d: expected user %u",
			    msg_role_name(link->config.peer), credentials.uid, credentials.pid,
			    link->config.peer_uid);
		return -EPERM;
	}
	return 0;
}

/* Takes @fd, also on failure. */
static int adopt(struct link *link, int fd)
{
	struct msg_hello hello = { .protocol = MSG_PROTOCOL, .sandbox = link->config.sandbox };
	int r;

	r = check_peer(link, fd);
	if (r < 0) {
		close(fd);
		return r;
	}
	link->fd = fd;
	link->sent = 0;
	link->received = 0;
	link->greeted = false;
	r = sd_event_add_io(link->config.event, &link->source, fd, EPOLLIN, on_packet, link);
	if (r < 0) {
		close(fd);
		link->fd = -1;
		return r;
	}
	snprintf(hello.version, sizeof(hello.version), "%s", AIRGAP_VERSION);
	send_body(link, MSG_HELLO, &hello, -1, NULL);
	return 0;
}

static ssize_t receive(int fd, void *packet, size_t size, int *passed)
{
	struct iovec iov = { .iov_base = packet, .iov_len = size };
	union {
		struct cmsghdr align;
		uint8_t space[CMSG_SPACE(sizeof(int))];
	} control;
	struct msghdr header = { .msg_iov = &iov,
				 .msg_iovlen = 1,
				 .msg_control = control.space,
				 .msg_controllen = sizeof(control.space) };
	ssize_t length;

	*passed = -1;
	length = recvmsg(fd, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (length < 0)
		return -errno;
	for (struct cmsghdr *cmsg = CMSG_FIRSTHDR(&header); cmsg;
	     cmsg = CMSG_NXTHDR(&header, cmsg)) {
		if (cmsg->cmsg_level == SOL_SOCKET && cmsg->cmsg_type == SCM_RIGHTS &&
		    cmsg->cmsg_len == CMSG_LEN(sizeof(int)))
			memcpy(passed, CMSG_DATA(cmsg), sizeof(*passed));
	}
	if (header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) {
		if (*passed >= 0)
			close(*passed);
		*passed = -1;
		return -EMSGSIZE;
	}
	return length;
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
		length = receive(fd, packet, sizeof(packet), &passed);
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
	if (link->fd >= 0 && check_peer(link, fd) == 0) {
		/* The same program came again: the old connection's end has not been seen yet. */
		disconnect(link, 0, "replaced by a new connection");
	} else if (link->fd >= 0) {
		close(fd);
		return 0;
	}
	adopt(link, fd);
	return 0;
}

static int unix_address(const char *path, struct sockaddr_un *address)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(address->sun_path))
		return -ENAMETOOLONG;
	strcpy(address->sun_path, path);
	return 0;
}

static int try_connect(struct link *link)
{
	struct sockaddr_un address;
	int fd, r;

	r = unix_address(link->path, &address);
	if (r < 0)
		return r;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		r = -errno;
		close(fd);
		return r;
	}
	return adopt(link, fd);
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
		link->backoff_us = link->backoff_us * 2 > BACKOFF_MAX_US ? BACKOFF_MAX_US :
									   link->backoff_us * 2;
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
	link->tail = &link->head;
	link->backoff_us = BACKOFF_MIN_US;
	link->path = strdup(config->path);
	if (!link->path ||
	    sd_event_add_time_relative(config->event, &link->timer, CLOCK_MONOTONIC, 0, 1000, on_timer,
				       link) < 0 ||
	    sd_event_source_set_enabled(link->timer, SD_EVENT_OFF) < 0) {
		link_free(link);
		return NULL;
	}
	return link;
}

static int open_listener(struct link *link)
{
	struct sockaddr_un address;
	int r;

	r = unix_address(link->path, &address);
	if (r < 0)
		return r;
	link->listen_fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (link->listen_fd < 0)
		return -errno;
	unlink(link->path);
	if (bind(link->listen_fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return -errno;
	/* Until the mode is set nobody but this user can connect, and nobody is listened to. */
	if (chown(link->path, (uid_t)-1, link->config.group) < 0 || chmod(link->path, 0660) < 0)
		return -errno;
	if (listen(link->listen_fd, 4) < 0)
		return -errno;
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
	queue_clear(link);
	free(link->path);
	free(link);
}
