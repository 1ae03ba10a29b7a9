/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the core last said of the network: links, what each may reach, and what was found wrong.
 *
 * Everything stands in slots that keep their place until the core begins anew, so that a client can be
 * told them one by one however slowly it reads. Of violations the newest are kept.
 */
#ifndef AIRGAP_DOOR_NET_H
#define AIRGAP_DOOR_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/lib/msg.h"

#define DOOR_NET_LINKS	    256
#define DOOR_NET_PEERS	    512
#define DOOR_NET_VIOLATIONS 256

struct door_net {
	uint64_t generation; /* of the core's telling; slots of another one mean something else */
	uint64_t overflow;   /* links and peers that found no slot */
	struct net_outcome *links[DOOR_NET_LINKS]; /* NULL: free */
	struct msg_net_peer *peers[DOOR_NET_PEERS];
	size_t peer_count;
	struct net_violation *violations[DOOR_NET_VIOLATIONS]; /* a ring */
	size_t violation_next;
};

/* Where a client's listing stands. */
struct door_net_cursor {
	uint64_t generation;
	size_t link, peer, violation;
};

/* One thing to be told; the others are NULL. */
struct door_net_item {
	const struct net_outcome *link;
	const struct msg_net_peer *peer;
	const struct net_violation *violation;
};

/* door_net_restart - the core is about to say everything */
void door_net_restart(struct door_net *net);

/* door_net_link, _peer, _violation - 0, -ENOSPC when no slot is free, or -ENOMEM */
int door_net_link(struct door_net *net, const struct net_outcome *outcome);
int door_net_peer(struct door_net *net, const struct msg_net_peer *peer);
/* One that continues another (same kind, link, actor, flow and beginning) takes its place. */
int door_net_violation(struct door_net *net, const struct net_violation *violation);

/**
 * door_net_next - what comes next in a listing
 * @restarted: the core has begun anew since the last call, and so does the listing
 *
 * False at its end. What @item points to belongs to @net.
 */
bool door_net_next(const struct door_net *net, struct door_net_cursor *cursor,
		   struct door_net_item *item, bool *restarted);

void door_net_clear(struct door_net *net);

#endif
