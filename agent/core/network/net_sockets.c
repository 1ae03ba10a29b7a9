// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/network/net_sockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_log.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/lib/log.h"
#include "agent/lib/ruleset/net_log.h"

/* 10,000 flaps on 100 links fill less than this; the kernel counts its own overhead too. */
#define ROUTE_BUFFER   (32 * 1024 * 1024)
#define PACKET_BUFFER  (4 * 1024 * 1024)
#define RULES_BUFFER   (4 * 1024 * 1024)
#define ANSWER_WAIT_MS 1000

static const int route_groups[] = {
	RTNLGRP_LINK,	      RTNLGRP_NEIGH,	    RTNLGRP_TC,		 RTNLGRP_IPV4_IFADDR,
	RTNLGRP_IPV4_ROUTE,   RTNLGRP_IPV4_RULE,    RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV6_ROUTE,
	RTNLGRP_IPV6_IFINFO,  RTNLGRP_IPV6_PREFIX,  RTNLGRP_IPV6_RULE,	 RTNLGRP_ND_USEROPT,
	RTNLGRP_IPV4_NETCONF, RTNLGRP_IPV6_NETCONF, RTNLGRP_NSID,
};

static int set(int fd, int option, int value)
{
	return setsockopt(fd, SOL_NETLINK, option, &value, sizeof(value)) < 0 ? -errno : 0;
}

static int open_bound(int protocol, int buffer)
{
	const struct sockaddr_nl address = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);

	if (fd < 0)
		return -errno;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof(buffer)) < 0)
		log_warning("a network event buffer stays small: %s", strerror(errno));
	if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
		int r = -errno;

		close(fd);
		return r;
	}
	return fd;
}

static int join_route(int fd)
{
	int r = 0;

	/* Without the right to other namespaces this one is watched all the same. */
	if (set(fd, NETLINK_LISTEN_ALL_NSID, 1) < 0)
		log_warning("other network namespaces are not heard: %s", strerror(errno));
	/* Requests are checked by the kernel to the last byte, and what they ask is what they get. */
	set(fd, NETLINK_GET_STRICT_CHK, 1);
	for (size_t i = 0; r == 0 && i < sizeof(route_groups) / sizeof(route_groups[0]); i++)
		r = set(fd, NETLINK_ADD_MEMBERSHIP, route_groups[i]);
	return r;
}

static int await_answer(int fd, uint32_t sequence)
{
	struct pollfd events = { .fd = fd, .events = POLLIN };
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
		uint8_t rest[256];
	} answer;
	ssize_t length;

	for (;;) {
		if (poll(&events, 1, ANSWER_WAIT_MS) <= 0)
			return -ETIMEDOUT;
		length = recv(fd, &answer, sizeof(answer), 0);
		if (length < 0)
			return -errno;
		/* Packets that are logged from the bind on come between. */
		if ((size_t)length >= NLMSG_LENGTH(sizeof(answer.error)) &&
		    answer.header.nlmsg_type == NLMSG_ERROR && answer.header.nlmsg_seq == sequence)
			return answer.error.error;
	}
}

/* One request with one attribute to nfnetlink_log (net/netfilter/nfnetlink_log.c, nfulnl_recv_config). */
static int configure_log(int fd, uint32_t sequence, uint16_t attribute, const void *value,
			 uint16_t size)
{
	struct log_request {
		struct nlmsghdr header;
		struct nfgenmsg group;
		struct nlattr attribute;
		uint8_t value[8];
	} request = {
		.header = { .nlmsg_type = NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_CONFIG,
			    .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
			    .nlmsg_seq = sequence },
		.group = { .nfgen_family = AF_UNSPEC,
			   .version = NFNETLINK_V0,
			   .res_id = htons(NET_LOG_GROUP) },
		.attribute = { .nla_len = (uint16_t)(sizeof(struct nlattr) + size),
			       .nla_type = attribute },
	};
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	memcpy(request.value, value, size);
	request.header.nlmsg_len =
		(uint32_t)offsetof(struct log_request, value) + ((size + 3u) & ~3u);
	if (sendto(fd, &request, request.header.nlmsg_len, 0, (const struct sockaddr *)&kernel,
		   sizeof(kernel)) < 0)
		return -errno;
	return await_answer(fd, sequence);
}

static int join_packets(int fd)
{
	const struct nfulnl_msg_config_cmd bind_group = { .command = NFULNL_CFG_CMD_BIND };
	const struct nfulnl_msg_config_mode mode = { .copy_range = htonl(NET_LOG_SNAPLEN),
						     .copy_mode = NFULNL_COPY_PACKET };
	/* Each packet by itself and at once, numbered, so that losses show. */
	const uint32_t threshold = htonl(1);
	const uint16_t flags = htons(NFULNL_CFG_F_SEQ);
	int r;

	r = configure_log(fd, 1, NFULA_CFG_CMD, &bind_group, sizeof(bind_group));
	if (r == 0)
		r = configure_log(fd, 2, NFULA_CFG_MODE, &mode, sizeof(mode));
	if (r == 0)
		r = configure_log(fd, 3, NFULA_CFG_QTHRESH, &threshold, sizeof(threshold));
	if (r == 0)
		r = configure_log(fd, 4, NFULA_CFG_FLAGS, &flags, sizeof(flags));
	return r;
}

int net_sockets_open(enum msg_net_socket kind)
{
	int fd, r;

	switch (kind) {
	case MSG_NET_SOCKET_ROUTE:
		fd = open_bound(NETLINK_ROUTE, ROUTE_BUFFER);
		r = fd < 0 ? fd : join_route(fd);
		break;
	case MSG_NET_SOCKET_PACKETS:
		fd = open_bound(NETLINK_NETFILTER, PACKET_BUFFER);
		r = fd < 0 ? fd : join_packets(fd);
		break;
	case MSG_NET_SOCKET_RULES:
		fd = open_bound(NETLINK_NETFILTER, RULES_BUFFER);
		r = fd < 0 ? fd : set(fd, NETLINK_ADD_MEMBERSHIP, NFNLGRP_NFTABLES);
		break;
	case MSG_NET_SOCKET_COUNT:
	default:
		return -EINVAL;
	}
	if (r < 0 && fd >= 0)
		close(fd);
	return r < 0 ? r : fd;
}
