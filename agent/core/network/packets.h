/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Refused packets, aggregated by user, destination, port and link: the first is recorded at once, the
 * further ones are counted, and nothing else is ever merged.
 *
 * Memory is bounded, and each user has his share of it, so that one user's flood hides nobody else's
 * single attempt: beyond his share only his own packets are counted together. Time is CLOCK_BOOTTIME
 * in microseconds, given by the caller, so that a test needs no clock.
 */
#ifndef AIRGAP_CORE_NETWORK_PACKETS_H
#define AIRGAP_CORE_NETWORK_PACKETS_H

#include <stdbool.h>

#include "agent/lib/msg_net.h"

#define PACKETS_USERS	 48 /* user numbers that are told apart at one time */
#define PACKETS_SHARE	 96 /* destinations of each of them */
#define PACKETS_QUIET	 (600 * UINT64_C(1000000)) /* an aggregate is forgotten after this */
#define PACKETS_SUMMARY	 (60 * UINT64_C(1000000))  /* between two entries about one aggregate */
#define PACKETS_DAY	 (24 * 3600 * UINT64_C(1000000)) /* between two about one habit */
#define PACKETS_PATIENCE UINT64_C(300000)		 /* for the helper that finds the process */

struct packets;

struct packets_handler {
	/* @first: who sent it is to be found out; packets_attributed() with @cookie, or never */
	void (*ask)(void *data, uint64_t cookie, const struct msg_net_packet *first);
	/* the user's name, from his number, which is the kernel's word */
	void (*name)(void *data, struct net_actor *actor);
	/* so many packets since the last call about it; @habit: a service's, see habit.h */
	void (*refused)(void *data, const struct msg_net_packet *packet,
			const struct net_actor *actor, uint64_t count, uint64_t first_us,
			uint64_t last_us, const char *habit);
	/* of this user so many packets, to destinations beyond his share */
	void (*flooded)(void *data, uint32_t uid, uint64_t count, uint64_t first_us,
			uint64_t last_us);
};

/* packets_new - NULL when memory is short */
struct packets *packets_new(const struct packets_handler *handler, void *data);

/* packets_take - refused packets, as many as it says; what the monitor lost is not its business */
void packets_take(struct packets *packets, const struct msg_net_packet *packet, uint64_t now_us);

/* packets_attributed - the helper's answer */
void packets_attributed(struct packets *packets, uint64_t cookie, const struct net_actor *actor,
			uint64_t now_us);

/**
 * packets_tick - write what is due: who was asked about too long ago, counts, days
 *
 * Returns when to call again; UINT64_MAX: not before another packet.
 */
uint64_t packets_tick(struct packets *packets, uint64_t now_us);

/* packets_free - what is counted and not yet written is told first */
void packets_free(struct packets *packets);

#endif
