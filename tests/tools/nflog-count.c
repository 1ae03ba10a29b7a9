// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Counts what a group of NFLOG tells, by prefix and user.
 *
 * usage: nflog-count GROUP
 *	Prints "ready". For each line of input it prints a line "PREFIX UID PACKETS" (UID -1: no socket) for
 *	each pair that came since the last one, then "end".
 */
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_log.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define PAIRS 4096

static struct pair {
	char prefix[64];
	long uid;
	unsigned long packets;
} pairs[PAIRS];
static size_t pair_count;

static void add(const char *prefix, long uid)
{
	size_t i = 0;

	while (i < pair_count && (pairs[i].uid != uid || strcmp(pairs[i].prefix, prefix) != 0))
		i++;
	if (i == PAIRS)
		return;
	if (i == pair_count) {
		pair_count++;
		pairs[i] = (struct pair){ .uid = uid };
		snprintf(pairs[i].prefix, sizeof(pairs[i].prefix), "%s", prefix);
	}
	pairs[i].packets++;
}

struct packet {
	const char *prefix;
	long uid;
};

static int read_attribute(const struct nlattr *attribute, void *data)
{
	struct packet *packet = data;

	if (mnl_attr_get_type(attribute) == NFULA_PREFIX)
		packet->prefix = mnl_attr_get_str(attribute);
	if (mnl_attr_get_type(attribute) == NFULA_UID)
		packet->uid = ntohl(mnl_attr_get_u32(attribute));
	return MNL_CB_OK;
}

static int take(const struct nlmsghdr *message, void *data)
{
	struct packet packet = { "-", -1 };

	(void)data;
	if (NFNL_MSG_TYPE(message->nlmsg_type) != NFULNL_MSG_PACKET)
		return MNL_CB_OK;
	mnl_attr_parse(message, sizeof(struct nfgenmsg), read_attribute, &packet);
	add(packet.prefix, packet.uid);
	return MNL_CB_OK;
}

static void drain(struct mnl_socket *socket)
{
	char buffer[65536];
	ssize_t length;

	while ((length = recv(mnl_socket_get_fd(socket), buffer, sizeof(buffer), MSG_DONTWAIT)) > 0)
		mnl_cb_run(buffer, (size_t)length, 0, 0, take, NULL);
}

static int command(struct mnl_socket *socket, uint16_t group, uint8_t what)
{
	const struct nfulnl_msg_config_cmd cmd = { .command = what };
	const struct nfulnl_msg_config_mode mode = { .copy_mode = NFULNL_COPY_PACKET,
						     .copy_range = htonl(160) };
	char buffer[256] = { 0 };
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	struct nfgenmsg *head = mnl_nlmsg_put_extra_header(message, sizeof(*head));

	message->nlmsg_type = NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_CONFIG;
	message->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	head->version = NFNETLINK_V0;
	head->res_id = htons(group);
	mnl_attr_put(message, NFULA_CFG_CMD, sizeof(cmd), &cmd);
	mnl_attr_put(message, NFULA_CFG_MODE, sizeof(mode), &mode);
	if (mnl_socket_sendto(socket, message, message->nlmsg_len) < 0)
		return -1;
	if (mnl_socket_recvfrom(socket, buffer, sizeof(buffer)) < 0)
		return -1;
	return ((struct nlmsgerr *)mnl_nlmsg_get_payload((struct nlmsghdr *)(void *)buffer))->error;
}

static void show(void)
{
	for (size_t i = 0; i < pair_count; i++)
		printf("%s %ld %lu\n", pairs[i].prefix, pairs[i].uid, pairs[i].packets);
	puts("end");
	fflush(stdout);
	pair_count = 0;
}

int main(int argc, char *argv[])
{
	struct mnl_socket *socket = mnl_socket_open(NETLINK_NETFILTER);
	struct pollfd polled[2] = { { .events = POLLIN }, { .fd = 0, .events = POLLIN } };
	int size = 16 << 20;
	char line[64];

	if (argc != 2 || !socket || mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    command(socket, (uint16_t)atoi(argv[1]), NFULNL_CFG_CMD_BIND) < 0) {
		fprintf(stderr, "nflog-count: %s\n", strerror(errno));
		return 1;
	}
	polled[0].fd = mnl_socket_get_fd(socket);
	setsockopt(polled[0].fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	setvbuf(stdin, NULL, _IONBF, 0);
	puts("ready");
	fflush(stdout);
	while (poll(polled, 2, -1) >= 0 || errno == EINTR) {
		if (polled[0].revents)
			drain(socket);
		if (!polled[1].revents)
			continue;
		if (!fgets(line, sizeof(line), stdin))
			break;
		drain(socket);
		show();
	}
	mnl_socket_close(socket);
	return 0;
}
