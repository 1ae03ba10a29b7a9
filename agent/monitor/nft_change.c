// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/monitor/nft_change.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>

#include "agent/lib/netlink.h"

int nft_change_read(const struct nlmsghdr *message, struct msg_net_sight_of *sight)
{
	struct netlink_attributes attributes;
	char name[32];

	*sight = (struct msg_net_sight_of){ .sight = MSG_NET_SIGHT_RULESET, .nsid = -1 };
	if (message->nlmsg_type >> 8 != NFNL_SUBSYS_NFTABLES)
		return -ENOMSG;
	if ((message->nlmsg_type & 0xff) != NFT_MSG_NEWGEN)
		return -EAGAIN;
	if (netlink_attributes(message, sizeof(struct nfgenmsg), &attributes) < 0)
		return -EBADMSG;
	sight->number = ntohl(netlink_u32(attributes.of[NFTA_GEN_ID]));
	netlink_text(attributes.of[NFTA_GEN_PROC_NAME], name, sizeof(name));
	if (name[0])
		snprintf(sight->text, sizeof(sight->text), "%s[%u]", name,
			 ntohl(netlink_u32(attributes.of[NFTA_GEN_PROC_PID])));
	return 0;
}
