// SPDX-License-Identifier: GPL-2.0-or-later
/* What rules are asked about, gathered from facts and tables. */
#include "policy/decide/net_rules.h"

#include <string.h>

#include "policy/decide/context.h"

static const struct net_prefix exempt[] = {
	{ .family = NET_FAMILY_IPV4, .bits = 8, .bytes = { 127 } },	  /* RFC 1122: loopback */
	{ .family = NET_FAMILY_IPV4, .bits = 16, .bytes = { 169, 254 } }, /* RFC 3927: link-local */
	{ .family = NET_FAMILY_IPV4, .bits = 4, .bytes = { 224 } },	  /* RFC 5771: multicast */
	{ .family = NET_FAMILY_IPV6, .bits = 128, .bytes = { [15] = 1 } },  /* RFC 4291 */
	{ .family = NET_FAMILY_IPV6, .bits = 10, .bytes = { 0xfe, 0x80 } }, /* RFC 4291 */
	{ .family = NET_FAMILY_IPV6, .bits = 8, .bytes = { 0xff } },	    /* RFC 4291 */
};
#define EXEMPT (sizeof(exempt) / sizeof(exempt[0]))

bool net_exempt(const struct net_prefix *prefix)
{
	for (size_t i = 0; i < EXEMPT; i++)
		if (prefix_covers(&exempt[i], prefix))
			return true;
	return false;
}

const struct net_prefix *net_exempt_networks(size_t *count)
{
	*count = EXEMPT;
	return exempt;
}

static void find_row(const struct policy_context *context, struct net_case *it)
{
	it->why_not = "no table of terminals is in force";
	if (!context || !context->terminals)
		return;
	it->why_not = "this terminal's number is not known";
	if (!context->terminal || !context->terminal[0])
		return;
	it->why_not = "the table of terminals does not have this one";
	if (!table_terminal_find(context->terminals, context->terminal, &it->row))
		return;
	it->why_not = "the terminal's row is not active";
	it->in_table = it->row.status == TABLE_STATUS_ACTIVE;
}

struct net_case net_case(const struct policy *policy, const struct policy_context *context,
			 const struct net_link *link)
{
	struct net_case it = { .rules = policy_net_rules(policy), .link = link };

	find_row(context, &it);
	return it;
}

static struct net_prefix whole(const struct net_prefix *prefix)
{
	struct net_prefix out = *prefix;

	out.bits = prefix_bits(prefix->family);
	return out;
}

void net_case_address(struct net_case *it, const struct net_prefix *local)
{
	it->address = whole(local);
}

void net_case_route(struct net_case *it, const struct net_route *route)
{
	it->address = whole(&route->source);
	it->gateway = whole(&route->gateway);
	it->route = route->to;
}

void net_case_flow(struct net_case *it, const struct net_flow *flow)
{
	it->address = whole(&flow->from);
	it->to = whole(&flow->to);
	it->protocol = flow->protocol;
	it->port = flow->port;
}
