// SPDX-License-Identifier: GPL-2.0-or-later
/* A link that was not there yet, and the end of what can be remembered. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "agent/core/network/links_act.h"
#include "agent/core/network/violations.h"

/* It comes again with every event of it and every full reading, and is put down again each time. */
static void refuse_room(struct network *network, const struct net_link *facts)
{
	/* Of no link, so that all of them together are counted, and do not fill the journal. */
	struct net_violation violation = {
		.kind = NET_VIOLATION_EVENT_LOSS,
		.evidence = NET_EVIDENCE_WEAK,
		.link.nsid = -1,
		.actor.uid = UINT32_MAX,
	};
	int r = 0;

	if (facts->nsid < 0)
		r = net_kernel_set_up(network->kernel, facts->index, false);
	if (r == -ENODEV)
		return;
	if (facts->nsid < 0)
		violation.remedy = r < 0 ? NET_REMEDY_FAILED : NET_REMEDY_LINK_DOWN;
	violation.error = r;
	snprintf(violation.text, sizeof(violation.text),
		 "there are more than %d links; %s cannot be remembered and %s", LINKS_MAX,
		 facts->name, facts->nsid < 0 ? "is kept down" : "is in another namespace");
	violations_found(network, &violation);
}

struct iface *links_arrive(struct network *network, const struct net_link *facts, uint64_t seen_us)
{
	struct iface *iface = NULL, **tail = &network->links->head;

	if (network->links->count < LINKS_MAX)
		iface = calloc(1, sizeof(*iface));
	if (!iface) {
		refuse_room(network, facts);
		return NULL;
	}
	iface->outcome.decided.link = *facts;
	iface->outcome.plug = ++network->links->plugs;
	iface->outcome.seen_us = seen_us;
	iface->outcome.state = NET_STATE_DOWN;
	while (*tail)
		tail = &(*tail)->next;
	*tail = iface;
	network->links->count++;
	return iface;
}
