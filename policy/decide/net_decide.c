// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is asked: the steps in net.h.
 *
 * What is done: each subject's function decides what stands above it first, in the same verdict, and
 * goes on only when that was permitted by rules. One pass over the rules keeps the first forbid and
 * the first allow, so their order chooses only the name that is shown.
 */
#include "policy/decide/net.h"

#include <linux/if_ether.h>
#include <linux/rtnetlink.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "policy/decide/net_rules.h"

bool policy_has_network(const struct policy *policy)
{
	return policy_net_rules(policy)->present;
}

static void set_reason(struct net_verdict *verdict, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void set_reason(struct net_verdict *verdict, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(verdict->because, sizeof(verdict->because), format, args);
	va_end(args);
}

static void refuse(struct net_verdict *verdict, enum policy_cause cause, const char *because)
{
	*verdict = (struct net_verdict){ .result = POLICY_RESULT_REFUSE, .cause = cause };
	set_reason(verdict, "%s", because);
}

static void permit_builtin(struct net_verdict *verdict, const char *name, const char *because)
{
	*verdict = (struct net_verdict){ .result = POLICY_RESULT_PERMIT,
					 .cause = POLICY_CAUSE_BUILTIN };
	snprintf(verdict->rule, sizeof(verdict->rule), "%s", name);
	set_reason(verdict, "%s", because);
}

/* Who reads the verdict of a flow is told that it was its link or address that was refused. */
static void refused_above(struct net_verdict *verdict, const char *what)
{
	struct net_verdict above = *verdict;

	set_reason(verdict, "%s is refused: %.200s", what, above.because);
}

static void name_rule(struct net_verdict *verdict, const struct net_rule *rule)
{
	*verdict = (struct net_verdict){
		.result = rule->allow ? POLICY_RESULT_PERMIT : POLICY_RESULT_REFUSE,
		.cause = rule->allow ? POLICY_CAUSE_ALLOW : POLICY_CAUSE_FORBID,
		.line = rule->line,
		.column = rule->column,
	};
	snprintf(verdict->rule, sizeof(verdict->rule), "%s", rule->name);
	set_reason(verdict, "%s",
		   rule->because ? rule->because
		   : rule->allow ? "the policy allows it"
				 : "the policy forbids it");
}

/* False when no rule of the subject decides. */
static bool decide_by_rules(const struct net_case *it, enum net_subject subject,
			    struct net_verdict *verdict)
{
	const struct net_rule *found = NULL;

	for (size_t i = 0; i < it->rules->rule_count; i++) {
		const struct net_rule *rule = &it->rules->rules[i];

		if (rule->subject != subject || (found && rule->allow))
			continue;
		if (!net_rule_matches(rule, it))
			continue;
		found = rule;
		if (!rule->allow)
			break;
	}
	if (found)
		name_rule(verdict, found);
	return found;
}

static bool is_loopback(const struct net_link *link)
{
	return link->flaw == NET_SOUND && link->kind == NET_KIND_LOOPBACK;
}

/* True when the link is permitted and what is on it is to be decided by rules. */
static bool decide_link(const struct net_case *it, struct net_verdict *verdict)
{
	const struct net_link *link = it->link;

	if (link->flaw != NET_SOUND) {
		refuse(verdict, POLICY_CAUSE_FLAW,
		       link->flaw == NET_FLAW_MISMATCH
			       ? "two readings of what this link is disagree"
			       : "the kernel does not say what this link is");
	} else if (is_loopback(link)) {
		permit_builtin(verdict, "loopback", "it does not leave this machine");
		return false;
	} else if (link->nsid != -1) {
		refuse(verdict, POLICY_CAUSE_DEFAULT,
		       "it is in another network namespace, where the packet filter does not hold");
	} else if (!decide_by_rules(it, NET_SUBJECT_LINK, verdict)) {
		refuse(verdict, POLICY_CAUSE_DEFAULT, "no rule allows it");
	}
	return verdict->result == POLICY_RESULT_PERMIT;
}

static bool decide_above(const struct net_case *it, struct net_verdict *verdict)
{
	if (decide_link(it, verdict))
		return true;
	if (verdict->result == POLICY_RESULT_REFUSE)
		refused_above(verdict, "its link");
	return false;
}

/* Of the case's address; true when it is permitted. */
static bool decide_address(const struct net_case *it, struct net_verdict *verdict)
{
	if (net_exempt(&it->address))
		permit_builtin(verdict, "link-local",
			       "link-local, loopback and multicast addresses need no rule");
	else if (it->address.family == NET_FAMILY_NONE)
		refuse(verdict, POLICY_CAUSE_DEFAULT, "it is not known");
	else if (!decide_by_rules(it, NET_SUBJECT_ADDRESS, verdict))
		refuse(verdict, POLICY_CAUSE_DEFAULT, "no rule allows it");
	return verdict->result == POLICY_RESULT_PERMIT;
}

void policy_decide_link(const struct policy *policy, const struct policy_context *context,
			const struct net_link *link, struct net_verdict *verdict)
{
	const struct net_case it = net_case(policy, context, link);

	decide_link(&it, verdict);
}

void policy_decide_address(const struct policy *policy, const struct policy_context *context,
			   const struct net_link *link, const struct net_address *address,
			   struct net_verdict *verdict)
{
	struct net_case it = net_case(policy, context, link);

	net_case_address(&it, &address->local);
	if (decide_above(&it, verdict))
		decide_address(&it, verdict);
}

/* Nothing is sent by these. */
static bool leads_nowhere(const struct net_route *route)
{
	switch (route->type) {
	case RTN_LOCAL:
	case RTN_ANYCAST: /* of the kernel's own making: the router's address, answered here */
	case RTN_BLACKHOLE:
	case RTN_UNREACHABLE:
	case RTN_PROHIBIT:
	case RTN_THROW:
		return true;
	default:
		return false;
	}
}

/* A network that an allow of this link names whole: the route may lead to a part of it. */
static bool named_by_allow(const struct net_case *it, const struct net_prefix *to,
			   enum net_subject subject, enum net_attribute attribute)
{
	for (size_t i = 0; i < it->rules->rule_count; i++) {
		const struct net_rule *rule = &it->rules->rules[i];

		if (!rule->allow || rule->subject != subject || !net_rule_matches_link(rule, it))
			continue;
		for (uint32_t k = 0; k < rule->condition_count; k++) {
			const struct net_condition *condition = &rule->conditions[k];

			if (condition->attribute == attribute && condition->addresses &&
			    !condition->inverted &&
			    prefix_trie_covers(condition->addresses->trie, to))
				return true;
		}
	}
	return false;
}

static bool meets_registered(const struct net_case *it, const struct net_prefix *to)
{
	for (uint32_t i = 0; it->in_table && i < it->row.address_count; i++) {
		struct net_prefix address = net_prefix_of(&it->row.addresses[i]);

		if (prefix_covers(to, &address))
			return true;
	}
	return false;
}

/* Whether an address that rules permit on this link could lie in a network. */
static bool meets_permitted(const struct net_case *it, const struct net_prefix *to)
{
	for (size_t i = 0; i < it->rules->rule_count; i++) {
		const struct net_rule *rule = &it->rules->rules[i];

		if (!rule->allow || rule->subject != NET_SUBJECT_ADDRESS ||
		    !net_rule_matches_link(rule, it))
			continue;
		for (uint32_t k = 0; k < rule->condition_count; k++) {
			const struct net_condition *condition = &rule->conditions[k];

			if (condition->registered &&
			    condition->attribute == NET_ATTRIBUTE_ADDRESS &&
			    meets_registered(it, to))
				return true;
			if (condition->addresses && !condition->inverted &&
			    prefix_trie_meets(condition->addresses->trie, to))
				return true;
		}
	}
	return false;
}

/*
 * The kernel's own route to an address' network, and to all on the link; that of IPv6 names no source.
 * A source has been permitted before.
 */
static bool connected(const struct net_case *it, const struct net_route *route)
{
	if (route->protocol != RTPROT_KERNEL || route->to.bits == 0)
		return false;
	if (route->source.family == NET_FAMILY_NONE)
		return meets_permitted(it, &route->to);
	return route->type == RTN_BROADCAST || prefix_covers(&route->to, &it->address);
}

static bool on_link(const struct net_case *it, const struct net_route *route)
{
	if (route->gateway.family != NET_FAMILY_NONE)
		return false;
	return net_exempt(&route->to) || connected(it, route) ||
	       named_by_allow(it, &route->to, NET_SUBJECT_ADDRESS, NET_ATTRIBUTE_ADDRESS) ||
	       named_by_allow(it, &route->to, NET_SUBJECT_FLOW, NET_ATTRIBUTE_EGRESS);
}

static void decide_route(const struct net_case *it, const struct net_route *route,
			 struct net_verdict *verdict)
{
	if (leads_nowhere(route))
		permit_builtin(verdict, "no-way-out", "nothing is sent by such a route");
	else if (decide_by_rules(it, NET_SUBJECT_ROUTE, verdict))
		return;
	else if (on_link(it, route))
		permit_builtin(verdict, "on-link",
			       "it leads to a network on the link that the policy names");
	else
		refuse(verdict, POLICY_CAUSE_DEFAULT,
		       route->gateway.family != NET_FAMILY_NONE
			       ? "no rule allows its gateway"
			       : "no rule allows it, nor an address or a flow there");
}

void policy_decide_route(const struct policy *policy, const struct policy_context *context,
			 const struct net_link *link, const struct net_route *route,
			 struct net_verdict *verdict)
{
	struct net_case it = net_case(policy, context, link);

	net_case_route(&it, route);
	if (!decide_above(&it, verdict))
		return;
	if (it.address.family != NET_FAMILY_NONE && !leads_nowhere(route) &&
	    !decide_address(&it, verdict)) {
		refused_above(verdict, "its source address");
		return;
	}
	decide_route(&it, route, verdict);
}

static void decide_flow(const struct net_case *it, const struct net_flow *flow,
			struct net_verdict *verdict)
{
	if (flow->to.family == NET_FAMILY_NONE && flow->ethertype == ETH_P_ARP)
		permit_builtin(verdict, "neighbours",
			       "neighbours are asked for on permitted links");
	else if (flow->to.family == NET_FAMILY_NONE)
		refuse(verdict, POLICY_CAUSE_DEFAULT, "it is neither IP nor ARP");
	else if (!decide_address(it, verdict))
		refused_above(verdict, "its local address");
	else if (!decide_by_rules(it, NET_SUBJECT_FLOW, verdict))
		refuse(verdict, POLICY_CAUSE_DEFAULT, "no rule allows it");
}

void policy_decide_flow(const struct policy *policy, const struct policy_context *context,
			const struct net_link *link, const struct net_flow *flow,
			struct net_verdict *verdict)
{
	struct net_case it = net_case(policy, context, link);

	net_case_flow(&it, flow);
	if (decide_above(&it, verdict))
		decide_flow(&it, flow, verdict);
}

void policy_decide_net(const struct policy *policy, const struct policy_context *context,
		       const struct net_question *question, struct net_verdict *verdict)
{
	const struct net_link *link = &question->link;

	switch (question->subject) {
	case NET_SUBJECT_ADDRESS:
		policy_decide_address(policy, context, link, &question->address, verdict);
		return;
	case NET_SUBJECT_ROUTE:
		policy_decide_route(policy, context, link, &question->route, verdict);
		return;
	case NET_SUBJECT_FLOW:
		policy_decide_flow(policy, context, link, &question->flow, verdict);
		return;
	default:
		policy_decide_link(policy, context, link, verdict);
	}
}
