// SPDX-License-Identifier: GPL-2.0-or-later
/* Whatever the short way lets pass, the rules permit: read from its text, compared with all packets. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/ruleset/ruleset_points.h"
#include "tests/unit/unit.h"

#define RULES	  8
#define HOSTS	  8 /* 10.0.0.0 to .7 */
#define SOURCES	  4 /* 10.1.0.0 to .3 */
#define PORTS	  6
#define PROTOCOLS 2 /* TCP, UDP: 6, 17 */

static const uint8_t protocols[PROTOCOLS] = { NET_PROTOCOL_TCP, NET_PROTOCOL_UDP };
static const unsigned numbers[PROTOCOLS] = { 6, 17 };

struct packet {
	uint32_t from, to;
	unsigned protocol; /* index of the above */
	uint16_t port;
};

struct random_rules {
	struct net_filter_rule items[RULES];
	struct net_prefix to[RULES][2], from[RULES][2];
	struct net_ports ports[RULES][2];
};

static unsigned below(unsigned sides)
{
	return (unsigned)rand() % sides;
}

static struct net_prefix prefix(uint32_t address, unsigned bits)
{
	struct net_prefix out = { .family = NET_FAMILY_IPV4, .bits = (uint8_t)bits };
	uint32_t wire = htonl(address & (bits ? ~0U << (32 - bits) : 0));

	memcpy(out.bytes, &wire, sizeof(wire));
	return out;
}

static bool has(const struct net_prefix *items, size_t count, uint32_t address)
{
	for (size_t i = 0; i < count; i++) {
		const struct net_prefix cut = prefix(address, items[i].bits);

		if (memcmp(cut.bytes, items[i].bytes, 4) == 0)
			return true;
	}
	return false;
}

static bool matches(const struct net_filter_rule *rule, const struct packet *it)
{
	bool port = false;

	for (size_t i = 0; i < rule->port_count; i++)
		port |= rule->ports[i].first <= it->port && it->port <= rule->ports[i].last;
	return (rule->any_from ||
		has(rule->from, rule->from_count, it->from) != rule->from_inverted) &&
	       (rule->any_to || has(rule->to, rule->to_count, it->to) != rule->to_inverted) &&
	       (rule->any_port || port != rule->ports_inverted) &&
	       (rule->any_protocol || rule->protocols & 1U << protocols[it->protocol]);
}

/* As policy_net_filter() says that its rules are read; what comes back is asked about flows alone. */
static bool is_permitted(const struct random_rules *rules, const struct packet *it, bool answer)
{
	bool flow = false, address = answer;

	for (size_t i = 0; i < RULES; i++) {
		const struct net_filter_rule *rule = &rules->items[i];

		if ((answer && rule->address_rule) || !matches(rule, it))
			continue;
		if (!rule->allow)
			return false;
		if (rule->address_rule)
			address = true;
		else
			flow = true;
	}
	return flow && address;
}

static void make_rules(struct random_rules *rules)
{
	memset(rules, 0, sizeof(*rules));
	for (size_t i = 0; i < RULES; i++) {
		struct net_filter_rule *rule = &rules->items[i];

		*rule = (struct net_filter_rule){
			.line = 1,
			.allow = i >= RULES / 3,
			.address_rule = below(3) == 0,
			.any_to = true,
			.any_protocol = true,
			.any_port = true,
			.any_from = below(3) != 0,
			.from = rules->from[i],
			.from_count = 1 + below(2),
			.from_inverted = below(4) == 0,
			.to = rules->to[i],
			.to_count = 1 + below(2),
			.ports = rules->ports[i],
			.port_count = 1 + below(2),
		};
		for (size_t n = 0; n < 2; n++) {
			uint16_t port = (uint16_t)below(PORTS);

			rules->from[i][n] = prefix(0x0a010000 | below(SOURCES), 30 + below(3));
			rules->to[i][n] = prefix(0x0a000000 | below(HOSTS), 29 + below(4));
			rules->ports[i][n] =
				(struct net_ports){ port, (uint16_t)(port + below(2)) };
		}
		if (rule->address_rule) {
			rule->any_from = below(8) == 0;
			continue;
		}
		rule->any_to = below(4) == 0;
		rule->to_inverted = below(4) == 0;
		rule->any_port = below(4) == 0;
		rule->ports_inverted = below(4) == 0;
		rule->any_protocol = below(2) == 0;
		rule->protocols = below(1U << NET_PROTOCOL_COUNT);
	}
}

/* "10.0.0.1", "10.0.0.0/31" or "10.0.0.1-10.0.0.2", one or several in braces, after a selector. */
static bool says_address(const char *line, const char *selector, uint32_t address)
{
	const char *at = strstr(line, selector), *end;

	if (!at)
		return true;
	at += strlen(selector) + strspn(at + strlen(selector), "{ ");
	for (end = at + strcspn(at, "}tima"); at < end; at += strcspn(at, ",}t") + 1) {
		char first[32] = "", last[32] = "";
		unsigned bits = 32;
		uint32_t low, high;

		at += strspn(at, " ");
		if (sscanf(at, "%31[0-9.]-%31[0-9.]", first, last) < 1)
			break;
		sscanf(at, "%*[0-9.]/%u", &bits);
		low = ntohl(inet_addr(first));
		high = last[0] ? ntohl(inet_addr(last))
			       : low | (uint32_t)((1ULL << (32 - bits)) - 1);
		if (low <= address && address <= high)
			return true;
	}
	return false;
}

static bool says_point(const char *line, const struct packet *it, bool answer)
{
	char text[128];
	const char *direction = answer ? "s" : "d";

	snprintf(text, sizeof(text), "th %sport %u meta l4proto %u ip %saddr 10.0.0.%u ", direction,
		 it->port, numbers[it->protocol], direction, it->to & 0xff);
	if (strstr(line, text))
		return true;
	snprintf(text, sizeof(text), " 10.0.0.%u . %u . %u", it->to & 0xff, numbers[it->protocol],
		 it->port);
	for (const char *at = strstr(line, text); at; at = strstr(at + 1, text))
		if (strchr(", ", at[strlen(text)]))
			return true;
	return false;
}

static bool passes(const char *text, const struct packet *it, bool answer)
{
	for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
		char copy[8192];

		snprintf(copy, sizeof(copy), "%.*s", (int)strcspn(line, "\n"), line);
		if (says_point(copy, it, answer) &&
		    (answer || says_address(copy, "ip saddr ", it->from)))
			return true;
	}
	return false;
}

static char *text_of(const struct random_rules *rules, bool answer)
{
	struct ruleset_points *points = ruleset_points_new(NET_FAMILY_IPV4);
	size_t length;
	char *text;
	FILE *out = open_memstream(&text, &length);

	for (size_t i = 0; i < RULES; i++)
		ck_assert_int_eq(ruleset_points_add(points, &rules->items[i]), 0);
	(answer ? ruleset_points_in : ruleset_points_out)(points, out);
	fclose(out);
	ruleset_points_free(points);
	return text;
}

static unsigned check_all(const struct random_rules *rules, bool answer)
{
	char *text = text_of(rules, answer);
	unsigned passed = 0;

	for (unsigned i = 0; i < SOURCES * HOSTS * PROTOCOLS * (PORTS + 2); i++) {
		const struct packet it = {
			.from = 0x0a010000 | i % SOURCES,
			.to = 0x0a000000 | i / SOURCES % HOSTS,
			.protocol = i / SOURCES / HOSTS % PROTOCOLS,
			.port = (uint16_t)(i / SOURCES / HOSTS / PROTOCOLS),
		};

		if (!passes(text, &it, answer))
			continue;
		passed++;
		ck_assert_msg(is_permitted(rules, &it, answer),
			      "from .%u to .%u protocol %u port %u by\n%s", it.from & 0xff,
			      it.to & 0xff, numbers[it.protocol], it.port, text);
	}
	free(text);
	return passed;
}

START_TEST(never_more_than_the_rules)
{
	unsigned out = 0, in = 0;

	srand(20);
	for (unsigned round = 0; round < 3000; round++) {
		struct random_rules rules;

		make_rules(&rules);
		out += check_all(&rules, false);
		in += check_all(&rules, true);
	}
	/* A short way that nothing ever takes would pass, too. */
	ck_assert_uint_gt(out, 1000);
	ck_assert_uint_gt(in, 1000);
}
END_TEST

static struct net_filter_rule service(const struct net_prefix *to, size_t count,
				      const struct net_ports *ports)
{
	return (struct net_filter_rule){ .line = 1,
					 .allow = true,
					 .to = to,
					 .to_count = count,
					 .any_from = true,
					 .protocols = 1U << NET_PROTOCOL_TCP,
					 .ports = ports,
					 .port_count = 1 };
}

/* An allow of one service, and one about the addresses that may send; a forbid before, or NULL. */
static void check_lines(const struct net_filter_rule *forbid, const struct net_filter_rule *allow,
			const char *out_lines, const char *in_lines)
{
	const struct net_prefix local = prefix(0x0a010000, 16);
	const struct net_filter_rule from = { .line = 1,
					      .allow = true,
					      .address_rule = true,
					      .any_to = true,
					      .any_protocol = true,
					      .any_port = true,
					      .from = &local,
					      .from_count = 1 };
	struct random_rules rules;
	char *text;

	/* The rest are forbids of no protocol at all. */
	memset(&rules, 0, sizeof(rules));
	if (forbid)
		rules.items[0] = *forbid;
	rules.items[RULES - 2] = *allow;
	rules.items[RULES - 1] = from;
	text = text_of(&rules, false);
	ck_assert_str_eq(text, out_lines);
	free(text);
	text = text_of(&rules, true);
	ck_assert_str_eq(text, in_lines);
	free(text);
}

START_TEST(as_written)
{
	const struct net_prefix hosts[] = { prefix(0x0a000005, 32), prefix(0x0a000100, 24) };
	const struct net_ports one = { 443, 443 }, four = { 440, 443 };
	const struct net_filter_rule single = service(hosts, 2, &one);
	const struct net_filter_rule several = service(hosts, 1, &four);
	struct net_filter_rule forbid = service(hosts, 1, &one);

	check_lines(NULL, &single,
		    "\t\tth dport 443 meta l4proto 6 ip daddr 10.0.0.5 ip hdrlength 5 ip saddr "
		    "10.1.0.0/16 accept\n",
		    "\t\tth sport 443 meta l4proto 6 ip saddr 10.0.0.5 accept\n");
	check_lines(NULL, &several,
		    "\t\tip hdrlength 5 ip saddr 10.1.0.0/16 ip daddr . meta l4proto . th dport "
		    "{ 10.0.0.5 . 6 . 440, 10.0.0.5 . 6 . 441, 10.0.0.5 . 6 . 442, "
		    "10.0.0.5 . 6 . 443 } accept\n",
		    "\t\tip saddr . meta l4proto . th sport "
		    "{ 10.0.0.5 . 6 . 440, 10.0.0.5 . 6 . 441, 10.0.0.5 . 6 . 442, "
		    "10.0.0.5 . 6 . 443 } accept\n");
	forbid.allow = false;
	check_lines(&forbid, &single, "", "");
}
END_TEST

/* What has a route of its own has headers between, or options: the list is asked about it. */
START_TEST(nothing_with_a_route_of_its_own)
{
	const struct net_prefix host = { .family = NET_FAMILY_IPV6,
					 .bits = 128,
					 .bytes = { 0xfd } };
	const struct net_prefix local = { .family = NET_FAMILY_IPV6, .bits = 8, .bytes = { 0xfd } };
	const struct net_ports https = { 443, 443 };
	const struct net_filter_rule allow = service(&host, 1, &https);
	const struct net_filter_rule from = {
		.line = 1, .allow = true, .address_rule = true, .from = &local, .from_count = 1
	};
	struct ruleset_points *points = ruleset_points_new(NET_FAMILY_IPV6);
	size_t length;
	char *text;
	FILE *out = open_memstream(&text, &length);

	ck_assert_int_eq(ruleset_points_add(points, &allow), 0);
	ck_assert_int_eq(ruleset_points_add(points, &from), 0);
	ruleset_points_out(points, out);
	fclose(out);
	ck_assert_str_eq(text, "\t\tth dport 443 ip6 nexthdr 6 ip6 daddr fd00:: "
			       "ip6 saddr fd00::/8 accept\n");
	free(text);
	ruleset_points_free(points);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ruleset_points");
	TCase *tests = tcase_create("ruleset_points");

	tcase_add_test(tests, never_more_than_the_rules);
	tcase_add_test(tests, as_written);
	tcase_add_test(tests, nothing_with_a_route_of_its_own);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
