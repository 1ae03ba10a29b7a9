// SPDX-License-Identifier: GPL-2.0-or-later
/* Dumps that fail: what the kernel did not tell is not gone. */
#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/monitor/watch_net_state.h"
#include "tests/unit/unit.h"

static struct monitor monitor;
static struct watch_net *watch;
static int gone, begun, ended, lost;

void monitor_send(struct monitor *self, enum msg_type type, const void *body)
{
	(void)self;
	(void)body;
	gone += type == MSG_NET_LINK_GONE;
	begun += type == MSG_NET_SCAN_BEGIN;
	ended += type == MSG_NET_SCAN_END;
	lost += type == MSG_EVENT_LOSS;
}

bool monitor_has_room(const struct monitor *self)
{
	(void)self;
	return true;
}

/* The kernel is asked indeed, but what it says is not listened to: the test answers. */
static void setup(void)
{
	monitor.daemon.root = unit_tmpdir();
	gone = begun = ended = lost = 0;
	ck_assert_int_ge(sd_event_new(&monitor.daemon.event), 0);
	ck_assert_int_eq(watch_net_new(&monitor, NULL, NULL, &watch), 0);
	watch->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	ck_assert_int_ge(watch->fd, 0);
	watch_net_scan(watch, MSG_SCAN_CAUSE_START);
}

static void teardown(void)
{
	watch_net_free(watch);
	sd_event_unref(monitor.daemon.event);
}

static void answer(int error)
{
	struct {
		struct nlmsghdr header;
		int error;
	} done = { { .nlmsg_len = sizeof(done), .nlmsg_type = NLMSG_DONE }, error };

	ck_assert(watch->scanning);
	ck_assert(watch_net_answer(watch, &done.header));
}

static void tell_link(int index)
{
	struct {
		struct nlmsghdr header;
		struct ifinfomsg info;
		struct nlattr name;
		char text[8];
	} link = {
		{ .nlmsg_len = sizeof(link), .nlmsg_type = RTM_NEWLINK },
		{ .ifi_index = index, .ifi_type = ARPHRD_ETHER },
		{ .nla_len = sizeof(struct nlattr) + 8, .nla_type = IFLA_IFNAME },
		"ab0",
	};

	watch_net_take(watch, &link.header, -1, true);
}

/* Until it has asked once more. */
static void wait_for_question(void)
{
	uint32_t before = watch->sequence;

	while (watch->sequence == before)
		ck_assert_int_ge(sd_event_run(monitor.daemon.event, UINT64_MAX), 0);
}

static void finish_scan(void)
{
	while (watch->scanning)
		answer(0);
}

/* One scan that shows both links. */
static void know_two_links(void)
{
	answer(0);
	tell_link(1001);
	tell_link(1002);
	finish_scan();
	ck_assert_int_eq(ended, 1);
	ck_assert_uint_eq(watch->table.count, 2);
}

START_TEST(a_failed_dump_is_repeated)
{
	know_two_links();
	watch_net_scan(watch, MSG_SCAN_CAUSE_REQUEST);
	answer(0);
	for (int i = 0; i < 6; i++) {
		answer(-ENOMEM);
		/* Neither forgotten nor ended, nor is anything else asked for. */
		ck_assert_int_eq(gone, 0);
		ck_assert_int_eq(ended, 1);
		ck_assert_uint_eq(watch->table.count, 2);
		wait_for_question();
	}
	ck_assert_int_eq(lost, 1);
	tell_link(1001);
	finish_scan();
	/* This one was not told of by a kernel that did answer. */
	ck_assert_int_eq(gone, 1);
	ck_assert_int_eq(ended, 2);
	ck_assert_uint_eq(watch->failures, 0);
}
END_TEST

START_TEST(later_dumps_fail_as_well)
{
	know_two_links();
	watch_net_scan(watch, MSG_SCAN_CAUSE_REQUEST);
	answer(0);
	tell_link(1001);
	tell_link(1002);
	answer(0);
	answer(0);
	/* Addresses. */
	answer(-EINVAL);
	ck_assert_int_eq(ended, 1);
	wait_for_question();
	answer(0);
	/* A kernel without the second family has no routes of it. */
	answer(0);
	answer(-EAFNOSUPPORT);
	ck_assert_uint_eq(watch->failures, 1);
	finish_scan();
	ck_assert_int_eq(ended, 2);
	ck_assert_int_eq(gone, 0);
	ck_assert_int_eq(lost, 0);
}
END_TEST

START_TEST(a_new_scan_is_not_sooner)
{
	know_two_links();
	watch_net_scan(watch, MSG_SCAN_CAUSE_REQUEST);
	answer(0);
	answer(-ENOBUFS);
	/* Asked for while it waits: one that follows. */
	watch_net_scan(watch, MSG_SCAN_CAUSE_REQUEST);
	ck_assert_int_eq(begun, 2);
	wait_for_question();
	tell_link(1001);
	tell_link(1002);
	while (ended < 2)
		answer(0);
	ck_assert_int_eq(begun, 3);
	ck_assert_int_eq(gone, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("watch_net_scan");
	TCase *cases = tcase_create("watch_net_scan");

	tcase_add_checked_fixture(cases, setup, teardown);
	tcase_add_test(cases, a_failed_dump_is_repeated);
	tcase_add_test(cases, later_dumps_fail_as_well);
	tcase_add_test(cases, a_new_scan_is_not_sooner);
	suite_add_tcase(suite, cases);
	return unit_run(suite);
}
