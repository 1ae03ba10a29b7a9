// SPDX-License-Identifier: GPL-2.0-or-later
/* Links and their events, in a network namespace of the test's own: what goes, comes back, is late. */
#include <limits.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/core/network/guard.h"
#include "agent/core/network/links_act.h"
#include "agent/lib/path.h"
#include "tests/unit/unit.h"

static struct network network;
static struct daemon daemon_;
static struct govern govern;
static struct record_policy in_force;
static struct net_outcome last;
static struct net_violation found;

static int run(const char *command)
{
	char line[PATH_MAX + 64];

	snprintf(line, sizeof(line), "%s >/dev/null 2>&1", command);
	return system(line);
}

static void on_outcome(void *data, const struct net_outcome *outcome)
{
	(void)data;
	last = *outcome;
}

static void on_violation(void *data, const struct net_violation *violation)
{
	(void)data;
	found = *violation;
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

static void touch(const char *file, const char *text)
{
	char path[PATH_MAX];
	FILE *out;

	ck_assert_int_eq(path_join(path, daemon_.root, file), 0);
	out = fopen(path, "w");
	ck_assert_ptr_nonnull(out);
	fputs(text, out);
	fclose(out);
}

static void setup(void)
{
	static const struct network_handler handler = { .outcome = on_outcome,
							.violation = on_violation,
							.notice = on_notice,
							.changed = on_changed };
	static const struct recorder_handler recorder = { on_recorded, on_changed };
	char command[PATH_MAX + 32];

	ck_assert_int_eq(unshare(CLONE_NEWNET), 0);
	ck_assert_int_eq(run("ip link add v0 type veth peer name v1"), 0);
	daemon_ = (struct daemon){ .name = "test", .root = unit_tmpdir() };
	snprintf(command, sizeof(command), "mkdir -p %s/etc/airgap", daemon_.root);
	ck_assert_int_eq(run(command), 0);
	touch(PATH_PASSWD, USER_JOURNAL ":x:0:0::/:/bin/false\n");
	touch(PATH_TEST_NETWORK, "");
	ck_assert_int_ge(sd_event_new(&daemon_.event), 0);
	ck_assert_int_eq(recorder_new(&daemon_, &in_force, &recorder, NULL, &network.recorder), 0);
	/* No policy: lockdown, under which every link is refused. */
	govern = (struct govern){ .mode = AGENT_MODE_LOCKDOWN };
	network.root = daemon_.root;
	network.event = daemon_.event;
	network.govern = &govern;
	network.handler = &handler;
	ck_assert_int_eq(network_open(&network), 0);
	ck_assert_int_eq(network_start(&network, 0), 0);
}

static void teardown(void)
{
	network_done(&network);
	recorder_free(network.recorder);
	sd_event_unref(daemon_.event);
}

static void hear(enum msg_type type, void *body)
{
	const struct msg msg = { .type = type, .body = body, .fd = -1 };

	ck_assert_int_eq(network_hear(&network, &msg), 0);
}

static void state(const char *name)
{
	struct msg_net_link stated = { .seen_us = 1 };

	ck_assert_int_eq(net_kernel_link(network.kernel, if_nametoindex(name), &stated.link), 0);
	hear(MSG_NET_LINK, &stated);
}

static bool is_up(const char *name)
{
	struct net_link link;

	ck_assert_int_eq(net_kernel_link(network.kernel, if_nametoindex(name), &link), 0);
	return link.flags & IFF_UP;
}

START_TEST(rules_hold_from_the_start)
{
	ck_assert(guard_holds(&network));
	ck_assert_int_eq(run("nft list table inet airgap_base"), 0);
	/* Below IP as well, for each link by name. */
	ck_assert_int_eq(run("nft list table netdev airgap_base | grep -q 'device \"v0\"'"), 0);
	ck_assert_int_eq(run("nft list table netdev airgap_own | grep -q 'device \"v1\"'"), 0);
}
END_TEST

START_TEST(what_waits_does_not_wait_for_a_dead_monitor)
{
	struct msg_scan scan = { .cause = MSG_SCAN_CAUSE_START };

	hear(MSG_NET_SCAN_BEGIN, &scan);
	ck_assert_int_eq(run("ip link set v0 up"), 0);
	state("v0");
	ck_assert(is_up("v0"));
	network_unheard(&network);
	ck_assert(!is_up("v0"));
	/* And what comes up later is judged when the core looks for itself. */
	ck_assert_int_eq(run("ip link set v1 up"), 0);
	links_look(&network);
	ck_assert(!is_up("v1"));
}
END_TEST

START_TEST(what_comes_back_is_another)
{
	struct msg_net_gone gone = { .nsid = -1, .seen_us = 2 };
	uint64_t plug;

	state("v0");
	plug = last.plug;
	gone.index = if_nametoindex("v0");
	ck_assert_uint_eq(last.decided.link.index, gone.index);
	/* The event is late: under that number stands a link that looks the same. */
	hear(MSG_NET_LINK_GONE, &gone);
	ck_assert_uint_eq(last.decided.link.index, gone.index);
	ck_assert_uint_gt(last.plug, plug);
	/* Gone indeed. */
	ck_assert_int_eq(run("ip link del v0"), 0);
	hear(MSG_NET_LINK_GONE, &gone);
	ck_assert_int_eq(last.state, NET_STATE_GONE);
	ck_assert_ptr_null(links_lookup(network.links, gone.index, -1));
}
END_TEST

/* Asked, refused by another policy, asked again: the first answer is about the first question. */
START_TEST(an_old_answer_opens_nothing)
{
	const uint64_t tag = UINT64_C(1) << 63;
	struct iface *iface;

	state("v0");
	iface = links_lookup(network.links, if_nametoindex("v0"), -1);
	ck_assert_ptr_nonnull(iface);
	iface->outcome.state = NET_STATE_PENDING;
	iface->asked = 7;
	ck_assert(network_recorded(&network, tag | 6, 0));
	ck_assert(network_recorded(&network, tag | iface->outcome.plug, 0));
	ck_assert(!iface->durable);
	ck_assert_int_eq(iface->outcome.state, NET_STATE_PENDING);
	/* The last one is heard; here the link is not what it was, as nothing confirms it. */
	ck_assert(network_recorded(&network, tag | 7, 0));
	ck_assert_int_ne(iface->outcome.state, NET_STATE_PENDING);
	ck_assert(!network_recorded(&network, 7, 0));
}
END_TEST

START_TEST(too_many_links)
{
	network.links->count = LINKS_MAX;
	ck_assert_int_eq(run("ip link set v0 up"), 0);
	state("v0");
	ck_assert(!is_up("v0"));
	ck_assert_ptr_null(links_lookup(network.links, if_nametoindex("v0"), -1));
	ck_assert_uint_eq(found.kind, NET_VIOLATION_EVENT_LOSS);
	ck_assert_uint_eq(found.remedy, NET_REMEDY_LINK_DOWN);
	ck_assert_ptr_nonnull(strstr(found.text, "v0"));
	/* Up again, and down again; there is still no room, and it is counted. */
	ck_assert_int_eq(run("ip link set v0 up"), 0);
	state("v0");
	ck_assert(!is_up("v0"));
	/* Once there is room it is one like any other. */
	network.links->count = 0;
	state("v0");
	ck_assert_ptr_nonnull(links_lookup(network.links, if_nametoindex("v0"), -1));
}
END_TEST

/* As if a policy had opened it. */
static struct iface *open_link(const char *name)
{
	struct iface *iface;

	state(name);
	iface = links_lookup(network.links, if_nametoindex(name), -1);
	ck_assert_ptr_nonnull(iface);
	iface->outcome.state = NET_STATE_OPEN;
	iface->outcome.decided.verdict.result = POLICY_RESULT_PERMIT;
	iface->outcome.decided.link.flags |= IFF_UP;
	net_kernel_set_up(network.kernel, if_nametoindex(name), true);
	ck_assert(is_up(name));
	return iface;
}

static bool fight(int times)
{
	bool down = false;

	for (int i = 0; i < times; i++)
		down = links_fight(&network, if_nametoindex("v0"));
	return down;
}

static uint64_t truce_us(void)
{
	uint64_t due_us;

	ck_assert_int_ge(sd_event_source_get_time(network.links->peace, &due_us), 0);
	return due_us - clock_boottime_us();
}

/* A neighbour's announcements put a link down for a while, not for good. */
START_TEST(fights_end)
{
	struct iface *iface = open_link("v0");

	ck_assert(!fight(49));
	ck_assert(is_up("v0"));
	ck_assert(fight(1));
	ck_assert(!is_up("v0"));
	ck_assert_int_eq(iface->outcome.state, NET_STATE_DOWN);
	ck_assert_uint_eq(found.kind, NET_VIOLATION_IFACE_UNKNOWN);
	ck_assert_ptr_nonnull(strstr(found.text, "time 1"));
	ck_assert_uint_le(truce_us(), LINKS_TRUCE_US);
	/* Nothing judges it meanwhile. */
	ck_assert_int_eq(run("ip link set v0 up"), 0);
	state("v0");
	ck_assert(!is_up("v0"));
	ck_assert(iface->fighting);
	/* The time is over. */
	iface->fights_us -= LINKS_TRUCE_US;
	sd_event_source_set_time(network.links->peace, 0);
	while (iface->fighting)
		ck_assert_int_ge(sd_event_run(network.event, UINT64_MAX), 0);
	/* Again, and it is longer. */
	ck_assert(fight(50));
	ck_assert_ptr_nonnull(strstr(found.text, "time 2"));
	ck_assert_uint_gt(truce_us(), LINKS_TRUCE_US);
	links_redecide(&network, true);
	ck_assert(!iface->fighting);
}
END_TEST

static struct net_prefix prefix(uint8_t family, uint8_t bits)
{
	return (struct net_prefix){ .family = family,
				    .bits = bits,
				    .bytes = { 0x20, 1, 0xd, 0xb8 } };
}

START_TEST(what_is_near)
{
	static const struct {
		uint8_t family, bits;
		bool near;
	} cases[] = {
		{ NET_FAMILY_IPV4, 0, false },	{ NET_FAMILY_IPV4, 7, false },
		{ NET_FAMILY_IPV4, 8, true },	{ NET_FAMILY_IPV6, 0, false },
		{ NET_FAMILY_IPV6, 8, false },	{ NET_FAMILY_IPV6, 64, true },
		{ NET_FAMILY_NONE, 64, false },
	};
	struct iface *iface = open_link("v0");

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct net_prefix near = prefix(cases[i].family, cases[i].bits);
		size_t before = iface->near_count;

		links_near(&network, if_nametoindex("v0"), &near, true);
		ck_assert_uint_eq(iface->near_count - before, cases[i].near);
	}
}
END_TEST

static void run_until(bool holds)
{
	while (guard_holds(&network) != holds)
		ck_assert_int_ge(sd_event_run(network.event, UINT64_MAX), 0);
}

/* Somebody else owns a table by our name: no batch of ours is taken. */
START_TEST(rules_that_cannot_be_set)
{
	struct msg_scan scan = { .cause = MSG_SCAN_CAUSE_START };
	struct iface *iface;
	enum network_state now;
	FILE *owner;
	int error;

	hear(MSG_NET_SCAN_BEGIN, &scan);
	state("lo");
	iface = open_link("v0");
	iface->waits = false;
	/* The scan is over, but for what it would judge. */
	network.links->read = true;
	network.links->scanning = false;
	guard_scan_end(&network);
	owner = popen("nft -i >/dev/null 2>&1", "w");
	ck_assert_ptr_nonnull(owner);
	fputs("delete table inet airgap_base\nadd table inet airgap_base { flags owner; }\n",
	      owner);
	fflush(owner);
	while (run("nft list table inet airgap_base | grep -q owner") != 0)
		usleep(10000);
	guard_touched(&network, "");
	run_until(false);
	ck_assert(!is_up("v0"));
	ck_assert_int_eq(iface->outcome.state, NET_STATE_PENDING);
	now = guard_state(&network, &error);
	(void)now;
	ck_assert_int_lt(error, 0);
	/* Nor does anything come up that is put up meanwhile. */
	ck_assert_int_eq(run("ip link set v1 up"), 0);
	state("v1");
	ck_assert(!is_up("v1"));
	pclose(owner);
	run_until(true);
	ck_assert(is_up("v0"));
	ck_assert_int_eq(iface->outcome.state, NET_STATE_OPEN);
	ck_assert(!is_up("v1"));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		rules_hold_from_the_start,
		what_waits_does_not_wait_for_a_dead_monitor,
		what_comes_back_is_another,
		an_old_answer_opens_nothing,
		too_many_links,
		fights_end,
		what_is_near,
		rules_that_cannot_be_set,
	};
	Suite *suite = suite_create("links");
	TCase *tcase = tcase_create("kernel");
	pid_t probe = fork();
	int status = 0;

	/* Whether this machine lets a test have a namespace is asked in a child, which ends there. */
	if (probe == 0)
		_exit(unshare(CLONE_NEWNET) < 0 ||
		      run("ip link add v0 type veth peer name v1") != 0 ||
		      run("nft add table inet probe") != 0);
	if (waitpid(probe, &status, 0) < 0 || status != 0) {
		printf("skip links/kernel # no right to a network namespace with veth links and "
		       "nftables\n");
		return EXIT_SUCCESS;
	}
	suite_add_tcase(suite, tcase);
	/* Failures are tried again after a second each, and this machine may have much else to do. */
	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, setup, teardown);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tcase, tests[i]);
	return unit_run(suite);
}
