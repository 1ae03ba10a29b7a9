// SPDX-License-Identifier: GPL-2.0-or-later
/* Two bytes of EtherType, then the beginning of a packet. */
#include "agent/monitor/flow.h"
#include "tests/fuzz/net_hold.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct msg_net_packet packet = { .flow.index = 5 };
	struct net_flow *flow = &packet.flow;
	uint16_t ethertype;
	uint8_t *copy;

	if (size < 2)
		return 0;
	ethertype = (uint16_t)(data[0] << 8 | data[1]);
	copy = exact_copy(data + 2, size - 2);
	flow_read(ethertype, copy, size - 2, flow);
	message_holds(MSG_NET_PACKET, &packet);
	prefix_holds(&flow->to);
	prefix_holds(&flow->from);
	MUST(flow->index == 5);
	MUST((flow->to.family == NET_FAMILY_NONE) == (flow->from.family == NET_FAMILY_NONE));
	if (flow->to.family == NET_FAMILY_NONE)
		MUST(flow->ethertype == ethertype && flow->port == 0 && flow->number == 0);
	if (flow->port)
		MUST(flow->protocol != NET_PROTOCOL_ICMP);
	free(copy);
	return 0;
}
