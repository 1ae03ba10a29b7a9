// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/monitor/nflog.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_log.h>
#include <linux/netlink.h>
#include <string.h>

#include "agent/lib/ruleset/net_log.h"
#include "agent/lib/netlink.h"
#include "agent/monitor/flow.h"

static int hook_of(const struct nlattr *attribute, uint32_t *hook)
{
	static const struct {
		const char *prefix;
		enum msg_net_hook hook;
	} hooks[] = {
		{ NET_LOG_OUTPUT, MSG_NET_HOOK_OUTPUT },
		{ NET_LOG_EGRESS, MSG_NET_HOOK_EGRESS },
		{ NET_LOG_ARP, MSG_NET_HOOK_EGRESS },
		{ NET_LOG_FORWARD, MSG_NET_HOOK_FORWARD },
	};
	char text[32];

	netlink_text(attribute, text, sizeof(text));
	for (size_t i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++) {
		if (strncmp(text, hooks[i].prefix, strlen(hooks[i].prefix)) == 0) {
			*hook = hooks[i].hook;
			return 0;
		}
	}
	return -ENOMSG;
}

/* UINT32_MAX, which no user has, stands for a packet without a socket. */
static uint32_t be32_or_none(const struct nlattr *attribute)
{
	uint32_t value;

	return netlink_copy(attribute, &value, sizeof(value)) ? ntohl(value) : UINT32_MAX;
}

/*
 * Below IP the packet begins with its link header, which NFULA_L2HDR repeats; its last two bytes say
 * what follows, also behind VLAN tags, where the socket's own word (hw_protocol) may be anything.
 */
static size_t skip_link_header(const struct netlink_attributes *attributes, const uint8_t *data,
			       size_t length, uint16_t *ethertype)
{
	size_t size;
	const uint8_t *header = netlink_value(attributes->of[NFULA_L2HDR], &size);

	if (!header || size > length || size < ETH_HLEN || memcmp(header, data, size) != 0)
		return 0;
	*ethertype = (uint16_t)(header[size - 2] << 8 | header[size - 1]);
	return size;
}

int nflog_read(const struct nlmsghdr *message, struct msg_net_packet *packet, uint32_t *sequence)
{
	const struct nfgenmsg *header = netlink_header(message, sizeof(*header));
	struct netlink_attributes attributes;
	struct nfulnl_msg_packet_hdr told = { 0 };
	const uint8_t *data;
	uint16_t ethertype;
	size_t length, skip;
	int r;

	*packet = (struct msg_net_packet){ .count = 1 };
	*sequence = 0;
	if (message->nlmsg_type != (NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_PACKET))
		return -ENOMSG;
	if (!header || netlink_attributes(message, sizeof(*header), &attributes) < 0)
		return -EBADMSG;
	if (attributes.of[NFULA_SEQ])
		*sequence = be32_or_none(attributes.of[NFULA_SEQ]);
	r = hook_of(attributes.of[NFULA_PREFIX], &packet->hook);
	if (r < 0)
		return r;
	packet->uid = be32_or_none(attributes.of[NFULA_UID]);
	packet->gid = be32_or_none(attributes.of[NFULA_GID]);
	netlink_copy(attributes.of[NFULA_PACKET_HDR], &told, sizeof(told));
	ethertype = ntohs(told.hw_protocol);
	data = netlink_value(attributes.of[NFULA_PAYLOAD], &length);
	if (attributes.of[NFULA_IFINDEX_OUTDEV])
		packet->flow.index = be32_or_none(attributes.of[NFULA_IFINDEX_OUTDEV]);
	if (!data)
		return 0;
	skip = skip_link_header(&attributes, data, length, &ethertype);
	packet->length = (uint32_t)flow_read(ethertype, data + skip, length - skip, &packet->flow);
	return 0;
}
