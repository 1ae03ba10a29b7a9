// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/monitor/packet_queue.h"

#include <string.h>

/* The port of the sender changes with every attempt; it makes no other flow. */
static bool same(const struct msg_net_packet *a, const struct msg_net_packet *b)
{
	struct net_flow x = a->flow, y = b->flow;

	x.from_port = y.from_port = 0;
	return a->uid == b->uid && a->hook == b->hook && memcmp(&x, &y, sizeof(x)) == 0;
}

static size_t share_of(const struct packet_queue *queue, uint32_t uid)
{
	size_t count = 0;

	for (size_t i = 0; i < queue->count; i++)
		count += queue->packets[i].uid == uid;
	return count;
}

static void remove_at(struct packet_queue *queue, size_t at)
{
	queue->count--;
	memmove(&queue->packets[at], &queue->packets[at + 1],
		(queue->count - at) * sizeof(queue->packets[0]));
}

/* The newest of the user who has most; nobody has more than one: the newest of all stays out. */
static bool make_room(struct packet_queue *queue)
{
	size_t most = 1, victim = 0;

	for (size_t i = 0; i < queue->count; i++) {
		size_t share = share_of(queue, queue->packets[i].uid);

		if (share >= most && share > 1) {
			most = share;
			victim = i;
		}
	}
	if (most == 1)
		return false;
	queue->lost += queue->packets[victim].count;
	remove_at(queue, victim);
	return true;
}

void packet_queue_put(struct packet_queue *queue, const struct msg_net_packet *packet)
{
	for (size_t i = 0; i < queue->count; i++) {
		if (same(&queue->packets[i], packet)) {
			queue->packets[i].count += packet->count;
			return;
		}
	}
	if (share_of(queue, packet->uid) >= PACKET_QUEUE_SHARE ||
	    (queue->count == PACKET_QUEUE_MAX && !make_room(queue))) {
		queue->lost += packet->count;
		return;
	}
	queue->packets[queue->count++] = *packet;
}

bool packet_queue_take(struct packet_queue *queue, struct msg_net_packet *packet)
{
	size_t next = 0;
	uint32_t least = UINT32_MAX;

	if (queue->count == 0)
		return false;
	/* The user who follows the last one in a circle of numbers, wherever it was left. */
	for (size_t i = 0; i < queue->count; i++) {
		uint32_t distance = queue->packets[i].uid - queue->last_uid - 1;

		if (i == 0 || distance < least) {
			least = distance;
			next = i;
		}
	}
	*packet = queue->packets[next];
	packet->lost = queue->lost;
	queue->lost = 0;
	queue->last_uid = packet->uid;
	remove_at(queue, next);
	return true;
}
