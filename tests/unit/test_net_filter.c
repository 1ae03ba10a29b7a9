// SPDX-License-Identifier: GPL-2.0-or-later
/* What policy_net_filter() gives a packet filter decides as the policy does. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/decide/context.h"
#include "policy/decide/prefix_list.h"
#include "tests/unit/policy_fixture.h"
#include "tests/unit/random_value.h"
#include "tests/unit/table_fixture.h"
#include "tests/unit/unit.h"

#define PACKETS 400

/* Few values, so that rules and packets meet. */
static const char *const networks[] = {
	"10.0.0.0/8",  "10.1.0.0/16",	"10.1.2.0/24",	  "10.1.2.3",
	"10.1.2.4/30", "0.0.0.0/0",	"192.0.2.0/24",	  "169.254.0.0/16",
	"fd00::/8",    "fd12:7::/48",	"fd12:7::17",	  "::/0",
	"fe80::/10",   "10.1.2.128/25", "fd12:7::10/124", "127.0.0.0/8",
};
static const char *const addresses[] = {
	"10.1.2.3",   "10.1.2.5",    "10.1.2.200",  "10.1.9.9",	 "10.9.9.9",	    "192.0.2.1",
	"8.8.8.8",    "169.254.9.9", "224.0.0.251", "127.0.0.1", "255.255.255.255", "fd12:7::17",
	"fd12:7::18", "fd12:8::1",   "fe80::1",	    "ff02::fb",	 "2001:db8::1",	    "::1",
};
static const char *const ports[] = { "1", "2", "3", "53", "80", "443", "65535" };

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static void put_list(uint64_t *state, FILE *out, const char *const *words, unsigned int count)
{
	unsigned int first = roll(state, count), length = 1 + roll(state, count < 4 ? count : 4);

	fputs(" [", out);
	for (unsigned int i = 0; i < length; i++)
		fprintf(out, " %s", words[(first + i) % count]);
	fputs(" ]", out);
}

static void put_in(uint64_t *state, FILE *out, const char *attribute, const char *const *words,
		   unsigned int count)
{
	fprintf(out, "%s %s", attribute, roll(state, 3) ? "in" : "not-in");
	put_list(state, out, words, count);
}

static void put_address(uint64_t *state, FILE *out)
{
	switch (roll(state, 6)) {
	case 0:
		fputs("address is registered", out);
		return;
	case 1:
		fprintf(out, "address %s", networks[roll(state, COUNT(networks))]);
		return;
	case 2:
		fputs("address in @some", out);
		return;
	default:
		fputs("address in", out);
		put_list(state, out, networks, COUNT(networks));
	}
}

static void put_link(uint64_t *state, FILE *out)
{
	static const char *const kinds[] = { "ethernet", "wifi", "virtual" };
	static const char *const names[] = { "eth0", "eth1", "wlan0" };

	switch (roll(state, 3)) {
	case 0:
		fputs("interface is registered", out);
		return;
	case 1:
		put_in(state, out, "kind", kinds, COUNT(kinds));
		return;
	default:
		put_in(state, out, "interface", names, COUNT(names));
	}
}

static void put_flow(uint64_t *state, FILE *out)
{
	static const char *const protocols[] = { "tcp", "udp", "icmp" };
	unsigned int what = 1 + roll(state, 7);

	if (what & 1) {
		fputs(", egress to", out);
		put_list(state, out, networks, COUNT(networks));
	}
	if (what & 2) {
		fputs(", ", out);
		put_in(state, out, "protocol", protocols, COUNT(protocols));
	}
	if (what & 4) {
		fputs(", ", out);
		put_in(state, out, "port", ports, COUNT(ports));
		if (roll(state, 4) == 0)
			fprintf(out, ", port %s", ports[roll(state, COUNT(ports))]);
	}
}

/* Rules are of the subject that their deepest condition makes them. */
static void put_rule(uint64_t *state, FILE *out, unsigned int number)
{
	unsigned int kind = roll(state, 4);

	fprintf(out, "%s r%u: ", roll(state, 3) ? "allow" : "forbid", number);
	if (roll(state, 2) || kind == 0) {
		put_link(state, out);
	} else if (kind == 1) {
		put_address(state, out);
	} else {
		fputs("kind not-in [ wifi ]", out);
	}
	if (kind == 1 || roll(state, 6) == 0) {
		fputs(", address not-in", out);
		put_list(state, out, networks, COUNT(networks));
	}
	if (kind > 1)
		put_flow(state, out);
	fputc('\n', out);
}

static char *random_text(uint64_t *state)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	unsigned int count = 1 + roll(state, 8);

	fputs(POLICY_HEAD "table terminals signed [ security 1 ]\n"
			  "set some address [ 10.1.0.0/16 fd12:7::/48 192.0.2.1 ]\nnetwork {\n"
			  "allow l: kind in [ ethernet virtual ]\n",
	      out);
	if (roll(state, 2))
		fputs("allow a: address in [ 10.0.0.0/8 fd00::/8 ]\n", out);
	for (unsigned int i = 0; i < count; i++)
		put_rule(state, out, i);
	fputs("}\n", out);
	fclose(out);
	return text;
}

/* Rules that the check refuses, such as of ports with ICMP, are drawn again. */
static struct policy *random_policy(uint64_t *state)
{
	struct policy *policy = NULL;

	for (int i = 0; i < 1000 && !policy; i++) {
		char *text = random_text(state);

		ck_assert_int_ne(policy_parse(text, strlen(text), NULL, &policy), -ENOMEM);
		free(text);
	}
	ck_assert_ptr_nonnull(policy);
	return policy;
}

static struct net_link random_link(uint64_t *state)
{
	struct net_question question =
		question_of(roll(state, 3) ? "link name eth0 kind ethernet mac 52:54:00:12:34:56"
					   : "link name eth1 kind virtual mac 52:54:00:12:34:57");

	if (roll(state, 8) == 0)
		question.link.kind = roll(state, NET_KIND_COUNT);
	return question.link;
}

static struct net_flow random_flow(uint64_t *state)
{
	struct net_flow flow = {
		.to = prefix_of(addresses[roll(state, COUNT(addresses))]),
		.from = prefix_of(addresses[roll(state, COUNT(addresses))]),
		.protocol = roll(state, NET_PROTOCOL_COUNT),
	};

	/* Ports of TCP and UDP, and 0, which is none. */
	if (flow.protocol == NET_PROTOCOL_TCP || flow.protocol == NET_PROTOCOL_UDP)
		flow.port = (uint16_t)(roll(state, 4)
					       ? strtoul(ports[roll(state, COUNT(ports))], NULL, 10)
					       : roll(state, 5) * 16000);
	return flow;
}

/* --- a packet filter, as plain as can be --- */

struct packet {
	const struct net_flow *flow;
	bool forbidden;
	bool flow_allowed;
	bool address_allowed;
	unsigned int visited;
	bool allows_began;
};

static bool in_list(const struct net_prefix *list, size_t count, const struct net_prefix *it)
{
	for (size_t i = 0; i < count; i++)
		if (prefix_covers(&list[i], it))
			return true;
	return false;
}

static bool in_ports(const struct net_filter_rule *rule, const struct net_flow *flow)
{
	bool found = false;

	if (flow->protocol != NET_PROTOCOL_TCP && flow->protocol != NET_PROTOCOL_UDP)
		return false;
	for (size_t i = 0; i < rule->port_count; i++)
		found = found ||
			(flow->port >= rule->ports[i].first && flow->port <= rule->ports[i].last);
	return found != rule->ports_inverted;
}

static bool rule_matches(const struct net_filter_rule *rule, const struct net_flow *flow)
{
	if (!rule->any_to && in_list(rule->to, rule->to_count, &flow->to) == rule->to_inverted)
		return false;
	if (!rule->any_from &&
	    in_list(rule->from, rule->from_count, &flow->from) == rule->from_inverted)
		return false;
	if (!rule->any_protocol && !(rule->protocols >> flow->protocol & 1))
		return false;
	return rule->any_port || in_ports(rule, flow);
}

static void well_formed(const struct net_filter_rule *rule, struct packet *packet)
{
	ck_assert(rule->name && rule->name[0]);
	ck_assert(!packet->allows_began || rule->allow);
	packet->allows_began = rule->allow;
	ck_assert(!rule->address_rule || (rule->any_to && rule->any_protocol && rule->any_port));
	ck_assert_uint_ne(rule->protocols, 0);
	for (size_t i = 1; i < rule->from_count; i++)
		ck_assert(!prefix_covers(&rule->from[i - 1], &rule->from[i]));
	for (size_t i = 1; i < rule->port_count; i++)
		ck_assert_uint_lt(rule->ports[i - 1].last + 1U, rule->ports[i].first);
}

static int visit(void *data, const struct net_filter_rule *rule)
{
	struct packet *packet = data;

	packet->visited++;
	well_formed(rule, packet);
	if (!rule_matches(rule, packet->flow))
		return 0;
	if (!rule->allow)
		packet->forbidden = true;
	else if (rule->address_rule)
		packet->address_allowed = true;
	else
		packet->flow_allowed = true;
	return 0;
}

static bool filter_permits(const struct policy *policy, const struct policy_context *context,
			   const struct net_link *link, const struct net_flow *flow)
{
	struct packet packet = { .flow = flow };

	ck_assert_int_eq(policy_net_filter(policy, context, link, visit, &packet), 0);
	return packet.flow_allowed && packet.address_allowed && !packet.forbidden;
}

static bool policy_permits(const struct policy *policy, const struct policy_context *context,
			   const struct net_link *link, const struct net_flow *flow)
{
	struct net_address address = { .local = flow->from };
	struct net_verdict verdict, of_address;

	policy_decide_flow(policy, context, link, flow, &verdict);
	policy_decide_address(policy, context, link, &address, &of_address);
	/* An address that is refused takes its flows with it. */
	ck_assert(of_address.result == POLICY_RESULT_PERMIT ||
		  verdict.result == POLICY_RESULT_REFUSE);
	return verdict.result == POLICY_RESULT_PERMIT;
}

static const char *const tables[] = {
	NULL,
	"\"T-1\" mimi - - - [ 52:54:00:12:34:56 ] - [ 10.1.2.3 fd12:7::17 ] - - active\n",
	"\"T-1\" mimi - - - [ 52:54:00:12:34:56 ] - - - - active\n",
};

START_TEST(filter_as_decided)
{
	uint64_t state = 0x9e3779b97f4a7c15 * (uint64_t)(_i + 1);
	const char *rows = tables[roll(&state, COUNT(tables))];
	struct table *table = rows ? terminals_of(rows) : NULL;
	const struct policy_context context = { .terminals = table, .terminal = "T-1" };
	unsigned int permitted = 0;

	for (unsigned int round = 0; round < 15; round++) {
		struct policy *policy = random_policy(&state);
		struct net_link link = random_link(&state);

		for (unsigned int i = 0; i < PACKETS; i++) {
			struct net_flow flow = random_flow(&state);
			bool permits = policy_permits(policy, &context, &link, &flow);

			permitted += permits;
			ck_assert_int_eq(filter_permits(policy, &context, &link, &flow), permits);
		}
		policy_free(policy);
	}
	ck_assert_uint_gt(permitted, 0);
	table_free(table);
}
END_TEST

static int count(void *data, const struct net_filter_rule *rule)
{
	(void)rule;
	++*(unsigned int *)data;
	return *(unsigned int *)data == 2 ? -EPIPE : 0;
}

START_TEST(ends_early_and_refused_links)
{
	struct policy *policy = policy_net(
		"", "allow l: kind ethernet\nallow a: address 10.0.0.0/8, because \"a\"\n"
		    "allow f: protocol tcp\nforbid w: kind wifi");
	struct net_question good = question_of("link kind ethernet");
	struct net_question bad = question_of("link kind wifi");
	unsigned int visited = 0;

	ck_assert_int_eq(policy_net_filter(policy, NULL, &good.link, count, &visited), -EPIPE);
	ck_assert_uint_eq(visited, 2);
	visited = 0;
	ck_assert_int_eq(policy_net_filter(policy, NULL, &bad.link, count, &visited), 0);
	ck_assert_uint_eq(visited, 0);
	policy_free(policy);
}
END_TEST

START_TEST(loopback_is_open)
{
	struct policy *policy = policy_net("", "forbid f: protocol tcp");
	struct net_question lo = question_of("flow kind loopback from 10.0.0.1 to 8.8.8.8 "
					     "protocol tcp port 80");

	ck_assert(filter_permits(policy, NULL, &lo.link, &lo.flow));
	policy_free(policy);
}
END_TEST

static int keep(void *data, const struct net_filter_rule *rule)
{
	if (!rule->address_rule && rule->port_count == 1)
		*(struct net_ports *)data = rule->ports[0];
	return 0;
}

/* Neighbouring ports are one range, and those left out by the same rule are not in it. */
START_TEST(ranges_of_ports)
{
	struct policy *policy = policy_net(
		"", "allow l: kind ethernet\nallow f: protocol tcp, port in [ 7 5 6 8 ], "
		    "port not-in [ 8 ]");
	struct net_question link = question_of("link kind ethernet");
	struct net_ports range = { 0 };

	ck_assert_int_eq(policy_net_filter(policy, NULL, &link.link, keep, &range), 0);
	ck_assert_uint_eq(range.first, 5);
	ck_assert_uint_eq(range.last, 7);
	policy_free(policy);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("net_filter");
	TCase *tcase = tcase_create("net_filter");

	tcase_add_loop_test(tcase, filter_as_decided, 0, 10);
	tcase_add_test(tcase, ends_early_and_refused_links);
	tcase_add_test(tcase, loopback_is_open);
	tcase_add_test(tcase, ranges_of_ports);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
