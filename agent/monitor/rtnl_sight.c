// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/neighbour.h>
#include <linux/net_namespace.h>
#include <linux/netconf.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "agent/lib/net_rule.h"
#include "agent/lib/netlink.h"
#include "agent/monitor/rtnl.h"

static uint32_t family_of(int family)
{
	return family == AF_INET    ? NET_FAMILY_IPV4
	       : family == AF_INET6 ? NET_FAMILY_IPV6
				    : NET_FAMILY_NONE;
}

static int read_neighbour(const struct nlmsghdr *message, struct msg_net_sight_of *sight)
{
	const struct ndmsg *header = netlink_header(message, sizeof(*header));
	struct netlink_attributes attributes;
	const void *bytes;
	size_t size;

	if (!header || netlink_attributes(message, sizeof(*header), &attributes) < 0)
		return -EBADMSG;
	/* Of all states only this one says that something answered; a static entry is no neighbour yet. */
	if (!(header->ndm_state & NUD_REACHABLE) || header->ndm_ifindex <= 0)
		return -ENOMSG;
	bytes = netlink_value(attributes.of[NDA_DST], &size);
	sight->prefix = rtnl_prefix(header->ndm_family, bytes, size,
				    header->ndm_family == AF_INET ? 32 : 128);
	if (!bytes || sight->prefix.family == NET_FAMILY_NONE)
		return -ENOMSG;
	sight->sight = MSG_NET_SIGHT_NEIGHBOUR;
	sight->index = (uint32_t)header->ndm_ifindex;
	sight->family = sight->prefix.family;
	bytes = netlink_value(attributes.of[NDA_LLADDR], &size);
	if (bytes && size <= sizeof(sight->mac))
		memcpy(sight->mac, bytes, size);
	return 0;
}

static int read_rule(const struct nlmsghdr *message, struct msg_net_sight_of *sight)
{
	bool removed = message->nlmsg_type == RTM_DELRULE;
	struct net_rule rule;
	int r = net_rule_read(message, &rule);

	if (r < 0)
		return r;
	/* A foreign rule that goes is good news; one of the kernel's that goes is not. */
	if (rule.kernels != removed)
		return -ENOMSG;
	sight->sight = MSG_NET_SIGHT_RULE;
	sight->family = rule.family;
	sight->number = rule.priority;
	snprintf(sight->text, sizeof(sight->text), "%s table %u", removed ? "removed:" : "to",
		 rule.table);
	return 0;
}

static int read_forwarding(const struct nlmsghdr *message, struct msg_net_sight_of *sight)
{
	const struct netconfmsg *header = netlink_header(message, sizeof(*header));
	struct netlink_attributes attributes;
	int32_t index;

	if (!header || netlink_attributes(message, sizeof(*header), &attributes) < 0)
		return -EBADMSG;
	if (!attributes.of[NETCONFA_FORWARDING] || !attributes.of[NETCONFA_IFINDEX] ||
	    family_of(header->ncm_family) == NET_FAMILY_NONE)
		return -ENOMSG;
	index = (int32_t)netlink_u32(attributes.of[NETCONFA_IFINDEX]);
	sight->sight = MSG_NET_SIGHT_FORWARDING;
	sight->family = family_of(header->ncm_family);
	sight->index = index == NETCONFA_IFINDEX_ALL	   ? 0
		       : index == NETCONFA_IFINDEX_DEFAULT ? UINT32_MAX
							   : (uint32_t)index;
	sight->number = netlink_u32(attributes.of[NETCONFA_FORWARDING]);
	return 0;
}

static int read_namespace(const struct nlmsghdr *message, struct msg_net_sight_of *sight)
{
	struct netlink_attributes attributes;
	int32_t nsid;

	if (!netlink_header(message, sizeof(struct rtgenmsg)) ||
	    netlink_attributes(message, sizeof(struct rtgenmsg), &attributes) < 0)
		return -EBADMSG;
	nsid = (int32_t)netlink_u32(attributes.of[NETNSA_NSID]);
	if (!attributes.of[NETNSA_NSID] || nsid < 0)
		return -ENOMSG;
	sight->sight = MSG_NET_SIGHT_NAMESPACE;
	sight->number = (uint64_t)nsid;
	return 0;
}

/* A prefix that a router announced (net/ipv6/addrconf.c, inet6_fill_prefix). */
static int read_announced(const struct nlmsghdr *message, struct msg_net_sight_of *sight)
{
	const struct prefixmsg *header = netlink_header(message, sizeof(*header));
	struct netlink_attributes attributes;
	const void *bytes;
	size_t size;

	if (!header || netlink_attributes(message, sizeof(*header), &attributes) < 0)
		return -EBADMSG;
	bytes = netlink_value(attributes.of[PREFIX_ADDRESS], &size);
	sight->prefix = rtnl_prefix(AF_INET6, bytes, size, header->prefix_len);
	if (!bytes || sight->prefix.family == NET_FAMILY_NONE || header->prefix_ifindex <= 0)
		return -ENOMSG;
	sight->sight = MSG_NET_SIGHT_ROUTER;
	sight->index = (uint32_t)header->prefix_ifindex;
	sight->family = NET_FAMILY_IPV6;
	return 0;
}

/* An option that a router sent for user space: name servers, mostly (net/ipv6/ndisc.c). */
static int read_option(const struct nlmsghdr *message, struct msg_net_sight_of *sight)
{
	const struct nduseroptmsg *header = netlink_header(message, sizeof(*header));

	if (!header)
		return -EBADMSG;
	if (header->nduseropt_ifindex <= 0)
		return -ENOMSG;
	sight->sight = MSG_NET_SIGHT_ROUTER;
	sight->index = (uint32_t)header->nduseropt_ifindex;
	sight->family = NET_FAMILY_IPV6;
	snprintf(sight->text, sizeof(sight->text), "option");
	return 0;
}

int rtnl_sight_read(const struct nlmsghdr *message, struct msg_net_sight_of *sight)
{
	*sight = (struct msg_net_sight_of){ .nsid = -1 };
	switch (message->nlmsg_type) {
	case RTM_NEWNEIGH:
		return read_neighbour(message, sight);
	case RTM_NEWRULE:
	case RTM_DELRULE:
		return read_rule(message, sight);
	case RTM_NEWNETCONF:
		return read_forwarding(message, sight);
	case RTM_NEWNSID:
		return read_namespace(message, sight);
	case RTM_NEWPREFIX:
		return read_announced(message, sight);
	case RTM_NEWNDUSEROPT:
		return read_option(message, sight);
	default:
		return -ENOMSG;
	}
}

/* What the kernel puts on links by itself, and what queues without turning anything aside. */
static bool is_plain_queue(const char *kind)
{
	static const char *const plain[] = { "",	   "noop",	     "noqueue",
					     "pfifo_fast", "pfifo",	     "bfifo",
					     "fq",	   "fq_codel",	     "mq",
					     "codel",	   "pfifo_head_drop" };

	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (strcmp(kind, plain[i]) == 0)
			return true;
	return false;
}

int rtnl_qdisc_read(const struct nlmsghdr *message, struct msg_net_sight_of *sight, bool *ingress)
{
	const struct tcmsg *header = netlink_header(message, sizeof(*header));
	struct netlink_attributes attributes;
	bool filter =
		message->nlmsg_type == RTM_NEWTFILTER || message->nlmsg_type == RTM_DELTFILTER;
	char kind[NET_KIND_SIZE];

	*sight = (struct msg_net_sight_of){ .sight = MSG_NET_SIGHT_QDISC, .nsid = -1 };
	*ingress = false;
	if (!header || netlink_attributes(message, sizeof(*header), &attributes) < 0)
		return -EBADMSG;
	if (header->tcm_ifindex <= 0)
		return -ENOMSG;
	netlink_text(attributes.of[TCA_KIND], kind, sizeof(kind));
	sight->index = (uint32_t)header->tcm_ifindex;
	*ingress = !filter && (strcmp(kind, "clsact") == 0 || strcmp(kind, "ingress") == 0);
	if (!filter && is_plain_queue(kind))
		return -ENOMSG;
	snprintf(sight->text, sizeof(sight->text), "%s%s", filter ? "filter " : "", kind);
	return 0;
}
