// SPDX-License-Identifier: GPL-2.0-or-later
/* Links, addresses, routes and flows, each step of net.h. */
#include <linux/if_ether.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/decide/context.h"
#include "tests/unit/policy_fixture.h"
#include "tests/unit/table_fixture.h"
#include "tests/unit/unit.h"

#define LINK	  "name eth0 kind ethernet mac 52:54:00:12:34:56 path pci-0000:00:03.0 "
#define OTHER	  "name eth1 kind ethernet mac 52:54:00:12:34:57 path pci-0000:00:04.0 "
#define TERMINALS "table terminals signed [ security 1 ]\n"
#define MACS	  "[ 52:54:00:12:34:56 52:54:00:aa:aa:aa ]"
#define PATHS	  "[ pci-0000:00:03.0 pci-0000:00:09.0 ]"
#define ADDRESSES "[ 10.20.0.17 fd12:7::17 ]"
#define ROW(macs, paths, addresses, status)                                                        \
	"\"T-1\" mimi - - - " macs " " paths " " addresses " - - " status "\n"

static const char office[] =
	"allow lan: interface is registered\n"
	"allow lan-addr: address is registered\n"
	"allow office: egress to [ 10.20.0.5 10.30.0.0/16 fd12:7::5 ], protocol tcp, "
	"port in [ 443 8443 ]\n"
	"allow ping: egress to [ 10.20.0.0/24 ], protocol icmp\n"
	"allow gw: gateway in [ 10.20.0.1 ], route to [ 10.0.0.0/8 ]\n"
	"allow far: route to [ 10.99.0.0/16 ]\n"
	"forbid wireless: kind in [ wifi bluetooth wwan ], because \"no radio\"\n"
	"forbid stranger: address not-in @office-net, because \"foreign network\"\n"
	"forbid db: egress to [ 10.30.7.7 ], protocol tcp, port in [ 8443 ]\n"
	"forbid way: gateway in [ 10.20.0.1 ], route to [ 10.66.0.0/16 ]";

/* Under the office's policy: "permit" or "refuse", the cause, the rule. */
static const struct {
	const char *subject;
	const char *expected;
} cases[] = {
	{ "link " LINK, "permit allow lan" },
	{ "link " OTHER, "refuse default " },
	{ "link name wlan0 kind wifi", "refuse forbid wireless" },
	{ "link name x", "refuse forbid wireless" }, /* of unknown kind: it may be a radio */
	{ "link name lo kind loopback", "permit builtin loopback" },
	{ "address " LINK "address 10.20.0.17/24", "permit allow lan-addr" },
	{ "address " LINK "address fd12:7::17/64", "permit allow lan-addr" },
	{ "address " LINK "address 10.20.0.18/24", "refuse default " },
	{ "address " LINK "address 192.168.1.17/24", "refuse forbid stranger" },
	{ "address " LINK "address 169.254.7.7/16", "permit builtin link-local" },
	{ "address " LINK "address fe80::1/64", "permit builtin link-local" },
	{ "address " LINK "address ff02::1/128", "permit builtin link-local" },
	{ "address " OTHER "address fe80::1/64", "refuse default " },
	{ "address name wlan0 kind wifi address 10.20.0.17/24", "refuse forbid wireless" },
	{ "address name lo kind loopback address 127.0.0.1/8", "permit builtin loopback" },
	{ "route " LINK "to 0.0.0.0/0 gateway 10.20.0.1", "refuse default " },
	{ "route " LINK "to 10.0.0.0/8 gateway 10.20.0.1", "permit allow gw" },
	{ "route " LINK "to 10.40.0.0/16 gateway 10.20.0.1", "permit allow gw" },
	{ "route " LINK "to 10.66.1.0/24 gateway 10.20.0.1", "refuse forbid way" },
	{ "route " LINK "to 10.66.1.0/24", "refuse forbid way" }, /* a gateway is missing */
	{ "route " LINK "to 10.40.0.0/16 gateway 10.20.0.2", "refuse default " },
	{ "route " LINK "to 10.99.1.0/24", "permit allow far" },
	{ "route " LINK "to 10.99.1.0/24 gateway 10.20.0.2", "refuse default " },
	{ "route " LINK "to 0.0.0.0/0", "refuse default " },
	{ "route " LINK "to 10.30.4.0/24", "permit builtin on-link" }, /* flows go there */
	{ "route " LINK "to 10.20.0.0/24 origin kernel source 10.20.0.17",
	  "permit builtin on-link" },
	{ "route " LINK "to 10.20.0.0/16 origin static source 10.20.0.17", "refuse default " },
	{ "route " LINK "to 10.77.0.0/16 origin kernel source 10.20.0.17", "refuse default " },
	{ "route " LINK "to 10.20.0.0/24 origin kernel source 10.20.0.18", "refuse default " },
	{ "route " LINK "to fd12:7::/64 origin kernel", "permit builtin on-link" },
	{ "route " LINK "to fd13::/64 origin kernel", "refuse default " },
	{ "route " LINK "to ::/0 origin kernel", "refuse default " },
	{ "route " LINK "to fe80::/64 origin kernel", "permit builtin on-link" },
	{ "route " LINK "to ff00::/8 origin boot", "permit builtin on-link" },
	{ "route " OTHER "to fe80::/64 origin kernel", "refuse default " },
	{ "flow " LINK "from 10.20.0.17 to 10.20.0.5 protocol tcp port 8443",
	  "permit allow office" },
	{ "flow " LINK "from fd12:7::17 to fd12:7::5 protocol tcp port 443",
	  "permit allow office" },
	{ "flow " LINK "from 10.20.0.17 to 10.30.7.6 protocol tcp port 8443",
	  "permit allow office" },
	{ "flow " LINK "from 10.20.0.17 to 10.30.7.7 protocol tcp port 443",
	  "permit allow office" },
	{ "flow " LINK "from 10.20.0.17 to 10.30.7.7 protocol tcp port 8443", "refuse forbid db" },
	{ "flow " LINK "from 10.20.0.17 to 10.20.0.5 protocol udp port 8443", "refuse default " },
	{ "flow " LINK "from 10.20.0.17 to 10.20.0.5 protocol tcp", "refuse default " },
	{ "flow " LINK "from 10.20.0.17 to 10.20.0.9 protocol icmp", "permit allow ping" },
	{ "flow " LINK "from 10.20.0.17 to 8.8.8.8 protocol icmp", "refuse default " },
	{ "flow " LINK "from 10.20.0.18 to 10.20.0.5 protocol tcp port 8443", "refuse default " },
	{ "flow " LINK "from 1.2.3.4 to 10.20.0.5 protocol tcp port 8443",
	  "refuse forbid stranger" },
	{ "flow " LINK "from fe80::1 to fd12:7::5 protocol tcp port 8443", "permit allow office" },
	{ "flow " LINK "to 10.20.0.5 protocol tcp port 8443", "refuse default " },
	{ "flow " OTHER "from 10.20.0.17 to 10.20.0.5 protocol tcp port 8443", "refuse default " },
	{ "flow name wlan0 kind wifi from 10.20.0.17 to 10.20.0.5 protocol tcp port 8443",
	  "refuse forbid wireless" },
	{ "flow name lo kind loopback to 8.8.8.8 protocol udp port 53", "permit builtin loopback" },
};

static const char *words(const struct net_verdict *verdict)
{
	static char text[128];

	snprintf(text, sizeof(text), "%s %s %s", policy_result_name(verdict->result),
		 policy_cause_name(verdict->cause), verdict->rule);
	return text;
}

static const char *decide(const struct policy *policy, const struct table *terminals,
			  const struct net_question *question)
{
	const struct policy_context context = { .terminals = terminals, .terminal = "T-1" };
	struct net_verdict verdict;

	memset(&verdict, 0xff, sizeof(verdict));
	policy_decide_net(policy, &context, question, &verdict);
	ck_assert(verdict.because[0] && memchr(verdict.because, 0, sizeof(verdict.because)));
	ck_assert_int_eq(verdict.line > 0, verdict.cause == POLICY_CAUSE_ALLOW ||
						   verdict.cause == POLICY_CAUSE_FORBID);
	return words(&verdict);
}

START_TEST(the_office)
{
	struct policy *policy = policy_net(
		TERMINALS "set office-net address [ 10.20.0.0/24 fd12:7::/48 ]\n", office);
	struct table *table = terminals_of(ROW(MACS, PATHS, ADDRESSES, "active"));
	struct net_question question = question_of(cases[_i].subject);
	const char *found = decide(policy, table, &question);

	ck_assert_msg(strcmp(found, cases[_i].expected) == 0, "%s: %s", cases[_i].subject, found);
	table_free(table);
	policy_free(policy);
}
END_TEST

/* What 'interface is registered' is worth, for rows and links: in an allow, in a forbid. */
static const struct {
	const char *what;
	const char *row; /* NULL: no table */
	const char *link;
	bool allow;
	bool forbid;
} rows[] = {
	{ "there", ROW(MACS, PATHS, "-", "active"), "link " LINK, true, true },
	{ "no table", NULL, "link " LINK, false, true },
	{ "no row", "\"T-2\" mimi - - - " MACS " " PATHS " - - - active\n", "link " LINK, false,
	  true },
	{ "withdrawn", ROW(MACS, PATHS, "-", "withdrawn"), "link " LINK, false, true },
	{ "no links in the row", ROW("-", "-", "-", "active"), "link " LINK, false, true },
	{ "by address alone", ROW(MACS, "-", "-", "active"), "link " LINK, true, true },
	{ "by path alone", ROW("-", PATHS, "-", "active"), "link " LINK, true, true },
	{ "another path", ROW("-", PATHS, "-", "active"), "link " OTHER, false, false },
	{ "another address", ROW(MACS, "-", "-", "active"), "link " OTHER, false, false },
	{ "second of both", ROW(MACS, PATHS, "-", "active"),
	  "link kind ethernet mac 52:54:00:aa:aa:aa path pci-0000:00:09.0", true, true },
	{ "at the other's path", ROW(MACS, PATHS, "-", "active"),
	  "link kind ethernet mac 52:54:00:aa:aa:aa path pci-0000:00:03.0", false, false },
	{ "a changed address", ROW(MACS, PATHS, "-", "active"),
	  "link " LINK "permanent 52:54:00:00:00:09", false, false },
	{ "changed to the registered one", ROW(MACS, PATHS, "-", "active"),
	  "link kind ethernet mac 52:54:00:00:00:09 permanent 52:54:00:12:34:56 path "
	  "pci-0000:00:03.0",
	  false, false },
	{ "made by software", ROW(MACS, PATHS, "-", "active"), "link " LINK "info-kind veth", false,
	  false },
	{ "no hardware address", ROW("-", PATHS, "-", "active"),
	  "link kind ethernet path pci-0000:00:03.0", false, true },
};

START_TEST(registered)
{
	struct policy *allow = policy_net(TERMINALS, "allow a: interface is registered");
	struct policy *forbid =
		policy_net(TERMINALS, "allow a: kind ethernet\nforbid b: interface is registered");
	struct table *table = rows[_i].row ? terminals_of(rows[_i].row) : NULL;
	struct net_question question = question_of(rows[_i].link);

	ck_assert_msg((strcmp(decide(allow, table, &question), "permit allow a") == 0) ==
			      rows[_i].allow,
		      "%s: allow", rows[_i].what);
	ck_assert_msg((strcmp(decide(forbid, table, &question), "refuse forbid b") == 0) ==
			      rows[_i].forbid,
		      "%s: forbid", rows[_i].what);
	table_free(table);
	policy_free(allow);
	policy_free(forbid);
}
END_TEST

/* Without the terminal's number nothing is registered; without a context nothing is known. */
START_TEST(no_number)
{
	struct policy *policy = policy_net(TERMINALS, "allow a: interface is registered");
	struct table *table = terminals_of(ROW(MACS, PATHS, "-", "active"));
	const struct policy_context context = { .terminals = table };
	struct net_question question = question_of("link " LINK);
	struct net_verdict verdict;

	policy_decide_link(policy, &context, &question.link, &verdict);
	ck_assert_str_eq(words(&verdict), "refuse default ");
	policy_decide_link(policy, NULL, &question.link, &verdict);
	ck_assert_str_eq(words(&verdict), "refuse default ");
	table_free(table);
	policy_free(policy);
}
END_TEST

/* What is missing is false in an allow and true in a forbid, and without a port is without a port. */
static const struct {
	const char *rules; /* beside: allow every ethernet link and all addresses */
	const char *subject;
	const char *expected;
} missing[] = {
	{ "forbid f: kind not-in [ ethernet ]", "link name x", "refuse forbid f" },
	{ "allow f: kind not-in [ wifi ]", "link name x", "refuse default " },
	{ "allow f: interface in [ tap0 ]", "link name tap0", "permit allow f" },
	{ "allow f: interface not-in [ tap0 ]", "link name tap0 kind virtual", "refuse default " },
	{ "allow f: interface not-in [ tap0 ]", "link kind virtual", "refuse default " },
	{ "forbid f: gateway not-in [ 10.0.0.1 ]\nallow r: route to [ 10.0.0.0/8 ]",
	  "route kind ethernet to 10.1.0.0/16", "refuse forbid f" },
	{ "allow f: protocol tcp\nforbid g: port in [ 80 ]",
	  "flow kind ethernet from 10.0.0.1 to 10.0.0.2 protocol icmp", "refuse forbid g" },
	{ "allow f: protocol icmp\nforbid g: port in [ 80 ], protocol tcp",
	  "flow kind ethernet from 10.0.0.1 to 10.0.0.2 protocol icmp", "permit allow f" },
	{ "allow f: port not-in [ 25 ]",
	  "flow kind ethernet from 10.0.0.1 to 10.0.0.2 protocol icmp", "refuse default " },
	{ "allow f: port not-in [ 25 ]",
	  "flow kind ethernet from 10.0.0.1 to 10.0.0.2 protocol udp port 24", "permit allow f" },
	{ "allow f: protocol not-in [ tcp ]",
	  "flow kind ethernet from 10.0.0.1 to 10.0.0.2 protocol other", "permit allow f" },
	{ "allow f: protocol in [ udp tcp ], port in [ 5 3 4 9 ]",
	  "flow kind ethernet from 10.0.0.1 to 10.0.0.2 protocol tcp port 4", "permit allow f" },
	{ "allow f: protocol in [ udp tcp ], port in [ 5 3 4 9 ]",
	  "flow kind ethernet from 10.0.0.1 to 10.0.0.2 protocol tcp port 6", "refuse default " },
	{ "allow f: interface eth1, protocol tcp",
	  "flow name eth0 kind ethernet from 10.0.0.1 to 10.0.0.2 protocol tcp port 6",
	  "refuse default " },
	{ "allow f: interface eth1, protocol tcp",
	  "flow name eth1 kind ethernet from 10.0.0.1 to 10.0.0.2 protocol tcp port 6",
	  "permit allow f" },
	{ "allow f: address 10.0.0.1, protocol tcp",
	  "flow kind ethernet from 10.0.0.2 to 10.0.0.3 protocol tcp port 6", "refuse default " },
	{ "allow f: address 10.0.0.0/31, protocol tcp",
	  "flow kind ethernet from 10.0.0.1 to 10.0.0.3 protocol tcp port 6", "permit allow f" },
};

START_TEST(what_is_missing)
{
	struct policy *policy;
	struct net_question question = question_of(missing[_i].subject);
	const char *found;
	char rules[512];

	snprintf(rules, sizeof(rules), "allow l: kind ethernet\nallow a: address 0.0.0.0/0\n%s",
		 missing[_i].rules);
	policy = policy_net("", rules);
	found = decide(policy, NULL, &question);
	ck_assert_msg(strcmp(found, missing[_i].expected) == 0, "%s: %s", missing[_i].rules, found);
	policy_free(policy);
}
END_TEST

START_TEST(flaws_and_namespaces)
{
	struct policy *policy = policy_net("", "allow l: kind in [ ethernet virtual ]");
	struct net_question question = question_of("link name eth0 kind ethernet");
	struct net_question lo = question_of("link name lo kind loopback");

	ck_assert(policy_has_network(policy));
	ck_assert_str_eq(decide(policy, NULL, &question), "permit allow l");
	question.link.nsid = 0;
	ck_assert_str_eq(decide(policy, NULL, &question), "refuse default ");
	lo.link.nsid = 7;
	ck_assert_str_eq(decide(policy, NULL, &lo), "permit builtin loopback");
	for (uint32_t flaw = NET_FLAW_UNREADABLE; flaw <= NET_FLAW_COUNT; flaw++) {
		question.link.flaw = lo.link.flaw = flaw;
		ck_assert_str_eq(decide(policy, NULL, &question), "refuse flaw ");
		ck_assert_str_eq(decide(policy, NULL, &lo), "refuse flaw ");
	}
	question = question_of("link name eth0 kind ethernet");
	question.link.kind = NET_KIND_COUNT;
	ck_assert_str_eq(decide(policy, NULL, &question), "refuse default ");
	policy_free(policy);
}
END_TEST

START_TEST(no_block)
{
	struct policy *policy = policy_usb("", "allow a: id 0951:1666");
	struct net_question question = question_of("link name eth0 kind ethernet");
	struct net_question lo = question_of("flow kind loopback to 127.0.0.1 protocol udp port 9");

	ck_assert(!policy_has_network(policy));
	ck_assert_str_eq(decide(policy, NULL, &question), "refuse default ");
	ck_assert_str_eq(decide(policy, NULL, &lo), "permit builtin loopback");
	policy_free(policy);
}
END_TEST

/* Frames without IP, and routes by which nothing is sent. */
START_TEST(built_in)
{
	struct policy *policy = policy_net(
		"", "allow l: kind ethernet\nallow a: address 10.0.0.0/8\n"
		    "allow f: protocol not-in [ udp ]\nforbid r: route to [ 0.0.0.0/0 ]");
	struct net_question flow = question_of("flow kind ethernet to 10.0.0.2 protocol tcp");
	struct net_question route = question_of("route kind ethernet to 8.8.8.8/32");

	flow.flow.to.family = NET_FAMILY_NONE;
	flow.flow.ethertype = ETH_P_ARP;
	ck_assert_str_eq(decide(policy, NULL, &flow), "permit builtin neighbours");
	flow.flow.ethertype = ETH_P_PPP_DISC;
	ck_assert_str_eq(decide(policy, NULL, &flow), "refuse default ");
	ck_assert_str_eq(decide(policy, NULL, &route), "refuse forbid r");
	route.route.type = RTN_UNREACHABLE;
	ck_assert_str_eq(decide(policy, NULL, &route), "permit builtin no-way-out");
	policy_free(policy);
}
END_TEST

/* As the kernel writes them into its local table for each address. */
START_TEST(broadcast_of_an_address)
{
	struct policy *policy =
		policy_net("", "allow l: kind ethernet\nallow a: address 10.20.0.17");
	struct net_question own = question_of(
		"route kind ethernet to 10.20.0.255/32 source 10.20.0.17 origin kernel");
	struct net_question foreign = question_of(
		"route kind ethernet to 10.20.0.255/32 source 10.20.0.18 origin kernel");

	ck_assert_str_eq(decide(policy, NULL, &own), "refuse default ");
	own.route.type = foreign.route.type = RTN_BROADCAST;
	ck_assert_str_eq(decide(policy, NULL, &own), "permit builtin on-link");
	ck_assert_str_eq(decide(policy, NULL, &foreign), "refuse default ");
	own.route.protocol = RTPROT_STATIC;
	ck_assert_str_eq(decide(policy, NULL, &own), "refuse default ");
	policy_free(policy);
}
END_TEST

START_TEST(what_is_said)
{
	struct policy *policy = policy_net("", "forbid w: kind wifi, because \"no radio\"");
	struct net_question question = question_of("address kind wifi address 10.0.0.1/8");
	struct net_verdict verdict;

	policy_decide_net(policy, NULL, &question, &verdict);
	ck_assert_str_eq(verdict.because, "its link is refused: no radio");
	ck_assert_uint_eq(verdict.line, 13);
	ck_assert_uint_eq(verdict.column, 1);
	policy_free(policy);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("net_decide");
	TCase *tcase = tcase_create("net_decide");

	tcase_add_loop_test(tcase, the_office, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_loop_test(tcase, registered, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(tcase, no_number);
	tcase_add_loop_test(tcase, what_is_missing, 0, sizeof(missing) / sizeof(missing[0]));
	tcase_add_test(tcase, flaws_and_namespaces);
	tcase_add_test(tcase, no_block);
	tcase_add_test(tcase, built_in);
	tcase_add_test(tcase, broadcast_of_an_address);
	tcase_add_test(tcase, what_is_said);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
