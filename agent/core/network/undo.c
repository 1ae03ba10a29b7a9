// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/network/undo.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/govern/maintenance.h"
#include "agent/core/network/links.h"
#include "agent/core/network/net_settings.h"
#include "agent/core/network/undo_standing.h"
#include "agent/core/network/violations.h"
#include "agent/lib/log.h"

static struct net_violation violation_on(const struct net_link *link, enum net_violation_kind kind)
{
	struct net_violation violation = { .kind = kind, .actor.uid = UINT32_MAX, .link.nsid = -1 };

	if (link)
		violation.link = *link;
	return violation;
}

/* The remedy that was tried, and whether the kernel took it. */
static void report_undone(struct network *network, struct net_violation *violation,
			  enum net_remedy remedy, int r)
{
	violation->remedy = r < 0 ? NET_REMEDY_FAILED : remedy;
	violation->error = r;
	violations_found(network, violation);
}

/* In mode monitor nothing is undone, only said. */
static bool is_undone(const struct network *network)
{
	return network->govern->mode != AGENT_MODE_MONITORING;
}

/* Permitted, but only because the mode records and lets in. */
static bool is_only_watched(const struct net_verdict *verdict)
{
	return verdict->result == POLICY_RESULT_PERMIT && verdict->cause == POLICY_CAUSE_MONITOR;
}

bool undo_is_left(const struct network *network, const struct net_link *link)
{
	struct net_verdict verdict;

	if (!maintenance_runs(network->govern))
		return false;
	if (!link)
		return true;
	govern_decide_link(network->govern, link, &verdict);
	return verdict.result == POLICY_RESULT_PERMIT;
}

void undo_leave(struct network *network, struct net_violation *violation,
		const struct msg_net_sight_of *key)
{
	violation->remedy = NET_REMEDY_LEFT;
	if (undo_is_news(network->undo, key))
		violations_found(network, violation);
}

static void count_fight(struct network *network, uint32_t index)
{
	if (!network->undo->sweeping)
		links_fight(network, index);
}

static struct msg_net_sight_of sight_of_address(const struct net_address *address)
{
	return (struct msg_net_sight_of){ .sight = MSG_NET_SIGHT_COUNT,
					  .index = address->index,
					  .prefix = address->local };
}

/* Several routes may lead to one network: by other gateways, at other costs. */
static struct msg_net_sight_of sight_of_route(const struct net_route *route)
{
	struct {
		struct net_prefix gateway;
		uint32_t table;
		uint32_t metric;
	} rest;

	memset(&rest, 0, sizeof(rest));
	rest.gateway = route->gateway;
	rest.table = route->table;
	rest.metric = route->metric;
	return (struct msg_net_sight_of){ .sight = MSG_NET_SIGHT_COUNT + 1,
					  .index = route->index,
					  .prefix = route->to,
					  .number = undo_fold(&rest, sizeof(rest)) };
}

/* An address that a lease or a router gave speaks of a foreign network; one set by hand less. */
static enum net_evidence evidence_of_address(const struct net_address *address, bool open)
{
	bool leased = !(address->flags & IFA_F_PERMANENT) || address->protocol == IFAPROT_KERNEL_RA;

	return leased && !open ? NET_EVIDENCE_STRONG : NET_EVIDENCE_WEAK;
}

void undo_address(struct network *network, const struct msg_net_address *stated)
{
	const struct net_address *address = &stated->address;
	const struct msg_net_sight_of key = sight_of_address(address);
	struct net_violation violation;
	const struct net_link *link;
	bool open;
	int r;

	link = links_find(network, address->index, &open);
	if (!link || !stated->present) {
		undo_no_longer(network->undo, &key);
		links_near(network, address->index, &address->local, false);
		return;
	}
	violation = violation_on(link, NET_VIOLATION_ADDR_ILLEGAL);
	govern_decide_address(network->govern, link, address, &violation.verdict);
	violation.address = *address;
	violation.evidence = evidence_of_address(address, open);
	if (violation.verdict.result == POLICY_RESULT_PERMIT)
		links_near(network, address->index, &address->local, true);
	if (is_only_watched(&violation.verdict)) {
		if (undo_is_news(network->undo, &key))
			violations_found(network, &violation);
		return;
	}
	/* A closed link keeps its addresses: they lead nowhere, and it may be opened again. */
	if (violation.verdict.result == POLICY_RESULT_PERMIT ||
	    violation.verdict.cause == POLICY_CAUSE_LOCKDOWN)
		return;
	if (undo_is_left(network, link)) {
		undo_leave(network, &violation, &key);
		return;
	}
	r = net_kernel_remove_address(network->kernel, address);
	report_undone(network, &violation, NET_REMEDY_ADDRESS_REMOVED, r);
	count_fight(network, address->index);
}

/* Routes to the machine itself and those that lead nowhere are no way out (linux/rtnetlink.h). */
static bool leads_out(const struct net_route *route)
{
	return route->type == RTN_UNICAST || route->type == RTN_UNSPEC || route->type == RTN_NAT;
}

static void describe_route(const struct net_link *link, bool open, const struct net_route *route,
			   struct net_violation *violation)
{
	const char *text = "";

	violation->evidence = NET_EVIDENCE_WEAK;
	if (route->protocol == RTPROT_DHCP && route->to.bits > 0) {
		/* What a rogue server uses to pull traffic out of a tunnel (RFC 3442). */
		violation->evidence = NET_EVIDENCE_STRONG;
		text = "a route from DHCP, as by option 121";
	} else if (route->to.bits == 0) {
		violation->evidence = open ? NET_EVIDENCE_WEAK : NET_EVIDENCE_STRONG;
		text = route->protocol == RTPROT_RA ? "a default route that a router announced"
						    : "a default route";
	}
	snprintf(violation->text, sizeof(violation->text), "%s%s%.15s", text,
		 text[0] ? " over " : "over ", link->name);
}

void undo_route(struct network *network, const struct msg_net_route *stated)
{
	const struct net_route *route = &stated->route;
	const struct msg_net_sight_of key = sight_of_route(route);
	struct net_violation violation;
	const struct net_link *link;
	bool open;
	int r;

	link = links_find(network, route->index, &open);
	if (!stated->present)
		undo_no_longer(network->undo, &key);
	if (!link || !stated->present || !leads_out(route))
		return;
	violation = violation_on(link, NET_VIOLATION_ROUTE_ILLEGAL);
	govern_decide_route(network->govern, link, route, &violation.verdict);
	violation.route = *route;
	if (violation.verdict.result == POLICY_RESULT_PERMIT)
		links_near(network, route->index, &route->gateway, true);
	describe_route(link, open, route, &violation);
	if (is_only_watched(&violation.verdict)) {
		if (undo_is_news(network->undo, &key))
			violations_found(network, &violation);
		return;
	}
	if (violation.verdict.result == POLICY_RESULT_PERMIT ||
	    violation.verdict.cause == POLICY_CAUSE_LOCKDOWN)
		return;
	if (undo_is_left(network, link)) {
		/* The kernel's own comes and goes with an address, which is recorded. */
		if (route->protocol != RTPROT_KERNEL)
			undo_leave(network, &violation, &key);
		return;
	}
	r = net_kernel_remove_route(network->kernel, route);
	/* The kernel brings it itself with the link's address or state, and takes it away with it. */
	if (route->protocol == RTPROT_KERNEL && r >= 0)
		return;
	report_undone(network, &violation, NET_REMEDY_ROUTE_REMOVED, r);
	count_fight(network, route->index);
}

void undo_detach(struct network *network, const struct net_link *link)
{
	struct net_violation violation = violation_on(link, NET_VIOLATION_TC_OR_XDP_ATTACHED);
	struct msg_net_sight_of key = { .sight = MSG_NET_SIGHT_QDISC,
					.index = link->index,
					.number = link->marks & (NET_LINK_XDP | NET_LINK_INGRESS) };

	violation.evidence = NET_EVIDENCE_WEAK;
	snprintf(violation.text, sizeof(violation.text), "%s",
		 link->marks & NET_LINK_XDP ? "an XDP program"
					    : "a queue or filter of traffic control");
	if (!is_undone(network)) {
		if (undo_is_news(network->undo, &key))
			violations_found(network, &violation);
		return;
	}
	report_undone(network, &violation, NET_REMEDY_DETACHED,
		      net_kernel_detach(network->kernel, link->index));
}

void undo_radios(struct network *network)
{
	int r = net_settings_radios_off(network->root);

	if (r < 0)
		log_error("the radios could not be blocked: %s", strerror(-r));
}

void undo_anew(struct network *network)
{
	network->undo->anew = true;
}

void undo_scan_begin(struct network *network)
{
	undo_sweep_begin(network->undo);
}

void undo_scan_end(struct network *network)
{
	undo_sweep_end(network->undo);
}

int undo_new(struct network *network)
{
	network->undo = calloc(1, sizeof(*network->undo));
	return network->undo ? 0 : -ENOMEM;
}

void undo_free(struct undo *undo)
{
	free(undo);
}
