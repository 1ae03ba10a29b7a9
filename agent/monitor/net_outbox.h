/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is to be stated about the network at the end of a burst of events.
 *
 * A statement that repeats one that still waits takes its place at the end: a storm that takes the same
 * address away and brings it back a thousand times makes two messages, the last of which is right.
 */
#ifndef AIRGAP_MONITOR_NET_OUTBOX_H
#define AIRGAP_MONITOR_NET_OUTBOX_H

#include <stddef.h>

#include "agent/lib/msg.h"

#define NET_OUTBOX_MAX 256

struct net_outbox_item {
	enum msg_type type; /* 0: nothing */
	uint64_t seen_us;
	union {
		struct msg_net_address address;
		struct msg_net_route route;
		struct msg_net_sight_of sight;
	} body;
};

struct net_outbox {
	struct net_outbox_item items[NET_OUTBOX_MAX];
	size_t used;
	/* Takes a message with its time filled in; called for each in order. */
	void (*send)(void *data, enum msg_type type, const void *body);
	void *data;
};

/**
 * net_outbox_put - @body of a MSG_NET_ADDRESS, MSG_NET_ROUTE or MSG_NET_SIGHT, with seen_us 0
 *
 * A full outbox is flushed first.
 */
void net_outbox_put(struct net_outbox *outbox, enum msg_type type, const void *body,
		    uint64_t seen_us);

/* net_outbox_flush - send all; returns how many */
size_t net_outbox_flush(struct net_outbox *outbox);

#endif
