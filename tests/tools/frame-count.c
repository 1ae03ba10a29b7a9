// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Counts the frames that arrive at a link, below every packet filter of its namespace.
 *
 * usage: frame-count LINK|-
 *	"-" stands for all links of the namespace. Prints "ready". For each line of input it prints "MARKED ALL LOST" since the last one: frames that
 *	bear a mark of send-any, all that arrived, and those that the socket had no room for.
 *	"show" prints the first bytes of up to 8 unmarked frames instead.
 */
#include <errno.h>
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/tools/marks.h"

#define SHOWN 8

static unsigned long marked, all;
static uint8_t shown[SHOWN][64];
static unsigned shown_count;

static bool is_marked(const uint8_t *frame, size_t length)
{
	static const uint8_t four[] = MARK_IPV4, six[] = MARK_IPV6;

	return memmem(frame, length, MARK_TEXT, sizeof(MARK_TEXT) - 1) ||
	       memmem(frame, length, four, sizeof(four)) || memmem(frame, length, six, sizeof(six));
}

static void drain(int fd)
{
	struct sockaddr_ll from;
	socklen_t size = sizeof(from);
	uint8_t frame[2048] = { 0 };
	ssize_t length;

	while ((length = recvfrom(fd, frame, sizeof(frame), MSG_DONTWAIT, (struct sockaddr *)&from,
				  &size)) >= 0) {
		if (from.sll_pkttype == PACKET_OUTGOING)
			continue;
		all++;
		if (is_marked(frame, (size_t)length))
			marked++;
		else if (shown_count < SHOWN)
			memcpy(shown[shown_count++], frame, sizeof(shown[0]));
		size = sizeof(from);
	}
}

static void answer(int fd, const char *line)
{
	struct tpacket_stats stats = { 0 };
	socklen_t size = sizeof(stats);

	drain(fd);
	getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &stats, &size);
	if (strncmp(line, "show", 4) == 0) {
		for (unsigned i = 0; i < shown_count; i++) {
			for (unsigned j = 0; j < sizeof(shown[0]); j++)
				printf("%02x", shown[i][j]);
			putchar(' ');
		}
		putchar('\n');
	} else {
		printf("%lu %lu %u\n", marked, all, stats.tp_drops);
	}
	marked = all = shown_count = 0;
	fflush(stdout);
}

static int open_socket(const char *link)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	int size = 64 << 20;
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	if (strcmp(link, "-") != 0)
		at.sll_ifindex = (int)if_nametoindex(link);
	if (fd < 0 || (at.sll_ifindex == 0 && strcmp(link, "-") != 0))
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	return bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0 ? -1 : fd;
}

int main(int argc, char *argv[])
{
	struct pollfd polled[2] = { { .events = POLLIN }, { .fd = 0, .events = POLLIN } };
	char line[64];

	if (argc != 2) {
		fputs("usage: frame-count LINK|-\n", stderr);
		return 2;
	}
	polled[0].fd = open_socket(argv[1]);
	if (polled[0].fd < 0) {
		fprintf(stderr, "frame-count: %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	setvbuf(stdin, NULL, _IONBF, 0);
	puts("ready");
	fflush(stdout);
	while (poll(polled, 2, -1) >= 0 || errno == EINTR) {
		if (polled[0].revents)
			drain(polled[0].fd);
		if (!polled[1].revents)
			continue;
		if (!fgets(line, sizeof(line), stdin))
			return 0;
		answer(polled[0].fd, line);
	}
	return 1;
}
