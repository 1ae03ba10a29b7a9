// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/monitor/flow.h"

#include <linux/if_ether.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>

#define HEADERS_MAX 8

#define NUMBER_MOBILITY 135 /* RFC 6275 */

static uint16_t be16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static struct net_prefix address(const uint8_t *at, enum net_family family)
{
	struct net_prefix prefix = { .family = (uint8_t)family };

	prefix.bits = family == NET_FAMILY_IPV4 ? 32 : 128;
	memcpy(prefix.bytes, at, prefix.bits / 8);
	return prefix;
}

static void read_transport(const uint8_t *data, size_t length, struct net_flow *flow)
{
	static const struct {
		uint8_t number;
		enum net_protocol protocol;
	} with_ports[] = {
		{ IPPROTO_TCP, NET_PROTOCOL_TCP },	 { IPPROTO_UDP, NET_PROTOCOL_UDP },
		{ IPPROTO_UDPLITE, NET_PROTOCOL_OTHER }, { IPPROTO_SCTP, NET_PROTOCOL_OTHER },
		{ IPPROTO_DCCP, NET_PROTOCOL_OTHER },
	};

	if (flow->number == IPPROTO_ICMP || flow->number == IPPROTO_ICMPV6)
		flow->protocol = NET_PROTOCOL_ICMP;
	for (size_t i = 0; i < sizeof(with_ports) / sizeof(with_ports[0]); i++) {
		if (with_ports[i].number != flow->number)
			continue;
		flow->protocol = with_ports[i].protocol;
		if (length >= 4) {
			flow->from_port = be16(data);
			flow->port = be16(data + 2);
		}
	}
}

static size_t read_ipv4(const uint8_t *data, size_t length, struct net_flow *flow)
{
	size_t header, total;

	if (length < 20 || data[0] >> 4 != 4)
		return length;
	header = (size_t)(data[0] & 15) * 4;
	total = be16(data + 2);
	flow->from = address(data + 12, NET_FAMILY_IPV4);
	flow->to = address(data + 16, NET_FAMILY_IPV4);
	flow->number = data[9];
	/* Only the first fragment (offset 0) begins with the ports. */
	if ((be16(data + 6) & 0x1fff) != 0)
		read_transport(data, 0, flow);
	else if (header >= 20 && header <= length)
		read_transport(data + header, length - header, flow);
	return total >= header ? total : length;
}

/* Size of an extension header, 0 when @number is none; a fragment that is not the first sets @later. */
static size_t extension(uint8_t number, const uint8_t *data, bool *later)
{
	switch (number) {
	case IPPROTO_HOPOPTS:
	case IPPROTO_ROUTING:
	case IPPROTO_DSTOPTS:
	case NUMBER_MOBILITY:
		return ((size_t)data[1] + 1) * 8;
	case IPPROTO_FRAGMENT:
		*later = (be16(data + 2) & 0xfff8) != 0;
		return 8;
	case IPPROTO_AH:
		return ((size_t)data[1] + 2) * 4;
	default:
		return 0;
	}
}

static size_t read_ipv6(const uint8_t *data, size_t length, struct net_flow *flow)
{
	size_t at = 40, total;
	bool later = false;

	if (length < 40 || data[0] >> 4 != 6)
		return length;
	total = at + be16(data + 4);
	flow->from = address(data + 8, NET_FAMILY_IPV6);
	flow->to = address(data + 24, NET_FAMILY_IPV6);
	flow->number = data[6];
	for (int i = 0; i < HEADERS_MAX && length - at >= 8; i++) {
		size_t size = extension(flow->number, data + at, &later);

		if (size == 0)
			break;
		flow->number = data[at];
		if (later || size > length - at) {
			at = length;
			break;
		}
		at += size;
	}
	read_transport(data + at, later ? 0 : length - at, flow);
	return total;
}

size_t flow_read(uint16_t ethertype, const uint8_t *data, size_t length, struct net_flow *flow)
{
	uint32_t index = flow->index;

	*flow = (struct net_flow){ .index = index };
	if (ethertype == ETH_P_IP)
		length = read_ipv4(data, length, flow);
	else if (ethertype == ETH_P_IPV6)
		length = read_ipv6(data, length, flow);
	if (flow->to.family == NET_FAMILY_NONE)
		flow->ethertype = ethertype;
	return length;
}
