/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AIRGAP_CORE_NETWORK_NET_KERNEL_READ_H
#define AIRGAP_CORE_NETWORK_NET_KERNEL_READ_H

#include <linux/netlink.h>

#include "policy/decide/net_facts.h"

/**
 * net_kernel_read_link - facts out of one RTM_NEWLINK (linux/if_link.h)
 * @head: whole, as the kernel sent it
 *
 * Returns 0 or -EBADMSG.
 */
int net_kernel_read_link(const struct nlmsghdr *head, struct net_link *link);

#endif
