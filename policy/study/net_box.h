/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a rule about the network matches, one set an attribute: a box. Exact but for registration,
 * which the tables decide: what is registered is compared with what is registered.
 */
#ifndef AIRGAP_POLICY_NET_BOX_H
#define AIRGAP_POLICY_NET_BOX_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/decide/net_rules.h"

enum net_box_side {
	NET_BOX_ADDRESS,
	NET_BOX_GATEWAY,
	NET_BOX_ROUTE,
	NET_BOX_EGRESS,
	NET_BOX_SIDES,
};

struct net_box {
	const struct net_rule *rule;
	bool registered_link;
	bool registered_address;
	bool missing[NET_BOX_SIDES]; /* matches what has no such address, too */
	bool no_port;		     /* matches what has no port, too */
	struct prefix_list side[NET_BOX_SIDES];
	uint32_t kinds;
	uint32_t protocols;
	uint8_t ports[(UINT16_MAX + 1) / 8];
};

/** net_box_of - 0 or -ENOMEM; net_box_clear() in any case */
int net_box_of(const struct net_rule *rule, struct net_box *box);
void net_box_clear(struct net_box *box);

/** net_box_empty - nothing can meet all conditions of the rule */
bool net_box_empty(const struct net_box *box);

/**
 * net_box_within - whether all that one rule matches, another one of the same subject or of one above
 * matches too
 *
 * Returns 1, 0 (also when it cannot be told), or -ENOMEM.
 */
int net_box_within(const struct net_box *inner, const struct net_box *outer);

#endif
