// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/net_rule.h"

#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <sys/socket.h>

#include "agent/lib/netlink.h"
#include "policy/decide/net_facts.h"

/* "All traffic looks into local, main, default" (net/ipv4/fib_rules.c, net/ipv6/fib6_rules.c). */
static bool is_kernels(const struct fib_rule_hdr *header,
		       const struct netlink_attributes *attributes, const struct net_rule *rule)
{
	static const uint16_t selectors[] = { FRA_DST,	       FRA_SRC,	       FRA_IIFNAME,
					      FRA_OIFNAME,     FRA_FWMARK,     FRA_TUN_ID,
					      FRA_UID_RANGE,   FRA_IP_PROTO,   FRA_L3MDEV,
					      FRA_SPORT_RANGE, FRA_DPORT_RANGE };

	for (size_t i = 0; i < sizeof(selectors) / sizeof(selectors[0]); i++)
		if (attributes->of[selectors[i]])
			return false;
	if (header->action != FR_ACT_TO_TBL || header->tos || header->flags)
		return false;
	return (rule->priority == 0 && rule->table == RT_TABLE_LOCAL) ||
	       (rule->priority == 32766 && rule->table == RT_TABLE_MAIN) ||
	       (rule->priority == 32767 && rule->table == RT_TABLE_DEFAULT &&
		header->family == AF_INET);
}

int net_rule_read(const struct nlmsghdr *message, struct net_rule *rule)
{
	const struct fib_rule_hdr *header = netlink_header(message, sizeof(*header));
	struct netlink_attributes attributes;

	*rule = (struct net_rule){ 0 };
	if (!header || netlink_attributes(message, sizeof(*header), &attributes) < 0)
		return -EBADMSG;
	if (header->family != AF_INET && header->family != AF_INET6)
		return -ENOMSG;
	rule->family = header->family == AF_INET ? NET_FAMILY_IPV4 : NET_FAMILY_IPV6;
	rule->priority = netlink_u32(attributes.of[FRA_PRIORITY]);
	rule->table =
		attributes.of[FRA_TABLE] ? netlink_u32(attributes.of[FRA_TABLE]) : header->table;
	rule->kernels = is_kernels(header, &attributes, rule);
	return 0;
}
