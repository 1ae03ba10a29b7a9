// SPDX-License-Identifier: GPL-2.0-or-later
/* What is written for rules made by hand; that the kernel takes it so is shown by tests/netns. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/network/ruleset_batch.h"
#include "agent/lib/ruleset/ruleset_text.h"
#include "tests/unit/unit.h"

#define TCP (1u << NET_PROTOCOL_TCP)
#define UDP (1u << NET_PROTOCOL_UDP)

static const struct net_prefix server[] = {
	{ .family = NET_FAMILY_IPV4, .bits = 32, .bytes = { 10, 20, 0, 5 } },
	{ .family = NET_FAMILY_IPV6, .bits = 128, .bytes = { 0xfd, 0x12, [15] = 5 } },
};
static const struct net_prefix local[] = {
	{ .family = NET_FAMILY_IPV4, .bits = 16, .bytes = { 10, 20 } },
};
static const struct net_ports https[] = { { 443, 443 }, { 8443, 8443 } };

/* The rules that the stand-in for policy_net_filter() visits. */
static const struct net_filter_rule *rules;
static size_t rule_count;
static int filter_error;

static int filter(const struct policy *policy, const struct policy_context *context,
		  const struct net_link *link,
		  int (*visit)(void *data, const struct net_filter_rule *rule), void *data)
{
	int r = filter_error;

	(void)policy;
	(void)context;
	(void)link;
	for (size_t i = 0; r >= 0 && i < rule_count; i++)
		r = visit(data, &rules[i]);
	return r;
}

static struct net_link links[] = {
	{ .index = 1, .nsid = -1, .arphrd = 772, .name = "lo" },
	{ .index = 2, .nsid = -1, .arphrd = 1, .name = "eth0" },
	{ .index = 3, .nsid = -1, .arphrd = 1, .name = "wlan0" },
};

/* One permitted link, eth0, with @count rules; the text of base alone is kept for the test. */
static char *text_of(const struct net_filter_rule *items, size_t count)
{
	static char *text;
	struct ruleset_link wanted[3] = { { .link = &links[0] },
					  { .link = &links[1], .permitted = true },
					  { .link = &links[2] } };
	/* The filter above never looks at the policy. */
	struct ruleset_plan plan = { .policy = (const struct policy *)&text,
				     .links = wanted,
				     .count = 3,
				     .filter = filter };

	rules = items;
	rule_count = count;
	free(text);
	ck_assert_int_eq(ruleset_text(&plan, false, &text), 0);
	return text;
}

static unsigned count_of(const char *text, const char *line)
{
	unsigned count = 0;

	for (; (text = strstr(text, line)); text += strlen(line))
		count++;
	return count;
}

/* Text of the named chain of one family, in one buffer. */
static const char *chain(const char *text, const char *family, const char *name)
{
	static char buffer[8192];
	char begin[64];
	const char *at, *end;

	snprintf(begin, sizeof(begin), "table %s airgap_base {", family);
	at = strstr(text, begin);
	ck_assert_ptr_nonnull(at);
	snprintf(begin, sizeof(begin), "\tchain %s {\n", name);
	at = strstr(at, begin);
	ck_assert_msg(at, "no chain %s", name);
	end = strstr(at, "\n\t}\n");
	snprintf(buffer, sizeof(buffer), "%.*s\n", (int)(end - at), at);
	return buffer;
}

static void check_line(const char *text, const char *line)
{
	ck_assert_msg(strstr(text, line), "no line\n%s\nin\n%s", line, text);
}

static struct net_filter_rule flow(const char *name, bool allow)
{
	return (struct net_filter_rule){ .name = name,
					 .allow = allow,
					 .any_to = true,
					 .any_from = true,
					 .any_protocol = true,
					 .any_port = true };
}

START_TEST(an_allow_with_ports)
{
	struct net_filter_rule it = flow("office", true);
	const char *text, *out;

	it.any_to = it.any_protocol = it.any_port = false;
	it.to = server;
	it.to_count = 2;
	it.protocols = TCP;
	it.ports = https;
	it.port_count = 2;
	text = text_of(&it, 1);
	out = chain(text, "inet", "ag_out4_2");
	check_line(out, "\t\tmeta l4proto 6 th dport { 443, 8443 } ip daddr 10.20.0.5 accept "
			"comment \"office\"\n");
	ck_assert_uint_eq(count_of(out, "ip6") + count_of(out, "frag"), 0);
	check_line(chain(text, "inet", "ag_out6_2"),
		   "\t\tmeta l4proto 6 th dport { 443, 8443 } ip6 daddr fd12::5 accept "
		   "comment \"office\"\n");
	check_line(chain(text, "inet", "ag_in4_2"),
		   "\t\tmeta l4proto 6 th sport { 443, 8443 } ip saddr 10.20.0.5 accept "
		   "comment \"office\"\n");
	check_line(chain(text, "netdev", "ag_out4_2"),
		   "\t\tip frag-off & 0x1fff != 0 meta l4proto 6 ip daddr 10.20.0.5 accept "
		   "comment \"office\"\n");
	check_line(chain(text, "inet", "ag_in6_2"),
		   "\t\tfrag frag-off != 0 meta l4proto 6 ip6 saddr fd12::5 accept "
		   "comment \"office\"\n");
}
END_TEST

START_TEST(a_forbid_comes_before_the_source_and_allows)
{
	const struct net_filter_rule items[] = { flow("not-there", false), flow("all", true) };
	struct net_filter_rule both[2] = { items[0], items[1] };
	const char *out;
	const char *forbid, *from, *allow;

	both[0].any_to = false;
	both[0].to = server;
	both[0].to_count = 1;
	out = chain(text_of(both, 2), "inet", "ag_out4_2");
	forbid = strstr(out, "ip daddr 10.20.0.5 goto ag_refuse comment \"not-there\"");
	from = strstr(out, "jump ag_from4_2");
	allow = strstr(out, "\t\taccept comment \"all\"");
	ck_assert(forbid && from && allow && forbid < from && from < allow);
	ck_assert_uint_eq(count_of(out, "not-there"), 1);
	check_line(out, "\t\tgoto ag_refuse\n");
}
END_TEST

START_TEST(addresses_of_the_terminal)
{
	struct net_filter_rule items[] = { flow("stranger", false), flow("lan-addr", true) };
	const char *text;

	for (unsigned i = 0; i < 2; i++) {
		items[i].address_rule = true;
		items[i].any_from = false;
		items[i].from = local;
		items[i].from_count = 1;
		items[i].from_inverted = i == 0;
	}
	text = text_of(items, 2);
	check_line(chain(text, "inet", "ag_out4_2"),
		   "\t\tip saddr != 10.20.0.0/16 goto ag_refuse comment \"stranger\"\n");
	check_line(chain(text, "inet", "ag_out6_2"), "\t\tgoto ag_refuse comment \"stranger\"\n");
	ck_assert_str_eq(chain(text, "inet", "ag_from4_2"),
			 "\tchain ag_from4_2 {\n"
			 "\t\tip saddr 10.20.0.0/16 return comment \"lan-addr\"\n"
			 "\t\tgoto ag_refuse\n");
	ck_assert_uint_eq(count_of(chain(text, "inet", "ag_out4_2"), "accept comment"), 0);
}
END_TEST

START_TEST(protocols)
{
	static const struct {
		uint32_t mask;
		const char *words; /* NULL: no line at all */
	} cases[] = {
		{ TCP | UDP, "\t\tmeta l4proto { 6, 17 } accept" },
		{ 1u << NET_PROTOCOL_ICMP, "\t\tmeta l4proto { 1, 58 } accept" },
		{ 1u << NET_PROTOCOL_OTHER, "\t\tmeta l4proto != { 6, 17, 1, 58 } accept" },
		{ UDP | 1u << NET_PROTOCOL_OTHER, "\t\tmeta l4proto != { 6, 1, 58 } accept" },
		{ 15 & ~TCP, "\t\tmeta l4proto != 6 accept" },
		{ 15, "\t\taccept" },
		{ 0, NULL },
	};
	struct net_filter_rule it = flow("p", true);
	const char *out;

	it.any_protocol = false;
	it.protocols = cases[_i].mask;
	out = chain(text_of(&it, 1), "inet", "ag_out4_2");
	if (cases[_i].words)
		check_line(out, cases[_i].words);
	else
		ck_assert_uint_eq(count_of(out, "comment \"p\""), 0);
}
END_TEST

/* Ports are of TCP and UDP only, whatever the rule says of protocols. */
START_TEST(ports_without_a_protocol)
{
	struct net_filter_rule it = flow("p", true);

	it.any_port = false;
	it.ports = https;
	it.port_count = 1;
	check_line(chain(text_of(&it, 1), "inet", "ag_out4_2"),
		   "\t\tth dport 443 meta l4proto { 6, 17 } accept");
	it.any_protocol = false;
	it.protocols = 1u << NET_PROTOCOL_ICMP;
	ck_assert_uint_eq(count_of(text_of(&it, 1), "comment \"p\""), 0);
}
END_TEST

START_TEST(names_are_made_harmless)
{
	struct net_filter_rule it = flow("a\" drop; }\n# {", true);
	const char *out = chain(text_of(&it, 1), "inet", "ag_out4_2");

	check_line(out, "\t\taccept comment \"a__drop_______\"\n");
}
END_TEST

START_TEST(a_link_that_is_not_permitted)
{
	struct net_filter_rule it = flow("all", true);
	const char *text = text_of(&it, 1);

	ck_assert_str_eq(chain(text, "netdev", "ag_egress_3"),
			 "\tchain ag_egress_3 {\n\t\ttype filter hook egress device \"wlan0\" "
			 "priority 2147483647; policy drop;\n\t\tgoto ag_refuse\n");
	ck_assert_uint_eq(count_of(text, "wlan0"), 1);
	ck_assert_uint_eq(count_of(text, "ag_egress_1 "), 0);
	check_line(chain(text, "inet", "ag_output"), "\t\toif 2 oifname \"eth0\" goto ag_out_2\n");
	check_line(chain(text, "arp", "ag_output"), "\t\toif 2 oifname \"eth0\" accept\n");
}
END_TEST

START_TEST(nothing_is_permitted_without_a_policy)
{
	struct ruleset_link wanted[] = { { .link = &links[1], .permitted = true, .eapol = true } };
	struct ruleset_plan plan = { .links = wanted, .count = 1, .filter = filter };
	struct net_filter_rule it = flow("all", true);
	char *text;

	rules = &it;
	rule_count = 1;
	ck_assert_int_eq(ruleset_text(&plan, true, &text), 0);
	/* lo at output and input, in both copies, and nothing else */
	ck_assert_uint_eq(count_of(text, "accept"), 4);
	ck_assert_uint_eq(count_of(text, "ifname \"lo\" accept"), 4);
	ck_assert_uint_eq(count_of(text, "flags owner"), 3);
	free(text);
}
END_TEST

START_TEST(strange_names)
{
	static const char *const good[] = {
		"eth0", "enp0s31f6", "br-12ab", "eth0.5", "a@b_c", "5"
	};
	static const char *const bad[] = { "",	  "eth*", "a\"b",
					   "a b", "a\\b", "\xc3\xa9th",
					   "a{",  "a;b",  "0123456789abcdef" };
	struct net_link link = { .index = 7, .nsid = -1, .arphrd = 1, .name = "eth*" };
	struct ruleset_link wanted = { .link = &link, .permitted = true };
	struct ruleset_plan plan = { .policy = (const struct policy *)&link,
				     .links = &wanted,
				     .count = 1,
				     .filter = filter };
	char *text;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		ck_assert_msg(ruleset_nameable(good[i]), "%s", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(!ruleset_nameable(bad[i]), "%s", bad[i]);
	rule_count = 0;
	ck_assert_int_eq(ruleset_text(&plan, false, &text), 0);
	ck_assert_uint_eq(count_of(text, "eth"), 0);
	ck_assert_uint_eq(count_of(text, "_7 "), 0);
	free(text);
}
END_TEST

START_TEST(an_error_of_the_filter)
{
	struct ruleset_link wanted = { .link = &links[1], .permitted = true };
	struct ruleset_plan plan = { .policy = (const struct policy *)&wanted,
				     .links = &wanted,
				     .count = 1,
				     .filter = filter };
	char *text;

	filter_error = -ENOMEM;
	ck_assert_int_eq(ruleset_text(&plan, true, &text), -ENOMEM);
	ck_assert_ptr_null(text);
	filter_error = 0;
}
END_TEST

START_TEST(links_that_are_no_ethernet)
{
	struct net_filter_rule it = flow("all", true);
	const char *egress;

	links[1].arphrd = 65534; /* ARPHRD_NONE */
	egress = chain(text_of(&it, 1), "netdev", "ag_egress_2");
	check_line(egress, "\t\tmeta protocol ip goto ag_out4_2\n"
			   "\t\tmeta protocol ip6 goto ag_out6_2\n");
	ck_assert_uint_eq(count_of(egress, "ether"), 0);
	links[1].arphrd = 1;
	check_line(chain(text_of(&it, 1), "netdev", "ag_egress_2"),
		   "\t\tether type ip goto ag_out4_2\n");
}
END_TEST

START_TEST(tallies)
{
	static const char listing[] =
		"table inet a {\n"
		"\tcounter c {\n\t}\n\n"
		"\tset s {\n\t\ttype uid\n\t\tflags dynamic,timeout\n\t}\n\n"
		"\tchain one {\n"
		"\t\ttype filter hook output priority raw - 10; policy drop;\n"
		"\t\tip daddr { 10.0.0.1, 10.0.0.9-10.0.0.11 } th dport { 1, 2, 3 } accept comment "
		"\"a, { b\"\n"
		"\t\tgoto two\n"
		"\t}\n\n"
		"\tchain two {\n\t\ttype filter hook input priority 0; policy accept;\n\t}\n"
		"}\n"
		"table arp b { # progname x\n\tflags owner\n}\n";
	struct ruleset_tally tally = ruleset_tally(listing);

	ck_assert_uint_eq(tally.tables, 2);
	ck_assert_uint_eq(tally.flags, 1);
	ck_assert_uint_eq(tally.sets, 2);
	ck_assert_uint_eq(tally.chains, 2);
	ck_assert_uint_eq(tally.hooks, 1);
	ck_assert_uint_eq(tally.rules, 2);
	ck_assert_uint_eq(tally.elements, 5);
}
END_TEST

/* Chains that stay are kept, those that went or have another device now are deleted first. */
START_TEST(batches)
{
	static const char held[] =
		"table inet airgap_base {\n\tchain ag_out_2 {\n\t\tgoto x\n\t}\n\tchain ag_out_9 "
		"{\n\t}\n}\n"
		"table netdev airgap_own { # progname airgapd\n\tflags owner\n"
		"\tchain ag_egress_2 {\n"
		"\t\ttype filter hook egress device \"eth0\" priority 2147483647; policy drop;\n\t}\n"
		"\tchain ag_egress_3 {\n"
		"\t\ttype filter hook egress device \"old\" priority 2147483647; policy drop;\n\t}\n}\n";
	static const char meant[] =
		"table inet airgap_base {\n\tchain ag_out_2 {\n\t}\n}\n"
		"table netdev airgap_own {\n\tflags owner;\n"
		"\tchain ag_egress_2 {\n"
		"\t\ttype filter hook egress device \"eth0\" priority 2147483647; policy drop;\n\t}\n"
		"\tchain ag_egress_3 {\n"
		"\t\ttype filter hook egress device \"new\" priority 2147483647; policy drop;\n\t}\n}\n";
	char *batch, *expected;

	ck_assert_int_gt(asprintf(&expected,
				  "flush table inet airgap_base\n"
				  "flush table netdev airgap_own\n"
				  "delete chain inet airgap_base ag_out_9\n"
				  "delete chain netdev airgap_own ag_egress_3\n%s",
				  meant),
			 0);
	ck_assert_int_eq(ruleset_batch(held, meant, &batch), 0);
	ck_assert_str_eq(batch, expected);
	free(batch);
	ck_assert_int_eq(ruleset_batch("", meant, &batch), 0);
	ck_assert_str_eq(batch, meant);
	free(batch);
	free(expected);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ruleset_text");
	TCase *tests = tcase_create("ruleset_text");

	tcase_add_test(tests, an_allow_with_ports);
	tcase_add_test(tests, a_forbid_comes_before_the_source_and_allows);
	tcase_add_test(tests, addresses_of_the_terminal);
	tcase_add_loop_test(tests, protocols, 0, 7);
	tcase_add_test(tests, ports_without_a_protocol);
	tcase_add_test(tests, names_are_made_harmless);
	tcase_add_test(tests, a_link_that_is_not_permitted);
	tcase_add_test(tests, nothing_is_permitted_without_a_policy);
	tcase_add_test(tests, strange_names);
	tcase_add_test(tests, an_error_of_the_filter);
	tcase_add_test(tests, links_that_are_no_ethernet);
	tcase_add_test(tests, tallies);
	tcase_add_test(tests, batches);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
