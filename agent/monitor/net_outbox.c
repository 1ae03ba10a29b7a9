// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/monitor/net_outbox.h"

#include <string.h>

static size_t body_size(enum msg_type type)
{
	return (size_t)msg_size(type);
}

static void set_time(struct net_outbox_item *item)
{
	if (item->type == MSG_NET_ADDRESS)
		item->body.address.seen_us = item->seen_us;
	else if (item->type == MSG_NET_ROUTE)
		item->body.route.seen_us = item->seen_us;
	else
		item->body.sight.seen_us = item->seen_us;
}

size_t net_outbox_flush(struct net_outbox *outbox)
{
	size_t sent = 0;

	for (size_t i = 0; i < outbox->used; i++) {
		struct net_outbox_item *item = &outbox->items[i];

		if (!item->type)
			continue;
		set_time(item);
		outbox->send(outbox->data, item->type, &item->body);
		sent++;
	}
	outbox->used = 0;
	return sent;
}

void net_outbox_put(struct net_outbox *outbox, enum msg_type type, const void *body,
		    uint64_t seen_us)
{
	struct net_outbox_item *item;

	for (size_t i = outbox->used; i-- > 0;) {
		item = &outbox->items[i];
		if (item->type == type && memcmp(&item->body, body, body_size(type)) == 0) {
			item->type = 0;
			break;
		}
	}
	if (outbox->used == NET_OUTBOX_MAX)
		net_outbox_flush(outbox);
	item = &outbox->items[outbox->used++];
	item->type = type;
	item->seen_us = seen_us;
	memcpy(&item->body, body, body_size(type));
}
