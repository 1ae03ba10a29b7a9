// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A rule is a product of sets, and so is a line of nftables: each rule becomes a line in each part
 * that it concerns, and none where it cannot match. What fails soonest at least cost comes first:
 * protocol and port, which are numbers, before addresses, which are looked up in sets.
 */
#include "agent/lib/ruleset/ruleset_rule.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/ruleset/ruleset_points.h"
#include "agent/lib/ruleset/ruleset_set.h"

#define WITH_PORTS (1U << NET_PROTOCOL_TCP | 1U << NET_PROTOCOL_UDP)
#define EVERY	   ((1U << NET_PROTOCOL_COUNT) - 1)

struct writer {
	FILE *part[RULESET_PARTS];
	struct ruleset_points *points;
	uint8_t family;
	int error;
};

/* How a line reads a rule. */
struct reading {
	enum ruleset_part part;
	uint8_t family;
	bool answer;   /* of packets that come back: source and destination are exchanged */
	bool fragment; /* of later fragments: no ports */
	const char *verdict;
};

/* Adds a condition; false when it can never hold. */
static bool add_addresses(FILE *line, const struct reading *how, bool destination,
			  const struct net_prefix *items, size_t count, bool inverted, int *error)
{
	static const char *const selectors[2][2] = { { "ip saddr", "ip daddr" },
						     { "ip6 saddr", "ip6 daddr" } };
	enum ruleset_extent extent;
	struct ruleset_set set;

	if (ruleset_set_prefixes(&set, how->family, items, count) < 0) {
		*error = -ENOMEM;
		return false;
	}
	extent = ruleset_set_extent(&set, inverted);
	if (extent == RULESET_SOME)
		ruleset_set_print(
			line, selectors[how->family == NET_FAMILY_IPV6][destination != how->answer],
			&set, inverted);
	ruleset_set_clear(&set);
	return extent != RULESET_NOTHING;
}

/* Numbers of IANA: nft would look names up in /etc/protocols, which need not be there. */
static void add_numbers(FILE *line, bool inverted, uint32_t mask)
{
	static const char *const names[NET_PROTOCOL_COUNT] = {
		[NET_PROTOCOL_TCP] = "6",
		[NET_PROTOCOL_UDP] = "17",
		[NET_PROTOCOL_ICMP] = "1, 58",
	};
	bool many = (mask & (mask - 1)) != 0 || mask == 1U << NET_PROTOCOL_ICMP;
	const char *comma = "";

	fprintf(line, "meta l4proto %s%s", inverted ? "!= " : "", many ? "{ " : "");
	for (unsigned i = 0; i < NET_PROTOCOL_COUNT; i++) {
		if (!(mask & 1U << i) || !names[i])
			continue;
		fprintf(line, "%s%s", comma, names[i]);
		comma = ", ";
	}
	fputs(many ? " } " : " ", line);
}

/* "Other" is what is none of the named ones. */
static bool add_protocols(FILE *line, uint32_t mask)
{
	if (mask == EVERY)
		return true;
	if (mask == 0)
		return false;
	if (mask & 1U << NET_PROTOCOL_OTHER)
		add_numbers(line, true, EVERY & ~mask);
	else
		add_numbers(line, false, mask);
	return true;
}

static bool add_ports(FILE *line, const struct reading *how, const struct net_filter_rule *rule,
		      int *error)
{
	enum ruleset_extent extent;
	struct ruleset_set set;

	if (ruleset_set_ports(&set, rule->ports, rule->port_count) < 0) {
		*error = -ENOMEM;
		return false;
	}
	extent = ruleset_set_extent(&set, rule->ports_inverted);
	if (extent == RULESET_SOME)
		ruleset_set_print(line, how->answer ? "th sport" : "th dport", &set,
				  rule->ports_inverted);
	ruleset_set_clear(&set);
	return extent != RULESET_NOTHING;
}

/* One port is compared at half the time that the protocol takes; sets of them are looked up. */
static bool add_services(FILE *line, const struct reading *how, const struct net_filter_rule *rule,
			 int *error)
{
	uint32_t protocols = rule->any_protocol ? EVERY : rule->protocols & EVERY;
	bool with_ports = !rule->any_port && !how->fragment;

	if (!rule->any_port)
		protocols &= WITH_PORTS;
	if (with_ports && rule->port_count == 1 && rule->ports[0].first == rule->ports[0].last)
		return add_ports(line, how, rule, error) && add_protocols(line, protocols);
	return add_protocols(line, protocols) && (!with_ports || add_ports(line, how, rule, error));
}

static bool add_conditions(FILE *line, const struct reading *how,
			   const struct net_filter_rule *rule, int *error)
{
	if (how->fragment)
		fputs(how->family == NET_FAMILY_IPV4 ? "ip frag-off & 0x1fff != 0 "
						     : "frag frag-off != 0 ",
		      line);
	return add_services(line, how, rule, error) &&
	       (rule->any_to || add_addresses(line, how, true, rule->to, rule->to_count,
					      rule->to_inverted, error)) &&
	       (rule->any_from || add_addresses(line, how, false, rule->from, rule->from_count,
						rule->from_inverted, error));
}

/* What else than plain letters a name may have means nothing to nft this way. */
static void print_name(FILE *out, const char *name)
{
	fputs(" comment \"", out);
	for (unsigned i = 0; i < POLICY_NAME_SIZE && name[i]; i++)
		fputc(isalnum((unsigned char)name[i]) || strchr("._-", name[i]) ? name[i] : '_',
		      out);
	fputs("\"\n", out);
}

static void write_line(struct writer *writer, const struct reading *how,
		       const struct net_filter_rule *rule)
{
	FILE *out = writer->part[how->part];
	char *text = NULL;
	size_t length;
	FILE *line = open_memstream(&text, &length);
	bool matches;

	if (!line) {
		writer->error = -ENOMEM;
		return;
	}
	matches = add_conditions(line, how, rule, &writer->error);
	if (fclose(line) != 0)
		writer->error = -ENOMEM;
	else if (matches) {
		fprintf(out, "\t\t%s%s", text, how->verdict);
		print_name(out, rule->name ? rule->name : "");
	}
	free(text);
}

static void write_address_rule(struct writer *writer, const struct net_filter_rule *rule,
			       uint8_t family)
{
	const struct reading forbid = { RULESET_FORBID, family, false, false, "goto ag_refuse" };
	const struct reading from = { RULESET_FROM, family, false, false, "return" };

	write_line(writer, rule->allow ? &from : &forbid, rule);
}

static void write_forbid(struct writer *writer, const struct net_filter_rule *rule, uint8_t family)
{
	const struct reading out = { RULESET_FORBID, family, false, false, "goto ag_refuse" };
	const struct reading in = { RULESET_IN_FORBID, family, true, false, "goto ag_shut" };

	write_line(writer, &out, rule);
	write_line(writer, &in, rule);
}

static void write_allow(struct writer *writer, const struct net_filter_rule *rule, uint8_t family)
{
	const struct reading out = { RULESET_ALLOW, family, false, false, "accept" };
	const struct reading later = { RULESET_FRAGMENT, family, false, true, "accept" };
	const struct reading in = { RULESET_IN_ALLOW, family, true, false, "accept" };
	const struct reading in_later = { RULESET_IN_ALLOW, family, true, true, "accept" };

	write_line(writer, &out, rule);
	write_line(writer, &in, rule);
	if (rule->any_port)
		return;
	write_line(writer, &later, rule);
	/* At input IPv4 comes whole, IPv6 does not. */
	if (family == NET_FAMILY_IPV6)
		write_line(writer, &in_later, rule);
}

static int write_rule(void *data, const struct net_filter_rule *rule)
{
	struct writer *writer = data;

	if (ruleset_points_add(writer->points, rule) < 0)
		return -ENOMEM;
	if (rule->address_rule)
		write_address_rule(writer, rule, writer->family);
	else if (rule->allow)
		write_allow(writer, rule, writer->family);
	else
		write_forbid(writer, rule, writer->family);
	return writer->error;
}

static int open_parts(struct writer *writer, struct ruleset_rules *rules, size_t *lengths)
{
	for (unsigned i = 0; i < RULESET_PARTS; i++) {
		writer->part[i] = open_memstream(&rules->part[i], &lengths[i]);
		if (!writer->part[i])
			return -ENOMEM;
	}
	return 0;
}

int ruleset_rules_of(struct ruleset_rules *rules, const struct ruleset_plan *plan,
		     const struct net_link *link, enum net_family family)
{
	ruleset_filter *filter = plan->filter ? plan->filter : policy_net_filter;
	struct writer writer = { .family = (uint8_t)family };
	size_t lengths[RULESET_PARTS];
	int r;

	*rules = (struct ruleset_rules){ 0 };
	writer.points = ruleset_points_new(writer.family);
	r = writer.points ? open_parts(&writer, rules, lengths) : -ENOMEM;
	if (r == 0)
		r = filter(plan->policy, plan->context, link, write_rule, &writer);
	if (r >= 0) {
		ruleset_points_out(writer.points, writer.part[RULESET_POINTS]);
		ruleset_points_in(writer.points, writer.part[RULESET_IN_POINTS]);
	}
	ruleset_points_free(writer.points);
	for (unsigned i = 0; i < RULESET_PARTS; i++)
		if (writer.part[i] && fclose(writer.part[i]) != 0)
			r = -ENOMEM;
	if (r < 0)
		ruleset_rules_clear(rules);
	return r < 0 ? r : 0;
}

void ruleset_rules_clear(struct ruleset_rules *rules)
{
	for (unsigned i = 0; i < RULESET_PARTS; i++)
		free(rules->part[i]);
	*rules = (struct ruleset_rules){ 0 };
}
