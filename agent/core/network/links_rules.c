// SPDX-License-Identifier: GPL-2.0-or-later
/* What the rules need of the links, and what asks about them. */
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/network/guard.h"
#include "agent/core/network/links_act.h"
#include "agent/lib/log.h"
#include "policy/decide/net.h"

static bool is_permitted(const struct iface *iface)
{
	return iface->outcome.decided.verdict.result == POLICY_RESULT_PERMIT &&
	       (iface->outcome.state == NET_STATE_OPEN || iface->durable || iface->inherited);
}

int links_plan(struct network *network, struct ruleset_plan *plan)
{
	struct ruleset_link *list = calloc(network->links->count + 1, sizeof(*list));

	plan->links = list;
	plan->count = 0;
	if (!list)
		return -ENOMEM;
	for (struct iface *iface = network->links->head; iface; iface = iface->next) {
		struct ruleset_link *link = &list[plan->count];

		if (iface->outcome.decided.link.nsid >= 0)
			continue;
		for (size_t i = 0; i < iface->near_count; i++)
			iface->near_plan[i] = iface->near[i].prefix;
		link->link = &iface->outcome.decided.link;
		/* Until all has been read nothing opens that was not open. */
		link->permitted = is_permitted(iface) && (network->links->read || iface->inherited);
		link->near = iface->near_plan;
		link->near_count = iface->near_count;
		iface->planned = link->permitted && iface->durable;
		plan->count++;
	}
	return 0;
}

static void open_link(struct network *network, struct iface *iface)
{
	struct net_link *link = &iface->outcome.decided.link;
	int r = 0;

	iface->planned = false;
	iface->durable = false;
	iface->inherited = false;
	/* What was put down for want of a permit is brought back to what it was. */
	if (iface->raised && !(link->flags & IFF_UP))
		r = net_kernel_set_up(network->kernel, link->index, true);
	if (r < 0)
		log_warning("link %s was up before it was refused and does not come up again: %s",
			    link->name, strerror(-r));
	iface->raised = false;
	links_settle(network, iface, NET_STATE_OPEN, r);
	recorder_link(network->recorder, RECORD_KIND_DEVICE, RECORD_GRADE_NONE, &iface->outcome, 0);
}

void links_applied(struct network *network)
{
	for (struct iface *iface = network->links->head; iface; iface = iface->next)
		if (iface->planned && iface->outcome.state == NET_STATE_PENDING)
			open_link(network, iface);
}

const struct net_link *links_find(const struct network *network, uint32_t index, bool *open)
{
	const struct iface *iface = links_lookup(network->links, index, -1);

	*open = iface && iface->outcome.state == NET_STATE_OPEN;
	return iface ? &iface->outcome.decided.link : NULL;
}

bool links_has_open_kind(const struct network *network, uint32_t kind)
{
	for (const struct iface *iface = network->links->head; iface; iface = iface->next)
		if (iface->outcome.decided.link.kind == kind && is_permitted(iface))
			return true;
	return false;
}

/* No network that machines share is larger; one of everything would make every address a neighbour's. */
#define NEAR_BITS_IPV4 8
#define NEAR_BITS_IPV6 32

static bool is_sane(const struct net_prefix *prefix)
{
	return (prefix->family == NET_FAMILY_IPV4 && prefix->bits >= NEAR_BITS_IPV4) ||
	       (prefix->family == NET_FAMILY_IPV6 && prefix->bits >= NEAR_BITS_IPV6);
}

static struct net_prefix network_of(const struct net_prefix *prefix)
{
	struct net_prefix out = *prefix;
	size_t size = prefix->family == NET_FAMILY_IPV6 ? 16 : 4;

	for (size_t i = 0; i < size; i++) {
		size_t keep = prefix->bits > 8 * i ? prefix->bits - 8 * i : 0;

		if (keep < 8)
			out.bytes[i] &= (uint8_t)(0xff00u >> keep);
	}
	return out;
}

void links_near(struct network *network, uint32_t index, const struct net_prefix *prefix,
		bool present)
{
	struct iface *iface = links_lookup(network->links, index, -1);
	struct net_prefix near = network_of(prefix);
	size_t i = 0;

	if (!iface || !is_sane(prefix))
		return;
	while (i < iface->near_count && memcmp(&iface->near[i].prefix, &near, sizeof(near)) != 0)
		i++;
	if (i < iface->near_count) {
		/* Another address may lie in it still: the next full reading forgets it. */
		iface->near[i].stated = iface->near[i].stated || present;
		return;
	}
	if (!present || iface->near_count == IFACE_NEAR_MAX)
		return;
	iface->near[iface->near_count++] = (struct iface_near){ .prefix = near, .stated = true };
	guard_renew(network);
}

bool links_permits_flow(const struct network *network, const struct net_flow *flow)
{
	struct net_verdict verdict;

	for (const struct iface *iface = network->links->head; iface; iface = iface->next) {
		if (iface->outcome.decided.link.nsid >= 0 || !is_permitted(iface))
			continue;
		govern_decide_flow(network->govern, &iface->outcome.decided.link, flow, &verdict);
		if (verdict.result == POLICY_RESULT_PERMIT)
			return true;
	}
	return false;
}

void links_each(const struct network *network,
		void (*visit)(void *data, const struct net_outcome *outcome), void *data)
{
	for (const struct iface *iface = network->links->head; iface; iface = iface->next)
		visit(data, &iface->outcome);
}

uint32_t links_count(const struct network *network, uint32_t *open)
{
	uint32_t count = 0;

	*open = 0;
	for (const struct iface *iface = network->links->head; iface; iface = iface->next) {
		if (!iface_is_own(iface))
			continue;
		count++;
		*open += iface->outcome.state == NET_STATE_OPEN;
	}
	return count;
}
