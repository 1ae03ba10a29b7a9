/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Refused packets that wait for the core: bounded, and fair to every user.
 *
 * Packets of one user, hook and flow wait as one with a count. A user who sends to ever new places
 * fills his own share and no more; what does not fit there is counted as lost. When many users fill
 * everything, the one with the most makes room. So nobody's single attempt is hidden by a flood.
 */
#ifndef AIRGAP_MONITOR_PACKET_QUEUE_H
#define AIRGAP_MONITOR_PACKET_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

#include "agent/lib/msg_net.h"

#define PACKET_QUEUE_MAX   512
#define PACKET_QUEUE_SHARE 32

struct packet_queue {
	struct msg_net_packet packets[PACKET_QUEUE_MAX]; /* oldest first */
	size_t count;
	uint32_t last_uid; /* who had his turn last */
	uint64_t lost;	   /* not told yet */
};

void packet_queue_put(struct packet_queue *queue, const struct msg_net_packet *packet);

/**
 * packet_queue_take - the next, users in turn, of each the oldest first
 *
 * What was lost since the last one goes along with it. False when the queue is empty.
 */
bool packet_queue_take(struct packet_queue *queue, struct msg_net_packet *packet);

#endif
