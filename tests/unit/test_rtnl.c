// SPDX-License-Identifier: GPL-2.0-or-later
/* Messages that kernels sent (tests/fuzz/recorded), and some made by hand. */
#include "agent/monitor/rtnl.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "agent/lib/netlink.h"
#include "tests/unit/unit.h"

/* A message that grows by attributes. */
static struct {
	struct nlmsghdr header;
	uint8_t body[1024];
} made;

static void begin(uint16_t type, const void *header, size_t size)
{
	memset(&made, 0, sizeof(made));
	made.header.nlmsg_type = type;
	made.header.nlmsg_len = (uint32_t)(sizeof(made.header) + ((size + 3) & ~3UL));
	memcpy(made.body, header, size);
}

static struct nlattr *put(uint16_t type, const void *value, size_t size)
{
	struct nlattr *attribute = (void *)((uint8_t *)&made + made.header.nlmsg_len);

	attribute->nla_type = type;
	attribute->nla_len = (uint16_t)(sizeof(*attribute) + size);
	if (size)
		memcpy(attribute + 1, value, size);
	made.header.nlmsg_len += (uint32_t)((sizeof(*attribute) + size + 3) & ~3UL);
	return attribute;
}

static void end_nest(struct nlattr *outer)
{
	outer->nla_len = (uint16_t)((uint8_t *)&made + made.header.nlmsg_len - (uint8_t *)outer);
}

static void put_u32(uint16_t type, uint32_t value)
{
	put(type, &value, sizeof(value));
}

static void make_link(uint8_t family)
{
	const struct ifinfomsg header = {
		.ifi_family = family, .ifi_index = 7, .ifi_type = 1, .ifi_flags = IFF_UP
	};
	struct nlattr *nest;

	begin(RTM_NEWLINK, &header, sizeof(header));
	put(IFLA_IFNAME, "v0", 3);
	put(IFLA_ADDRESS, "\2\0\0\0\0\1", 6);
	put_u32(IFLA_MTU, 1500);
	put_u32(IFLA_MASTER, 9);
	put_u32(IFLA_LINK, 8);
	put(IFLA_CARRIER, "\1", 1);
	nest = put(IFLA_LINKINFO, NULL, 0);
	put(IFLA_INFO_KIND, "veth", 5);
	end_nest(nest);
	nest = put(IFLA_XDP, NULL, 0);
	put(IFLA_XDP_ATTACHED, "\2", 1);
	end_nest(nest);
}

START_TEST(link_of_this_namespace)
{
	struct net_link link;

	make_link(AF_UNSPEC);
	ck_assert_int_eq(rtnl_link_read(&made.header, -1, &link), 0);
	ck_assert_uint_eq(link.index, 7);
	ck_assert_str_eq(link.name, "v0");
	ck_assert_str_eq(link.info_kind, "veth");
	ck_assert_uint_eq(link.mtu, 1500);
	ck_assert_uint_eq(link.master, 9);
	ck_assert_uint_eq(link.parent, 8);
	ck_assert_uint_eq(link.mac_length, 6);
	ck_assert_uint_eq(link.marks, NET_LINK_CARRIER | NET_LINK_XDP);
	ck_assert_uint_eq(link.kind, NET_KIND_UNKNOWN);
}
END_TEST

START_TEST(link_elsewhere)
{
	struct net_link link;

	make_link(AF_UNSPEC);
	put_u32(IFLA_LINK_NETNSID, 0);
	ck_assert_int_eq(rtnl_link_read(&made.header, 3, &link), 0);
	ck_assert_int_eq(link.nsid, 3);
	ck_assert_uint_eq(link.kind, NET_KIND_VIRTUAL);
	/* The other end is in some namespace; its number means nothing here. */
	ck_assert_uint_eq(link.parent, 0);

	make_link(AF_UNSPEC);
	put(IFLA_PARENT_DEV_NAME, "0000:00:1f.6", 13);
	put(IFLA_PARENT_DEV_BUS_NAME, "pci", 4);
	ck_assert_int_eq(rtnl_link_read(&made.header, 3, &link), 0);
	ck_assert_str_eq(link.path, "pci-0000:00:1f.6");
}
END_TEST

/* A bridge that lets a port go says DELLINK of it; the link is still there. */
START_TEST(word_of_another_family)
{
	struct net_link link;

	make_link(AF_BRIDGE);
	ck_assert_int_eq(rtnl_link_read(&made.header, -1, &link), -ENOMSG);
	make_link(AF_INET6);
	ck_assert_int_eq(rtnl_link_read(&made.header, -1, &link), -ENOMSG);
}
END_TEST

START_TEST(router_heard)
{
	struct msg_net_sight_of sight;
	struct nlattr *outer, *inner;

	make_link(AF_UNSPEC);
	ck_assert_int_eq(rtnl_link_heard_router(&made.header, &sight), -ENOMSG);
	outer = put(IFLA_AF_SPEC, NULL, 0);
	inner = put(AF_INET6, NULL, 0);
	put_u32(IFLA_INET6_FLAGS, 0x80000020);
	end_nest(inner);
	end_nest(outer);
	ck_assert_int_eq(rtnl_link_heard_router(&made.header, &sight), 0);
	ck_assert_uint_eq(sight.index, 7);
}
END_TEST

START_TEST(addresses)
{
	struct ifaddrmsg header = { .ifa_family = AF_INET,
				    .ifa_prefixlen = 24,
				    .ifa_index = 3,
				    .ifa_flags = IFA_F_PERMANENT };
	struct net_address address;

	begin(RTM_NEWADDR, &header, sizeof(header));
	put(IFA_ADDRESS, "\12\0\0\1", 4);
	put(IFA_LOCAL, "\12\0\0\1", 4);
	ck_assert_int_eq(rtnl_address_read(&made.header, &address), 0);
	ck_assert_uint_eq(address.local.bits, 24);
	ck_assert_uint_eq(address.peer.family, NET_FAMILY_NONE);
	ck_assert_uint_eq(address.flags, IFA_F_PERMANENT);

	begin(RTM_NEWADDR, &header, sizeof(header));
	put(IFA_ADDRESS, "\12\0\0\2", 4);
	put(IFA_LOCAL, "\12\0\0\1", 4);
	ck_assert_int_eq(rtnl_address_read(&made.header, &address), 0);
	ck_assert_mem_eq(address.local.bytes, "\12\0\0\1", 4);
	ck_assert_mem_eq(address.peer.bytes, "\12\0\0\2", 4);

	header.ifa_family = AF_INET6;
	begin(RTM_NEWADDR, &header, sizeof(header));
	put(IFA_ADDRESS, "\12\0\0\2", 4);
	ck_assert_int_eq(rtnl_address_read(&made.header, &address), -EBADMSG);
}
END_TEST

static struct net_route routes[4];
static size_t route_count;

static void keep(const struct net_route *route, void *data)
{
	(void)data;
	ck_assert_uint_lt(route_count, 4);
	routes[route_count++] = *route;
}

START_TEST(route_of_many_hops)
{
	const struct rtmsg header = { .rtm_family = AF_INET,
				      .rtm_dst_len = 24,
				      .rtm_table = 254,
				      .rtm_protocol = RTPROT_DHCP,
				      .rtm_type = RTN_UNICAST };
	const struct {
		struct rtnexthop hop;
		struct nlattr attribute;
		uint8_t gateway[4];
	} hops[2] = { { { 16, 0, 0, 3 }, { 8, RTA_GATEWAY }, { 10, 0, 0, 1 } },
		      { { 16, 0, 0, 4 }, { 8, RTA_GATEWAY }, { 10, 0, 0, 2 } } };

	route_count = 0;
	begin(RTM_NEWROUTE, &header, sizeof(header));
	put(RTA_DST, "\300\0\2\0", 4);
	put_u32(RTA_TABLE, 1000);
	put(RTA_MULTIPATH, hops, sizeof(hops));
	ck_assert_int_eq(rtnl_route_read(&made.header, keep, NULL), 0);
	ck_assert_uint_eq(route_count, 2);
	ck_assert_uint_eq(routes[1].index, 4);
	ck_assert_uint_eq(routes[1].table, 1000);
	ck_assert_mem_eq(routes[1].gateway.bytes, "\12\0\0\2", 4);
	/* One byte too few. */
	begin(RTM_NEWROUTE, &header, sizeof(header));
	put(RTA_DST, "\300\0\2\0", 4);
	put(RTA_MULTIPATH, hops, sizeof(hops) - 1);
	ck_assert_int_eq(rtnl_route_read(&made.header, keep, NULL), -EBADMSG);
}
END_TEST

START_TEST(routes_that_do_not_count)
{
	struct rtmsg header = { .rtm_family = AF_INET,
				.rtm_type = RTN_LOCAL,
				.rtm_protocol = RTPROT_KERNEL };

	route_count = 0;
	begin(RTM_NEWROUTE, &header, sizeof(header));
	ck_assert_int_eq(rtnl_route_read(&made.header, keep, NULL), -ENOMSG);
	header.rtm_type = RTN_BLACKHOLE;
	header.rtm_protocol = RTPROT_STATIC;
	begin(RTM_NEWROUTE, &header, sizeof(header));
	ck_assert_int_eq(rtnl_route_read(&made.header, keep, NULL), -ENOMSG);
	/* Local, but by hand. */
	header.rtm_type = RTN_LOCAL;
	begin(RTM_NEWROUTE, &header, sizeof(header));
	ck_assert_int_eq(rtnl_route_read(&made.header, keep, NULL), 0);
	ck_assert_uint_eq(route_count, 1);
}
END_TEST

START_TEST(neighbours)
{
	struct ndmsg header = { .ndm_family = AF_INET, .ndm_ifindex = 4, .ndm_state = NUD_STALE };
	struct msg_net_sight_of sight;

	begin(RTM_NEWNEIGH, &header, sizeof(header));
	put(NDA_DST, "\12\0\0\2", 4);
	put(NDA_LLADDR, "\2\0\0\0\0\2", 6);
	ck_assert_int_eq(rtnl_sight_read(&made.header, &sight), -ENOMSG);
	header.ndm_state = NUD_REACHABLE;
	memcpy(made.body, &header, sizeof(header));
	ck_assert_int_eq(rtnl_sight_read(&made.header, &sight), 0);
	ck_assert_uint_eq(sight.sight, MSG_NET_SIGHT_NEIGHBOUR);
	ck_assert_mem_eq(sight.mac, "\2\0\0\0\0\2", 6);
}
END_TEST

static int count_messages(const struct nlmsghdr *message, void *data)
{
	(void)message;
	(*(int *)data)++;
	return 0;
}

START_TEST(packets)
{
	int count = 0;

	make_link(AF_UNSPEC);
	ck_assert_int_eq(netlink_each(&made, made.header.nlmsg_len, count_messages, &count), 0);
	ck_assert_int_eq(count, 1);
	ck_assert_int_eq(netlink_each(&made, made.header.nlmsg_len - 1, count_messages, &count),
			 -EBADMSG);
	made.header.nlmsg_len = 8;
	ck_assert_int_eq(netlink_each(&made, 64, count_messages, &count), -EBADMSG);
	ck_assert_int_eq(count, 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("rtnl");
	TCase *cases = tcase_create("rtnl");

	tcase_add_test(cases, link_of_this_namespace);
	tcase_add_test(cases, link_elsewhere);
	tcase_add_test(cases, word_of_another_family);
	tcase_add_test(cases, router_heard);
	tcase_add_test(cases, addresses);
	tcase_add_test(cases, route_of_many_hops);
	tcase_add_test(cases, routes_that_do_not_count);
	tcase_add_test(cases, neighbours);
	tcase_add_test(cases, packets);
	suite_add_tcase(suite, cases);
	return unit_run(suite);
}
