// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/door/door_client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "agent/door/door_reply.h"

/* Objects and requests handled before other clients get their turn. */
#define BURST	 32
#define IN_START 512

void door_client_deadline(struct door_client *client, uint64_t delay_us)
{
	uint64_t now = 0;

	client->deadline_us = UINT64_MAX;
	if (delay_us && sd_event_now(client->door->event, CLOCK_MONOTONIC, &now) >= 0)
		client->deadline_us = now + delay_us;
}

void door_client_free(struct door_client *client)
{
	struct door_client **at = &client->door->clients;

	while (*at && *at != client)
		at = &(*at)->next;
	if (*at)
		*at = client->next;
	client->listener->count--;
	sd_event_source_disable_unref(client->source);
	close(client->fd);
	if (client->passed >= 0)
		close(client->passed);
	free(client->in);
	free(client->out);
	free(client);
}

void door_client_reply(struct door_client *client, char *object)
{
	if (!object || client->out) {
		free(object);
		client->closing = true;
		return;
	}
	client->out = object;
	client->out_length = strlen(object) + 1;
	client->out_sent = 0;
	door_client_deadline(client, DOOR_READ_TIME_US);
}

/* 0: all sent; -EAGAIN: the client has to read first; another -errno: it is gone. */
static int flush(struct door_client *client)
{
	while (client->out) {
		ssize_t n =
			send(client->fd, client->out + client->out_sent,
			     client->out_length - client->out_sent, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0)
			return -errno;
		client->out_sent += (size_t)n;
		if (client->out_sent < client->out_length)
			continue;
		free(client->out);
		client->out = NULL;
		if (client->state == DOOR_CLIENT_IDLE)
			door_client_deadline(client, DOOR_REQUEST_TIME_US);
	}
	return 0;
}

/* Descriptors that came along; more than the one that a request may carry end the client. */
static int take_descriptor(struct door_client *client, struct msghdr *header)
{
	int fd = -1;

	for (struct cmsghdr *cmsg = CMSG_FIRSTHDR(header); cmsg; cmsg = CMSG_NXTHDR(header, cmsg))
		if (cmsg->cmsg_level == SOL_SOCKET && cmsg->cmsg_type == SCM_RIGHTS &&
		    cmsg->cmsg_len == CMSG_LEN(sizeof(fd)))
			memcpy(&fd, CMSG_DATA(cmsg), sizeof(fd));
	if (fd >= 0 && (client->passed >= 0 || header->msg_flags & MSG_CTRUNC)) {
		close(fd);
		return -EPROTO;
	}
	if (header->msg_flags & MSG_CTRUNC)
		return -EPROTO;
	if (fd >= 0)
		client->passed = fd;
	return 0;
}

static ssize_t receive(struct door_client *client)
{
	struct iovec iov = { .iov_base = client->in + client->in_length,
			     .iov_len = client->in_size - client->in_length };
	/* Room for one descriptor exactly; without the padding the kernel would hand over two. */
	union {
		struct cmsghdr align;
		uint8_t space[CMSG_LEN(sizeof(int))];
	} control;
	struct msghdr header = { .msg_iov = &iov, .msg_iovlen = 1 };
	ssize_t n;
	int r;

	if (client->listener->kind == DOOR_CONTROL) {
		header.msg_control = control.space;
		header.msg_controllen = CMSG_LEN(sizeof(int));
	}
	n = recvmsg(client->fd, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (n < 0)
		return -errno;
	r = take_descriptor(client, &header);
	return r < 0 ? r : n;
}

static int make_room(struct door_client *client)
{
	size_t size = client->in_size ? client->in_size * 2 : IN_START;
	char *larger;

	if (client->in_length < client->in_size)
		return 0;
	if (client->in_size >= DOOR_REQUEST_MAX)
		return -EMSGSIZE;
	larger = realloc(client->in, size);
	if (!larger)
		return -ENOMEM;
	client->in = larger;
	client->in_size = size;
	return 0;
}

/* 1: another request may be there; 0: the peer is done; -EAGAIN: nothing now; else it must go. */
static int fill(struct door_client *client)
{
	ssize_t n;
	int r;

	if (client->hung_up)
		return 0;
	r = make_room(client);
	if (r == -EMSGSIZE) {
		door_client_reply(
			client, door_reply_error("too-long", "a request has at most 65536 bytes"));
		client->closing = true;
		return 1;
	}
	if (r < 0)
		return r;
	n = receive(client);
	if (n < 0)
		return (int)n;
	client->hung_up = n == 0;
	client->in_length += (size_t)n;
	return n > 0;
}

/* Answer the first whole request; false when there is none. */
static bool take_request(struct door_client *client)
{
	char *end = client->in_length ? memchr(client->in, 0, client->in_length) : NULL;
	size_t length;

	if (!end)
		return false;
	length = (size_t)(end - client->in);
	door_answer(client, client->in, length);
	if (client->passed >= 0)
		close(client->passed);
	client->passed = -1;
	client->in_length -= length + 1;
	memmove(client->in, end + 1, client->in_length);
	return true;
}

/* One step. 1: go on; 0: wait for @events; negative: the client is finished. */
static int step(struct door_client *client, uint32_t *events)
{
	int r = flush(client);

	if (r == -EAGAIN) {
		*events = EPOLLOUT;
		return 0;
	}
	if (r < 0)
		return r;
	if (client->closing)
		return -ECONNRESET;

	*events = 0;
	switch (client->state) {
	case DOOR_CLIENT_WAITING:
		return 0;
	case DOOR_CLIENT_LISTING:
	case DOOR_CLIENT_NETWORK:
	case DOOR_CLIENT_WATCHING:
		if (door_answer_next(client))
			return 1;
		/* A follower that has taken all may stay as long as it likes. */
		door_client_deadline(client, 0);
		return 0;
	case DOOR_CLIENT_IDLE:
		break;
	}
	if (take_request(client))
		return 1;
	r = fill(client);
	*events = EPOLLIN;
	if (r == -EAGAIN || r == -EINTR)
		return 0;
	return r == 0 ? -ECONNRESET : r;
}

void door_client_run(struct door_client *client)
{
	uint32_t events = EPOLLOUT; /* at the end of a burst: come back at once */
	int r = 1;

	for (int i = 0; r > 0 && i < BURST; i++)
		r = step(client, &events);
	if (r > 0)
		events = EPOLLOUT;
	if (r < 0 || sd_event_source_set_io_events(client->source, events) < 0)
		door_client_free(client);
}

static int on_client(sd_event_source *source, int fd, uint32_t events, void *data)
{
	struct door_client *client = data;
	struct door *door = client->door;

	(void)source;
	(void)fd;
	/* Nobody is left to read an answer. */
	if (events & (EPOLLHUP | EPOLLERR))
		door_client_free(client);
	else
		door_client_run(client);
	door_timer_update(door);
	return 0;
}

int door_client_new(struct door_listener *listener, int fd, uid_t uid)
{
	struct door_client *client = calloc(1, sizeof(*client));
	int r;

	if (!client)
		return -ENOMEM;
	client->door = listener->door;
	client->listener = listener;
	client->uid = uid;
	client->fd = fd;
	client->passed = -1;
	r = sd_event_add_io(listener->door->event, &client->source, fd, EPOLLIN, on_client, client);
	if (r >= 0)
		/* After the core: what it says comes first. Control before queries. */
		r = sd_event_source_set_priority(client->source,
						 listener->kind == DOOR_QUERY ? 20 : 10);
	if (r < 0) {
		sd_event_source_disable_unref(client->source);
		free(client);
		return r;
	}
	door_client_deadline(client, DOOR_REQUEST_TIME_US);
	client->next = listener->door->clients;
	listener->door->clients = client;
	listener->count++;
	return 0;
}
