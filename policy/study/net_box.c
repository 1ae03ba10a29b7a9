// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/study/net_box.h"

#include <errno.h>
#include <string.h>

#include "policy/decide/keyset.h"

#define ALL_KINDS     ((1U << NET_KIND_COUNT) - 1)
#define ALL_PROTOCOLS ((1U << NET_PROTOCOL_COUNT) - 1)

static const struct net_prefix everything[] = {
	{ .family = NET_FAMILY_IPV4 },
	{ .family = NET_FAMILY_IPV6 },
};

static const enum net_box_side sides[NET_ATTRIBUTE_COUNT] = {
	[NET_ATTRIBUTE_ADDRESS] = NET_BOX_ADDRESS,
	[NET_ATTRIBUTE_GATEWAY] = NET_BOX_GATEWAY,
	[NET_ATTRIBUTE_ROUTE] = NET_BOX_ROUTE,
	[NET_ATTRIBUTE_EGRESS] = NET_BOX_EGRESS,
};

static int narrow_addresses(struct net_box *box, const struct net_condition *condition)
{
	enum net_box_side side = sides[condition->attribute];
	struct prefix_list *list = &box->side[side], narrowed;
	int ret;

	if (box->rule->allow)
		box->missing[side] = false;
	if (condition->registered) {
		box->registered_address = true;
		return 0;
	}
	if (condition->inverted)
		ret = prefix_list_subtract(list, &condition->addresses->list, &narrowed);
	else
		ret = prefix_list_intersect(list, &condition->addresses->list, &narrowed);
	prefix_list_clear(list);
	*list = narrowed;
	return ret;
}

/* What has no kind misses the condition. */
static void narrow_kinds(struct net_box *box, const struct net_condition *condition)
{
	box->kinds &=
		(condition->inverted ? ~condition->mask : condition->mask) | 1U << NET_KIND_UNKNOWN;
	if (box->rule->allow)
		box->kinds &= ~(1U << NET_KIND_UNKNOWN);
}

static void narrow_ports(struct net_box *box, const struct net_condition *condition)
{
	for (uint32_t port = 1, i = 0; port <= UINT16_MAX; port++) {
		bool named;

		while (i < condition->port_count && condition->ports[i].last < port)
			i++;
		named = i < condition->port_count && condition->ports[i].first <= port;
		if (named == condition->inverted)
			box->ports[port / 8] &= (uint8_t) ~(1U << port % 8);
	}
	if (box->rule->allow)
		box->no_port = false;
}

static int narrow(struct net_box *box, const struct net_condition *condition)
{
	switch (condition->attribute) {
	case NET_ATTRIBUTE_INTERFACE:
		/* Of names, the conditions themselves are compared. */
		box->registered_link = box->registered_link || condition->registered;
		return 0;
	case NET_ATTRIBUTE_KIND:
		narrow_kinds(box, condition);
		return 0;
	case NET_ATTRIBUTE_PROTOCOL:
		box->protocols &= condition->inverted ? ~condition->mask : condition->mask;
		return 0;
	case NET_ATTRIBUTE_PORT:
		narrow_ports(box, condition);
		return 0;
	default:
		return narrow_addresses(box, condition);
	}
}

static bool no_bits(const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (bytes[i])
			return false;
	return true;
}

/* A protocol without ports leaves only what has none; port 0 is none. */
static void settle_ports(struct net_box *box)
{
	box->ports[0] &= (uint8_t)~1U;
	if (!(box->protocols & (1U << NET_PROTOCOL_TCP | 1U << NET_PROTOCOL_UDP)))
		memset(box->ports, 0, sizeof(box->ports));
	if (!box->no_port)
		box->protocols &= 1U << NET_PROTOCOL_TCP | 1U << NET_PROTOCOL_UDP;
}

int net_box_of(const struct net_rule *rule, struct net_box *box)
{
	int ret = 0;

	*box = (struct net_box){
		.rule = rule, .no_port = true, .kinds = ALL_KINDS, .protocols = ALL_PROTOCOLS
	};
	memset(box->ports, 0xff, sizeof(box->ports));
	for (unsigned int i = 0; i < NET_BOX_SIDES; i++) {
		box->missing[i] = true;
		for (unsigned int k = 0; !ret && k < 2; k++)
			ret = prefix_list_add(&box->side[i], &everything[k]);
	}
	for (uint32_t i = 0; !ret && i < rule->condition_count; i++)
		ret = narrow(box, &rule->conditions[i]);
	/* An allow that names no gateway matches no route that has one. */
	if (rule->allow && rule->subject == NET_SUBJECT_ROUTE &&
	    !(rule->attributes & NET_ATTRIBUTE_BIT(NET_ATTRIBUTE_GATEWAY)))
		prefix_list_clear(&box->side[NET_BOX_GATEWAY]);
	settle_ports(box);
	return ret;
}

void net_box_clear(struct net_box *box)
{
	for (unsigned int i = 0; i < NET_BOX_SIDES; i++)
		prefix_list_clear(&box->side[i]);
}

bool net_box_empty(const struct net_box *box)
{
	for (unsigned int i = 0; i < NET_BOX_SIDES; i++)
		if (box->side[i].count == 0 && !box->missing[i])
			return true;
	return box->kinds == 0 || box->protocols == 0 ||
	       (no_bits(box->ports, sizeof(box->ports)) && !box->no_port);
}

/* Whether each address of a list is in another one. */
static int list_within(const struct prefix_list *inner, const struct prefix_list *outer)
{
	struct prefix_list left;
	int ret = prefix_list_subtract(inner, outer, &left);
	bool within = left.count == 0;

	prefix_list_clear(&left);
	return ret ? ret : within;
}

/* Rules about addresses are not asked about those that need none. */
static int forbidden_addresses(const struct net_box *outer, struct prefix_list *list)
{
	const struct net_prefix *items;
	struct prefix_list exempt = { 0 };
	size_t count;
	int ret = 0;

	items = net_exempt_networks(&count);
	for (size_t i = 0; !ret && i < count; i++)
		ret = prefix_list_add(&exempt, &items[i]);
	if (!ret)
		ret = prefix_list_subtract(&outer->side[NET_BOX_ADDRESS], &exempt, list);
	prefix_list_clear(&exempt);
	return ret;
}

static int addresses_within(const struct net_box *inner, const struct net_box *outer)
{
	struct prefix_list list = { 0 };
	int ret;

	if (outer->rule->subject != NET_SUBJECT_ADDRESS ||
	    inner->rule->subject == NET_SUBJECT_ADDRESS)
		return list_within(&inner->side[NET_BOX_ADDRESS], &outer->side[NET_BOX_ADDRESS]);
	ret = forbidden_addresses(outer, &list);
	if (!ret)
		ret = list_within(&inner->side[NET_BOX_ADDRESS], &list);
	prefix_list_clear(&list);
	return ret;
}

static const struct net_condition *names_of(const struct net_rule *rule, bool inverted)
{
	for (uint32_t i = 0; i < rule->condition_count; i++)
		if (rule->conditions[i].attribute == NET_ATTRIBUTE_INTERFACE &&
		    rule->conditions[i].names && rule->conditions[i].inverted == inverted)
			return &rule->conditions[i];
	return NULL;
}

static bool each_name(const struct keyset *of, const struct keyset *in, bool wanted)
{
	const uint8_t *key;
	size_t cursor = 0, length;

	while ((key = keyset_key(of, &cursor, &length)))
		if (keyset_has(in, key, length) != wanted)
			return false;
	return true;
}

/* Whether the inner rule's conditions on names imply those of the outer one. */
static bool names_within(const struct net_rule *inner, const struct net_rule *outer)
{
	const struct net_condition *in = names_of(inner, false), *not_in = names_of(inner, true);
	const struct net_condition *of = names_of(outer, false), *not_of = names_of(outer, true);

	if (of && !(in && each_name(in->names, of->names, true)))
		return false;
	if (!not_of)
		return true;
	return (in && each_name(in->names, not_of->names, false)) ||
	       (not_in && each_name(not_of->names, not_in->names, true));
}

static bool ports_within(const struct net_box *inner, const struct net_box *outer)
{
	if (inner->no_port && !outer->no_port)
		return false;
	for (size_t i = 0; i < sizeof(inner->ports); i++)
		if (inner->ports[i] & ~outer->ports[i])
			return false;
	return true;
}

int net_box_within(const struct net_box *inner, const struct net_box *outer)
{
	int ret;

	if ((outer->registered_link && !inner->registered_link) ||
	    (outer->registered_address && !inner->registered_address) ||
	    !names_within(inner->rule, outer->rule) || (inner->kinds & ~outer->kinds) ||
	    (inner->protocols & ~outer->protocols) || !ports_within(inner, outer))
		return 0;
	for (unsigned int i = 0; i < NET_BOX_SIDES; i++)
		if (inner->missing[i] && !outer->missing[i])
			return 0;
	ret = addresses_within(inner, outer);
	for (unsigned int i = NET_BOX_GATEWAY; ret == 1 && i < NET_BOX_SIDES; i++)
		ret = list_within(&inner->side[i], &outer->side[i]);
	return ret;
}
