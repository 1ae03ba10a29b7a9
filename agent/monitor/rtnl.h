/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages of rtnetlink to facts. Pure; formats: rtnetlink(7), linux/rtnetlink.h, if_link.h,
 * if_addr.h, fib_rules.h, neighbour.h, netconf.h, net_namespace.h, pkt_sched.h.
 *
 * Each reader takes a whole message and answers 0 with the fact filled; -ENOMSG when the message is
 * well-formed and says nothing that counts; -EBADMSG when it is not well-formed.
 */
#ifndef AIRGAP_MONITOR_RTNL_H
#define AIRGAP_MONITOR_RTNL_H

#include <stdbool.h>
#include <stddef.h>

#include "agent/lib/msg_net.h"

struct nlmsghdr;

/**
 * rtnl_link_read - RTM_NEWLINK, RTM_DELLINK
 * @nsid: number of the namespace it comes from, -1: this one
 *
 * A message of another family than AF_UNSPEC (a bridge's word about a port, IPv6's about its settings)
 * is -ENOMSG: it lacks most of a link's attributes, and its DELLINK removes no link. Fills no kind,
 * driver or path of a link of this namespace: they stand in sysfs. Of a link elsewhere they are what
 * the message itself tells.
 */
int rtnl_link_read(const struct nlmsghdr *message, int32_t nsid, struct net_link *link);

/* rtnl_link_heard_router - IPv6's settings of a link say that a router advertisement came */
int rtnl_link_heard_router(const struct nlmsghdr *message, struct msg_net_sight_of *sight);

/* rtnl_address_read - RTM_NEWADDR, RTM_DELADDR */
int rtnl_address_read(const struct nlmsghdr *message, struct net_address *address);

/**
 * rtnl_route_read - RTM_NEWROUTE, RTM_DELROUTE
 * @visit: called once for each hop
 *
 * Routes that the kernel keeps for its own addresses (local, broadcast, multicast, anycast) and what
 * merely refuses are -ENOMSG: nothing leaves by them that does not leave by another.
 */
int rtnl_route_read(const struct nlmsghdr *message,
		    void (*visit)(const struct net_route *route, void *data), void *data);

/* rtnl_sight_read - whatever else a message is worth saying: neighbours, rules, forwarding, ... */
int rtnl_sight_read(const struct nlmsghdr *message, struct msg_net_sight_of *sight);

/**
 * rtnl_qdisc_read - RTM_NEWQDISC, RTM_DELQDISC, RTM_NEWTFILTER: does it bring packets elsewhere?
 * @ingress: set when it is a clsact or ingress qdisc
 *
 * -ENOMSG for a queue as the kernel makes them by itself.
 */
int rtnl_qdisc_read(const struct nlmsghdr *message, struct msg_net_sight_of *sight, bool *ingress);

/* rtnl_prefix - @size bytes (4 or 16) of an address of @family (AF_...); family NONE when they do not fit */
struct net_prefix rtnl_prefix(int family, const void *bytes, size_t size, uint8_t bits);

#endif
