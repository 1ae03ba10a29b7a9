// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writes down what the kernel says on the monitor's sockets, a file a message: seeds of the fuzz
 * targets, and bytes for unit tests.
 *
 *	net-record FOLDER SECONDS [PER-TYPE]
 *
 * Below FOLDER stand rtnl/, nflog/ and nft_change/; a name is the message's type and a running number. Of
 * each type at most PER-TYPE (3) are kept. Everything is dumped once at the end, so that what was
 * made meanwhile is there, too.
 */
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/netconf.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* The very opener of the core. */
#include "agent/core/network/net_sockets.c"
#include "agent/lib/netlink.h"

static const char *const folders[MSG_NET_SOCKET_COUNT] = { "rtnl", "nflog", "nft_change" };
static unsigned int kept[MSG_NET_SOCKET_COUNT][65536];
static unsigned int per_type = 3;
static const char *top;

struct source {
	unsigned int kind;
	int done;
};

static int keep(const struct nlmsghdr *message, void *data)
{
	struct source *source = data;
	char path[512];
	FILE *file;

	source->done |= message->nlmsg_type == NLMSG_DONE;
	if (kept[source->kind][message->nlmsg_type]++ >= per_type)
		return 0;
	snprintf(path, sizeof(path), "%s/%s/%u-%u", top, folders[source->kind], message->nlmsg_type,
		 kept[source->kind][message->nlmsg_type]);
	file = fopen(path, "we");
	if (!file || fwrite(message, 1, message->nlmsg_len, file) != message->nlmsg_len)
		perror(path);
	if (file)
		fclose(file);
	return 0;
}

static void take(int fd, struct source *source)
{
	static _Alignas(8) uint8_t buffer[65536];
	ssize_t length;

	while ((length = recv(fd, buffer, sizeof(buffer), MSG_DONTWAIT)) > 0)
		netlink_each(buffer, (size_t)length, keep, source);
}

static void dump(int fd, uint16_t type, uint8_t family, size_t header)
{
	struct {
		struct nlmsghdr header;
		uint8_t body[64];
	} request = { .body = { family } };
	struct source source = { MSG_NET_SOCKET_ROUTE, 0 };

	request.header.nlmsg_len = (uint32_t)(sizeof(request.header) + header);
	request.header.nlmsg_type = type;
	request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	if (send(fd, &request, request.header.nlmsg_len, 0) < 0)
		return;
	for (int i = 0; i < 100 && !source.done; i++) {
		take(fd, &source);
		usleep(1000);
	}
}

static void dump_all(int fd)
{
	dump(fd, RTM_GETLINK, 0, sizeof(struct ifinfomsg));
	dump(fd, RTM_GETADDR, 0, sizeof(struct ifaddrmsg));
	dump(fd, RTM_GETQDISC, 0, sizeof(struct tcmsg));
	dump(fd, RTM_GETNSID, 0, sizeof(struct rtgenmsg));
	for (int i = 0; i < 2; i++) {
		uint8_t family = i ? AF_INET6 : AF_INET;

		dump(fd, RTM_GETROUTE, family, sizeof(struct rtmsg));
		dump(fd, RTM_GETRULE, family, sizeof(struct fib_rule_hdr));
		dump(fd, RTM_GETNEIGH, family, sizeof(struct ndmsg));
		dump(fd, RTM_GETNETCONF, family, sizeof(struct netconfmsg));
	}
}

int main(int argc, char *argv[])
{
	struct pollfd polled[MSG_NET_SOCKET_COUNT];
	time_t end;

	if (argc < 3)
		return 2;
	top = argv[1];
	if (argc > 3)
		per_type = (unsigned int)atoi(argv[3]);
	for (unsigned int i = 0; i < MSG_NET_SOCKET_COUNT; i++) {
		polled[i].fd = net_sockets_open((enum msg_net_socket)i);
		polled[i].events = POLLIN;
		if (polled[i].fd < 0) {
			fprintf(stderr, "net-record: %s: %s\n", folders[i],
				strerror(-polled[i].fd));
			return 1;
		}
	}
	puts("ready");
	fflush(stdout);
	for (end = time(NULL) + atoi(argv[2]); time(NULL) < end;) {
		poll(polled, MSG_NET_SOCKET_COUNT, 200);
		for (unsigned int i = 0; i < MSG_NET_SOCKET_COUNT; i++) {
			struct source source = { i, 0 };

			take(polled[i].fd, &source);
		}
	}
	memset(kept[MSG_NET_SOCKET_ROUTE], 0, sizeof(kept[0]));
	per_type += 2;
	dump_all(polled[MSG_NET_SOCKET_ROUTE].fd);
	return 0;
}
