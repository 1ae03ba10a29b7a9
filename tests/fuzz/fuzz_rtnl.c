// SPDX-License-Identifier: GPL-2.0-or-later
/* A packet of rtnetlink, read as every kind of message that each of its messages could be. */
#include <errno.h>
#include <linux/netlink.h>

#include "agent/lib/netlink.h"
#include "agent/monitor/rtnl.h"
#include "tests/fuzz/net_hold.h"

static bool is_result(int r)
{
	return r == 0 || r == -ENOMSG || r == -EBADMSG;
}

static void link_holds(const struct nlmsghdr *message, int32_t nsid)
{
	struct msg_net_link stated = { 0 };
	int r = rtnl_link_read(message, nsid, &stated.link);

	MUST(is_result(r));
	message_holds(MSG_NET_LINK, &stated);
	MUST(stated.link.nsid == nsid);
	if (r == 0)
		MUST(stated.link.index && stated.link.name[0]);
	/* What netlink alone tells of a link here is never enough to let it up by its kind. */
	if (nsid == -1)
		MUST(stated.link.kind == NET_KIND_UNKNOWN && !stated.link.path[0]);
}

static void route_holds(const struct net_route *route, void *data)
{
	const struct msg_net_route stated = { .route = *route };

	(*(size_t *)data)++;
	message_holds(MSG_NET_ROUTE, &stated);
	prefix_holds(&route->to);
	prefix_holds(&route->gateway);
	prefix_holds(&route->source);
	MUST(route->to.family != NET_FAMILY_NONE);
}

static void sight_holds(int r, const struct msg_net_sight_of *sight)
{
	MUST(is_result(r));
	message_holds(MSG_NET_SIGHT, sight);
	prefix_holds(&sight->prefix);
	if (r == 0)
		MUST(fuzz_ended(sight->text, sizeof(sight->text)));
}

static int on_message(const struct nlmsghdr *message, void *data)
{
	struct msg_net_address address = { 0 };
	struct msg_net_sight_of sight;
	size_t hops = 0;
	bool ingress;
	int r;

	(void)data;
	link_holds(message, -1);
	link_holds(message, 7);
	r = rtnl_address_read(message, &address.address);
	MUST(is_result(r));
	message_holds(MSG_NET_ADDRESS, &address);
	prefix_holds(&address.address.local);
	prefix_holds(&address.address.peer);
	if (r == 0)
		MUST(address.address.local.family != NET_FAMILY_NONE && address.address.index);
	r = rtnl_route_read(message, route_holds, &hops);
	MUST(is_result(r) && (r != -ENOMSG || hops == 0));
	r = rtnl_sight_read(message, &sight);
	sight_holds(r, &sight);
	r = rtnl_link_heard_router(message, &sight);
	sight_holds(r, &sight);
	r = rtnl_qdisc_read(message, &sight, &ingress);
	sight_holds(r, &sight);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *packet = exact_copy(data, size);

	netlink_each(packet, size, on_message, NULL);
	free(packet);
	return 0;
}
