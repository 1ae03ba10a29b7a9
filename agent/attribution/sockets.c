// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/attribution/sockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/packet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "agent/lib/netlink.h"

static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

/* "::ffff:10.0.0.1" of a socket that speaks both is 10.0.0.1; an address of nothing but zeros is none. */
static struct net_prefix address(uint8_t family, const void *bytes)
{
	static const uint8_t nowhere[16];
	struct net_prefix prefix = { 0 };
	size_t size = family == AF_INET ? 4 : 16;
	const uint8_t *from = bytes;

	if (family == AF_INET6 && memcmp(from, mapped, sizeof(mapped)) == 0) {
		from += sizeof(mapped);
		size = 4;
	}
	if (memcmp(from, nowhere, size) == 0)
		return prefix;
	prefix.family = size == 4 ? NET_FAMILY_IPV4 : NET_FAMILY_IPV6;
	prefix.bits = (uint8_t)(size * 8);
	memcpy(prefix.bytes, from, size);
	return prefix;
}

static int read_inet(const struct nlmsghdr *message, struct socket_facts *facts)
{
	const struct inet_diag_msg *told = netlink_header(message, sizeof(*told));

	if (!told)
		return -EBADMSG;
	if (told->idiag_family != AF_INET && told->idiag_family != AF_INET6)
		return -ENOMSG;
	facts->uid = told->idiag_uid;
	facts->inode = told->idiag_inode;
	facts->port = ntohs(told->id.idiag_sport);
	facts->far_port = ntohs(told->id.idiag_dport);
	facts->local = address(told->idiag_family, told->id.idiag_src);
	facts->far = address(told->idiag_family, told->id.idiag_dst);
	return facts->inode ? 0 : -ENOMSG;
}

static int read_packet(const struct nlmsghdr *message, struct socket_facts *facts)
{
	const struct packet_diag_msg *told = netlink_header(message, sizeof(*told));
	struct netlink_attributes attributes;

	if (!told || netlink_attributes(message, sizeof(*told), &attributes) < 0)
		return -EBADMSG;
	facts->inode = told->pdiag_ino;
	facts->uid = UINT32_MAX;
	netlink_copy(attributes.of[PACKET_DIAG_UID], &facts->uid, sizeof(facts->uid));
	return facts->inode ? 0 : -ENOMSG;
}

int sockets_read(const struct nlmsghdr *message, enum socket_kind kind, struct socket_facts *facts)
{
	*facts = (struct socket_facts){ .kind = kind };
	if (message->nlmsg_type != SOCK_DIAG_BY_FAMILY)
		return -ENOMSG;
	return kind == SOCKET_PACKET ? read_packet(message, facts) : read_inet(message, facts);
}

/* The number that is word @word of a line, or what follows @after in it. */
static bool number_at(const char *line, int word, const char *after, int base, uint64_t *value)
{
	const char *at = line;
	char *end;

	for (int i = 0; i <= word; i++) {
		at += strspn(at, " ");
		if (i < word)
			at += strcspn(at, " ");
	}
	if (after)
		at = strstr(at, after) ? strstr(at, after) + strlen(after) : "";
	if (!*at || *at == ' ' || *at == '-')
		return false;
	errno = 0;
	*value = strtoull(at, &end, base);
	return errno == 0 && end > at && (*end == ' ' || *end == 0);
}

int sockets_read_line(const char *line, enum socket_kind kind, struct socket_facts *facts)
{
	uint64_t port, uid, inode;

	*facts = (struct socket_facts){ .kind = kind };
	/* sl local:port remote:port st tx:rx tr:tm retrnsmt uid timeout inode */
	if (!number_at(line, 1, ":", 16, &port) || !number_at(line, 7, NULL, 10, &uid) ||
	    !number_at(line, 9, NULL, 10, &inode) || port > UINT16_MAX || uid > UINT32_MAX)
		return -ENOMSG;
	facts->port = (uint16_t)port;
	facts->uid = (uint32_t)uid;
	facts->inode = inode;
	return inode ? 0 : -ENOMSG;
}

static bool same_address(const struct net_prefix *a, const struct net_prefix *b)
{
	return a->family == b->family && memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

/* An end that the socket leaves open fits any. */
static bool fits(const struct net_prefix *bound, const struct net_prefix *sent)
{
	return bound->family == NET_FAMILY_NONE || same_address(bound, sent);
}

static bool ports_fit(const struct socket_facts *facts, const struct net_flow *flow)
{
	if (flow->from_port == 0 || facts->port != flow->from_port)
		return false;
	/* A connected socket of UDP may send elsewhere by sendto(); one of TCP may not. */
	if (flow->protocol == NET_PROTOCOL_TCP)
		return facts->far_port == flow->port && fits(&facts->far, &flow->to) &&
		       fits(&facts->local, &flow->from);
	return fits(&facts->local, &flow->from);
}

bool sockets_could_send(const struct socket_facts *facts, const struct msg_attribute *question)
{
	const struct net_flow *flow = &question->flow;

	switch (facts->kind) {
	case SOCKET_PORTS:
		return ports_fit(facts, flow);
	case SOCKET_RAW:
		/* Of others' sockets only this user's own could have written any header at all. */
		return facts->uid == question->uid &&
		       (facts->port == flow->number || facts->port == IPPROTO_RAW);
	case SOCKET_PACKET:
	default:
		return facts->uid == question->uid && question->hook == MSG_NET_HOOK_EGRESS;
	}
}
