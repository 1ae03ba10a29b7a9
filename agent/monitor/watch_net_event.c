// SPDX-License-Identifier: GPL-2.0-or-later
/* One message of rtnetlink: what it changes, and when that is stated. */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "agent/lib/net_sysfs.h"
#include "agent/lib/netlink.h"
#include "agent/monitor/rtnl.h"
#include "agent/monitor/watch_net_state.h"

void watch_net_send(void *data, enum msg_type type, const void *body)
{
	struct watch_net *watch = data;

	monitor_send(watch->monitor, type, body);
	watch->stated++;
}

/* Decided from what is now, not from what an event said: sysfs is read when the burst is over. */
static void state_link(struct watch_net *watch, struct net_entry *entry)
{
	struct msg_net_link message = { .link = entry->now, .seen_us = entry->seen_us };
	struct net_link *link = &message.link;

	entry->dirty = false;
	if (link->nsid == -1) {
		uint32_t flaw = link->flaw;

		net_sysfs_read(watch->monitor->daemon.root, link);
		if (flaw != NET_SOUND) {
			link->flaw = flaw;
			link->kind = NET_KIND_UNKNOWN;
		}
	}
	if (entry->ingress)
		link->marks |= NET_LINK_INGRESS;
	if (entry->stated && memcmp(&entry->told, link, sizeof(*link)) == 0)
		return;
	entry->told = *link;
	entry->stated = true;
	watch_net_send(watch, MSG_NET_LINK, &message);
}

bool watch_net_flush(struct watch_net *watch)
{
	if (watch_net_knows_links(watch)) {
		for (; watch->next_dirty < watch->table.count; watch->next_dirty++) {
			if (!monitor_has_room(watch->monitor))
				return false;
			if (watch->table.entries[watch->next_dirty].dirty)
				state_link(watch, &watch->table.entries[watch->next_dirty]);
		}
		watch->next_dirty = 0;
	}
	net_outbox_flush(&watch->outbox);
	return true;
}

/* Its last words are stated before it is gone: that it was there is worth knowing. */
static void depart(struct watch_net *watch, struct net_entry *entry, uint64_t now_us)
{
	struct msg_net_gone gone = { .index = entry->now.index,
				     .nsid = entry->now.nsid,
				     .seen_us = now_us };

	if (entry->dirty)
		state_link(watch, entry);
	net_outbox_flush(&watch->outbox);
	watch_net_send(watch, MSG_NET_LINK_GONE, &gone);
	net_table_remove(&watch->table, entry);
	/* Another entry took its place, perhaps one that was still to come. */
	watch->next_dirty = 0;
}

static void state_unremembered(struct watch_net *watch, const struct net_link *link)
{
	struct net_entry entry = { .now = *link, .seen_us = clock_boottime_us() };

	state_link(watch, &entry);
}

static void take_link(struct watch_net *watch, const struct nlmsghdr *message, int32_t nsid,
		      bool dumped)
{
	struct msg_net_sight_of router;
	struct net_entry *entry;
	struct net_link link;

	if (nsid == -1 && rtnl_link_heard_router(message, &router) == 0)
		net_outbox_put(&watch->outbox, MSG_NET_SIGHT, &router, clock_boottime_us());
	if (rtnl_link_read(message, nsid, &link) < 0)
		return;
	entry = net_table_find(&watch->table, link.index, nsid);
	if (message->nlmsg_type == RTM_DELLINK) {
		if (entry)
			depart(watch, entry, clock_boottime_us());
		return;
	}
	if (!entry)
		entry = net_table_add(&watch->table, link.index, nsid);
	if (!entry) {
		state_unremembered(watch, &link);
		return;
	}
	entry->now = link;
	entry->seen_us = clock_boottime_us();
	entry->dirty = true;
	entry->seen |= dumped || watch->scanning;
}

static void take_address(struct watch_net *watch, const struct nlmsghdr *message)
{
	struct msg_net_address stated = { .present = message->nlmsg_type == RTM_NEWADDR };

	if (rtnl_address_read(message, &stated.address) == 0)
		net_outbox_put(&watch->outbox, MSG_NET_ADDRESS, &stated, clock_boottime_us());
}

struct route_call {
	struct watch_net *watch;
	bool present;
};

static void take_hop(const struct net_route *route, void *data)
{
	const struct route_call *call = data;
	struct msg_net_route stated = { .route = *route, .present = call->present };
	struct msg_net_sight_of router = {
		.sight = MSG_NET_SIGHT_ROUTER,
		.index = route->index,
		.nsid = -1,
		.family = route->to.family,
		.prefix = route->gateway,
	};

	net_outbox_put(&call->watch->outbox, MSG_NET_ROUTE, &stated, clock_boottime_us());
	if (call->present && route->protocol == RTPROT_RA)
		net_outbox_put(&call->watch->outbox, MSG_NET_SIGHT, &router, clock_boottime_us());
}

static void take_route(struct watch_net *watch, const struct nlmsghdr *message)
{
	struct route_call call = { watch, message->nlmsg_type == RTM_NEWROUTE };

	rtnl_route_read(message, take_hop, &call);
}

/* A plain queue put in place of an ingress one takes its mark away; so does its removal. */
static void take_qdisc(struct watch_net *watch, const struct nlmsghdr *message)
{
	bool removed = message->nlmsg_type == RTM_DELQDISC, ingress;
	struct msg_net_sight_of sight;
	struct net_entry *entry;
	int r = rtnl_qdisc_read(message, &sight, &ingress);

	if (r == -EBADMSG)
		return;
	entry = net_table_find(&watch->table, sight.index, -1);
	if (entry && ingress && entry->ingress == removed) {
		entry->ingress = !removed;
		entry->dirty = true;
	}
	if (r == 0 && !removed && message->nlmsg_type != RTM_DELTFILTER)
		net_outbox_put(&watch->outbox, MSG_NET_SIGHT, &sight, clock_boottime_us());
}

static bool told_lately(struct watch_net *watch, const struct msg_net_sight_of *sight)
{
	for (size_t i = 0; i < WATCH_NET_NEIGHBOURS; i++)
		if (memcmp(&watch->neighbours[i], sight, sizeof(*sight)) == 0)
			return true;
	watch->neighbours[watch->neighbour++ % WATCH_NET_NEIGHBOURS] = *sight;
	return false;
}

static void take_sight(struct watch_net *watch, const struct nlmsghdr *message, bool dumped)
{
	struct msg_net_sight_of sight;

	if (rtnl_sight_read(message, &sight) < 0)
		return;
	/* What was never switched on is no sight; that it was switched off again is. */
	if (sight.sight == MSG_NET_SIGHT_FORWARDING && dumped && sight.number == 0)
		return;
	if (sight.sight == MSG_NET_SIGHT_NEIGHBOUR && told_lately(watch, &sight))
		return;
	net_outbox_put(&watch->outbox, MSG_NET_SIGHT, &sight, clock_boottime_us());
}

/* A number that is free again: all that was known there is gone. */
static void take_namespace_gone(struct watch_net *watch, const struct nlmsghdr *message)
{
	struct netlink_attributes attributes;
	int32_t nsid = -1;

	if (netlink_attributes(message, sizeof(struct rtgenmsg), &attributes) < 0 ||
	    !netlink_copy(attributes.of[1 /* NETNSA_NSID */], &nsid, sizeof(nsid)) || nsid < 0)
		return;
	for (size_t i = watch->table.count; i-- > 0;)
		if (watch->table.entries[i].now.nsid == nsid)
			depart(watch, &watch->table.entries[i], clock_boottime_us());
}

void watch_net_take(struct watch_net *watch, const struct nlmsghdr *message, int32_t nsid,
		    bool dumped)
{
	/* Of other namespaces only what links there are: nothing of theirs leaves but through here. */
	if (nsid >= 0 && message->nlmsg_type != RTM_NEWLINK && message->nlmsg_type != RTM_DELLINK)
		return;
	switch (message->nlmsg_type) {
	case RTM_NEWLINK:
	case RTM_DELLINK:
		take_link(watch, message, nsid, dumped);
		break;
	case RTM_NEWADDR:
	case RTM_DELADDR:
		take_address(watch, message);
		break;
	case RTM_NEWROUTE:
	case RTM_DELROUTE:
		take_route(watch, message);
		break;
	case RTM_NEWQDISC:
	case RTM_DELQDISC:
	case RTM_NEWTFILTER:
	case RTM_DELTFILTER:
		take_qdisc(watch, message);
		break;
	case RTM_DELNSID:
		take_namespace_gone(watch, message);
		break;
	default:
		take_sight(watch, message, dumped);
		break;
	}
}

void watch_net_forget_unseen(struct watch_net *watch)
{
	for (size_t i = watch->table.count; i-- > 0;) {
		struct net_entry *entry = &watch->table.entries[i];

		if (entry->now.nsid == -1 && !entry->seen)
			depart(watch, entry, clock_boottime_us());
	}
}

void watch_net_repeat_elsewhere(struct watch_net *watch)
{
	for (size_t i = 0; i < watch->table.count; i++) {
		struct net_entry *entry = &watch->table.entries[i];

		entry->seen = false;
		entry->stated = false;
		entry->dirty |= entry->now.nsid != -1;
		/* The qdisc dump tells which links have one; in other namespaces nobody does. */
		entry->ingress = false;
	}
}
