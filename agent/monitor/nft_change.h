/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages of nf_tables about changes. Pure; format: linux/netfilter/nf_tables.h. */
#ifndef AIRGAP_MONITOR_NFT_CHANGE_H
#define AIRGAP_MONITOR_NFT_CHANGE_H

#include "agent/lib/msg_net.h"

struct nlmsghdr;

/**
 * nft_change_read - what one message says
 * @sight: MSG_NET_SIGHT_RULESET; after the message that ends a change (NFT_MSG_NEWGEN), with its number
 *	   and "nft[1234]", who made it
 *
 * Returns 0 at that end; -EAGAIN in the midst of a change; -ENOMSG when it is not about rules; -EBADMSG.
 */
int nft_change_read(const struct nlmsghdr *message, struct msg_net_sight_of *sight);

#endif
