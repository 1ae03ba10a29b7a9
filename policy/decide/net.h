/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Deciding over the network: links, addresses, routes, flows. Pure, like decide.h.
 *
 * A rule speaks of the deepest subject that it names: link (interface, kind) < address (address) <
 * route (gateway, route to) < flow (egress, protocol, port). A deeper rule may also name what stands
 * above it: "interface is registered, egress to [ ... ]" is a rule about flows over such links.
 *
 *	1. A flawed link is refused; loopback is permitted by the built-in rule.
 *	2. A matching forbid of the subject refuses; so does every subject above it that is refused.
 *	3. Otherwise it is permitted if an allow of the subject matches.
 *	4. Built in: link-local, loopback and multicast addresses and neighbour discovery on a permitted
 *	   link need no address rule; a route without a gateway is permitted where its destination lies
 *	   in the network of a permitted address, or in a destination that flows are permitted to; a
 *	   route with a gateway needs an allow that names the gateway.
 *	5. Otherwise it is refused by the default.
 */
#ifndef AIRGAP_POLICY_NET_H
#define AIRGAP_POLICY_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/decide/net_facts.h"

struct policy;
struct policy_context;

/* True when the policy has a block network at all; without one every subject but loopback is refused. */
bool policy_has_network(const struct policy *policy);

void policy_decide_link(const struct policy *policy, const struct policy_context *context,
			const struct net_link *link, struct net_verdict *verdict);
void policy_decide_address(const struct policy *policy, const struct policy_context *context,
			   const struct net_link *link, const struct net_address *address,
			   struct net_verdict *verdict);
void policy_decide_route(const struct policy *policy, const struct policy_context *context,
			 const struct net_link *link, const struct net_route *route,
			 struct net_verdict *verdict);
void policy_decide_flow(const struct policy *policy, const struct policy_context *context,
			const struct net_link *link, const struct net_flow *flow,
			struct net_verdict *verdict);

/* A range of ports, both ends included. */
struct net_ports {
	uint16_t first;
	uint16_t last;
};

/*
 * One rule about flows or addresses, as it applies to one link: its conditions on the link are
 * already answered, the rest is given as sets that a packet filter can hold. An empty set with its
 * flag unset means "any"; with the flag set, "none".
 */
struct net_filter_rule {
	const char *name;
	bool allow;
	bool address_rule; /* speaks of the local address alone */
	bool any_to, any_from, any_protocol, any_port;
	const struct net_prefix *to; /* destinations */
	size_t to_count;
	bool to_inverted;	       /* everything but these */
	const struct net_prefix *from; /* local addresses */
	size_t from_count;
	bool from_inverted;
	uint32_t protocols; /* bit 1 << enum net_protocol */
	const struct net_ports *ports;
	size_t port_count;
	bool ports_inverted;
};

/**
 * policy_net_filter - the rules that the kernel's packet filter must hold for one permitted link
 * @visit: called for each rule that can apply to the link, forbids first; its argument lives until it
 *	   returns. A negative return ends the walk.
 *
 * A packet on this link is permitted when no forbid matches it and an allow about flows does, and its
 * local address is permitted by an address rule or the built-in rule: exactly as the functions above
 * decide, which a test compares. Returns 0, -ENOMEM, or what @visit returned.
 */
int policy_net_filter(const struct policy *policy, const struct policy_context *context,
		      const struct net_link *link,
		      int (*visit)(void *data, const struct net_filter_rule *rule), void *data);

/** net_kind_name, ... - words of the policy, of JSON and of messages: "ethernet"; "unknown" beyond */
const char *net_kind_name(uint32_t kind);
const char *net_flaw_text(uint32_t flaw);
const char *net_violation_name(uint32_t kind); /* "iface_unknown" */
const char *net_evidence_name(uint32_t evidence);
const char *net_remedy_name(uint32_t remedy);
const char *net_confidence_name(uint32_t confidence);
const char *net_state_name(uint32_t state);
const char *net_protocol_name(uint32_t protocol);

#endif
