// SPDX-License-Identifier: GPL-2.0-or-later
/* One connection: read a request, answer it, object by object, and the next. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "agent/lib/account.h"
#include "agent/lib/log.h"
#include "agent/transfer/desk.h"
#include "agent/transfer/serve.h"

static void update(struct desk_client *client)
{
	uint32_t events = 0;

	if (client->queue.length > 0 || client->list || client->closing)
		events |= EPOLLOUT;
	else if (!client->busy)
		events |= EPOLLIN;
	sd_event_source_set_io_events(client->source, events);
	if (!client->busy)
		sd_event_source_set_time_relative(client->idle, DESK_IDLE_US);
	sd_event_source_set_enabled(client->idle, client->busy ? SD_EVENT_OFF : SD_EVENT_ONESHOT);
}

static void send_object(struct desk_client *client, json_t *object, bool more, int fd)
{
	char *text = NULL;

	if (object && json_object_set_new(object, "v", json_integer(DESK_VERSION)) == 0 &&
	    json_object_set_new(object, "more", json_boolean(more)) == 0 &&
	    (more || json_object_get(object, "error") ||
	     json_object_set_new(object, "error", json_null()) == 0))
		text = json_dumps(object, JSON_COMPACT);
	json_decref(object);
	if (!text || strlen(text) >= DESK_REQUEST_MAX ||
	    seqpacket_queue_add(&client->queue, text, strlen(text) + 1, fd) < 0)
		client->closing = true;
	free(text);
	update(client);
}

void desk_part(struct desk_client *client, json_t *object)
{
	if (client)
		send_object(client, object, true, -1);
	else
		json_decref(object);
}

void desk_progress(struct desk_client *client, json_t *object)
{
	desk_part(client && client->queue.length == 0 ? client : NULL, object);
}

void desk_end(struct desk_client *client, json_t *object, int fd)
{
	if (!client) {
		json_decref(object);
		return;
	}
	client->busy = false;
	send_object(client, object, false, fd);
}

void desk_fail(struct desk_client *client, const char *error, const char *format, ...)
{
	char text[2 * MSG_TEXT_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	desk_end(client, json_pack("{s:s, s:s}", "error", error, "text", text), -1);
}

struct batch_viewer desk_viewer(const struct desk_client *client)
{
	return (struct batch_viewer){ .uid = client->uid,
				      .root = client->uid == client->self->root_user,
				      .duties = settings_duties(&client->self->settings,
								client->login) };
}

void desk_client_free(struct desk_client *client)
{
	struct desk_client **at = &client->self->clients;

	while (*at && *at != client)
		at = &(*at)->next;
	if (*at)
		*at = client->next;
	for (struct errand *errand = client->self->errands; errand; errand = errand->next)
		if (errand->client == client)
			errand->client = NULL;
	serve_gone(client);
	sd_event_source_disable_unref(client->source);
	sd_event_source_disable_unref(client->idle);
	seqpacket_queue_clear(&client->queue);
	close(client->fd);
	if (client->passed >= 0)
		close(client->passed);
	free(client);
}

static void take_request(struct desk_client *client, const char *packet, size_t length)
{
	struct desk_request request;
	struct desk_refusal refusal = { 0 };

	client->busy = true;
	if (length == 0 || packet[length - 1] != 0)
		desk_refuse(&refusal, "malformed", "a request ends with a zero byte");
	else
		desk_request_parse(packet, length - 1, client->passed >= 0, &request, &refusal);
	if (refusal.error)
		desk_fail(client, refusal.error, "%s", refusal.text);
	else
		serve(client, &request);
	if (client->passed >= 0)
		close(client->passed);
	client->passed = -1;
}

/* 0, or the client is finished. */
static int read_request(struct desk_client *client)
{
	static char packet[DESK_REQUEST_MAX];
	ssize_t n = seqpacket_receive(client->fd, packet, sizeof(packet), &client->passed);

	if (n == -EAGAIN || n == -EINTR)
		return 0;
	if (n == -EMSGSIZE) {
		desk_fail(client, "too-long", "a request has at most %d bytes and one file",
			  DESK_REQUEST_MAX);
		return 0;
	}
	if (n <= 0)
		return -ECONNRESET;
	take_request(client, packet, (size_t)n);
	return 0;
}

static int write_queue(struct desk_client *client)
{
	int r = seqpacket_queue_flush(&client->queue, client->fd);

	if (r < 0)
		return r;
	if (client->queue.length > 0)
		return 0;
	if (client->closing)
		return -ECONNRESET;
	if (client->list && !client->list(client))
		client->list = NULL;
	return 0;
}

static int on_client(sd_event_source *source, int fd, uint32_t events, void *data)
{
	struct desk_client *client = data;
	int r = 0;

	(void)source;
	(void)fd;
	/* Nobody is left to read an answer. */
	if (events & (EPOLLHUP | EPOLLERR))
		r = -ECONNRESET;
	if (r == 0 && events & EPOLLOUT)
		r = write_queue(client);
	if (r == 0 && events & EPOLLIN)
		r = read_request(client);
	if (r < 0)
		desk_client_free(client);
	else
		update(client);
	return 0;
}

static int on_idle(sd_event_source *source, uint64_t usec, void *data)
{
	(void)source;
	(void)usec;
	desk_client_free(data);
	return 0;
}

int desk_client_new(struct transferd *self, int fd, uid_t uid)
{
	struct desk_client *client = calloc(1, sizeof(*client));
	int r;

	if (!client)
		return -ENOMEM;
	*client = (struct desk_client){ .self = self, .fd = fd, .uid = uid, .passed = -1 };
	/* Somebody whom the file does not name can ask for nothing in his own name. */
	account_name(self->root, uid, client->login, sizeof(client->login));
	r = sd_event_add_io(self->event, &client->source, fd, EPOLLIN, on_client, client);
	if (r >= 0)
		r = sd_event_source_set_priority(client->source, 20);
	if (r >= 0)
		r = sd_event_add_time_relative(self->event, &client->idle, CLOCK_MONOTONIC,
					       DESK_IDLE_US, 1000000, on_idle, client);
	if (r < 0) {
		sd_event_source_disable_unref(client->source);
		free(client);
		return r;
	}
	client->next = self->clients;
	self->clients = client;
	return 0;
}
