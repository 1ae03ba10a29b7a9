// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/monitor/flow.h"

#include <linux/if_ether.h>
#include <string.h>

#include "agent/monitor/resolv.h"
#include "tests/unit/unit.h"

static struct net_flow flow;

static size_t read_bytes(uint16_t ethertype, const uint8_t *bytes, size_t length)
{
	flow = (struct net_flow){ .index = 3 };
	return flow_read(ethertype, bytes, length, &flow);
}

/* 10.9.0.1:54931 to 10.9.0.2:98, "hello", as Linux 6.18 logged it. */
static const uint8_t udp[] = {
	0x45, 0x00, 0x00, 0x21, 0x94, 0x94, 0x40, 0x00, 0x40, 0x11, 0x92,
	0x23, 0x0a, 0x09, 0x00, 0x01, 0x0a, 0x09, 0x00, 0x02, 0xd6, 0x93,
	0x00, 0x62, 0x00, 0x0d, 0x14, 0x33, 0x68, 0x65, 0x6c, 0x6c, 0x6f,
};

START_TEST(ipv4)
{
	uint8_t bytes[sizeof(udp)];

	ck_assert_uint_eq(read_bytes(ETH_P_IP, udp, sizeof(udp)), 33);
	ck_assert_int_eq(flow.protocol, NET_PROTOCOL_UDP);
	ck_assert_uint_eq(flow.port, 98);
	ck_assert_uint_eq(flow.from_port, 0xd693);
	ck_assert_mem_eq(flow.to.bytes, udp + 16, 4);
	ck_assert_uint_eq(flow.index, 3);
	/* A later fragment: what stands there are no ports. */
	memcpy(bytes, udp, sizeof(udp));
	bytes[7] = 1;
	read_bytes(ETH_P_IP, bytes, sizeof(bytes));
	ck_assert_uint_eq(flow.port, 0);
	ck_assert_int_eq(flow.protocol, NET_PROTOCOL_UDP);
	/* Cut within the ports. */
	read_bytes(ETH_P_IP, udp, 23);
	ck_assert_uint_eq(flow.port, 0);
	read_bytes(ETH_P_IP, udp, 19);
	ck_assert_int_eq(flow.to.family, NET_FAMILY_NONE);
	ck_assert_uint_eq(flow.ethertype, ETH_P_IP);
}
END_TEST

START_TEST(ipv6_behind_extension_headers)
{
	uint8_t bytes[40 + 8 + 8 + 8] = { 0x60, 0, 0, 0, 0, 24, 0 /* hop by hop */ };

	bytes[24] = 0xfd;
	bytes[40] = 44; /* then a fragment header */
	bytes[48] = 17; /* then UDP */
	bytes[59] = 53;
	ck_assert_uint_eq(read_bytes(ETH_P_IPV6, bytes, sizeof(bytes)), 64);
	ck_assert_uint_eq(flow.number, 17);
	ck_assert_uint_eq(flow.port, 53);
	bytes[51] = 8; /* offset 1 */
	read_bytes(ETH_P_IPV6, bytes, sizeof(bytes));
	ck_assert_uint_eq(flow.number, 17);
	ck_assert_uint_eq(flow.port, 0);
	bytes[41] = 200; /* longer than the packet */
	read_bytes(ETH_P_IPV6, bytes, sizeof(bytes));
	ck_assert_uint_eq(flow.port, 0);
}
END_TEST

START_TEST(not_ip)
{
	ck_assert_uint_eq(read_bytes(ETH_P_ARP, udp, 28), 28);
	ck_assert_int_eq(flow.to.family, NET_FAMILY_NONE);
	ck_assert_uint_eq(flow.ethertype, ETH_P_ARP);
	/* It says IPv6 and is none. */
	read_bytes(ETH_P_IPV6, udp, sizeof(udp));
	ck_assert_uint_eq(flow.ethertype, ETH_P_IPV6);
}
END_TEST

START_TEST(name_servers)
{
	static const char text[] = "# nameserver 1.1.1.1\n"
				   "nameserver 10.20.0.5\r\n"
				   "nameserver\tfe80::1%eth0 trailing\n"
				   "nameservers 9.9.9.9\n"
				   " nameserver 9.9.9.9\n"
				   "nameserver 300.1.1.1\n"
				   "nameserver  ::1";
	struct net_prefix servers[8];

	ck_assert_uint_eq(resolv_read(text, sizeof(text) - 1, servers, 8), 3);
	ck_assert_mem_eq(servers[0].bytes, "\12\24\0\5", 4);
	ck_assert_uint_eq(servers[1].bits, 128);
	ck_assert_uint_eq(servers[1].bytes[0], 0xfe);
	ck_assert_uint_eq(servers[2].bytes[15], 1);
	ck_assert_uint_eq(resolv_read(text, sizeof(text) - 1, servers, 1), 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("flow");
	TCase *cases = tcase_create("flow");

	tcase_add_test(cases, ipv4);
	tcase_add_test(cases, ipv6_behind_extension_headers);
	tcase_add_test(cases, not_ip);
	tcase_add_test(cases, name_servers);
	suite_add_tcase(suite, cases);
	return unit_run(suite);
}
