/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Routing rules, by which a packet chooses its table (ip-rule(8), linux/fib_rules.h). */
#ifndef AIRGAP_LIB_NET_RULE_H
#define AIRGAP_LIB_NET_RULE_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>

struct net_rule {
	uint32_t family; /* enum net_family */
	uint32_t priority;
	uint32_t table;
	bool kernels; /* one of the three that the kernel makes for itself */
};

/**
 * net_rule_read - facts out of one RTM_NEWRULE or RTM_DELRULE
 * @message: whole, as the kernel sent it
 *
 * Returns 0; -ENOMSG: a rule of another family than IPv4 and IPv6; -EBADMSG.
 */
int net_rule_read(const struct nlmsghdr *message, struct net_rule *rule);

#endif
