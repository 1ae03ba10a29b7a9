// SPDX-License-Identifier: GPL-2.0-or-later
/* What the core tells the kernel about links, in a network namespace of the test's own. */
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/core/network/net_kernel.h"
#include "agent/core/network/net_kernel_ask.h"
#include "agent/core/network/net_kernel_read.h"
#include "tests/unit/unit.h"

static struct net_kernel *kernel;

static int run(const char *command)
{
	char line[256];

	snprintf(line, sizeof(line), "%s >/dev/null 2>&1", command);
	return system(line);
}

static void setup(void)
{
	ck_assert_int_eq(unshare(CLONE_NEWNET), 0);
	ck_assert_int_eq(run("ip link add v0 type veth peer name v1"), 0);
	ck_assert_int_eq(net_kernel_new(&kernel), 0);
}

static void teardown(void)
{
	net_kernel_free(kernel);
}

static struct net_prefix prefix(const char *text, uint8_t bits)
{
	struct net_prefix out = { .family = strchr(text, ':') ? NET_FAMILY_IPV6 : NET_FAMILY_IPV4,
				  .bits = bits };

	inet_pton(out.family == NET_FAMILY_IPV6 ? AF_INET6 : AF_INET, text, out.bytes);
	return out;
}

START_TEST(links_are_read)
{
	struct net_link link;
	uint32_t index = if_nametoindex("v0");

	ck_assert_int_eq(run("ip link set v0 address 02:00:00:00:00:07 mtu 1400"), 0);
	ck_assert_int_eq(net_kernel_link(kernel, index, &link), 0);
	ck_assert_uint_eq(link.index, index);
	ck_assert_int_eq(link.nsid, -1);
	ck_assert_str_eq(link.name, "v0");
	ck_assert_str_eq(link.info_kind, "veth");
	ck_assert_uint_eq(link.mac_length, 6);
	ck_assert_mem_eq(link.mac, "\2\0\0\0\0\7", 6);
	ck_assert_uint_eq(link.mtu, 1400);
	ck_assert_uint_eq(link.parent, if_nametoindex("v1"));
	ck_assert_uint_eq(link.flags & IFF_UP, 0);
	ck_assert_int_eq(net_kernel_link(kernel, 4711, &link), -ENODEV);
	/* An error does not spoil the next question. */
	ck_assert_int_eq(net_kernel_link(kernel, index, &link), 0);
}
END_TEST

START_TEST(up_and_down)
{
	struct net_link link;
	uint32_t index = if_nametoindex("v0");

	ck_assert_int_eq(net_kernel_set_up(kernel, index, true), 0);
	ck_assert_int_eq(net_kernel_link(kernel, index, &link), 0);
	ck_assert_uint_ne(link.flags & IFF_UP, 0);
	ck_assert_int_eq(net_kernel_set_up(kernel, index, false), 0);
	ck_assert_int_eq(net_kernel_link(kernel, index, &link), 0);
	ck_assert_uint_eq(link.flags & IFF_UP, 0);
	ck_assert_int_eq(net_kernel_set_up(kernel, 4711, false), -ENODEV);
}
END_TEST

static int count_links(void *data, const struct net_link *link)
{
	unsigned int *count = data;

	/* Asking in the middle of a walk must not disturb it. */
	ck_assert_int_eq(net_kernel_set_up(kernel, link->index, false), 0);
	(*count)++;
	return 0;
}

START_TEST(all_links)
{
	unsigned int count = 0, there = 0;
	struct if_nameindex *names;

	for (int i = 0; i < 40; i++) {
		char command[64];

		snprintf(command, sizeof(command), "ip link add br%d type bridge", i);
		ck_assert_int_eq(run(command), 0);
	}
	names = if_nameindex();
	while (names[there].if_index)
		there++;
	if_freenameindex(names);
	ck_assert_uint_gt(there, 40);
	ck_assert_int_eq(net_kernel_each(kernel, count_links, &count), 0);
	ck_assert_uint_eq(count, there);
}
END_TEST

START_TEST(addresses_go)
{
	struct net_address four = { .local = prefix("10.9.9.9", 24),
				    .index = if_nametoindex("v0") };
	struct net_address six = { .local = prefix("fd12::9", 64), .index = if_nametoindex("v0") };
	struct net_address point = { .local = prefix("10.8.0.1", 32),
				     .peer = prefix("10.8.0.2", 32),
				     .index = if_nametoindex("v0") };

	ck_assert_int_eq(run("ip address add 10.9.9.9/24 dev v0"), 0);
	ck_assert_int_eq(run("ip address add 10.9.9.10/24 dev v0"), 0);
	ck_assert_int_eq(run("ip address add fd12::9/64 dev v0 nodad"), 0);
	ck_assert_int_eq(run("ip address add 10.8.0.1 peer 10.8.0.2/32 dev v0"), 0);
	ck_assert_int_eq(net_kernel_remove_address(kernel, &four), 0);
	ck_assert_int_eq(net_kernel_remove_address(kernel, &six), 0);
	ck_assert_int_eq(net_kernel_remove_address(kernel, &point), 0);
	ck_assert_int_eq(run("ip address show dev v0 | grep -q 'inet.* 10.9.9.9\\|fd12\\|10.8'"),
			 256);
	/* Others stay; what is not there is no error. */
	ck_assert_int_eq(net_kernel_remove_address(kernel, &four), 0);
	ck_assert_int_eq(run("ip address show dev v0 | grep -q 10.9.9.10"), 256);
	four.local = (struct net_prefix){ 0 };
	ck_assert_int_eq(net_kernel_remove_address(kernel, &four), -EINVAL);
}
END_TEST

START_TEST(routes_and_rules_go)
{
	uint32_t index = if_nametoindex("v0");
	struct net_route all = { .to = prefix("0.0.0.0", 0),
				 .gateway = prefix("10.9.9.1", 32),
				 .index = index,
				 .table = 254,
				 .type = 1,
				 .protocol = 16 };
	struct net_route far = { .to = prefix("198.51.100.0", 24),
				 .gateway = prefix("10.9.9.1", 32),
				 .index = index,
				 .table = 1000,
				 .type = 1,
				 .protocol = 4 };
	struct net_route hop = { .to = prefix("203.0.113.0", 24),
				 .gateway = prefix("10.9.9.3", 32),
				 .index = index,
				 .table = 254,
				 .type = 1,
				 .protocol = 4 };
	struct net_route six = { .to = prefix("2001:db8::", 32),
				 .index = index,
				 .table = 254,
				 .type = 1,
				 .protocol = 4,
				 .metric = 77 };

	ck_assert_int_eq(run("ip link set v0 up && ip link set v1 up && "
			     "ip address add 10.9.9.9/24 dev v0"),
			 0);
	ck_assert_int_eq(run("ip route add default via 10.9.9.1 proto dhcp"), 0);
	ck_assert_int_eq(run("ip route add default via 10.9.9.2 proto dhcp metric 5"), 0);
	ck_assert_int_eq(run("ip route add 198.51.100.0/24 via 10.9.9.1 proto static table 1000"),
			 0);
	ck_assert_int_eq(run("ip -6 route add 2001:db8::/32 dev v0 proto static metric 77"), 0);
	ck_assert_int_eq(run("ip route add 203.0.113.0/24 proto static nexthop via 10.9.9.2 dev v0 "
			     "nexthop via 10.9.9.3 dev v0"),
			 0);
	ck_assert_int_eq(net_kernel_remove_route(kernel, &hop), 0);
	ck_assert_int_eq(run("ip rule add from 10.9.9.9 table 1000 priority 77"), 0);
	ck_assert_int_eq(run("ip rule add from 10.9.9.8 table 1000 priority 77"), 0);
	ck_assert_int_eq(net_kernel_remove_route(kernel, &all), 0);
	ck_assert_int_eq(net_kernel_remove_route(kernel, &far), 0);
	ck_assert_int_eq(net_kernel_remove_route(kernel, &six), 0);
	ck_assert_int_eq(net_kernel_remove_rule(kernel, NET_FAMILY_IPV4, 77), 0);
	ck_assert_int_eq(run("ip route show table all | grep -q 'via 10.9.9.1\\|198.51\\|203.0'"),
			 256);
	/* The other way to the same place stays. */
	ck_assert_int_eq(run("ip route | grep -q 'default via 10.9.9.2'"), 0);
	ck_assert_int_eq(run("ip -6 route show table all | grep -q 2001:db8"), 256);
	ck_assert_int_eq(run("ip rule | grep -q 1000"), 256);
	/* The link's own network is still reached. */
	ck_assert_int_eq(run("ip route show | grep -q '^10.9.9.0/24 dev v0'"), 0);
}
END_TEST

START_TEST(detaching)
{
	uint32_t index = if_nametoindex("v0");

	/* Nothing there, also on a kernel that knows no traffic control. */
	ck_assert_int_eq(net_kernel_detach(kernel, index), 0);
	if (run("tc qdisc add dev v0 clsact") == 0) {
		ck_assert_int_eq(net_kernel_detach(kernel, index), 0);
		ck_assert_int_eq(run("tc qdisc show dev v0 | grep -q clsact"), 256);
	}
	ck_assert_int_eq(net_kernel_detach(kernel, 4711), 0);
}
END_TEST

/* Rules that hide beside the kernel's own, with the same priority. */
START_TEST(the_kernels_rules_stay)
{
	ck_assert_int_eq(run("ip rule add from 10.9.9.9 table 1000 priority 0"), 0);
	ck_assert_int_eq(run("ip rule add to 10.9.9.8 uidrange 5-9 table 1000 priority 32766"), 0);
	ck_assert_int_eq(run("ip rule add not from 10.9.9.7 table 1000 priority 32766"), 0);
	ck_assert_int_eq(run("ip rule add fwmark 7/0xff ipproto tcp dport 80 table 1000 "
			     "suppress_prefixlength 0 priority 32766"),
			 0);
	ck_assert_int_eq(run("ip rule add iif nowhere goto 32766 priority 9"), 0);
	ck_assert_int_eq(run("ip -6 rule add from fd12::9 table 1000 priority 0"), 0);
	ck_assert_int_eq(net_kernel_remove_rule(kernel, NET_FAMILY_IPV4, 0), 0);
	ck_assert_int_eq(net_kernel_remove_rule(kernel, NET_FAMILY_IPV4, 9), 0);
	ck_assert_int_eq(run("ip -6 rule | grep -q 1000"), 0);
	ck_assert_int_eq(net_kernel_remove_rule(kernel, NET_FAMILY_IPV6, 0), 0);
	ck_assert_int_eq(net_kernel_remove_rule(kernel, NET_FAMILY_IPV4, 32766), 0);
	ck_assert_int_eq(run("(ip rule; ip -6 rule) | grep -q '1000\\|nowhere'"), 256);
	ck_assert_int_eq(run("test $(ip rule | wc -l) = 3"), 0);
	ck_assert_int_eq(run("test $(ip -6 rule | wc -l) = 2"), 0);
	/* Nothing of ours there: no error. */
	ck_assert_int_eq(net_kernel_remove_rule(kernel, NET_FAMILY_IPV4, 32766), 0);
}
END_TEST

static int refuse(const struct nlmsghdr *head, void *data)
{
	int *heard = data;

	(void)head;
	(*heard)++;
	errno = EBADMSG;
	return MNL_CB_ERROR;
}

/* A list that is given up half way, as when a link comes or goes under it. */
START_TEST(a_broken_answer_spoils_nothing)
{
	uint32_t index = if_nametoindex("v0");
	struct net_request request;
	struct net_link link;
	int heard = 0;

	for (int i = 0; i < 3; i++) {
		net_request_begin(&request, RTM_GETLINK, NLM_F_DUMP, sizeof(struct ifinfomsg));
		ck_assert_int_eq(net_kernel_ask(kernel, &request, refuse, &heard), -EBADMSG);
		ck_assert_int_eq(heard, i + 1);
		ck_assert_int_eq(net_kernel_link(kernel, index, &link), 0);
		ck_assert_str_eq(link.name, "v0");
		ck_assert_int_eq(net_kernel_set_up(kernel, index, i % 2), 0);
	}
}
END_TEST

START_TEST(short_messages)
{
	_Alignas(8) uint8_t bytes[64] = { 0 };
	struct nlmsghdr *head = (struct nlmsghdr *)bytes;
	struct net_link link;

	head->nlmsg_len = NLMSG_HDRLEN + 4;
	ck_assert_int_eq(net_kernel_read_link(head, &link), -EBADMSG);
	/* Long enough, but of no link. */
	head->nlmsg_len = NLMSG_HDRLEN + 16;
	ck_assert_int_eq(net_kernel_read_link(head, &link), -EBADMSG);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		links_are_read,
		up_and_down,
		all_links,
		addresses_go,
		routes_and_rules_go,
		detaching,
		the_kernels_rules_stay,
		a_broken_answer_spoils_nothing,
	};
	Suite *suite = suite_create("net_kernel");
	TCase *tcase = tcase_create("kernel"), *plain = tcase_create("plain");
	pid_t probe = fork();
	int status = 0;

	/* Whether this machine lets a test have a namespace is asked in a child, which ends there. */
	if (probe == 0)
		_exit(unshare(CLONE_NEWNET) < 0 ||
		      run("ip link add v0 type veth peer name v1") != 0);
	if (waitpid(probe, &status, 0) < 0 || status != 0)
		printf("skip net_kernel/kernel # no right to a network namespace with veth "
		       "links\n");
	else
		suite_add_tcase(suite, tcase);
	tcase_add_checked_fixture(tcase, setup, teardown);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tcase, tests[i]);
	tcase_add_test(plain, short_messages);
	suite_add_tcase(suite, plain);
	return unit_run(suite);
}
