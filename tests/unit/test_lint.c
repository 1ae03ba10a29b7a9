// SPDX-License-Identifier: GPL-2.0-or-later
/* Each finding of lint: a policy that has it, and one so near to it that does not. */
#include <stdlib.h>
#include <string.h>

#include "policy/study/lint.h"
#include "tests/unit/policy_fixture.h"
#include "tests/unit/unit.h"

/* 2027-01-01 */
#define TODAY 1798761600

#define KEYBOARD "allow k: id 046d:c31c, interfaces within [ 03:01:* ]"

static const struct {
	const char *name;
	const char *outside;
	const char *with;    /* rules that have it */
	const char *without; /* rules that do not */
} cases[] = {
	{ "never-matches", "", "allow a: id in [ 1234:5678 ], id not-in [ 1234:* ]",
	  "allow a: id in [ 1234:* ], id not-in [ 1234:5678 ]" },
	{ "never-matches", "",
	  "allow a: interfaces within [ 03:01:* ], interfaces has-all [ 08:*:* ]",
	  "allow a: interfaces within [ 03:01:* 08:*:* ], interfaces has-all [ 08:*:* ]" },
	{ "never-matches", "", "allow a: serial in [ \"A\" ], serial absent",
	  "allow a: serial in [ \"A\" ], serial present" },
	{ "never-matches", "",
	  "allow a: interfaces equals [ 03:01:01 ], interfaces has-none [ 03:*:* ]",
	  "allow a: interfaces equals [ 03:01:01 ], interfaces has-none [ 08:*:* ]" },
	{ "never-matches", "",
	  "allow a: connect-type in [ hotplug ], connect-type not-in [ hotplug ]",
	  "allow a: connect-type in [ hotplug ], connect-type not-in [ hardwired ]" },
	{ "swallowed", "", "allow a: id 1234:5678\nforbid f: id 1234:*",
	  "allow a: id 1234:5678\nforbid f: id 1234:*, serial in [ \"A\" ], serial present" },
	{ "swallowed", "",
	  "allow a: id 1234:5678\nforbid f: id 1234:*, serial absent\n"
	  "forbid g: serial present",
	  "allow a: id 1234:5678\nforbid f: id 1234:*, serial absent" },
	/* What a device lacks makes a forbid true, so this one does swallow what has no number. */
	{ "swallowed", "", "allow a: id 1234:5678, serial absent\nforbid f: serial in [ \"A\" ]",
	  "allow a: id 1234:5678, serial absent\nforbid f: serial in [ \"A\" ], serial present" },
	{ "duplicate", "", "allow a: id 1234:5678\nallow b: id in [ 1234:5678 ]",
	  "allow a: id 1234:5678\nallow b: id in [ 1234:5678 ], at-most 1" },
	{ "redundant", "", "forbid a: id 1234:5678\nforbid b: id 1234:*",
	  "forbid a: id 1234:5678\nforbid b: id 4321:*" },
	{ "redundant", "", "allow a: id 1234:5678\nallow b: id 1234:*",
	  "allow a: id 1234:5678\nallow b: id 1234:*, interfaces has-any [ 03:*:* ]" },
	{ "unused", "set s usb [ 1234:5678 ]", "allow a: id 1234:5678", "allow a: id in @s" },
	{ "no-identity", "", "allow a: interfaces within [ 03:01:01 ]", KEYBOARD },
	{ "no-identity", "", "allow a: serial not-in [ \"A\" ]", "allow a: serial in [ \"A\" ]" },
	{ "wildcard", "", "allow a: id 046d:*", "allow a: id 046d:*, serial \"A\"" },
	{ "any-interface", "", "allow a: id 046d:c31c", KEYBOARD },
	{ "part-of-device", "", "allow a: id 046d:c31c, interfaces has-any [ 08:06:50 ]",
	  KEYBOARD },
	{ "mixture", "", "allow a: id 1234:5678, interfaces within [ 08:06:50 03:01:01 ]",
	  "allow a: id 1234:5678, interfaces within [ 08:06:50 03:01:01 ]\n"
	  "forbid f: interfaces has-all [ 08:*:* 03:*:* ]" },
	{ "no-limit", "", "allow a: id 1234:5678, interfaces within [ 08:06:50 ]",
	  "allow a: id 1234:5678, interfaces within [ 08:06:50 ], at-most 1" },
};

static bool finds(const char *outside, const char *rules, const char *name)
{
	const struct policy_context context = { .today = TODAY };
	struct finding_list findings = FINDING_LIST_INIT;
	struct policy *policy = policy_usb(*outside ? "set s usb [ 1234:5678 ]\n" : "", rules);
	bool found = false;

	ck_assert_int_eq(lint_policy(policy, &context, NULL, &findings), 0);
	for (size_t i = 0; i < findings.count; i++)
		found |= strcmp(findings.items[i].name, name) == 0;
	finding_list_free(&findings);
	policy_free(policy);
	return found;
}

START_TEST(each_finding)
{
	ck_assert_msg(finds(cases[_i].outside, cases[_i].with, cases[_i].name), "%s in %s",
		      cases[_i].name, cases[_i].with);
	ck_assert_msg(!finds(cases[_i].outside, cases[_i].without, cases[_i].name), "%s not in %s",
		      cases[_i].name, cases[_i].without);
}
END_TEST

#define AGE_1 "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"
#define AGE_2 "age1pppppppppppppppppppppppppppppppppppppppppppppppppppppppppp"

/* The same of what stands outside the rules. */
static const struct {
	const char *name;
	const char *with;
	const char *without;
} block_cases[] = {
	{ "statutory-deadline", "incidents {\ndeadline V3 25h\n}\n",
	  "incidents {\ndeadline V3 24h\n}\n" },
	{ "statutory-deadline", "incidents {\ndeadline V4 2d result 90d\n}\n",
	  "incidents {\ndeadline V2 2d\n}\n" },
	{ "deadline-order", "incidents {\ndeadline V3 12h inside 13h\n}\n",
	  "incidents {\ndeadline V3 12h inside 12h\n}\n" },
	{ "statutory-loss", "incidents {\nlost juemi 11d others 60d\n}\n",
	  "incidents {\nlost juemi 10d others 60d\n}\n" },
	{ "statutory-loss", "incidents {\nlost juemi 10d others 61d\n}\n",
	  "incidents {\nlost juemi 1d others 30d\n}\n" },
	{ "statutory-cyber", "incidents {\ncyber central 3h\n}\n",
	  "incidents {\ncyber other 3h\n}\n" },
	{ "statutory-cyber", "incidents {\ncyber critical 61m closing 30d\n}\n",
	  "incidents {\ncyber critical 1h closing 30d\n}\n" },
	{ "statutory-cyber", "incidents {\ncyber other 4h closing 31d\n}\n",
	  "incidents {\ncyber other 4h closing 29d\n}\n" },
	{ "escalation-order", "incidents {\nescalate direct 80 lead 70\n}\n",
	  "incidents {\nescalate direct 50 lead 75\n}\n" },
	{ "unknown-event", "incidents {\ngrade ubs.blocked V1\n}\n",
	  "incidents {\ngrade usb.blocked V1\ngrade medium-lost V4\n}\n" },
	{ "office-address", "report {\noffice \"office.lan:8443\" key \"k\" level mimi\n}\n",
	  "report {\noffice \"10.20.0.5:8443\" key \"k\" level mimi\n}\n" },
	{ "office-address", "report {\noffice \"10.20.0.5\" key \"k\" level mimi\n}\n",
	  "report {\noffice \"[fd00::5]:8443\" key \"k\" level mimi\n}\n" },
	{ "recipient-form", "transfer {\nrecipients unit \"u\" \"age1...\"\n}\n",
	  "transfer {\nrecipients unit \"u\" \"" AGE_1 "\"\n}\n" },
	{ "recipient-form", "transfer {\nrecovery \"x\"\n}\n",
	  "transfer {\nrecovery \"" AGE_1 "\"\n}\n" },
	{ "old-epoch",
	  "transfer {\nrecipients unit \"u\" epoch 3 \"" AGE_1
	  "\"\nrecipients unit \"u\" epoch 4 \"" AGE_2 "\"\n}\n",
	  "transfer {\nrecipients unit \"u\" level neibu epoch 3 \"" AGE_1
	  "\"\nrecipients unit \"u\" epoch 4 \"" AGE_2 "\"\n}\n" },
	{ "shared-recipient",
	  "transfer {\nrecipients unit \"u\" \"" AGE_1 "\"\nrecipients unit \"v\" \"" AGE_1
	  "\"\n}\n",
	  "transfer {\nrecipients unit \"u\" \"" AGE_1 "\"\nrecipients unit \"v\" \"" AGE_2
	  "\"\n}\n" },
	{ "shared-recipient",
	  "transfer {\nrecipients unit \"u\" \"" AGE_1 "\"\nrecovery \"" AGE_1 "\"\n}\n",
	  "transfer {\nrecipients unit \"u\" \"" AGE_1 "\"\nrecovery \"" AGE_2 "\"\n}\n" },
	{ "no-recovery", "transfer {\nallow o: types in [ pdf ]\n}\n",
	  "transfer {\nallow i: direction in, types in [ pdf ]\n}\n" },
	{ "no-recovery", "transfer {\nallow o: direction out\n}\n",
	  "transfer {\nallow o: direction out\nrecovery \"" AGE_1 "\"\n}\n" },
};

static bool block_finds(const char *outside, const char *name)
{
	const struct policy_context context = { .today = TODAY };
	struct finding_list findings = FINDING_LIST_INIT;
	struct policy *policy = policy_usb(outside, KEYBOARD);
	bool found = false;

	ck_assert_int_eq(lint_policy(policy, &context, NULL, &findings), 0);
	for (size_t i = 0; i < findings.count; i++)
		found |= strcmp(findings.items[i].name, name) == 0;
	finding_list_free(&findings);
	policy_free(policy);
	return found;
}

START_TEST(each_block_finding)
{
	ck_assert_msg(block_finds(block_cases[_i].with, block_cases[_i].name), "%s in %s",
		      block_cases[_i].name, block_cases[_i].with);
	ck_assert_msg(!block_finds(block_cases[_i].without, block_cases[_i].name), "%s not in %s",
		      block_cases[_i].name, block_cases[_i].without);
}
END_TEST

#define LAN  "allow lan: interface is registered\nallow own: address is registered\n"
#define FLOW "egress to [ 10.20.0.5 ], protocol tcp, port in [ 8443 ]"

/* The same of block network. */
static const struct {
	const char *name;
	const char *with;
	const char *without;
} network_cases[] = {
	{ "never-matches",
	  LAN "allow f: egress to [ 10.0.0.5 ], protocol tcp, protocol not-in [ tcp udp ]",
	  LAN "allow f: egress to [ 10.0.0.5 ], protocol tcp, protocol not-in [ udp ]" },
	{ "never-matches", LAN "allow f: address in [ 10.1.0.0/16 ], address not-in [ 10.0.0.0/8 ]",
	  LAN "allow f: address in [ 10.0.0.0/8 ], address not-in [ 10.1.0.0/16 ]" },
	{ "never-matches", LAN "allow f: protocol tcp, port in [ 80 ], port not-in [ 80 81 ]",
	  LAN "allow f: protocol tcp, port in [ 80 82 ], port not-in [ 80 81 ]" },
	{ "never-matches",
	  "allow lan: interface is registered, kind in [ wifi ], kind not-in [ wifi ]",
	  "allow lan: interface is registered, kind in [ wifi ], kind not-in [ wwan ]" },
	{ "swallowed", LAN "allow f: " FLOW "\nforbid x: egress to [ 10.0.0.0/8 ]",
	  LAN "allow f: " FLOW "\nforbid x: egress to [ 10.0.0.0/8 ], protocol udp" },
	/* What has no port misses the condition, and a forbid then holds. */
	{ "swallowed",
	  LAN "allow f: egress to [ 10.0.0.5 ], protocol icmp\nforbid x: port in [ 80 ]",
	  LAN "allow f: egress to [ 10.0.0.5 ], protocol tcp\nforbid x: port in [ 80 ]" },
	{ "swallowed", LAN "allow f: kind in [ wifi ], " FLOW "\nforbid x: kind in [ wifi wwan ]",
	  LAN "allow f: kind in [ wifi ], " FLOW "\nforbid x: kind in [ wwan ]" },
	{ "swallowed",
	  LAN "allow f: address in [ 10.9.0.0/16 ], " FLOW
	      "\nforbid x: address not-in [ 10.20.0.0/16 ]",
	  LAN "allow f: address in [ 10.20.1.0/24 ], " FLOW
	      "\nforbid x: address not-in [ 10.20.0.0/16 ]" },
	/* Link-local addresses are not asked about. */
	{ "swallowed",
	  LAN "allow f: address in [ 10.9.0.0/16 ], " FLOW
	      "\nforbid x: address not-in [ 10.20.0.0/16 ]",
	  LAN "allow f: address in [ 169.254.1.0/24 ], " FLOW
	      "\nforbid x: address not-in [ 10.20.0.0/16 ]" },
	{ "swallowed",
	  LAN "allow g: gateway in [ 10.0.0.1 ], route to [ 10.1.0.0/16 ]\n"
	      "forbid x: route to [ 10.0.0.0/8 ]",
	  LAN "allow g: gateway in [ 10.0.0.1 ], route to [ 10.1.0.0/16 ]\n"
	      "forbid x: route to [ 10.0.0.0/8 ], gateway in [ 10.0.0.2 ]" },
	{ "duplicate", LAN "allow f: " FLOW "\nallow g: " FLOW,
	  LAN "allow f: " FLOW "\nallow g: interface in [ eth0 ], " FLOW },
	{ "redundant", LAN "allow f: " FLOW "\nallow g: interface in [ eth0 ], " FLOW,
	  LAN "allow f: interface in [ eth1 ], " FLOW "\nallow g: interface in [ eth0 ], " FLOW },
	{ "redundant",
	  LAN "allow f: interface in [ eth0 ], " FLOW "\nallow g: interface not-in [ eth1 ], " FLOW,
	  LAN "allow f: interface in [ eth0 ], " FLOW
	      "\nallow g: interface not-in [ eth0 ], " FLOW },
	{ "redundant", LAN "allow f: route to [ 10.1.0.0/16 ]\nallow g: route to [ 10.0.0.0/8 ]",
	  LAN
	  "allow f: gateway 10.0.0.1, route to [ 10.1.0.0/16 ]\nallow g: route to [ 10.0.0.0/8 ]" },
	{ "no-link", "allow own: address is registered", LAN },
	{ "no-address", "allow lan: interface is registered\nallow f: " FLOW,
	  LAN "allow f: " FLOW },
	{ "unregistered-link", "allow lan: interface in [ eth0 ], kind ethernet", LAN },
	{ "name-alone", "allow lan: interface in [ eth0 ]",
	  "allow lan: interface in [ eth0 ], kind ethernet" },
	{ "name-alone", "allow lan: interface not-in [ eth1 ]",
	  "allow lan: interface is registered, interface not-in [ eth1 ]" },
	{ "name-alone", "forbid x: interface is registered\nallow lan: interface in [ eth0 ]",
	  "forbid x: interface in [ eth0 ]" },
	{ "radio", "allow lan: interface is registered, kind in [ ethernet wifi ]",
	  "allow lan: interface is registered, kind in [ ethernet ]" },
	{ "any-address", "allow lan: interface is registered\nallow own: address in [ 0.0.0.0/0 ]",
	  LAN },
	{ "any-route", LAN "allow g: gateway in [ 10.0.0.1 ]",
	  LAN "allow g: gateway in [ 10.0.0.1 ], route to [ 10.0.0.0/8 ]" },
	{ "any-destination", LAN "allow f: protocol tcp, port in [ 80 ]", LAN "allow f: " FLOW },
	{ "any-destination", LAN "allow f: egress to [ 0.0.0.0/0 ]",
	  LAN "forbid f: egress to [ 0.0.0.0/0 ]" },
	{ "public-destination",
	  LAN "allow f: egress to [ 10.0.0.5 9.9.9.9 ], protocol udp, port in [ 53 ]",
	  LAN
	  "allow f: egress to [ 10.0.0.5 192.168.4.0/24 fd00::/8 ], protocol udp, port in [ 53 ]" },
};

static bool finds_in_network(const char *rules, const char *name)
{
	const struct policy_context context = { .today = TODAY };
	struct finding_list findings = FINDING_LIST_INIT;
	struct policy *policy = policy_net("table terminals signed [ security 1 ]\n", rules);
	bool found = false;

	ck_assert_int_eq(lint_policy(policy, &context, NULL, &findings), 0);
	for (size_t i = 0; i < findings.count; i++)
		found |= strcmp(findings.items[i].name, name) == 0;
	finding_list_free(&findings);
	policy_free(policy);
	return found;
}

START_TEST(each_finding_of_the_network)
{
	const char *name = network_cases[_i].name;

	ck_assert_msg(finds_in_network(network_cases[_i].with, name), "%s in %s", name,
		      network_cases[_i].with);
	ck_assert_msg(!finds_in_network(network_cases[_i].without, name), "%s not in %s", name,
		      network_cases[_i].without);
}
END_TEST

/* Every name that lint_findings() may give is in the table of names. */
START_TEST(names_are_listed)
{
	for (size_t i = 0; i < sizeof(network_cases) / sizeof(network_cases[0]); i++) {
		bool listed = false;

		for (const struct lint_check *it = lint_checks; it->name; it++)
			listed |= strcmp(it->name, network_cases[i].name) == 0;
		ck_assert_msg(listed, "%s", network_cases[i].name);
	}
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool listed = false;

		for (const struct lint_check *it = lint_checks; it->name; it++)
			listed |= strcmp(it->name, cases[i].name) == 0;
		ck_assert_msg(listed, "%s", cases[i].name);
	}
}
END_TEST

static struct inventory_device in_use(const char *subject)
{
	return (struct inventory_device){ .facts = facts_of(subject), .in_use = true };
}

/* Two keyboards, one place: the second is refused as a rescan would refuse it. */
START_TEST(counts_what_is_in_use)
{
	const struct policy_context context = { .today = TODAY };
	struct finding_list findings = FINDING_LIST_INIT;
	struct inventory_device devices[] = {
		in_use("id 046d:c31c port 1-1 interfaces [ 03:01:01 ]"),
		in_use("id 046d:c31c port 1-2 interfaces [ 03:01:01 ]"),
		in_use("id 0951:1666 port 1-3 interfaces [ 08:06:50 ]"),
	};
	const struct inventory inventory = { .devices = devices, .count = 3 };
	struct policy *policy = policy_usb("", KEYBOARD ", at-most 1");
	unsigned int keyboards = 0, others = 0;

	ck_assert_int_eq(lint_policy(policy, &context, &inventory, &findings), 0);
	for (size_t i = 0; i < findings.count; i++) {
		keyboards += strcmp(findings.items[i].name, "blocks-keyboard") == 0;
		others += strcmp(findings.items[i].name, "blocks-in-use") == 0;
	}
	ck_assert_uint_eq(keyboards, 1);
	ck_assert_uint_eq(others, 1);
	finding_list_free(&findings);
	policy_free(policy);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("lint");
	TCase *tests = tcase_create("lint");

	tcase_add_loop_test(tests, each_finding, 0, (int)(sizeof(cases) / sizeof(cases[0])));
	tcase_add_loop_test(tests, each_finding_of_the_network, 0,
			    sizeof(network_cases) / sizeof(network_cases[0]));
	tcase_add_loop_test(tests, each_block_finding, 0,
			    sizeof(block_cases) / sizeof(block_cases[0]));
	tcase_add_test(tests, names_are_listed);
	tcase_add_test(tests, counts_what_is_in_use);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
