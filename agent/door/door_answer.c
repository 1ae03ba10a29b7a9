// SPDX-License-Identifier: GPL-2.0-or-later
/* What each verb answers. */
#include <errno.h>
#include <string.h>

#include "agent/door/door_client.h"
#include "agent/door/door_reply.h"

static void answer_status(struct door_client *client)
{
	struct door *door = client->door;

	door_client_reply(client, door_reply_status(&door->cache, door->sandbox, false));
}

static void answer_devices(struct door_client *client)
{
	memset(&client->cursor, 0, sizeof(client->cursor));
	door_cursor_all(&client->cursor, &client->door->cache);
	client->state = DOOR_CLIENT_LISTING;
}

static void answer_watch(struct door_client *client)
{
	answer_devices(client);
	client->cursor.status = true;
	client->settled = false;
	client->state = DOOR_CLIENT_WATCHING;
}

static void answer_network(struct door_client *client)
{
	client->net = (struct door_net_cursor){ .generation = client->door->net.generation };
	client->state = DOOR_CLIENT_NETWORK;
}

static void answer_control(struct door_client *client, enum door_verb verb)
{
	int r = door_control(client->door, verb, client->uid, client->passed, &client->cookie);

	if (r == 0) {
		client->state = DOOR_CLIENT_WAITING;
		door_client_deadline(client, DOOR_CORE_TIME_US);
		return;
	}
	if (r == -EBADMSG || r == -EFBIG) {
		door_client_reply(client, door_reply_error("malformed",
							   "the file is no inspection as airgapctl "
							   "makes them"));
		return;
	}
	door_client_reply(
		client,
		r == -ENOBUFS ? door_reply_error("busy", "airgapd has not taken the last request "
							 "yet; try again in a moment")
			      : door_reply_error("core-absent",
						 "airgapd does not answer, so nothing was changed. "
						 "Look at 'systemctl status airgapd'."));
}

void door_answer(struct door_client *client, const char *bytes, size_t length)
{
	struct door_request request = { 0 };
	struct door_refusal refusal = { 0 };

	if (door_request_parse(bytes, length, client->listener->kind, client->passed >= 0, &request,
			       &refusal) < 0) {
		/* Whoever does not speak this language has nothing more to say. */
		door_client_reply(client, door_reply_error(refusal.error, refusal.text));
		client->closing = true;
		return;
	}
	switch (request.verb) {
	case DOOR_VERB_STATUS:
		answer_status(client);
		break;
	case DOOR_VERB_DEVICES:
		answer_devices(client);
		break;
	case DOOR_VERB_WATCH:
		answer_watch(client);
		break;
	case DOOR_VERB_NETWORK:
		answer_network(client);
		break;
	case DOOR_VERB_INSTALL:
	case DOOR_VERB_RESCAN:
	case DOOR_VERB_END_MAINTENANCE:
	case DOOR_VERB_INSPECTION:
		answer_control(client, request.verb);
		break;
	case DOOR_VERB_COUNT:
		break;
	}
}

static bool next_of_network(struct door_client *client)
{
	const struct door *door = client->door;
	struct door_net_item item;
	bool restarted, more = door_net_next(&door->net, &client->net, &item, &restarted);

	if (restarted) {
		/* What was told is of before; the first item comes with the next call. */
		client->net = (struct door_net_cursor){ .generation = door->net.generation };
		door_client_reply(client, door_reply_mark("restart"));
	} else if (more) {
		door_client_reply(client, door_reply_network(&item));
	} else {
		client->state = DOOR_CLIENT_IDLE;
		door_client_reply(client, door_reply_network_end(&door->cache, &door->net));
	}
	return true;
}

bool door_answer_next(struct door_client *client)
{
	struct door_cursor *cursor = &client->cursor;
	struct door_cache *cache = &client->door->cache;
	bool watching = client->state == DOOR_CLIENT_WATCHING;
	const struct usb_outcome *outcome;

	if (client->state == DOOR_CLIENT_NETWORK)
		return next_of_network(client);
	if (watching && cursor->status) {
		cursor->status = false;
		client->settled = false;
		door_client_reply(client, door_reply_status(cache, client->door->sandbox, true));
		return true;
	}
	if (watching && cursor->restart) {
		cursor->restart = false;
		client->settled = false;
		door_client_reply(client, door_reply_mark("restart"));
		return true;
	}
	outcome = door_cursor_next(cursor, cache, watching);
	if (outcome) {
		client->settled = false;
		door_client_reply(client, door_reply_device(outcome));
	} else if (!watching) {
		client->state = DOOR_CLIENT_IDLE;
		door_client_reply(client, door_reply_devices_end(cache));
	} else if (!client->settled) {
		client->settled = true;
		door_client_reply(client, door_reply_mark("settled"));
	} else {
		return false;
	}
	return true;
}
