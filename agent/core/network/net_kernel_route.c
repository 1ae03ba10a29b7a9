// SPDX-License-Identifier: GPL-2.0-or-later
/* Taking one route away, and no other: many may lead to the same place. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "agent/core/network/net_kernel_ask.h"

static void put_route(struct net_request *request, const struct net_route *route)
{
	struct rtmsg *info;

	net_request_begin(request, RTM_DELROUTE, NLM_F_ACK, sizeof(*info));
	info = request->body;
	info->rtm_family = net_request_family(&route->to);
	info->rtm_dst_len = route->to.bits;
	info->rtm_table = route->table < 256 ? (uint8_t)route->table : RT_TABLE_UNSPEC;
	info->rtm_protocol = route->protocol;
	info->rtm_scope = RT_SCOPE_NOWHERE; /* any */
	info->rtm_type = route->type;
	mnl_attr_put_u32(request->head, RTA_TABLE, route->table);
	if (route->to.bits > 0)
		net_request_prefix(request, RTA_DST, &route->to);
	if (route->metric)
		mnl_attr_put_u32(request->head, RTA_PRIORITY, route->metric);
	if (route->index)
		mnl_attr_put_u32(request->head, RTA_OIF, route->index);
	/* A gateway of the other family stands in an attribute of its own (RFC 5549). */
	if (route->gateway.family == route->to.family)
		net_request_prefix(request, RTA_GATEWAY, &route->gateway);
}

struct search {
	const struct net_route *route;
	struct net_request *request; /* gets the kernel's own description */
	bool found;
};

static int take_destination(const struct nlattr *attribute, void *data)
{
	struct net_prefix *to = data;

	if (mnl_attr_get_type(attribute) == RTA_DST &&
	    mnl_attr_get_payload_len(attribute) <= sizeof(to->bytes))
		memcpy(to->bytes, mnl_attr_get_payload(attribute),
		       mnl_attr_get_payload_len(attribute));
	return MNL_CB_OK;
}

static int take_table(const struct nlattr *attribute, void *data)
{
	uint32_t *table = data;

	if (mnl_attr_get_type(attribute) == RTA_TABLE &&
	    mnl_attr_validate(attribute, MNL_TYPE_U32) == 0)
		*table = mnl_attr_get_u32(attribute);
	return MNL_CB_OK;
}

/* Several hops, or a nexthop object: neither is matched by a gateway and a link. */
static int is_compound(const struct nlattr *attribute, void *data)
{
	bool *compound = data;

	if (mnl_attr_get_type(attribute) == RTA_MULTIPATH ||
	    mnl_attr_get_type(attribute) == RTA_NH_ID)
		*compound = true;
	return MNL_CB_OK;
}

static int compare(const struct nlmsghdr *head, void *data)
{
	const struct rtmsg *info = mnl_nlmsg_get_payload(head);
	struct search *search = data;
	const struct net_route *route = search->route;
	struct net_prefix to = { 0 };
	uint32_t table = 0;
	bool compound = false;

	if (head->nlmsg_type != RTM_NEWROUTE || search->found ||
	    mnl_nlmsg_get_payload_len(head) < sizeof(*info) ||
	    info->rtm_dst_len != route->to.bits || info->rtm_protocol != route->protocol ||
	    info->rtm_type != route->type || head->nlmsg_len > NET_REQUEST_SIZE)
		return MNL_CB_OK;
	mnl_attr_parse(head, sizeof(*info), take_destination, &to);
	mnl_attr_parse(head, sizeof(*info), take_table, &table);
	mnl_attr_parse(head, sizeof(*info), is_compound, &compound);
	if (!compound || table != route->table ||
	    memcmp(to.bytes, route->to.bytes, sizeof(to.bytes)) != 0)
		return MNL_CB_OK;
	search->found = true;
	memcpy(search->request->bytes, head, head->nlmsg_len);
	return MNL_CB_OK;
}

/* A hop of a route with several: the whole route goes, in the kernel's own words. */
static int remove_compound(struct net_kernel *kernel, const struct net_route *route)
{
	struct net_request request, found;
	struct search search = { .route = route, .request = &found };
	struct rtmsg *info;
	int r;

	net_request_begin(&request, RTM_GETROUTE, NLM_F_DUMP, sizeof(*info));
	info = request.body;
	info->rtm_family = net_request_family(&route->to);
	r = net_kernel_ask(kernel, &request, compare, &search);
	if (r < 0 || !search.found)
		return r;
	found.head = (struct nlmsghdr *)found.bytes;
	found.head->nlmsg_type = RTM_DELROUTE;
	found.head->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	info = mnl_nlmsg_get_payload(found.head);
	info->rtm_flags = 0; /* "linkdown" and the like are the kernel's remarks */
	return net_kernel_remove_all(kernel, &found);
}

int net_kernel_remove_route(struct net_kernel *kernel, const struct net_route *route)
{
	struct net_request request;
	int r;

	if (route->to.family == NET_FAMILY_NONE)
		return -EINVAL;
	put_route(&request, route);
	r = net_kernel_remove_all(kernel, &request);
	/* None fitted: it is gone, or one hop of several. */
	if (r == 0)
		r = remove_compound(kernel, route);
	return r < 0 ? r : 0;
}
