/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Deciding over the network: links, addresses, routes, flows. Pure, like decide.h.
 *
 * A rule speaks of the deepest subject that it names: link (interface, kind) < address (address) <
 * route (gateway, route to) < flow (egress, protocol, port). A deeper rule may also name what stands
 * above it: "interface is registered, egress to [ ... ]" is a rule about flows over such links. Of a
 * route, the address is its preferred source; of a flow, the local one.
 *
 *	1. A flawed link is refused; loopback is permitted by the built-in rule, with all on it. A link
 *	   in another namespace, where no rule of ours holds, is refused.
 *	2. What stands above is decided first, and its refusal is one of all below: a link for its
 *	   addresses, routes and flows; a preferred source for its route; a local address for its flow.
 *	3. Built in, and no other rule is asked: link-local, loopback and multicast addresses; routes
 *	   that lead nowhere (local, unreachable, ...); ARP. What is neither IP nor ARP, and a flow whose
 *	   local address is not known, is refused.
 *	4. A matching forbid of the subject refuses.
 *	5. Otherwise it is permitted if an allow of the subject matches. An allow that names no gateway
 *	   matches no route that has one.
 *	6. Built in: a route without a gateway is permitted where its destination lies in a network that
 *	   an allow names for addresses, or for flows (egress), of this link, or is link-local or
 *	   multicast; and so is the kernel's own route to the network of a permitted address.
 *	7. Otherwise it is refused by the default.
 *
 * What the subject lacks makes a condition false in an allow and true in a forbid: a gateway of a
 * route on link, a port of what is neither TCP nor UDP (or of port 0), a kind that is unknown. A
 * forbid about ports therefore names the protocol, unless it means what has no ports, too.
 */
#ifndef AIRGAP_POLICY_NET_H
#define AIRGAP_POLICY_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "policy/decide/net_facts.h"

struct explain_rule;
struct json_t;
struct policy;
struct policy_context;

/* What a rule speaks of, the deepest last. */
enum net_subject {
	NET_SUBJECT_LINK,
	NET_SUBJECT_ADDRESS,
	NET_SUBJECT_ROUTE,
	NET_SUBJECT_FLOW,
	NET_SUBJECT_COUNT,
};

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

/* Any of these questions; what stands above the subject and is not part of it is not looked at. */
struct net_question {
	enum net_subject subject;
	struct net_link link;
	struct net_address address;
	struct net_route route;
	struct net_flow flow;
};

/** policy_decide_net - ask the function of the subject */
void policy_decide_net(const struct policy *policy, const struct policy_context *context,
		       const struct net_question *question, struct net_verdict *verdict);

/* A range of ports, both ends included. */
struct net_ports {
	uint16_t first;
	uint16_t last;
};

/*
 * One rule about flows or addresses, as it applies to one link: its conditions on the link are
 * already answered, the rest is given as sets that a packet filter can hold. A set counts unless its
 * any_... is true, and then an empty one holds nothing.
 */
struct net_filter_rule {
	const char *name;
	const char *because; /* NULL: the policy gives no reason */
	uint32_t line;	     /* in the policy; 0: a built-in rule */
	uint32_t column;
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
 * An IP packet on this link is permitted when no forbid that is visited matches it, an allow about
 * flows does, and an allow about addresses does. The built-in rule is among those about addresses, and
 * ports are of TCP and UDP alone, so this is exactly what the functions above decide; a test compares.
 * ARP and neighbour discovery are the caller's to pass on permitted links. Of a refused link nothing is
 * visited.
 *
 * Lists of networks are in order, none within another. Returns 0, -ENOMEM, or what @visit returned.
 */
int policy_net_filter(const struct policy *policy, const struct policy_context *context,
		      const struct net_link *link,
		      int (*visit)(void *data, const struct net_filter_rule *rule), void *data);

/* --- why --- */

struct net_explanation {
	struct net_verdict verdict;
	enum net_subject subject;
	bool asked[NET_SUBJECT_COUNT];		     /* link, address and so on */
	struct net_verdict steps[NET_SUBJECT_COUNT]; /* what each was decided alone; where asked */
	struct explain_rule *rules; /* of the subjects that rules were asked about */
	size_t rule_count;
};

/**
 * policy_explain_net - decide, and keep how
 *
 * Returns 0 and an explanation to be freed with net_explanation_free() before the policy; -ENOMEM.
 */
int policy_explain_net(const struct policy *policy, const struct policy_context *context,
		       const struct net_question *question, struct net_explanation **explanation);
void net_explanation_free(struct net_explanation *explanation);

/** net_explanation_print, net_explanation_json - as explanation_print(), explanation_json() */
void net_explanation_print(FILE *out, const char *name, const struct net_explanation *explanation);
struct json_t *net_explanation_json(const char *name, const struct net_explanation *explanation);

/* --- words --- */

/** net_subject_name - "link", "address", "route", "flow" */
const char *net_subject_name(uint32_t subject);

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
