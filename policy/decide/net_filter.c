// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rules as a packet filter can hold them: conditions on one attribute become one set.
 *
 * Of conditions that take and that leave out, the set is what is left of the taken; of conditions
 * that only leave out, the set of these, inverted. An allow that cannot match is not visited, and a
 * condition of a forbid that is missing holds, so it is left out.
 */
#include "policy/decide/net.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/decide/net_rules.h"

#define PORT_BYTES ((UINT16_MAX + 1) / 8)

struct walk {
	const struct net_case *it;
	int (*visit)(void *data, const struct net_filter_rule *rule);
	void *data;
	uint8_t *ports;		   /* PORT_BYTES, a bit each */
	struct net_ports *ranges;  /* what they become */
	struct prefix_list taken;  /* local addresses */
	struct prefix_list out;	   /* left out */
	struct prefix_list result; /* of both */
	bool any_taken;
	bool never;
};

#define ALL_PROTOCOLS ((1U << NET_PROTOCOL_COUNT) - 1)
#define WITH_PORTS    (1U << NET_PROTOCOL_TCP | 1U << NET_PROTOCOL_UDP)

static int append(struct prefix_list *list, const struct net_prefix *items, size_t count)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < count; i++)
		ret = prefix_list_add(list, &items[i]);
	prefix_list_sort(list);
	return ret;
}

static int registered_list(const struct net_case *it, struct prefix_list *list)
{
	int ret = 0;

	for (uint32_t i = 0; !ret && i < it->row.address_count; i++) {
		struct net_prefix address = net_prefix_of(&it->row.addresses[i]);

		ret = prefix_list_add(list, &address);
	}
	prefix_list_sort(list);
	return ret;
}

static int take(struct walk *walk, const struct prefix_list *list)
{
	struct prefix_list both;
	int ret;

	if (walk->any_taken) {
		walk->any_taken = false;
		return append(&walk->taken, list->items, list->count);
	}
	ret = prefix_list_intersect(&walk->taken, list, &both);
	prefix_list_clear(&walk->taken);
	walk->taken = both;
	return ret;
}

static int take_registered(struct walk *walk, const struct net_rule *rule)
{
	struct prefix_list list = { 0 };
	int ret;

	if (!walk->it->in_table || walk->it->row.address_count == 0) {
		walk->never = walk->never || rule->allow;
		return 0;
	}
	ret = registered_list(walk->it, &list);
	if (!ret)
		ret = take(walk, &list);
	prefix_list_clear(&list);
	return ret;
}

static int gather_addresses(struct walk *walk, const struct net_rule *rule)
{
	const struct net_prefix *exempt;
	size_t exempt_count;
	int ret = 0;

	exempt = net_exempt_networks(&exempt_count);
	for (uint32_t i = 0; !ret && i < rule->condition_count; i++) {
		const struct net_condition *it = &rule->conditions[i];

		if (it->attribute != NET_ATTRIBUTE_ADDRESS)
			continue;
		if (it->registered)
			ret = take_registered(walk, rule);
		else if (it->inverted)
			ret = append(&walk->out, it->addresses->list.items,
				     it->addresses->list.count);
		else
			ret = take(walk, &it->addresses->list);
	}
	/* Rules about addresses are not asked about these. */
	if (!ret && rule->subject == NET_SUBJECT_ADDRESS && !rule->allow)
		ret = append(&walk->out, exempt, exempt_count);
	return ret;
}

static int set_from(struct walk *walk, const struct net_rule *rule, struct net_filter_rule *out)
{
	const struct prefix_list *list = &walk->out;
	int ret;

	walk->any_taken = true;
	ret = gather_addresses(walk, rule);
	if (ret)
		return ret;
	out->from_inverted = walk->any_taken && walk->out.count > 0;
	out->any_from = walk->any_taken && walk->out.count == 0;
	if (!walk->any_taken) {
		ret = prefix_list_subtract(&walk->taken, &walk->out, &walk->result);
		list = &walk->result;
		walk->never = walk->never || list->count == 0;
	}
	out->from = list->items;
	out->from_count = list->count;
	return ret;
}

static void set_to(const struct net_rule *rule, struct net_filter_rule *out)
{
	out->any_to = true;
	for (uint32_t i = 0; i < rule->condition_count; i++) {
		const struct net_condition *it = &rule->conditions[i];

		if (it->attribute != NET_ATTRIBUTE_EGRESS)
			continue;
		out->any_to = false;
		out->to = it->addresses->list.items;
		out->to_count = it->addresses->list.count;
	}
}

static void set_protocols(struct walk *walk, const struct net_rule *rule,
			  struct net_filter_rule *out)
{
	out->protocols = ALL_PROTOCOLS;
	for (uint32_t i = 0; i < rule->condition_count; i++) {
		const struct net_condition *it = &rule->conditions[i];

		if (it->attribute == NET_ATTRIBUTE_PROTOCOL)
			out->protocols &= it->inverted ? ~it->mask : it->mask;
	}
	out->any_protocol = out->protocols == ALL_PROTOCOLS;
	walk->never = walk->never || out->protocols == 0;
}

static void set_port_bits(uint8_t *bits, const struct net_condition *condition)
{
	uint8_t named[PORT_BYTES] = { 0 };

	for (size_t i = 0; i < condition->port_count; i++)
		for (uint32_t port = condition->ports[i].first; port <= condition->ports[i].last;
		     port++)
			named[port / 8] |= (uint8_t)(1U << port % 8);
	for (size_t i = 0; i < sizeof(named); i++)
		bits[i] &= (uint8_t)(condition->inverted ? ~named[i] : named[i]);
}

static size_t ranges_of(const uint8_t *bits, struct net_ports *ranges)
{
	size_t count = 0;

	for (uint32_t port = 0; port <= UINT16_MAX; port++) {
		if (!(bits[port / 8] >> port % 8 & 1))
			continue;
		if (count > 0 && ranges[count - 1].last + 1U == port)
			ranges[count - 1].last = (uint16_t)port;
		else
			ranges[count++] = (struct net_ports){ (uint16_t)port, (uint16_t)port };
	}
	return count;
}

/* Port 0 is no port: it misses a condition as a protocol without ports does. */
static void set_ports(struct walk *walk, const struct net_rule *rule, struct net_filter_rule *out)
{
	out->any_port = !(rule->attributes & NET_ATTRIBUTE_BIT(NET_ATTRIBUTE_PORT));
	if (out->any_port)
		return;
	memset(walk->ports, 0xff, PORT_BYTES);
	for (uint32_t i = 0; i < rule->condition_count; i++)
		if (rule->conditions[i].attribute == NET_ATTRIBUTE_PORT)
			set_port_bits(walk->ports, &rule->conditions[i]);
	walk->ports[0] = (uint8_t)((walk->ports[0] & ~1U) | (rule->allow ? 0 : 1U));
	out->ports = walk->ranges;
	out->port_count = ranges_of(walk->ports, walk->ranges);
}

/* Ports are of some protocols only; a forbid about them matches the other ones whole. */
static int visit_ports(struct walk *walk, const struct net_rule *rule, struct net_filter_rule *out)
{
	uint32_t with = out->protocols & WITH_PORTS, without = out->protocols & ~WITH_PORTS;
	int ret = 0;

	out->any_protocol = false;
	out->protocols = with;
	if (with && out->port_count > 0)
		ret = walk->visit(walk->data, out);
	if (ret < 0 || rule->allow || !without)
		return ret;
	out->any_port = true;
	out->port_count = 0;
	out->protocols = without;
	return walk->visit(walk->data, out);
}

static int walk_rule(struct walk *walk, const struct net_rule *rule)
{
	struct net_filter_rule out = {
		.name = rule->name,
		.because = rule->because,
		.line = rule->line,
		.column = rule->column,
		.allow = rule->allow,
		.address_rule = rule->subject == NET_SUBJECT_ADDRESS,
	};
	int ret = set_from(walk, rule, &out);

	if (ret)
		return ret;
	set_to(rule, &out);
	set_protocols(walk, rule, &out);
	set_ports(walk, rule, &out);
	if (walk->never)
		return 0;
	return out.any_port ? walk->visit(walk->data, &out) : visit_ports(walk, rule, &out);
}

static void forget_rule(struct walk *walk)
{
	prefix_list_clear(&walk->taken);
	prefix_list_clear(&walk->out);
	prefix_list_clear(&walk->result);
	walk->never = false;
}

static int walk_rules(struct walk *walk, bool allow)
{
	const struct net_rules *rules = walk->it->rules;
	int ret = 0;

	for (size_t i = 0; ret >= 0 && i < rules->rule_count; i++) {
		const struct net_rule *rule = &rules->rules[i];

		if (rule->allow != allow ||
		    (rule->subject != NET_SUBJECT_ADDRESS && rule->subject != NET_SUBJECT_FLOW))
			continue;
		if (!net_rule_matches_link(rule, walk->it))
			continue;
		ret = walk_rule(walk, rule);
		forget_rule(walk);
	}
	return ret;
}

/* On loopback all is permitted; elsewhere only the addresses that need no rule. */
static int visit_builtin(struct walk *walk, bool loopback)
{
	size_t count;
	const struct net_prefix *exempt = net_exempt_networks(&count);
	struct net_filter_rule rule = {
		.name = loopback ? "loopback" : "link-local",
		.allow = true,
		.address_rule = true,
		.any_to = true,
		.any_from = loopback,
		.any_protocol = true,
		.any_port = true,
		.from = loopback ? NULL : exempt,
		.from_count = loopback ? 0 : count,
		.protocols = ALL_PROTOCOLS,
	};
	int ret = walk->visit(walk->data, &rule);

	if (ret < 0 || !loopback)
		return ret;
	rule.address_rule = false;
	return walk->visit(walk->data, &rule);
}

int policy_net_filter(const struct policy *policy, const struct policy_context *context,
		      const struct net_link *link,
		      int (*visit)(void *data, const struct net_filter_rule *rule), void *data)
{
	const struct net_case it = net_case(policy, context, link);
	struct walk walk = { .it = &it, .visit = visit, .data = data };
	struct net_verdict verdict;
	int ret = -ENOMEM;

	policy_decide_link(policy, context, link, &verdict);
	if (verdict.result != POLICY_RESULT_PERMIT)
		return 0;
	if (link->kind == NET_KIND_LOOPBACK)
		return visit_builtin(&walk, true);
	walk.ports = malloc(PORT_BYTES);
	walk.ranges = malloc((UINT16_MAX / 2 + 2) * sizeof(*walk.ranges));
	if (walk.ports && walk.ranges)
		ret = walk_rules(&walk, false);
	if (ret >= 0)
		ret = visit_builtin(&walk, false);
	if (ret >= 0)
		ret = walk_rules(&walk, true);
	free(walk.ports);
	free(walk.ranges);
	return ret < 0 ? ret : 0;
}
