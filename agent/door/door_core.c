// SPDX-License-Identifier: GPL-2.0-or-later
/* The link to the core: what it tells goes into the cache, what people order goes to it. */
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>

#include "agent/door/door_client.h"
#include "agent/door/door_inspection.h"
#include "agent/door/door_reply.h"
#include "agent/lib/log.h"
#include "agent/lib/path.h"

#define QUEUE_MAX 32

static const enum control_verb control_verbs[DOOR_VERB_COUNT] = {
	[DOOR_VERB_INSTALL] = CONTROL_INSTALL,
	[DOOR_VERB_RESCAN] = CONTROL_RESCAN,
	[DOOR_VERB_END_MAINTENANCE] = CONTROL_END_MAINTENANCE,
};

/*
 * Have followers told what is new, once the core has said all that it has to say now: their sources
 * come after its, so a burst of changes is told as one.
 */
static void wake_followers(struct door *door)
{
	for (struct door_client *client = door->clients; client; client = client->next)
		if (client->state == DOOR_CLIENT_WATCHING)
			sd_event_source_set_io_events(client->source, EPOLLOUT);
}

static void tell_status(struct door *door)
{
	for (struct door_client *client = door->clients; client; client = client->next)
		if (client->state == DOOR_CLIENT_WATCHING)
			client->cursor.status = true;
	wake_followers(door);
}

static void on_up(void *data, const struct msg_hello *hello)
{
	struct door *door = data;

	(void)hello;
	log_info("connected to airgapd");
	/* Until it has said its status, what is here is still of before. */
	door->cache.connected = false;
}

static void fail_waiting(struct door *door)
{
	struct door_client *client, *next;

	for (client = door->clients; client; client = next) {
		next = client->next;
		if (client->state != DOOR_CLIENT_WAITING)
			continue;
		client->state = DOOR_CLIENT_IDLE;
		door_client_reply(
			client,
			door_reply_error("core-lost",
					 "airgapd went away before it answered; what became "
					 "of the request, 'airgapctl status' and the journal "
					 "tell once it is back"));
		door_client_run(client);
	}
	door_timer_update(door);
}

static void on_down(void *data, int error, const char *reason)
{
	struct door *door = data;

	(void)error;
	log_warning("lost airgapd: %s; answering with its last known state", reason);
	door->cache.connected = false;
	fail_waiting(door);
	tell_status(door);
}

static int take_status(struct door *door, const void *body)
{
	memcpy(&door->cache.status, body, sizeof(door->cache.status));
	door->cache.has_status = true;
	door->cache.connected = true;
	tell_status(door);
	return 0;
}

static int take_restart(struct door *door, const void *body)
{
	(void)body;
	door_cache_restart(&door->cache);
	for (struct door_client *client = door->clients; client; client = client->next) {
		memset(client->cursor.slots, 0, sizeof(client->cursor.slots));
		client->cursor.restart = client->state == DOOR_CLIENT_WATCHING;
	}
	wake_followers(door);
	return 0;
}

static int take_outcome(struct door *door, const void *body)
{
	struct door_change change;
	int r = door_cache_put(&door->cache, body, &change);

	if (r < 0 && door->cache.overflow <= 1)
		log_warning("cannot keep another device: %s", strerror(-r));
	for (struct door_client *client = door->clients; client; client = client->next)
		if (client->state == DOOR_CLIENT_WATCHING || client->state == DOOR_CLIENT_LISTING)
			door_cursor_note(&client->cursor, &door->cache, &change);
	wake_followers(door);
	return 0;
}

static int take_net_begin(struct door *door, const void *body)
{
	(void)body;
	door_net_restart(&door->net);
	return 0;
}

/* What finds no place is counted, and told with the list. */
static int take_net_outcome(struct door *door, const void *body)
{
	door_net_link(&door->net, body);
	return 0;
}

static int take_net_peer(struct door *door, const void *body)
{
	door_net_peer(&door->net, body);
	return 0;
}

static int take_net_violation(struct door *door, const void *body)
{
	door_net_violation(&door->net, body);
	return 0;
}

static int take_medium(struct door *door, const void *body)
{
	door_media_put(&door->cache.media, body);
	tell_status(door);
	return 0;
}

static int take_medium_gone(struct door *door, const void *body)
{
	const struct msg_medium_gone *gone = body;

	door_media_gone(&door->cache.media, gone->cookie);
	tell_status(door);
	return 0;
}

static int take_control_reply(struct door *door, const void *body)
{
	const struct msg_control_reply *reply = body;
	struct door_client *client = door->clients;

	while (client && (client->state != DOOR_CLIENT_WAITING || client->cookie != reply->cookie))
		client = client->next;
	/* Whoever asked may have gone; the answer is in the journal. */
	if (!client)
		return 0;
	client->state = DOOR_CLIENT_IDLE;
	door_client_reply(client, door_reply_control(reply));
	door_client_run(client);
	door_timer_update(door);
	return 0;
}

static const struct {
	enum msg_type type;
	int (*take)(struct door *door, const void *body);
} handlers[] = {
	{ MSG_AGENT_STATUS, take_status },
	{ MSG_DEVICES_BEGIN, take_restart },
	{ MSG_USB_OUTCOME, take_outcome },
	{ MSG_NET_BEGIN, take_net_begin },
	{ MSG_NET_OUTCOME, take_net_outcome },
	{ MSG_NET_PEER, take_net_peer },
	{ MSG_NET_VIOLATION, take_net_violation },
	{ MSG_CONTROL_REPLY, take_control_reply },
	{ MSG_MEDIUM, take_medium },
	{ MSG_MEDIUM_GONE, take_medium_gone },
};

static int on_message(void *data, struct msg *msg)
{
	for (size_t i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++)
		if (handlers[i].type == msg->type)
			return handlers[i].take(data, msg->body);
	/* Permitted from the core, but not to this program. */
	return -EPROTO;
}

static const struct link_handler handler = {
	.up = on_up,
	.down = on_down,
	.message = on_message,
};

int door_connect(struct door *door, const char *root, uid_t uid)
{
	char path[PATH_MAX];
	struct link_config config = {
		.event = door->event,
		.path = path,
		.self = MSG_ROLE_DOOR,
		.peer = MSG_ROLE_CORE,
		.peer_uid = uid,
		.queue_max = QUEUE_MAX,
		.sandbox = door->sandbox,
		.handler = &handler,
		.data = door,
	};
	int r = path_join(path, root, PATH_SOCKET_DOOR);

	return r < 0 ? r : link_connect(&config, &door->core);
}

int door_control(struct door *door, enum door_verb verb, uid_t uid, int file, uint64_t *cookie)
{
	struct msg_control control = { .verb = control_verbs[verb],
				       .uid = uid,
				       .cookie = ++door->next_cookie };
	struct msg_inspection inspection;
	int r;

	*cookie = control.cookie;
	if (verb == DOOR_VERB_INSPECTION) {
		r = door_inspection_read(file, &inspection);
		inspection.cookie = control.cookie;
		inspection.uid = uid;
		return r < 0 ? r : link_send(door->core, MSG_INSPECTION, &inspection, -1, NULL);
	}
	return link_send(door->core, MSG_CONTROL, &control, file, NULL);
}
