// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/ruleset/ruleset_points.h"

#include <errno.h>
#include <stdlib.h>

#include "agent/lib/ruleset/ruleset_set.h"

/* Of one link and family. A rule with more than is left of them is not taken apart. */
#define POINTS 128
#define SMALL  16 /* numbers that follow one another */
#define FEW    3

struct point {
	unsigned __int128 to;
	uint16_t port;
	uint8_t protocol; /* enum net_protocol */
};

/* What a forbid can match; its conditions on the source of a flow are taken as met. */
struct forbid {
	struct net_filter_rule rule; /* its flags alone: its lists are gone */
	struct ruleset_set to, ports, from;
};

struct ruleset_points {
	uint8_t family;
	struct point items[POINTS];
	size_t count;
	struct forbid *forbids;
	size_t forbid_count;
	struct ruleset_set sources;
};

struct ruleset_points *ruleset_points_new(uint8_t family)
{
	struct ruleset_points *points = calloc(1, sizeof(*points));

	if (points && ruleset_set_prefixes(&points->sources, family, NULL, 0) < 0) {
		free(points);
		return NULL;
	}
	if (points)
		points->family = family;
	return points;
}

static void forbid_clear(struct forbid *forbid)
{
	ruleset_set_clear(&forbid->to);
	ruleset_set_clear(&forbid->ports);
	ruleset_set_clear(&forbid->from);
}

void ruleset_points_free(struct ruleset_points *points)
{
	if (!points)
		return;
	for (size_t i = 0; i < points->forbid_count; i++)
		forbid_clear(&points->forbids[i]);
	free(points->forbids);
	ruleset_set_clear(&points->sources);
	free(points);
}

static int add_forbid(struct ruleset_points *points, const struct net_filter_rule *rule)
{
	struct forbid *forbids =
		reallocarray(points->forbids, points->forbid_count + 1, sizeof(*forbids));
	struct forbid *forbid;

	if (!forbids)
		return -ENOMEM;
	points->forbids = forbids;
	forbid = &forbids[points->forbid_count++];
	*forbid = (struct forbid){ .rule = *rule };
	if (ruleset_set_prefixes(&forbid->to, points->family, rule->to, rule->to_count) < 0 ||
	    ruleset_set_prefixes(&forbid->from, points->family, rule->from, rule->from_count) < 0 ||
	    ruleset_set_ports(&forbid->ports, rule->ports, rule->port_count) < 0)
		return -ENOMEM;
	return 0;
}

static bool forbid_can_match(const struct forbid *it, const struct point *point)
{
	const struct net_filter_rule *rule = &it->rule;

	return !rule->address_rule &&
	       (rule->any_protocol || rule->protocols & 1U << point->protocol) &&
	       (rule->any_port ||
		ruleset_set_has(&it->ports, point->port) != rule->ports_inverted) &&
	       (rule->any_to || ruleset_set_has(&it->to, point->to) != rule->to_inverted);
}

static void add_point(struct ruleset_points *points, const struct point *point)
{
	const struct point *items = points->items;

	for (size_t i = 0; i < points->forbid_count; i++)
		if (forbid_can_match(&points->forbids[i], point))
			return;
	/* nft takes an element once. */
	for (size_t i = 0; i < points->count; i++)
		if (items[i].to == point->to && items[i].port == point->port &&
		    items[i].protocol == point->protocol)
			return;
	points->items[points->count++] = *point;
}

/* Networks and wide ranges are left to the list. */
static bool is_small(const struct ruleset_range *range)
{
	return range->last - range->first < SMALL;
}

static size_t numbers(const struct ruleset_range *range)
{
	return (size_t)(range->last - range->first) + 1;
}

static size_t numbers_of(const struct ruleset_set *set)
{
	size_t sum = 0;

	for (size_t i = 0; i < set->count; i++)
		if (is_small(&set->items[i]))
			sum += numbers(&set->items[i]);
	return sum;
}

static void add_ports(struct ruleset_points *points, const struct ruleset_set *ports,
		      struct point point)
{
	for (size_t i = 0; i < ports->count; i++) {
		if (!is_small(&ports->items[i]))
			continue;
		for (unsigned port = (unsigned)ports->items[i].first;
		     port <= (unsigned)ports->items[i].last; port++) {
			point.port = (uint16_t)port;
			add_point(points, &point);
		}
	}
}

static void add_product(struct ruleset_points *points, const struct ruleset_set *to,
			const struct ruleset_set *ports, uint8_t protocol)
{
	for (size_t i = 0; i < to->count; i++) {
		struct point point = { .to = to->items[i].first, .protocol = protocol };

		for (size_t n = 0; is_small(&to->items[i]) && n < numbers(&to->items[i]); n++) {
			add_ports(points, ports, point);
			point.to++;
		}
	}
}

static int add_flow(struct ruleset_points *points, const struct net_filter_rule *rule)
{
	struct ruleset_set to, ports = { 0 };
	size_t many;
	int r;

	if (rule->any_to || rule->to_inverted || !rule->any_from || rule->any_port ||
	    rule->ports_inverted)
		return 0;
	r = ruleset_set_prefixes(&to, points->family, rule->to, rule->to_count);
	if (r == 0)
		r = ruleset_set_ports(&ports, rule->ports, rule->port_count);
	many = r == 0 ? numbers_of(&to) * numbers_of(&ports) : 0;
	/* Twice, for two protocols. */
	if (2 * many <= POINTS - points->count) {
		if (many && (rule->any_protocol || rule->protocols & 1U << NET_PROTOCOL_TCP))
			add_product(points, &to, &ports, NET_PROTOCOL_TCP);
		if (many && (rule->any_protocol || rule->protocols & 1U << NET_PROTOCOL_UDP))
			add_product(points, &to, &ports, NET_PROTOCOL_UDP);
	}
	ruleset_set_clear(&to);
	ruleset_set_clear(&ports);
	return r;
}

/* What needs no rule (line 0) is left to the list: one network is found sooner than one of four. */
static int add_sources(struct ruleset_points *points, const struct net_filter_rule *rule)
{
	struct ruleset_set more;
	int r;

	if (rule->line == 0 || rule->any_from || rule->from_inverted)
		return 0;
	r = ruleset_set_prefixes(&more, points->family, rule->from, rule->from_count);
	for (size_t i = 0; r == 0 && i < points->forbid_count; i++) {
		const struct forbid *it = &points->forbids[i];

		if (it->rule.address_rule && it->rule.any_from)
			more.count = 0;
		else if (it->rule.address_rule)
			ruleset_set_leave_out(&more, &it->from, it->rule.from_inverted);
	}
	if (r == 0)
		r = ruleset_set_join(&points->sources, &more);
	ruleset_set_clear(&more);
	return r;
}

int ruleset_points_add(struct ruleset_points *points, const struct net_filter_rule *rule)
{
	if (!rule->allow)
		return add_forbid(points, rule);
	return rule->address_rule ? add_sources(points, rule) : add_flow(points, rule);
}

static void print_sources(const struct ruleset_points *points, FILE *out)
{
	if (ruleset_set_extent(&points->sources, false) == RULESET_SOME)
		ruleset_set_print(out, points->family == NET_FAMILY_IPV6 ? "ip6 saddr" : "ip saddr",
				  &points->sources, false);
}

static unsigned number_of(const struct point *point)
{
	return point->protocol == NET_PROTOCOL_TCP ? 6U : 17U;
}

/*
 * What goes out by this way has no route of its own in options or further headers, which the list
 * refuses: nothing stands between the header and TCP or UDP.
 */
static const char *protocol_of(const struct ruleset_points *points, bool answer)
{
	return points->family == NET_FAMILY_IPV6 && !answer ? "ip6 nexthdr" : "meta l4proto";
}

static void print_plain(const struct ruleset_points *points, FILE *out)
{
	if (points->family == NET_FAMILY_IPV4)
		fputs("ip hdrlength 5 ", out);
}

/* A few are compared one by one, which takes less time than a set; and nft takes no set of one. */
static void print_each(const struct ruleset_points *points, bool answer, FILE *out)
{
	const char *six = points->family == NET_FAMILY_IPV6 ? "6" : "";

	for (size_t i = 0; i < points->count; i++) {
		const struct point *it = &points->items[i];

		fprintf(out, "\t\tth %s %u %s %u ip%s %s ", answer ? "sport" : "dport", it->port,
			protocol_of(points, answer), number_of(it), six,
			answer ? "saddr" : "daddr");
		ruleset_set_print_number(out, points->family, it->to);
		fputc(' ', out);
		if (!answer) {
			print_plain(points, out);
			print_sources(points, out);
		}
		fputs("accept\n", out);
	}
}

static void print_set(const struct ruleset_points *points, bool answer, FILE *out)
{
	fputs("\t\t", out);
	if (!answer) {
		print_plain(points, out);
		print_sources(points, out);
	}
	fprintf(out, "ip%s %s . %s . th %s { ", points->family == NET_FAMILY_IPV6 ? "6" : "",
		answer ? "saddr" : "daddr", protocol_of(points, answer),
		answer ? "sport" : "dport");
	for (size_t i = 0; i < points->count; i++) {
		const struct point *it = &points->items[i];

		fputs(i > 0 ? ", " : "", out);
		ruleset_set_print_number(out, points->family, it->to);
		fprintf(out, " . %u . %u", number_of(it), it->port);
	}
	fputs(" } accept\n", out);
}

static void print(const struct ruleset_points *points, bool answer, FILE *out)
{
	if (points->count <= FEW)
		print_each(points, answer, out);
	else
		print_set(points, answer, out);
}

void ruleset_points_out(const struct ruleset_points *points, FILE *out)
{
	if (points->sources.count > 0)
		print(points, false, out);
}

void ruleset_points_in(const struct ruleset_points *points, FILE *out)
{
	print(points, true, out);
}
