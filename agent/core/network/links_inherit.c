// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Links that an earlier run of this program opened, and wrote down: a restart must not cut them off.
 *
 * That it was open is all that the kernel's rules are asked. Whether it may be now, and what may pass there, the
 * policy says as for any other: forged rules open nothing that it does not permit.
 */
#include "agent/core/network/guard.h"
#include "agent/core/network/links_act.h"
#include "agent/lib/log.h"

struct heir {
	struct network *network;
	const char *left;
	size_t count;
};

static int inherit(void *data, const struct net_link *link)
{
	struct heir *heir = data;
	struct net_verdict verdict;
	struct iface *iface;
	struct net_link now;

	if (!ruleset_left_open(heir->left, link->index, link->name) ||
	    links_confirm(heir->network, link->index, &now) < 0 || now.flaw != NET_SOUND)
		return 0;
	govern_decide_link(heir->network->govern, &now, &verdict);
	if (verdict.result != POLICY_RESULT_PERMIT)
		return 0;
	iface = links_arrive(heir->network, &now, clock_boottime_us());
	if (!iface)
		return 0;
	iface->outcome.decided.verdict = verdict;
	iface->waits = true;
	iface->inherited = true;
	heir->count++;
	return 0;
}

size_t links_inherit(struct network *network, const char *left)
{
	struct heir heir = { .network = network, .left = left };

	if (net_kernel_each(network->kernel, inherit, &heir) < 0)
		log_warning(
			"not all links could be read: those that were open are closed at first");
	return heir.count;
}

void links_reconsider(struct network *network, struct iface *iface)
{
	if (!iface->inherited)
		return;
	links_judge(network, iface);
	if (iface->outcome.decided.verdict.result == POLICY_RESULT_PERMIT)
		return;
	iface->inherited = false;
	guard_renew(network);
}
