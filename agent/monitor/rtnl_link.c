// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "agent/lib/net_classify.h"
#include "agent/lib/netlink.h"
#include "agent/monitor/rtnl.h"

/* include/net/if_inet6.h, not exported to user space. */
#define IF_RA_RCVD 0x20

static uint8_t copy_address(const struct nlattr *attribute, uint8_t out[static NET_LLADDR_MAX])
{
	size_t length;
	const void *bytes = netlink_value(attribute, &length);

	if (!bytes || length > NET_LLADDR_MAX)
		return 0;
	memcpy(out, bytes, length);
	return (uint8_t)length;
}

static void read_marks(const struct netlink_attributes *attributes, struct net_link *link)
{
	struct netlink_attributes xdp;

	if (netlink_nested(attributes->of[IFLA_XDP], &xdp) < 0)
		link->flaw = NET_FLAW_UNREADABLE;
	/* XDP_ATTACHED_NONE is 0; any other says where the program runs. */
	if (netlink_u8(xdp.of[IFLA_XDP_ATTACHED]))
		link->marks |= NET_LINK_XDP;
	if (netlink_u8(attributes->of[IFLA_CARRIER]))
		link->marks |= NET_LINK_CARRIER;
	if (netlink_u32(attributes->of[IFLA_PROMISCUITY]) || link->flags & IFF_PROMISC)
		link->marks |= NET_LINK_PROMISC;
}

/* Of a link in another namespace there is no sysfs here; the kernel names the bus all the same. */
static void read_elsewhere(const struct netlink_attributes *attributes, struct net_link *link)
{
	char bus[32], device[NET_PATH_SIZE - sizeof(bus) - 1];
	struct net_traits traits = {
		.arphrd = link->arphrd,
		.flags = link->flags,
		.info_kind = link->info_kind,
		.devtype = "",
		.driver = "",
	};

	netlink_text(attributes->of[IFLA_PARENT_DEV_BUS_NAME], bus, sizeof(bus));
	netlink_text(attributes->of[IFLA_PARENT_DEV_NAME], device, sizeof(device));
	if (bus[0]) {
		traits.buses = net_classify_bus(bus);
		snprintf(link->path, sizeof(link->path), "%s-%s", bus, device);
	}
	link->kind = net_classify(&traits);
	if (net_classify_is_fallback(link))
		link->marks |= NET_LINK_FALLBACK;
}

int rtnl_link_read(const struct nlmsghdr *message, int32_t nsid, struct net_link *link)
{
	const struct ifinfomsg *header = netlink_header(message, sizeof(*header));
	struct netlink_attributes attributes, info;

	*link = (struct net_link){ .nsid = nsid };
	if (!header || netlink_attributes(message, sizeof(*header), &attributes) < 0)
		return -EBADMSG;
	if (header->ifi_family != AF_UNSPEC)
		return -ENOMSG;
	if (header->ifi_index <= 0)
		return -EBADMSG;
	link->index = (uint32_t)header->ifi_index;
	link->flags = header->ifi_flags;
	link->arphrd = header->ifi_type;
	netlink_text(attributes.of[IFLA_IFNAME], link->name, sizeof(link->name));
	link->mtu = netlink_u32(attributes.of[IFLA_MTU]);
	link->master = netlink_u32(attributes.of[IFLA_MASTER]);
	if (!attributes.of[IFLA_LINK_NETNSID])
		link->parent = netlink_u32(attributes.of[IFLA_LINK]);
	if (link->parent == link->index)
		link->parent = 0;
	link->mac_length = copy_address(attributes.of[IFLA_ADDRESS], link->mac);
	link->permanent_length = copy_address(attributes.of[IFLA_PERM_ADDRESS], link->permanent);
	if (netlink_nested(attributes.of[IFLA_LINKINFO], &info) < 0)
		link->flaw = NET_FLAW_UNREADABLE;
	netlink_text(info.of[IFLA_INFO_KIND], link->info_kind, sizeof(link->info_kind));
	read_marks(&attributes, link);
	if (nsid >= 0)
		read_elsewhere(&attributes, link);
	return link->name[0] ? 0 : -EBADMSG;
}

static uint32_t inet6_flags(const struct netlink_attributes *attributes, uint8_t family)
{
	struct netlink_attributes families, settings;

	if (family == AF_INET6) {
		netlink_nested(attributes->of[IFLA_PROTINFO], &settings);
	} else {
		netlink_nested(attributes->of[IFLA_AF_SPEC], &families);
		netlink_nested(families.of[AF_INET6], &settings);
	}
	return netlink_u32(settings.of[IFLA_INET6_FLAGS]);
}

int rtnl_link_heard_router(const struct nlmsghdr *message, struct msg_net_sight_of *sight)
{
	const struct ifinfomsg *header = netlink_header(message, sizeof(*header));
	struct netlink_attributes attributes;

	*sight = (struct msg_net_sight_of){ .sight = MSG_NET_SIGHT_ROUTER, .nsid = -1 };
	if (!header || netlink_attributes(message, sizeof(*header), &attributes) < 0)
		return -EBADMSG;
	if (header->ifi_family != AF_UNSPEC && header->ifi_family != AF_INET6)
		return -ENOMSG;
	if (!(inet6_flags(&attributes, header->ifi_family) & IF_RA_RCVD))
		return -ENOMSG;
	sight->index = (uint32_t)header->ifi_index;
	sight->family = NET_FAMILY_IPV6;
	return 0;
}
