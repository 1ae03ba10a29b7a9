// SPDX-License-Identifier: GPL-2.0-or-later
/* The same plan once more, for the kernel module: links that may come up, and where they may send to. */
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/network/links_act.h"
#include "agent/core/shim/shim.h"
#include "agent/lib/log.h"

/* All that the rules let out, and no less; ports, protocols, forbids and links are for the rules to tell apart. */
struct reach {
	struct airgap_cidr *cidrs;
	size_t count;
	bool any[2]; /* of IPv4, of IPv6 */
	int error;
};

static void add(struct reach *reach, const struct net_prefix *prefix)
{
	bool six = prefix->family == NET_FAMILY_IPV6;
	struct airgap_cidr cidr = { .family = six ? 6 : 4, .bits = (uint8_t)prefix->bits };

	if (prefix->bits == 0 || reach->count == AIRGAP_CIDRS_MAX) {
		reach->any[six] = true;
		return;
	}
	for (unsigned i = 0; 8 * i < prefix->bits; i++) {
		unsigned keep = prefix->bits - 8 * i;

		cidr.address[i] = prefix->bytes[i];
		if (keep < 8)
			cidr.address[i] &= (uint8_t)(0xff00u >> keep);
	}
	for (size_t i = 0; i < reach->count; i++)
		if (memcmp(&reach->cidrs[i], &cidr, sizeof(cidr)) == 0)
			return;
	reach->cidrs[reach->count++] = cidr;
}

static int add_rule(void *data, const struct net_filter_rule *rule)
{
	struct reach *reach = data;

	if (!rule->allow || rule->address_rule)
		return 0;
	if (rule->any_to || rule->to_inverted) {
		reach->any[0] = reach->any[1] = true;
		return 0;
	}
	for (size_t i = 0; i < rule->to_count; i++)
		add(reach, &rule->to[i]);
	return 0;
}

/* Neighbour discovery is the rules' own: link-local, multicast, and the neighbours' networks. */
static void add_link(struct reach *reach, const struct ruleset_plan *plan,
		     const struct ruleset_link *link)
{
	static const struct net_prefix always[] = {
		{ .family = NET_FAMILY_IPV6, .bits = 10, .bytes = { 0xfe, 0x80 } },
		{ .family = NET_FAMILY_IPV6, .bits = 16, .bytes = { 0xff, 0x02 } },
	};

	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		add(reach, &always[i]);
	for (size_t i = 0; i < link->near_count; i++)
		if (link->near[i].family == NET_FAMILY_IPV6)
			add(reach, &link->near[i]);
	if (plan->filter &&
	    plan->filter(plan->policy, plan->context, link->link, add_rule, reach) < 0)
		reach->error = -ENOMEM;
}

/* Within a network of everything no other one needs to be named. */
static void widen(struct reach *reach)
{
	size_t kept = 0;

	for (size_t i = 0; i < reach->count; i++)
		if (!reach->any[reach->cidrs[i].family == 6])
			reach->cidrs[kept++] = reach->cidrs[i];
	reach->count = kept;
	for (unsigned six = 0; six < 2; six++)
		if (reach->any[six])
			reach->cidrs[reach->count++] =
				(struct airgap_cidr){ .family = six ? 6 : 4 };
}

static int tell_reach(struct network *network, const struct ruleset_plan *plan)
{
	struct reach reach = { 0 };
	int r;

	/* Two more: the networks of everything. */
	reach.cidrs = calloc(AIRGAP_CIDRS_MAX + 2, sizeof(*reach.cidrs));
	if (!reach.cidrs)
		return -ENOMEM;
	for (size_t i = 0; plan->policy && i < plan->count; i++)
		if (plan->links[i].permitted)
			add_link(&reach, plan, &plan->links[i]);
	widen(&reach);
	r = reach.error;
	if (r == 0)
		r = shim_table(network->shim, reach.cidrs, reach.count,
			       plan->policy && plan->watch);
	free(reach.cidrs);
	return r;
}

/* What the module closed when it locked is brought back, once it may be. */
static void raise_again(struct network *network, struct iface *iface)
{
	iface->raised = true;
	if (iface->outcome.state != NET_STATE_OPEN)
		return; /* opened, and let up, by links_applied() */
	iface->raised = false;
	if (net_kernel_set_up(network->kernel, iface->outcome.decided.link.index, true) < 0)
		log_warning("link %s does not come up again after the kernel module had closed it",
			    iface->outcome.decided.link.name);
}

static int tell_link(struct network *network, struct iface *iface, const struct ruleset_link *link)
{
	uint32_t index = link->link->index;
	bool closed = false;
	int r = 0;

	if (!iface_is_own(iface))
		return 0;
	if (link->permitted) {
		r = shim_link_permit(network->shim, index, link->eapol, &closed);
		iface->gated = iface->gated || r == 0;
	} else if (iface->gated) {
		shim_link_refuse(network->shim, index);
		iface->gated = false;
	}
	if (closed)
		raise_again(network, iface);
	return r == -ENODEV ? 0 : r;
}

bool links_gate(struct network *network, const struct ruleset_plan *plan)
{
	int r;

	if (!network->links || !network->shim)
		return true;
	r = tell_reach(network, plan);
	for (size_t i = 0; i < plan->count; i++) {
		struct iface *iface = links_lookup(network->links, plan->links[i].link->index, -1);
		int told = iface ? tell_link(network, iface, &plan->links[i]) : 0;

		/* Not before it is unlocked: this plan is told again then. */
		if (told < 0 && told != -EAGAIN)
			r = told;
	}
	if (r < 0 && r != -EAGAIN)
		log_error("the kernel module could not be told of the links: %s", strerror(-r));
	else
		shim_applied(network->shim);
	return shim_admits(network->shim);
}
