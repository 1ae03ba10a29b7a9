// SPDX-License-Identifier: GPL-2.0-or-later
/* What one allow of the network lets up, in or out. */
#include "policy/study/lint_run.h"

#include <errno.h>
#include <string.h>

#define RADIOS                                                                                     \
	(1U << NET_KIND_WIFI | 1U << NET_KIND_BLUETOOTH | 1U << NET_KIND_WWAN | 1U << NET_KIND_USB)

/* Networks that no public router carries, in order. */
static const struct net_prefix private_networks[] = {
	{ .family = NET_FAMILY_IPV4, .bits = 8, .bytes = { 10 } },	  /* RFC 1918 */
	{ .family = NET_FAMILY_IPV4, .bits = 10, .bytes = { 100, 64 } },  /* RFC 6598 */
	{ .family = NET_FAMILY_IPV4, .bits = 8, .bytes = { 127 } },	  /* loopback */
	{ .family = NET_FAMILY_IPV4, .bits = 16, .bytes = { 169, 254 } }, /* RFC 3927 */
	{ .family = NET_FAMILY_IPV4, .bits = 12, .bytes = { 172, 16 } },  /* RFC 1918 */
	{ .family = NET_FAMILY_IPV4, .bits = 16, .bytes = { 192, 168 } }, /* RFC 1918 */
	{ .family = NET_FAMILY_IPV4, .bits = 8, .bytes = { 239 } },	  /* RFC 2365 */
	{ .family = NET_FAMILY_IPV4, .bits = 32, .bytes = { 255, 255, 255, 255 } },
	{ .family = NET_FAMILY_IPV6, .bits = 128, .bytes = { [15] = 1 } },
	{ .family = NET_FAMILY_IPV6, .bits = 7, .bytes = { 0xfc } },	    /* RFC 4193 */
	{ .family = NET_FAMILY_IPV6, .bits = 10, .bytes = { 0xfe, 0x80 } }, /* RFC 4291 */
	{ .family = NET_FAMILY_IPV6, .bits = 8, .bytes = { 0xff } },
};
#define PRIVATE_NETWORKS (sizeof(private_networks) / sizeof(private_networks[0]))

static const struct net_condition *condition_of(const struct net_rule *rule,
						enum net_attribute attribute)
{
	for (uint32_t i = 0; i < rule->condition_count; i++)
		if (rule->conditions[i].attribute == attribute)
			return &rule->conditions[i];
	return NULL;
}

/* Where a finding about an attribute is shown: its condition, or the rule's name. */
static struct span place(const struct lint *lint, size_t i, enum net_attribute attribute)
{
	const struct net_condition *it = condition_of(&lint->network->rules[i], attribute);

	return it ? it->source->at : lint->network_sources[i]->name_at;
}

static bool has_everything(const struct prefix_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].bits == 0)
			return true;
	return false;
}

static bool is_private(const struct net_prefix *prefix)
{
	for (size_t i = 0; i < PRIVATE_NETWORKS; i++)
		if (prefix_covers(&private_networks[i], prefix))
			return true;
	return false;
}

/* As the policy has it; NULL when all of them are private. */
static const char *public_element(const struct net_condition *condition)
{
	const struct value *value = &condition->source->value;
	const struct prefix_list *list = &condition->addresses->list;

	for (size_t i = 0; i < list->count; i++) {
		if (is_private(&list->items[i]))
			continue;
		for (uint32_t k = 0; value->type == VALUE_LIST && k < value->list.count; k++) {
			struct net_prefix it = net_prefix_of(&value->list.items[k].prefix);

			if (prefix_covers(&it, &list->items[i]))
				return value->list.items[k].text;
		}
		return value->text;
	}
	return NULL;
}

static bool has_port(const struct net_box *box, unsigned int port)
{
	return box->ports[port / 8] >> port % 8 & 1;
}

/* What is worse than one service of a public network. */
static const char *also(const struct net_box *box)
{
	bool every = true;

	for (unsigned int port = 1; every && port <= UINT16_MAX; port++)
		every = has_port(box, port);
	if (every)
		return ", by every port";
	return has_port(box, 53) ? ", where port 53 carries whatever one hides in names" : "";
}

static void judge_flow(struct lint *lint, size_t i)
{
	const struct net_rule *rule = &lint->network->rules[i];
	const struct net_condition *egress = condition_of(rule, NET_ATTRIBUTE_EGRESS);
	const struct net_box *box = &lint->boxes[i];
	const char *element;

	if (has_everything(&box->side[NET_BOX_EGRESS])) {
		lint_say(lint, "any-destination", place(lint, i, NET_ATTRIBUTE_EGRESS),
			 "name the servers: egress to [ 10.20.0.5 ]",
			 "'%s' lets flows go everywhere%s", rule->name, also(box));
		return;
	}
	element = egress ? public_element(egress) : NULL;
	if (element)
		lint_say(lint, "public-destination", egress->source->at,
			 "a classified terminal has no business there",
			 "'%s' lets flows go to %s, which is not private%s", rule->name, element,
			 also(box));
}

/* A name is given by udev or by root, and whatever is plugged in first may have it. */
static void judge_name(struct lint *lint, const struct net_rule *rule)
{
	const struct net_condition *name = condition_of(rule, NET_ATTRIBUTE_INTERFACE);

	if (name && name->names && !condition_of(rule, NET_ATTRIBUTE_KIND))
		lint_say(lint, "name-alone", name->source->at,
			 "add 'kind ethernet', or write 'interface is registered'",
			 "'%s' takes a link by its name alone, be it a telephone or a radio",
			 rule->name);
}

static void judge_link(struct lint *lint, size_t i)
{
	const struct net_rule *rule = &lint->network->rules[i];
	const struct net_box *box = &lint->boxes[i];
	const struct net_condition *kind = condition_of(rule, NET_ATTRIBUTE_KIND);

	if (!box->registered_link)
		lint_say(lint, "unregistered-link", lint->network_sources[i]->name_at,
			 "add 'interface is registered'",
			 "'%s' admits any link of that name or kind, whoever plugged it in",
			 rule->name);
	if (!box->registered_link)
		judge_name(lint, rule);
	if (kind && (box->kinds & RADIOS))
		lint_say(lint, "radio", kind->source->at, "leave out usb, wifi, bluetooth and wwan",
			 "'%s' admits a radio or a telephone", rule->name);
}

static void judge_route(struct lint *lint, size_t i)
{
	if (has_everything(&lint->boxes[i].side[NET_BOX_ROUTE]))
		lint_say(lint, "any-route", place(lint, i, NET_ATTRIBUTE_ROUTE),
			 "name the networks: route to [ 10.0.0.0/8 ]",
			 "'%s' admits a route to everywhere", lint->network->rules[i].name);
}

static void judge_address(struct lint *lint, size_t i)
{
	if (!lint->boxes[i].registered_address &&
	    has_everything(&lint->boxes[i].side[NET_BOX_ADDRESS]))
		lint_say(lint, "any-address", place(lint, i, NET_ATTRIBUTE_ADDRESS),
			 "write 'address is registered', or name the networks",
			 "'%s' admits every address", lint->network->rules[i].name);
}

void lint_network_width(struct lint *lint)
{
	static void (*const judges[NET_SUBJECT_COUNT])(struct lint * lint, size_t i) = {
		[NET_SUBJECT_LINK] = judge_link,
		[NET_SUBJECT_ADDRESS] = judge_address,
		[NET_SUBJECT_ROUTE] = judge_route,
		[NET_SUBJECT_FLOW] = judge_flow,
	};

	for (size_t i = 0; i < lint->network->rule_count; i++)
		if (lint->network->rules[i].allow && !net_box_empty(&lint->boxes[i]))
			judges[lint->network->rules[i].subject](lint, i);
}
