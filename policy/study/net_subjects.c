// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/study/net_subjects.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/decide/context.h"
#include "policy/decide/keyset.h"
#include "policy/decide/net_rules.h"
#include "policy/decide/subject.h"
#include "policy/study/subjects.h"

#define SAMPLE_LINK "kind ethernet mac 02:00:00:00:00:01 path pci-0000:00:1f.6 "
#define OTHER_LINK  "mac 02:00:00:00:00:02 path pci-0000:00:03.0 "

/* What any policy has an opinion on. */
static const struct {
	enum net_subject subject;
	const char *text;
} everyday[] = {
	{ NET_SUBJECT_LINK, "name eth0 " SAMPLE_LINK },
	{ NET_SUBJECT_LINK, "name eth1 kind ethernet " OTHER_LINK },
	{ NET_SUBJECT_LINK,
	  "name usb0 kind usb mac 02:00:00:00:00:03 path usb-0000:00:14.0-1:1.0" },
	{ NET_SUBJECT_LINK, "name wlan0 kind wifi " OTHER_LINK },
	{ NET_SUBJECT_LINK, "name tun0 kind tunnel info-kind tun" },
	{ NET_SUBJECT_LINK, "name veth0 kind virtual info-kind veth" },
	{ NET_SUBJECT_ADDRESS, "name eth0 " SAMPLE_LINK "address 192.168.1.17/24" },
	{ NET_SUBJECT_ROUTE, "name eth0 " SAMPLE_LINK "to 0.0.0.0/0 gateway 192.168.1.1" },
	{ NET_SUBJECT_ROUTE, "name eth0 " SAMPLE_LINK "to ::/0 gateway fe80::1" },
};

struct deriver {
	const struct policy *policy;
	const struct policy_context *context;
	struct inventory *inventory;
	size_t first; /* of this policy */
	struct table_terminal row;
	struct net_question base; /* on the sample link */
	const struct net_rule *rule;
};

static int add(struct deriver *deriver, const struct net_question *question)
{
	struct inventory *inventory = deriver->inventory;
	struct inventory_question *questions;

	if (inventory->question_count - deriver->first >= SUBJECTS_MAX)
		return 0;
	for (size_t i = 0; i < inventory->question_count; i++)
		if (memcmp(&inventory->questions[i].question, question, sizeof(*question)) == 0)
			return 0;
	questions = reallocarray(inventory->questions, inventory->question_count + 1,
				 sizeof(*questions));
	if (!questions)
		return -ENOMEM;
	inventory->questions = questions;
	inventory->questions[inventory->question_count++] =
		(struct inventory_question){ .question = *question };
	return 0;
}

static int add_text(struct deriver *deriver, enum net_subject subject, const char *text)
{
	struct net_question question;
	int ret = subject_parse_net(text, strlen(text), subject, NULL, &question);

	return ret ? ret : add(deriver, &question);
}

static bool permitted(const struct deriver *deriver, const struct net_prefix *local)
{
	const struct net_address address = { .local = *local };
	struct net_verdict verdict;

	policy_decide_address(deriver->policy, deriver->context, &deriver->base.link, &address,
			      &verdict);
	return verdict.result == POLICY_RESULT_PERMIT;
}

/* A registered address that could send to @to, one that the policy permits if there is any. */
static struct net_prefix source_for(const struct deriver *deriver, const struct net_prefix *to)
{
	struct net_prefix found = { 0 };

	for (uint32_t i = 0; i < deriver->row.address_count; i++) {
		struct net_prefix address = net_prefix_of(&deriver->row.addresses[i]);

		if (address.family != to->family)
			continue;
		if (permitted(deriver, &address))
			return address;
		found = address;
	}
	return found;
}

static const struct net_condition *condition_of(const struct net_rule *rule,
						enum net_attribute attribute)
{
	for (uint32_t i = 0; i < rule->condition_count; i++)
		if (rule->conditions[i].attribute == attribute && !rule->conditions[i].registered)
			return &rule->conditions[i];
	return NULL;
}

/* The networks of a rule's condition, or one that stands for all. */
static struct prefix_list networks_of(const struct net_rule *rule, enum net_attribute attribute,
				      struct net_prefix *otherwise)
{
	const struct net_condition *condition = condition_of(rule, attribute);

	if (condition)
		return condition->addresses->list;
	return (struct prefix_list){ .items = otherwise, .count = 1 };
}

static int derive_addresses(struct deriver *deriver, struct net_question question)
{
	struct net_prefix none = { .family = NET_FAMILY_IPV4, .bytes = { 10, 0, 0, 17 } };
	struct prefix_list list = networks_of(deriver->rule, NET_ATTRIBUTE_ADDRESS, &none);
	int ret = 0;

	question.subject = NET_SUBJECT_ADDRESS;
	for (size_t i = 0; !ret && i < list.count; i++) {
		question.address.local = net_subjects_host(&list.items[i]);
		ret = add(deriver, &question);
	}
	return ret;
}

static int derive_routes(struct deriver *deriver, struct net_question question)
{
	struct net_prefix none = { 0 }, all = { .family = NET_FAMILY_IPV4 };
	struct prefix_list gateways = networks_of(deriver->rule, NET_ATTRIBUTE_GATEWAY, &none);
	struct prefix_list routes = networks_of(deriver->rule, NET_ATTRIBUTE_ROUTE, &all);
	int ret = 0;

	question.subject = NET_SUBJECT_ROUTE;
	for (size_t i = 0; !ret && i < routes.count; i++)
		for (size_t k = 0; !ret && k < gateways.count; k++) {
			question.route.to = routes.items[i];
			question.route.gateway = gateways.items[k].family == NET_FAMILY_NONE
							 ? none
							 : net_subjects_host(&gateways.items[k]);
			ret = add(deriver, &question);
		}
	return ret;
}

/* One protocol of those that a rule takes or leaves out, TCP where it says nothing. */
static uint32_t protocol_of(const struct net_rule *rule, uint32_t i)
{
	const struct net_condition *condition = condition_of(rule, NET_ATTRIBUTE_PROTOCOL);
	uint32_t found = NET_PROTOCOL_COUNT;

	if (!condition)
		return i == 0 ? NET_PROTOCOL_TCP : NET_PROTOCOL_COUNT;
	for (uint32_t protocol = NET_PROTOCOL_TCP; protocol < NET_PROTOCOL_COUNT; protocol++)
		if ((condition->mask >> protocol & 1) && i-- == 0)
			found = protocol;
	return found;
}

static int derive_ports(struct deriver *deriver, struct net_question *question)
{
	const struct net_condition *condition = condition_of(deriver->rule, NET_ATTRIBUTE_PORT);
	int ret;

	question->flow.port = 0;
	if (!net_has_port(question->flow.protocol))
		return add(deriver, question);
	question->flow.port = 443;
	ret = condition ? 0 : add(deriver, question);
	for (size_t i = 0; !ret && condition && i < condition->port_count; i++) {
		question->flow.port = condition->ports[i].first;
		ret = add(deriver, question);
	}
	return ret;
}

static int derive_flows(struct deriver *deriver, struct net_question question)
{
	struct net_prefix any = { .family = NET_FAMILY_IPV4 };
	struct prefix_list egress = networks_of(deriver->rule, NET_ATTRIBUTE_EGRESS, &any);
	const struct net_condition *from = condition_of(deriver->rule, NET_ATTRIBUTE_ADDRESS);
	int ret = 0;

	question.subject = NET_SUBJECT_FLOW;
	for (size_t i = 0; !ret && i < egress.count; i++) {
		question.flow.to = net_subjects_host(&egress.items[i]);
		question.flow.from = from && from->addresses->list.count
					     ? net_subjects_host(&from->addresses->list.items[0])
					     : source_for(deriver, &question.flow.to);
		for (uint32_t k = 0; !ret; k++) {
			question.flow.protocol = protocol_of(deriver->rule, k);
			if (question.flow.protocol == NET_PROTOCOL_COUNT)
				break;
			ret = derive_ports(deriver, &question);
		}
	}
	return ret;
}

static int derive_on_link(struct deriver *deriver, const struct net_link *link)
{
	struct net_question question = deriver->base;

	question.link = *link;
	switch (deriver->rule->subject) {
	case NET_SUBJECT_ADDRESS:
		return derive_addresses(deriver, question);
	case NET_SUBJECT_ROUTE:
		return derive_routes(deriver, question);
	case NET_SUBJECT_FLOW:
		return derive_flows(deriver, question);
	default:
		return add(deriver, &question);
	}
}

/* The sample link by each name that the rule has. */
static int derive_names(struct deriver *deriver, const struct net_condition *names)
{
	const uint8_t *key;
	size_t cursor = 0, length;
	int ret = 0;

	while (!ret && (key = keyset_key(names->names, &cursor, &length))) {
		struct net_link link = deriver->base.link;

		snprintf(link.name, sizeof(link.name), "%.*s", (int)length, (const char *)key);
		ret = derive_on_link(deriver, &link);
	}
	return ret;
}

/* The sample link as each kind that the rule has. */
static int derive_kinds(struct deriver *deriver, const struct net_condition *kinds)
{
	int ret = 0;

	for (uint32_t kind = NET_KIND_ETHERNET; !ret && kind < NET_KIND_COUNT; kind++) {
		struct net_link link = deriver->base.link;

		if (!(kinds->mask >> kind & 1))
			continue;
		link.kind = kind;
		ret = derive_on_link(deriver, &link);
	}
	return ret;
}

static int derive_rule(struct deriver *deriver)
{
	const struct net_condition *names = condition_of(deriver->rule, NET_ATTRIBUTE_INTERFACE);
	const struct net_condition *kinds = condition_of(deriver->rule, NET_ATTRIBUTE_KIND);
	int ret = derive_on_link(deriver, &deriver->base.link);

	if (!ret && names)
		ret = derive_names(deriver, names);
	if (!ret && kinds)
		ret = derive_kinds(deriver, kinds);
	return ret;
}

/* The first link of the terminal's row. */
static void set_base(struct deriver *deriver)
{
	struct net_link *link = &deriver->base.link;
	const struct table_terminal *row = &deriver->row;

	if (row->mac_count > 0) {
		memcpy(link->mac, row->macs[0], TABLE_MAC);
		memcpy(link->permanent, row->macs[0], TABLE_MAC);
	}
	if (row->bus_path_count > 0)
		snprintf(link->path, sizeof(link->path), "%s", row->bus_paths);
}

int net_subjects_derive(const struct policy *policy, const struct policy_context *context,
			struct inventory *inventory)
{
	const struct net_rules *rules = policy_net_rules(policy);
	struct deriver deriver = {
		.policy = policy,
		.context = context,
		.inventory = inventory,
		.first = inventory->question_count,
	};
	const char *sample = everyday[0].text;
	int ret;

	table_terminal_find(context->terminals, context->terminal ? context->terminal : "",
			    &deriver.row);
	ret = subject_parse_net(sample, strlen(sample), NET_SUBJECT_LINK, NULL, &deriver.base);
	set_base(&deriver);
	for (size_t i = 0; !ret && i < sizeof(everyday) / sizeof(everyday[0]); i++)
		ret = add_text(&deriver, everyday[i].subject, everyday[i].text);
	for (size_t i = 0; !ret && i < rules->rule_count; i++) {
		deriver.rule = &rules->rules[i];
		ret = derive_rule(&deriver);
	}
	return ret;
}
