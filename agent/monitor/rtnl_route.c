// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "agent/lib/netlink.h"
#include "agent/monitor/rtnl.h"

/* struct rtnexthop's own alignment macros are of type int. */
#define HOP_ALIGN(length) (((length) + 3u) & ~(size_t)3u)

static struct net_prefix whole(int family, const struct nlattr *attribute)
{
	size_t size;
	const void *bytes = netlink_value(attribute, &size);

	return bytes ? rtnl_prefix(family, bytes, size, family == AF_INET ? 32 : 128)
		     : (struct net_prefix){ 0 };
}

/* RTA_VIA: a gateway of another family than the route's; struct rtvia, then the address. */
static struct net_prefix via(const struct nlattr *attribute)
{
	size_t size;
	const uint8_t *bytes = netlink_value(attribute, &size);
	struct rtvia head;

	if (!bytes || size < sizeof(head))
		return (struct net_prefix){ 0 };
	memcpy(&head, bytes, sizeof(head));
	return rtnl_prefix(head.rtvia_family, bytes + sizeof(head), size - sizeof(head),
			   head.rtvia_family == AF_INET ? 32 : 128);
}

static struct net_prefix gateway(int family, const struct netlink_attributes *attributes)
{
	return attributes->of[RTA_GATEWAY] ? whole(family, attributes->of[RTA_GATEWAY])
					   : via(attributes->of[RTA_VIA]);
}

static int each_hop(const struct nlattr *multipath, const struct net_route *route, int family,
		    void (*visit)(const struct net_route *route, void *data), void *data)
{
	size_t left;
	const uint8_t *at = netlink_value(multipath, &left);

	while (left >= sizeof(struct rtnexthop)) {
		struct {
			struct nlattr outer;
			uint8_t inner[UINT8_MAX + 1];
		} wrapped;
		struct netlink_attributes attributes;
		struct net_route hop = *route;
		struct rtnexthop head;
		size_t inside;

		memcpy(&head, at, sizeof(head));
		if (head.rtnh_len < sizeof(head) || head.rtnh_len > left)
			return -EBADMSG;
		inside = head.rtnh_len - sizeof(head);
		if (inside > sizeof(wrapped.inner))
			return -EBADMSG;
		wrapped.outer =
			(struct nlattr){ .nla_len = (uint16_t)(sizeof(wrapped.outer) + inside) };
		memcpy(wrapped.inner, at + sizeof(head), inside);
		if (netlink_nested(&wrapped.outer, &attributes) < 0)
			return -EBADMSG;
		hop.index = head.rtnh_ifindex > 0 ? (uint32_t)head.rtnh_ifindex : 0;
		hop.gateway = gateway(family, &attributes);
		visit(&hop, data);
		if (HOP_ALIGN(head.rtnh_len) >= left)
			return 0;
		at += HOP_ALIGN(head.rtnh_len);
		left -= HOP_ALIGN(head.rtnh_len);
	}
	return left ? -EBADMSG : 0;
}

/* Only these can carry a packet out; of the rest those that the kernel did not make itself. */
static bool counts(const struct rtmsg *header)
{
	if (header->rtm_flags & RTM_F_CLONED)
		return false;
	switch (header->rtm_type) {
	case RTN_UNICAST:
		return true;
	case RTN_LOCAL:
	case RTN_BROADCAST:
	case RTN_ANYCAST:
	case RTN_MULTICAST:
		return header->rtm_protocol != RTPROT_KERNEL;
	default:
		return false;
	}
}

int rtnl_route_read(const struct nlmsghdr *message,
		    void (*visit)(const struct net_route *route, void *data), void *data)
{
	const struct rtmsg *header = netlink_header(message, sizeof(*header));
	struct netlink_attributes attributes;
	struct net_route route = { 0 };
	const void *to;
	size_t size;

	if (!header || netlink_attributes(message, sizeof(*header), &attributes) < 0)
		return -EBADMSG;
	if ((header->rtm_family != AF_INET && header->rtm_family != AF_INET6) || !counts(header))
		return -ENOMSG;
	to = netlink_value(attributes.of[RTA_DST], &size);
	if (!to)
		size = header->rtm_family == AF_INET ? 4 : 16;
	route.to = rtnl_prefix(header->rtm_family, to, size, header->rtm_dst_len);
	if (route.to.family == NET_FAMILY_NONE || (!to && header->rtm_dst_len))
		return -EBADMSG;
	route.source = whole(header->rtm_family, attributes.of[RTA_PREFSRC]);
	route.gateway = gateway(header->rtm_family, &attributes);
	route.index = netlink_u32(attributes.of[RTA_OIF]);
	route.table = attributes.of[RTA_TABLE] ? netlink_u32(attributes.of[RTA_TABLE])
					       : header->rtm_table;
	route.metric = netlink_u32(attributes.of[RTA_PRIORITY]);
	route.protocol = header->rtm_protocol;
	route.scope = header->rtm_scope;
	route.type = header->rtm_type;
	if (attributes.of[RTA_MULTIPATH])
		return each_hop(attributes.of[RTA_MULTIPATH], &route, header->rtm_family, visit,
				data);
	visit(&route, data);
	return 0;
}
