/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the packet filter is to be, before it is text: every link, and what may pass there. */
#ifndef AIRGAP_LIB_RULESET_RULESET_PLAN_H
#define AIRGAP_LIB_RULESET_RULESET_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/decide/net.h"

/* One link as the plan wants it; all pointers are borrowed for the call. */
struct ruleset_link {
	const struct net_link *link; /* of this namespace: nsid -1 */
	bool permitted;
	bool eapol; /* 802.1X is used here: EAPOL frames pass (EtherType 0x888e) */
	/*
	 * Where neighbours on this link may have their addresses, other than link-local: the networks of
	 * its permitted addresses, and permitted gateways. IPv6 neighbour discovery reaches no others.
	 */
	const struct net_prefix *near;
	size_t near_count;
};

/* As policy_net_filter(), which stands here unless a test gives its own. */
typedef int ruleset_filter(const struct policy *policy, const struct policy_context *context,
			   const struct net_link *link,
			   int (*visit)(void *data, const struct net_filter_rule *rule),
			   void *data);

struct ruleset_plan {
	const struct policy *policy; /* NULL: closed, nothing but loopback passes */
	const struct policy_context *context;
	const struct ruleset_link *links; /* all that are present; lo may be among them */
	size_t count;
	bool watch; /* mode monitor: what the policy does not permit is logged, and passes */
	ruleset_filter
		*filter; /* NULL: a permitted link passes what needs no rule, and nothing else */
};

#endif
