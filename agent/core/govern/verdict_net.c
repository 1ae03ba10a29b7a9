// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The verdict over links, addresses, routes and flows under the mode that is in force.
 *
 * Lockdown closes everything but loopback. Restriction takes away storage and transfers, not the
 * network: the office must hear of it. Mode monitor lets in what would be refused, and says so.
 */
#include <stdio.h>
#include <string.h>

#include "agent/core/govern/govern.h"
#include "policy/decide/net.h"

static bool is_locked(const struct govern *govern, const struct net_link *link,
		      struct net_verdict *verdict)
{
	if ((govern->mode != AGENT_MODE_LOCKDOWN && govern->policy) ||
	    link->kind == NET_KIND_LOOPBACK)
		return false;
	*verdict = (struct net_verdict){
		.result = POLICY_RESULT_REFUSE,
		.cause = POLICY_CAUSE_LOCKDOWN,
		.because = "lockdown: the network is closed",
	};
	return true;
}

/* Without a policy only loopback comes here. */
static bool is_loopback(const struct govern *govern, struct net_verdict *verdict)
{
	if (govern->policy)
		return false;
	*verdict = (struct net_verdict){ .result = POLICY_RESULT_PERMIT,
					 .cause = POLICY_CAUSE_BUILTIN,
					 .because = "loopback" };
	return true;
}

static void let_in_and_record(const struct govern *govern, const struct net_link *link,
			      struct net_verdict *verdict)
{
	char because[POLICY_BECAUSE_SIZE];

	if (govern->mode != AGENT_MODE_MONITORING || verdict->result == POLICY_RESULT_PERMIT ||
	    link->flaw != NET_SOUND)
		return;
	snprintf(because, sizeof(because), "mode monitor; would be refused: %.200s",
		 verdict->because);
	memcpy(verdict->because, because, sizeof(because));
	verdict->result = POLICY_RESULT_PERMIT;
	verdict->cause = POLICY_CAUSE_MONITOR;
}

void govern_decide_link(const struct govern *govern, const struct net_link *link,
			struct net_verdict *verdict)
{
	if (is_locked(govern, link, verdict) || is_loopback(govern, verdict))
		return;
	policy_decide_link(govern->policy, &govern->context, link, verdict);
	let_in_and_record(govern, link, verdict);
}

void govern_decide_address(const struct govern *govern, const struct net_link *link,
			   const struct net_address *address, struct net_verdict *verdict)
{
	if (is_locked(govern, link, verdict) || is_loopback(govern, verdict))
		return;
	policy_decide_address(govern->policy, &govern->context, link, address, verdict);
	let_in_and_record(govern, link, verdict);
}

void govern_decide_route(const struct govern *govern, const struct net_link *link,
			 const struct net_route *route, struct net_verdict *verdict)
{
	if (is_locked(govern, link, verdict) || is_loopback(govern, verdict))
		return;
	policy_decide_route(govern->policy, &govern->context, link, route, verdict);
	let_in_and_record(govern, link, verdict);
}

void govern_decide_flow(const struct govern *govern, const struct net_link *link,
			const struct net_flow *flow, struct net_verdict *verdict)
{
	if (is_locked(govern, link, verdict) || is_loopback(govern, verdict))
		return;
	policy_decide_flow(govern->policy, &govern->context, link, flow, verdict);
	let_in_and_record(govern, link, verdict);
}
