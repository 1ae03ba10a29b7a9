// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "agent/lib/netlink.h"
#include "agent/monitor/rtnl.h"

struct net_prefix rtnl_prefix(int family, const void *bytes, size_t size, uint8_t bits)
{
	struct net_prefix prefix = { 0 };

	if (family == AF_INET && size == 4 && bits <= 32)
		prefix.family = NET_FAMILY_IPV4;
	else if (family == AF_INET6 && size == 16 && bits <= 128)
		prefix.family = NET_FAMILY_IPV6;
	else
		return prefix;
	prefix.bits = bits;
	if (bytes)
		memcpy(prefix.bytes, bytes, size);
	return prefix;
}

static struct net_prefix prefix_of(const struct ifaddrmsg *header, const struct nlattr *attribute)
{
	size_t size;
	const void *bytes = netlink_value(attribute, &size);

	return rtnl_prefix(header->ifa_family, bytes, size, header->ifa_prefixlen);
}

/*
 * IFA_ADDRESS is the address of the other end, where there is one (rtnetlink(7)). IPv4 always has
 * IFA_LOCAL, and then the two are equal on a broadcast link; IPv6 has it only on a link with a peer.
 */
int rtnl_address_read(const struct nlmsghdr *message, struct net_address *address)
{
	const struct ifaddrmsg *header = netlink_header(message, sizeof(*header));
	struct netlink_attributes attributes;
	const struct nlattr *flags;
	struct net_prefix far;

	*address = (struct net_address){ 0 };
	if (!header || netlink_attributes(message, sizeof(*header), &attributes) < 0)
		return -EBADMSG;
	if (header->ifa_family != AF_INET && header->ifa_family != AF_INET6)
		return -ENOMSG;
	far = prefix_of(header, attributes.of[IFA_ADDRESS]);
	address->local =
		attributes.of[IFA_LOCAL] ? prefix_of(header, attributes.of[IFA_LOCAL]) : far;
	if (address->local.family == NET_FAMILY_NONE || header->ifa_index == 0)
		return -EBADMSG;
	if (far.family != NET_FAMILY_NONE && memcmp(&far, &address->local, sizeof(far)) != 0)
		address->peer = far;
	flags = attributes.of[IFA_FLAGS];
	address->index = header->ifa_index;
	address->flags = flags ? netlink_u32(flags) : header->ifa_flags;
	address->scope = header->ifa_scope;
	address->protocol = netlink_u8(attributes.of[IFA_PROTO]);
	return 0;
}
