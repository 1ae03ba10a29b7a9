// SPDX-License-Identifier: GPL-2.0-or-later
/* What is undone and what a maintenance leaves, in a network namespace of the test's own. */
#include "agent/core/network/undo.h"

#include <arpa/inet.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/core/network/links_act.h"
#include "agent/lib/path.h"
#include "tests/unit/policy_fixture.h"
#include "tests/unit/sysfs_tree.h"
#include "tests/unit/unit.h"

static struct network network;
static struct daemon daemon_;
static struct govern govern;
static struct record_policy in_force;
static struct net_violation found;
static int findings;

static int run(const char *command)
{
	char line[PATH_MAX + 64];

	snprintf(line, sizeof(line), "%s >/dev/null 2>&1", command);
	return system(line);
}

static void on_outcome(void *data, const struct net_outcome *outcome)
{
	(void)data;
	(void)outcome;
}

static void on_violation(void *data, const struct net_violation *violation)
{
	(void)data;
	found = *violation;
	findings++;
}

static void on_notice(void *data, struct msg_notice *notice)
{
	(void)data;
	(void)notice;
}

static void on_changed(void *data)
{
	(void)data;
}

static void on_recorded(void *data, uint64_t tag, uint64_t entry, int error)
{
	(void)data;
	(void)tag;
	(void)entry;
	(void)error;
}

/* Sysfs of the machine does not show this namespace; without it nothing about a link is believed. */
static void state(const char *name)
{
	struct msg_net_link stated = { .seen_us = 1 };
	struct iface *iface;

	ck_assert_int_eq(net_kernel_link(network.kernel, if_nametoindex(name), &stated.link), 0);
	links_facts(&network, &stated.link, stated.seen_us);
	iface = links_lookup(network.links, stated.link.index, -1);
	ck_assert_ptr_nonnull(iface);
	iface->outcome.decided.link.flaw = NET_SOUND;
}

static void setup(void)
{
	static const struct network_handler handler = { .outcome = on_outcome,
							.violation = on_violation,
							.notice = on_notice,
							.changed = on_changed };
	static const struct recorder_handler recorder = { on_recorded, on_changed };

	ck_assert_int_ge(sodium_init(), 0);
	ck_assert_int_eq(unshare(CLONE_NEWNET), 0);
	ck_assert_int_eq(run("ip link add v0 type veth peer name v1"), 0);
	daemon_ = (struct daemon){ .name = "test", .root = unit_tmpdir() };
	sysfs_tree_text(daemon_.root, PATH_PASSWD, USER_JOURNAL ":x:0:0::/:/bin/false\n");
	sysfs_tree_text(daemon_.root, PATH_TEST_NETWORK, "");
	ck_assert_int_ge(sd_event_new(&daemon_.event), 0);
	ck_assert_int_eq(recorder_new(&daemon_, &in_force, &recorder, NULL, &network.recorder), 0);
	govern = (struct govern){
		.mode = AGENT_MODE_ENFORCING,
		.charged_us = clock_boottime_us(),
		.policy = policy_net("", "allow lan: interface in [ v0 ]\n"
					 "allow own: address in [ 10.20.0.0/24 ]"),
	};
	network.root = daemon_.root;
	network.event = daemon_.event;
	network.govern = &govern;
	network.handler = &handler;
	ck_assert_int_eq(network_open(&network), 0);
	ck_assert_int_eq(network_start(&network, 0), 0);
	state("v0");
	state("v1");
	findings = 0;
}

static void teardown(void)
{
	network_done(&network);
	recorder_free(network.recorder);
	policy_free(govern.policy);
	sd_event_unref(daemon_.event);
}

/* As a signed order would begin one. */
static void maintain(bool on)
{
	govern.maintenance.runs = on;
	govern.maintenance.until_s = 3600;
	govern.maintenance.order.until = INT64_MAX / 2;
}

static void give_address(const char *link, const char *address)
{
	char command[128];

	snprintf(command, sizeof(command), "ip address add %s/24 dev %s", address, link);
	ck_assert_int_eq(run(command), 0);
}

static void state_address(const char *link, const char *address, bool present)
{
	struct msg_net_address stated = { .present = present, .seen_us = 1 };

	stated.address.index = if_nametoindex(link);
	stated.address.flags = IFA_F_PERMANENT;
	stated.address.local.family = NET_FAMILY_IPV4;
	stated.address.local.bits = 24;
	ck_assert_int_eq(inet_pton(AF_INET, address, stated.address.local.bytes), 1);
	undo_address(&network, &stated);
}

static bool has(const char *link, const char *address)
{
	char command[128];

	snprintf(command, sizeof(command), "ip -o address show %s | grep -qF ' %s/'", link,
		 address);
	return run(command) == 0;
}

START_TEST(without_an_order_it_is_undone)
{
	give_address("v0", "10.99.0.7");
	state_address("v0", "10.99.0.7", true);
	ck_assert(!has("v0", "10.99.0.7"));
	ck_assert_uint_eq(found.remedy, NET_REMEDY_ADDRESS_REMOVED);
	ck_assert_uint_eq(found.maintenance, 0);
	give_address("v0", "10.20.0.7");
	state_address("v0", "10.20.0.7", true);
	ck_assert(has("v0", "10.20.0.7"));
	ck_assert_int_eq(findings, 1);
}
END_TEST

START_TEST(while_it_runs_it_stays_and_is_recorded_once)
{
	maintain(true);
	give_address("v0", "10.99.0.7");
	state_address("v0", "10.99.0.7", true);
	state_address("v0", "10.99.0.7", true);
	ck_assert(has("v0", "10.99.0.7"));
	ck_assert_int_eq(findings, 1);
	ck_assert_uint_eq(found.kind, NET_VIOLATION_ADDR_ILLEGAL);
	ck_assert_uint_eq(found.remedy, NET_REMEDY_LEFT);
	ck_assert_uint_eq(found.maintenance, 1);
	/* Taken away and set again, it is news. */
	state_address("v0", "10.99.0.7", false);
	state_address("v0", "10.99.0.7", true);
	ck_assert_int_eq(findings, 2);
	maintain(false);
	state_address("v0", "10.99.0.7", true);
	ck_assert(!has("v0", "10.99.0.7"));
	ck_assert_uint_eq(found.remedy, NET_REMEDY_ADDRESS_REMOVED);
}
END_TEST

/* A link that the policy does not name is none to be maintained. */
START_TEST(on_other_links_nothing_is_left)
{
	maintain(true);
	give_address("v1", "10.99.0.7");
	state_address("v1", "10.99.0.7", true);
	ck_assert(!has("v1", "10.99.0.7"));
	ck_assert_uint_eq(found.remedy, NET_REMEDY_ADDRESS_REMOVED);
	ck_assert_uint_eq(found.maintenance, 1);
}
END_TEST

static void state_route(const char *gateway, uint32_t metric)
{
	struct msg_net_route stated = { .present = 1, .seen_us = 1 };

	stated.route.index = if_nametoindex("v0");
	stated.route.table = RT_TABLE_MAIN;
	stated.route.metric = metric;
	stated.route.type = RTN_UNICAST;
	stated.route.protocol = RTPROT_STATIC;
	stated.route.to.family = stated.route.gateway.family = NET_FAMILY_IPV4;
	stated.route.gateway.bits = 32;
	ck_assert_int_eq(inet_pton(AF_INET, gateway, stated.route.gateway.bytes), 1);
	undo_route(&network, &stated);
}

START_TEST(each_route_is_an_entry)
{
	maintain(true);
	state_route("10.20.0.9", 0);
	state_route("10.20.0.8", 0);
	state_route("10.20.0.8", 50);
	state_route("10.20.0.8", 50);
	ck_assert_int_eq(findings, 3);
	ck_assert_uint_eq(found.remedy, NET_REMEDY_LEFT);
}
END_TEST

/* What passes the packet filter is never left. */
START_TEST(traffic_control_is_taken_off)
{
	bool open;
	struct net_link link = *links_find(&network, if_nametoindex("v0"), &open);

	maintain(true);
	link.marks |= NET_LINK_INGRESS;
	undo_detach(&network, &link);
	ck_assert_int_eq(findings, 1);
	ck_assert_uint_eq(found.kind, NET_VIOLATION_TC_OR_XDP_ATTACHED);
	ck_assert_uint_ne(found.remedy, NET_REMEDY_LEFT);
}
END_TEST

START_TEST(lockdown_leaves_nothing)
{
	maintain(true);
	govern.mode = AGENT_MODE_LOCKDOWN;
	ck_assert(!undo_is_left(&network, NULL));
	govern.mode = AGENT_MODE_RESTRICTED;
	ck_assert(undo_is_left(&network, NULL));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		without_an_order_it_is_undone,	while_it_runs_it_stays_and_is_recorded_once,
		on_other_links_nothing_is_left, each_route_is_an_entry,
		traffic_control_is_taken_off,	lockdown_leaves_nothing,
	};
	Suite *suite = suite_create("undo");
	TCase *tcase = tcase_create("namespace");
	pid_t probe = fork();
	int status = 0;

	/* Whether this machine lets a test have a namespace is asked in a child, which ends there. */
	if (probe == 0)
		_exit(unshare(CLONE_NEWNET) < 0 ||
		      run("ip link add v0 type veth peer name v1") != 0 ||
		      run("nft add table inet probe") != 0);
	if (waitpid(probe, &status, 0) < 0 || status != 0) {
		printf("skip undo/namespace # no right to a network namespace with veth links and "
		       "nftables\n");
		return EXIT_SUCCESS;
	}
	/* This machine may have much else to do. */
	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, setup, teardown);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
