// SPDX-License-Identifier: GPL-2.0-or-later
/* One short function a kind of condition; every one is a pure function of the facts. */
#include "policy/decide/net_rules.h"

#include <string.h>

#include "policy/decide/context.h"
#include "policy/decide/keyset.h"

static enum explain_outcome outcome(bool is)
{
	return is ? EXPLAIN_TRUE : EXPLAIN_FALSE;
}

static bool row_has_link(const struct net_case *it, bool *right_place)
{
	const char *path = it->row.bus_paths;
	const struct net_link *link = it->link;
	uint32_t rows = it->row.mac_count > it->row.bus_path_count ? it->row.mac_count
								   : it->row.bus_path_count;
	bool found = false;

	*right_place = false;
	for (uint32_t i = 0; i < rows; i++) {
		bool mac = it->row.mac_count == 0 ||
			   (i < it->row.mac_count && link->permanent_length == TABLE_MAC &&
			    memcmp(it->row.macs[i], link->permanent, TABLE_MAC) == 0);
		bool place = it->row.bus_path_count == 0 ||
			     (i < it->row.bus_path_count && strcmp(path, link->path) == 0);

		found = found || mac;
		*right_place = *right_place || (mac && place);
		if (i + 1 < it->row.bus_path_count)
			path = table_text_next(path);
	}
	return found;
}

enum explain_outcome net_registered(const struct net_case *it, const char **note)
{
	const struct net_link *link = it->link;
	bool right_place;

	*note = it->why_not;
	if (!it->in_table)
		return EXPLAIN_MISSING;
	*note = "the terminal's row names no link";
	if (it->row.mac_count == 0 && it->row.bus_path_count == 0)
		return EXPLAIN_MISSING;
	*note = "a link of that kind is made by software, and cannot be registered";
	if (link->info_kind[0])
		return EXPLAIN_FALSE;
	*note = "the link has no permanent hardware address";
	if (link->permanent_length == 0 || link->permanent_length > NET_LLADDR_MAX)
		return EXPLAIN_MISSING;
	*note = "its hardware address is not the permanent one";
	if (link->mac_length != link->permanent_length ||
	    memcmp(link->mac, link->permanent, link->mac_length) != 0)
		return EXPLAIN_FALSE;
	*note = "the terminal's row does not have its permanent hardware address";
	if (!row_has_link(it, &right_place))
		return EXPLAIN_FALSE;
	*note = "the terminal's row has it at another bus path";
	if (!right_place)
		return EXPLAIN_FALSE;
	*note = NULL;
	return EXPLAIN_TRUE;
}

static enum explain_outcome test_interface(const struct net_condition *condition,
					   const struct net_case *it, const char **note)
{
	const char *name = it->link->name;

	if (condition->registered)
		return net_registered(it, note);
	if (!name[0])
		return EXPLAIN_MISSING;
	return outcome(keyset_has(condition->names, name, strlen(name)) != condition->inverted);
}

/* What is not known is of no kind that a rule names, and of none that it leaves out. */
static enum explain_outcome test_kind(const struct net_condition *condition,
				      const struct net_case *it, const char **note)
{
	uint32_t kind = it->link->kind;

	*note = "its kind is not known";
	if (kind == NET_KIND_UNKNOWN || kind >= NET_KIND_COUNT)
		return EXPLAIN_MISSING;
	*note = NULL;
	return outcome((condition->mask >> kind & 1) != condition->inverted);
}

static enum explain_outcome test_registered_address(const struct net_case *it, const char **note)
{
	*note = it->why_not;
	if (!it->in_table)
		return EXPLAIN_MISSING;
	*note = "the terminal's row names no address";
	if (it->row.address_count == 0)
		return EXPLAIN_MISSING;
	*note = NULL;
	for (uint32_t i = 0; i < it->row.address_count; i++) {
		struct net_prefix address = net_prefix_of(&it->row.addresses[i]);

		if (prefix_covers(&address, &it->address))
			return EXPLAIN_TRUE;
	}
	*note = "the terminal's row does not have it";
	return EXPLAIN_FALSE;
}

static enum explain_outcome test_prefix(const struct net_condition *condition,
					const struct net_prefix *prefix)
{
	if (prefix->family == NET_FAMILY_NONE)
		return EXPLAIN_MISSING;
	return outcome(prefix_trie_covers(condition->addresses->trie, prefix) !=
		       condition->inverted);
}

static enum explain_outcome test_address(const struct net_condition *condition,
					 const struct net_case *it, const char **note)
{
	if (it->address.family == NET_FAMILY_NONE)
		return EXPLAIN_MISSING;
	if (condition->registered)
		return test_registered_address(it, note);
	return test_prefix(condition, &it->address);
}

static enum explain_outcome test_protocol(const struct net_condition *condition,
					  const struct net_case *it)
{
	if (it->protocol >= NET_PROTOCOL_COUNT)
		return EXPLAIN_MISSING;
	return outcome((condition->mask >> it->protocol & 1) != condition->inverted);
}

static bool has_port(const struct net_condition *condition, uint16_t port)
{
	size_t low = 0, high = condition->port_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct net_ports *it = &condition->ports[middle];

		if (port >= it->first && port <= it->last)
			return true;
		if (port < it->first)
			high = middle;
		else
			low = middle + 1;
	}
	return false;
}

static enum explain_outcome test_port(const struct net_condition *condition,
				      const struct net_case *it, const char **note)
{
	*note = "it has no ports";
	if (!net_has_port(it->protocol) || it->port == 0)
		return EXPLAIN_MISSING;
	*note = NULL;
	return outcome(has_port(condition, it->port) != condition->inverted);
}

enum explain_outcome net_condition_test(const struct net_condition *condition,
					const struct net_case *it, const char **note)
{
	*note = NULL;
	switch (condition->attribute) {
	case NET_ATTRIBUTE_INTERFACE:
		return test_interface(condition, it, note);
	case NET_ATTRIBUTE_KIND:
		return test_kind(condition, it, note);
	case NET_ATTRIBUTE_ADDRESS:
		return test_address(condition, it, note);
	case NET_ATTRIBUTE_GATEWAY:
		return test_prefix(condition, &it->gateway);
	case NET_ATTRIBUTE_ROUTE:
		return test_prefix(condition, &it->route);
	case NET_ATTRIBUTE_EGRESS:
		return test_prefix(condition, &it->to);
	case NET_ATTRIBUTE_PROTOCOL:
		return test_protocol(condition, it);
	case NET_ATTRIBUTE_PORT:
		return test_port(condition, it, note);
	default:
		return EXPLAIN_MISSING;
	}
}

static bool conditions_hold(const struct net_rule *rule, const struct net_case *it,
			    uint32_t attributes)
{
	const char *note;

	for (uint32_t i = 0; i < rule->condition_count; i++) {
		const struct net_condition *condition = &rule->conditions[i];

		if (!(attributes & NET_ATTRIBUTE_BIT(condition->attribute)))
			continue;
		if (!net_condition_holds(rule, net_condition_test(condition, it, &note)))
			return false;
	}
	return true;
}

bool net_rule_matches(const struct net_rule *rule, const struct net_case *it)
{
	if (rule->allow && rule->subject == NET_SUBJECT_ROUTE &&
	    it->gateway.family != NET_FAMILY_NONE &&
	    !(rule->attributes & NET_ATTRIBUTE_BIT(NET_ATTRIBUTE_GATEWAY)))
		return false;
	return conditions_hold(rule, it, UINT32_MAX);
}

bool net_rule_matches_link(const struct net_rule *rule, const struct net_case *it)
{
	return conditions_hold(rule, it,
			       NET_ATTRIBUTE_BIT(NET_ATTRIBUTE_INTERFACE) |
				       NET_ATTRIBUTE_BIT(NET_ATTRIBUTE_KIND));
}
