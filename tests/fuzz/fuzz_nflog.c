// SPDX-License-Identifier: GPL-2.0-or-later
/* A packet of nfnetlink: messages of its log and of nf_tables. */
#include <errno.h>
#include <linux/netlink.h>

#include "agent/lib/netlink.h"
#include "agent/monitor/nflog.h"
#include "agent/monitor/nft_change.h"
#include "tests/fuzz/net_hold.h"

static int on_message(const struct nlmsghdr *message, void *data)
{
	struct msg_net_packet packet;
	struct msg_net_sight_of sight;
	uint32_t sequence;
	int r = nflog_read(message, &packet, &sequence);

	(void)data;
	MUST(r == 0 || r == -ENOMSG || r == -EBADMSG);
	message_holds(MSG_NET_PACKET, &packet);
	prefix_holds(&packet.flow.to);
	prefix_holds(&packet.flow.from);
	MUST(packet.count == 1 && packet.lost == 0);
	r = nft_change_read(message, &sight);
	MUST(r == 0 || r == -EAGAIN || r == -ENOMSG || r == -EBADMSG);
	message_holds(MSG_NET_SIGHT, &sight);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *packet = exact_copy(data, size);

	netlink_each(packet, size, on_message, NULL);
	free(packet);
	return 0;
}
