// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules about the network: what one link, address, route or flow can have at the same time. */
#include "policy/lang/check_network.h"

#include <string.h>

#include "policy/lang/document.h"

/* Families of addresses, by what a list holds. */
#define FAMILY_4 (1u << 0)
#define FAMILY_6 (1u << 1)

struct rule_check {
	struct diag_list *diags;
	const struct statement *rule;
	const struct value *const *lists;
};

static const struct condition *find(const struct rule_check *check, const char *const *names)
{
	for (size_t i = 0; i < check->rule->condition_count; i++)
		for (size_t k = 0; names[k]; k++)
			if (strcmp(check->rule->conditions[i].schema->name, names[k]) == 0)
				return &check->rule->conditions[i];
	return NULL;
}

/* A route is known when it is made, a flow when it is sent: nothing is both. */
static void check_subject(const struct rule_check *check)
{
	static const char *const of_routes[] = { "gateway", "route", NULL };
	static const char *const of_flows[] = { "egress", "protocol", "port", NULL };
	const struct condition *route = find(check, of_routes), *flow = find(check, of_flows);

	if (route && flow)
		diag_error(check->diags, route->at, "make it two rules",
			   "'%s' speaks of a route and '%s' of a flow: no rule is about both",
			   route->schema->name, flow->schema->name);
}

static bool names_word(const struct rule_check *check, size_t i, const char *word)
{
	const struct value *value = &check->rule->conditions[i].value;
	const struct value *list = check->lists[i];

	for (uint32_t k = 0; list && k < list->list.count; k++)
		if (strcmp(list->list.items[k].text, word) == 0)
			return true;
	return !list && value->text && strcmp(value->text, word) == 0;
}

static void check_ports(const struct rule_check *check)
{
	static const char *const port[] = { "port", NULL };
	const struct condition *found = find(check, port);

	for (size_t i = 0; found && i < check->rule->condition_count; i++) {
		const struct condition *it = &check->rule->conditions[i];
		bool tcp = names_word(check, i, "tcp"), udp = names_word(check, i, "udp");

		if (strcmp(it->schema->name, "protocol") != 0)
			continue;
		if (it->op == OP_NOT_IN ? !(tcp && udp) : tcp || udp)
			continue;
		diag_error(check->diags, found->at, "name tcp or udp, or remove 'port'",
			   "'port' cannot be met: the rule's protocols have no ports");
		return;
	}
}

static unsigned int family_of(const struct value *value)
{
	return value->prefix.family == 4 ? FAMILY_4 : FAMILY_6;
}

/* What a condition leaves possible. */
static unsigned int families(const struct rule_check *check, size_t i)
{
	const struct condition *it = &check->rule->conditions[i];
	const struct value *list = check->lists[i];
	unsigned int found = 0;

	if (it->op == OP_NOT_IN || it->schema->value.type != VALUE_ADDRESS)
		return FAMILY_4 | FAMILY_6;
	if (!list)
		return it->value.type == VALUE_ADDRESS ? family_of(&it->value)
						       : FAMILY_4 | FAMILY_6;
	for (uint32_t k = 0; k < list->list.count; k++)
		found |= family_of(&list->list.items[k]);
	return found;
}

/* An IPv4 route may have an IPv6 gateway (RFC 8950), but a flow is of one family. */
static void check_families(const struct rule_check *check)
{
	unsigned int left = FAMILY_4 | FAMILY_6;

	for (size_t i = 0; i < check->rule->condition_count; i++) {
		const struct condition *it = &check->rule->conditions[i];

		if (strcmp(it->schema->name, "gateway") == 0 || it->value.type == VALUE_ABSENT)
			continue;
		left &= families(check, i);
		if (left)
			continue;
		diag_error(check->diags, it->at, "make it two rules, one for each family",
			   "'%s' cannot be met: one condition wants IPv4, another one IPv6",
			   it->schema->name);
		return;
	}
}

/* The kernel has no longer names. */
#define NAME_MAX_BYTES 15

static void check_name(const struct rule_check *check, const struct value *value)
{
	if (value->type == VALUE_NAME && strlen(value->text) > NAME_MAX_BYTES)
		diag_error(check->diags, value->at, "write it as 'ip link' shows it",
			   "'%s' is too long for the name of a link, which has at most %d bytes",
			   value->text, NAME_MAX_BYTES);
}

static void check_names(const struct rule_check *check)
{
	for (size_t i = 0; i < check->rule->condition_count; i++) {
		const struct value *list = check->lists[i];

		check_name(check, &check->rule->conditions[i].value);
		for (uint32_t k = 0; list && k < list->list.count; k++)
			check_name(check, &list->list.items[k]);
	}
}

void check_network_rule(struct diag_list *diags, const struct statement *rule,
			const struct value *const *lists)
{
	const struct rule_check check = { .diags = diags, .rule = rule, .lists = lists };

	check_subject(&check);
	check_ports(&check);
	check_families(&check);
	check_names(&check);
}
