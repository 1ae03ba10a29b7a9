// SPDX-License-Identifier: GPL-2.0-or-later
/* All links down, for as long as the packet filter does not do as it is told: what is down sends nothing. */
#include "agent/core/network/links_act.h"

/* What had a permit that is written down keeps it, and waits for its rules as at the beginning. */
void links_shut(struct network *network)
{
	for (struct iface *iface = network->links->head; iface; iface = iface->next) {
		bool open = iface->outcome.state == NET_STATE_OPEN || iface->inherited;

		if (!iface_is_own(iface))
			continue;
		links_close(network, iface);
		if (!open)
			continue;
		iface->durable = true;
		iface->inherited = false;
		links_settle(network, iface, NET_STATE_PENDING, 0);
	}
}
