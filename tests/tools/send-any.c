// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sends frames by every way that a socket offers, to where nobody permitted.
 *
 * usage: send-any [--uid N] [--to ADDRESS] [--port N] [--size N] METHOD LINK [COUNT]
 *	--uid: give up root and every capability first, as user N with group N
 *	Prints "sent N errno NAME": how many calls said that they sent, and the last error.
 *	Exit status: 0; 1 when the method is not there on this kernel, 2 wrong usage.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <grp.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* After net/if.h, which it would define again. */
#include <linux/if_pppox.h>

#include "tests/tools/marks.h"

static const char *link_name;
static int link_index;
static unsigned count = 20;
static const char *to; /* --to */
static uint16_t port = MARK_PORT;
static size_t size = sizeof(MARK_TEXT) - 1;
static int last_error;
static unsigned sent;

static const uint8_t peer[ETH_ALEN] = { 0x02, 0, 0, 0, 0, 0x99 };
static const uint8_t own[ETH_ALEN] = { 0x02, 0, 0, 0, 0, 0x98 };

static uint8_t payload[65536];

/* Every send-any ends here: what the call said is counted. */
static void note(ssize_t r)
{
	if (r >= 0)
		sent++;
	else
		last_error = errno;
}

static void absent(const char *what)
{
	fprintf(stderr, "send-any: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int open_socket(int family, int type, int protocol)
{
	int fd = socket(family, type | SOCK_CLOEXEC, protocol);

	if (fd < 0 && errno != EPERM && errno != EACCES)
		absent("socket");
	if (fd < 0) {
		printf("sent 0 errno %s\n", strerrorname_np(errno));
		exit(0);
	}
	return fd;
}

static struct sockaddr_in four(const char *address, uint16_t number)
{
	struct sockaddr_in out = { .sin_family = AF_INET, .sin_port = htons(number) };

	if (inet_pton(AF_INET, address, &out.sin_addr) != 1)
		exit(2);
	return out;
}

static struct sockaddr_in6 six(const char *address, uint16_t number)
{
	struct sockaddr_in6 out = { .sin6_family = AF_INET6, .sin6_port = htons(number) };

	if (inet_pton(AF_INET6, address, &out.sin6_addr) != 1)
		exit(2);
	out.sin6_scope_id = (uint32_t)link_index;
	return out;
}

static void send4(int fd, const char *address)
{
	const struct sockaddr_in at = four(to ? to : address, port);

	for (unsigned i = 0; i < count; i++)
		note(sendto(fd, payload, size, 0, (const struct sockaddr *)&at, sizeof(at)));
}

static void send6(int fd, const char *address)
{
	struct sockaddr_in6 at = six(to ? to : address, port);

	if (!IN6_IS_ADDR_MULTICAST(&at.sin6_addr) && !IN6_IS_ADDR_LINKLOCAL(&at.sin6_addr))
		at.sin6_scope_id = 0;
	for (unsigned i = 0; i < count; i++)
		note(sendto(fd, payload, size, 0, (const struct sockaddr *)&at, sizeof(at)));
}

static void udp4(void)
{
	send4(open_socket(AF_INET, SOCK_DGRAM, 0), MARK_IPV4_TEXT);
}

static void udp6(void)
{
	send6(open_socket(AF_INET6, SOCK_DGRAM, 0), MARK_IPV6_TEXT);
}

static void bind_to_device(void)
{
	int fd = open_socket(AF_INET, SOCK_DGRAM, 0);

	if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, link_name, (socklen_t)strlen(link_name)) <
	    0)
		absent("SO_BINDTODEVICE");
	send4(fd, MARK_IPV4_TEXT);
}

/* One SYN each: the socket is closed before it is sent again. */
static void connect_once(int family, const void *at, socklen_t length)
{
	int fd = open_socket(family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	int r = connect(fd, at, length);
	int error = 0;
	socklen_t error_size = sizeof(error);

	if (r < 0 && errno == EINPROGRESS)
		r = 0;
	if (r == 0 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &error_size) == 0 && error) {
		errno = error;
		r = -1;
	}
	note(r);
	close(fd);
}

static void tcp4(void)
{
	const struct sockaddr_in at = four(to ? to : MARK_IPV4_TEXT, port);

	for (unsigned i = 0; i < count; i++)
		connect_once(AF_INET, &at, sizeof(at));
}

static void tcp6(void)
{
	struct sockaddr_in6 at = six(to ? to : MARK_IPV6_TEXT, port);

	at.sin6_scope_id = 0;
	for (unsigned i = 0; i < count; i++)
		connect_once(AF_INET6, &at, sizeof(at));
}

static void icmp4(void)
{
	struct icmphdr *echo = (struct icmphdr *)payload;

	memmove(payload + sizeof(*echo), MARK_TEXT, sizeof(MARK_TEXT));
	*echo = (struct icmphdr){ .type = ICMP_ECHO };
	size += sizeof(*echo);
	send4(open_socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP), MARK_IPV4_TEXT);
}

static void icmp6(void)
{
	struct icmp6_hdr *echo = (struct icmp6_hdr *)payload;

	memmove(payload + sizeof(*echo), MARK_TEXT, sizeof(MARK_TEXT));
	*echo = (struct icmp6_hdr){ .icmp6_type = ICMP6_ECHO_REQUEST };
	size += sizeof(*echo);
	send6(open_socket(AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6), MARK_IPV6_TEXT);
}

static void mdns4(void)
{
	const struct ip_mreqn by = { .imr_ifindex = link_index };
	int fd = open_socket(AF_INET, SOCK_DGRAM, 0);

	setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &by, sizeof(by));
	port = 5353;
	send4(fd, "224.0.0.251");
}

static void mdns6(void)
{
	port = 5353;
	send6(open_socket(AF_INET6, SOCK_DGRAM, 0), "ff02::fb");
}

/* As a DHCP client that has an address asks: 68 to 67, to everyone. */
static void broadcast(void)
{
	const struct sockaddr_in from = four("0.0.0.0", 68);
	int fd = open_socket(AF_INET, SOCK_DGRAM, 0), on = 1;

	setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, link_name, (socklen_t)strlen(link_name));
	if (bind(fd, (const struct sockaddr *)&from, sizeof(from)) < 0)
		absent("bind");
	port = 67;
	send4(fd, "255.255.255.255");
}

static void raw4(void)
{
	int fd = open_socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
	struct iphdr *ip = (struct iphdr *)payload;

	memmove(payload + sizeof(*ip), MARK_TEXT, sizeof(MARK_TEXT));
	*ip = (struct iphdr){ .version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_UDP };
	ip->saddr = htonl(0xc6336407); /* 198.51.100.7 is not ours */
	ip->daddr = four(to ? to : MARK_IPV4_TEXT, 0).sin_addr.s_addr;
	size += sizeof(*ip);
	send4(fd, MARK_IPV4_TEXT);
}

static void raw6(void)
{
	port = 0;
	send6(open_socket(AF_INET6, SOCK_RAW, 253), MARK_IPV6_TEXT); /* 253: RFC 3692 */
}

/* An IPv4 UDP packet at @at; returns its length. */
static size_t put_packet(uint8_t *at, const char *from, const char *destination, uint16_t source,
			 uint16_t number)
{
	struct iphdr *ip = (struct iphdr *)at;
	struct udphdr *udp = (struct udphdr *)(ip + 1);
	size_t length = sizeof(*ip) + sizeof(*udp) + sizeof(MARK_TEXT);
	uint32_t sum = 0;

	*ip = (struct iphdr){ .version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_UDP };
	ip->tot_len = htons((uint16_t)length);
	ip->saddr = four(from, 0).sin_addr.s_addr;
	ip->daddr = four(destination, 0).sin_addr.s_addr;
	for (unsigned i = 0; i < 10; i++)
		sum += ((const uint16_t *)at)[i];
	ip->check = (uint16_t) ~((sum & 0xffff) + (sum >> 16));
	*udp = (struct udphdr){ .source = htons(source), .dest = htons(number) };
	udp->len = htons((uint16_t)(sizeof(*udp) + sizeof(MARK_TEXT)));
	memcpy(udp + 1, MARK_TEXT, sizeof(MARK_TEXT));
	return length;
}

static struct sockaddr_ll station(uint16_t protocol)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET,
				  .sll_protocol = htons(protocol),
				  .sll_ifindex = link_index,
				  .sll_halen = ETH_ALEN };

	memcpy(at.sll_addr, peer, ETH_ALEN);
	return at;
}

/* @claimed: what the socket says that the frame is; @type: what it is. */
static void frames(uint16_t claimed, uint16_t type, size_t before, bool bypass)
{
	const struct sockaddr_ll at = station(claimed);
	int fd = open_socket(AF_PACKET, SOCK_RAW, 0), on = 1;
	uint8_t frame[256] = { 0 };
	struct ethhdr *head = (struct ethhdr *)frame;
	size_t length = sizeof(*head) + before;

	memcpy(head->h_dest, peer, ETH_ALEN);
	memcpy(head->h_source, own, ETH_ALEN);
	head->h_proto = htons(type);
	/* A VLAN tag whose first byte looks like IPv4's. */
	if (before == 4)
		memcpy(head + 1, "\x45\x05\x08\x00", 4);
	length += put_packet(frame + length, "10.20.0.7", to ? to : MARK_IPV4_TEXT, 1234, port);
	if (bypass && setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof(on)) < 0)
		absent("PACKET_QDISC_BYPASS");
	for (unsigned i = 0; i < count; i++)
		note(sendto(fd, frame, length, 0, (const struct sockaddr *)&at, sizeof(at)));
}

static void packet_raw(void)
{
	frames(ETH_P_IP, ETH_P_IP, 0, false);
}

static void packet_bypass(void)
{
	frames(ETH_P_IP, ETH_P_IP, 0, true);
}

static void packet_claims_arp(void)
{
	frames(ETH_P_ARP, ETH_P_IP, 0, false);
}

static void packet_claims_ip(void)
{
	frames(ETH_P_IP, ETH_P_8021Q, 4, false);
}

static void packet_vlan(void)
{
	frames(ETH_P_8021Q, ETH_P_8021Q, 4, false);
}

static void packet_lan(void)
{
	frames(0x88b5, 0x88b5, 0, false); /* IEEE 802: for local experiments */
}

static void datagrams(const char *from, const char *destination, uint16_t source, uint16_t number)
{
	const struct sockaddr_ll at = station(ETH_P_IP);
	int fd = open_socket(AF_PACKET, SOCK_DGRAM, 0);
	uint8_t packet[256] = { 0 };
	size_t length = put_packet(packet, from, destination, source, number);

	for (unsigned i = 0; i < count; i++)
		note(sendto(fd, packet, length, 0, (const struct sockaddr *)&at, sizeof(at)));
}

static void packet_dgram(void)
{
	datagrams("10.20.0.7", to ? to : MARK_IPV4_TEXT, 1234, port);
}

/* As a DHCP client without an address asks: below IP. */
static void packet_dhcp(void)
{
	datagrams("0.0.0.0", "255.255.255.255", 68, 67);
}

/* By way of a hop that may be permitted: the packet's own destination is that hop (RFC 791, 3.1). */
static void source_route4(void)
{
	const in_addr_t hop = four("10.20.0.5", 0).sin_addr.s_addr;
	const in_addr_t end = four(MARK_IPV4_TEXT, 0).sin_addr.s_addr;
	uint8_t route[12] = { IPOPT_LSRR, 11, 4 };
	int fd = open_socket(AF_INET, SOCK_DGRAM, 0);

	memcpy(route + 3, &hop, sizeof(hop));
	memcpy(route + 7, &end, sizeof(end));
	if (setsockopt(fd, IPPROTO_IP, IP_OPTIONS, route, sizeof(route)) < 0)
		absent("IP_OPTIONS");
	port = 53;
	send4(fd, MARK_IPV4_TEXT);
}

/* The same by a segment routing header (RFC 8754), which needs no rights. */
static void source_route6(void)
{
	const struct sockaddr_in6 hop = six("fd12:7::5", 0), end = six(MARK_IPV6_TEXT, 0);
	uint8_t route[40] = { 0, 4, 4, 1, 1 };
	int fd = open_socket(AF_INET6, SOCK_DGRAM, 0);

	memcpy(route + 8, &end.sin6_addr, sizeof(end.sin6_addr));
	memcpy(route + 24, &hop.sin6_addr, sizeof(hop.sin6_addr));
	if (setsockopt(fd, IPPROTO_IPV6, IPV6_RTHDR, route, sizeof(route)) < 0)
		absent("IPV6_RTHDR");
	port = 53;
	send6(fd, MARK_IPV6_TEXT);
}

/* Anyone may open one, and the kernel loads the module for it. */
static void pppoe(void)
{
	int fd = open_socket(AF_PPPOX, SOCK_STREAM, PX_PROTO_OE);
	struct sockaddr_pppox at = { .sa_family = AF_PPPOX, .sa_protocol = PX_PROTO_OE };

	at.sa_addr.pppoe.sid = htons(7);
	memcpy(at.sa_addr.pppoe.remote, peer, ETH_ALEN);
	snprintf(at.sa_addr.pppoe.dev, sizeof(at.sa_addr.pppoe.dev), "%s", link_name);
	if (connect(fd, (const struct sockaddr *)&at, sizeof(at)) < 0) {
		note(-1);
		return;
	}
	for (unsigned i = 0; i < count; i++)
		note(send(fd, payload, size, 0));
}

static const struct {
	const char *name;
	void (*run)(void);
} methods[] = {
	{ "udp4", udp4 },
	{ "udp6", udp6 },
	{ "bind-to-device", bind_to_device },
	{ "tcp4", tcp4 },
	{ "tcp6", tcp6 },
	{ "icmp4", icmp4 },
	{ "icmp6", icmp6 },
	{ "mdns4", mdns4 },
	{ "mdns6", mdns6 },
	{ "broadcast", broadcast },
	{ "raw4", raw4 },
	{ "raw6", raw6 },
	{ "packet-raw", packet_raw },
	{ "packet-dgram", packet_dgram },
	{ "packet-bypass", packet_bypass },
	{ "packet-claims-arp", packet_claims_arp },
	{ "packet-claims-ip", packet_claims_ip },
	{ "packet-vlan", packet_vlan },
	{ "packet-lan", packet_lan },
	{ "packet-dhcp", packet_dhcp },
	{ "source-route4", source_route4 },
	{ "source-route6", source_route6 },
	{ "pppoe", pppoe },
};

static void become(uid_t uid)
{
	if (setgroups(0, NULL) < 0 || setresgid(uid, uid, uid) < 0 || setresuid(uid, uid, uid) < 0)
		absent("setresuid");
}

static int usage(void)
{
	fputs("usage: send-any [--uid N] [--to ADDRESS] [--port N] [--size N] METHOD LINK "
	      "[COUNT]\n",
	      stderr);
	return 2;
}

int main(int argc, char *argv[])
{
	static const struct option options[] = { { "uid", required_argument, NULL, 'u' },
						 { "to", required_argument, NULL, 't' },
						 { "port", required_argument, NULL, 'p' },
						 { "size", required_argument, NULL, 's' },
						 { NULL, 0, NULL, 0 } };
	int option;

	memcpy(payload, MARK_TEXT, sizeof(MARK_TEXT) - 1);
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'u')
			become((uid_t)atoi(optarg));
		else if (option == 't')
			to = optarg;
		else if (option == 'p')
			port = (uint16_t)atoi(optarg);
		else if (option == 's')
			size = (size_t)atoi(optarg);
		else
			return usage();
	}
	if (argc - optind < 2 || size > sizeof(payload) - 64)
		return usage();
	link_name = argv[optind + 1];
	link_index = (int)if_nametoindex(link_name);
	if (argc - optind > 2)
		count = (unsigned)atoi(argv[optind + 2]);
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		if (strcmp(methods[i].name, argv[optind]) != 0)
			continue;
		methods[i].run();
		printf("sent %u errno %s\n", sent, last_error ? strerrorname_np(last_error) : "-");
		return 0;
	}
	return usage();
}
