// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/door/door_net.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void *copy(const void *from, size_t size)
{
	void *to = malloc(size);

	return to ? memcpy(to, from, size) : NULL;
}

void door_net_clear(struct door_net *net)
{
	for (size_t i = 0; i < DOOR_NET_LINKS; i++)
		free(net->links[i]);
	for (size_t i = 0; i < net->peer_count; i++)
		free(net->peers[i]);
	for (size_t i = 0; i < DOOR_NET_VIOLATIONS; i++)
		free(net->violations[i]);
	*net = (struct door_net){ .generation = net->generation };
}

void door_net_restart(struct door_net *net)
{
	door_net_clear(net);
	net->generation++;
}

int door_net_link(struct door_net *net, const struct net_outcome *outcome)
{
	struct net_outcome **slot = NULL;

	for (size_t i = 0; i < DOOR_NET_LINKS; i++) {
		struct net_outcome *it = net->links[i];

		if (it && it->plug == outcome->plug) {
			slot = &net->links[i];
			break;
		}
		if (!it && !slot)
			slot = &net->links[i];
	}
	if (outcome->state == NET_STATE_GONE) {
		if (slot && *slot) {
			free(*slot);
			*slot = NULL;
		}
		return 0;
	}
	if (!slot) {
		net->overflow++;
		return -ENOSPC;
	}
	if (*slot)
		**slot = *outcome;
	else
		*slot = copy(outcome, sizeof(*outcome));
	return *slot ? 0 : -ENOMEM;
}

int door_net_peer(struct door_net *net, const struct msg_net_peer *peer)
{
	struct msg_net_peer *kept;

	if (net->peer_count == DOOR_NET_PEERS) {
		net->overflow++;
		return -ENOSPC;
	}
	kept = copy(peer, sizeof(*peer));
	if (!kept)
		return -ENOMEM;
	net->peers[net->peer_count++] = kept;
	return 0;
}

static bool continues(const struct net_violation *old, const struct net_violation *new)
{
	return old->kind == new->kind && old->first_us == new->first_us &&
	       old->link.index == new->link.index &&
	       old->actor.uid ==
		       new->actor.uid &&memcmp(&old->flow.to, &new->flow.to,
					       sizeof(old->flow.to)) == 0 &&
	       old->flow.port == new->flow.port;
}

int door_net_violation(struct door_net *net, const struct net_violation *violation)
{
	struct net_violation **slot = &net->violations[net->violation_next];

	for (size_t i = 0; i < DOOR_NET_VIOLATIONS; i++)
		if (net->violations[i] && continues(net->violations[i], violation)) {
			*net->violations[i] = *violation;
			return 0;
		}
	if (*slot)
		**slot = *violation;
	else
		*slot = copy(violation, sizeof(*violation));
	if (!*slot)
		return -ENOMEM;
	net->violation_next = (net->violation_next + 1) % DOOR_NET_VIOLATIONS;
	return 0;
}

bool door_net_next(const struct door_net *net, struct door_net_cursor *cursor,
		   struct door_net_item *item, bool *restarted)
{
	*item = (struct door_net_item){ 0 };
	*restarted = cursor->generation != net->generation;
	if (*restarted)
		*cursor = (struct door_net_cursor){ .generation = net->generation };
	while (cursor->link < DOOR_NET_LINKS) {
		item->link = net->links[cursor->link++];
		if (item->link)
			return true;
	}
	if (cursor->peer < net->peer_count) {
		item->peer = net->peers[cursor->peer++];
		return true;
	}
	/* The ring, oldest first. */
	while (cursor->violation < DOOR_NET_VIOLATIONS) {
		size_t at = (net->violation_next + cursor->violation++) % DOOR_NET_VIOLATIONS;

		item->violation = net->violations[at];
		if (item->violation)
			return true;
	}
	return false;
}
