// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What one datagram costs to send, by the clock of a machine whose clock goes by instructions.
 *
 * usage: egress-cost ADDRESS PORT
 *	Sends batches so short that most have no tick of the timer in them, and prints the nanoseconds of one
 *	datagram in the quickest of them, which is the one that nothing came between.
 */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BATCHES 1500
#define BATCH	64

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

int main(int argc, char *argv[])
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	uint64_t least = UINT64_MAX;
	char block[64] = "airgap-probe";
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (argc != 3 || inet_pton(AF_INET, argv[1], &to.sin_addr) != 1) {
		fputs("usage: egress-cost ADDRESS PORT\n", stderr);
		return 2;
	}
	to.sin_port = htons((uint16_t)atoi(argv[2]));
	if (fd < 0 || connect(fd, (const struct sockaddr *)&to, sizeof(to)) < 0) {
		perror("egress-cost");
		return 1;
	}
	for (int i = 0; i < BATCHES; i++) {
		uint64_t begun = now_ns(), took;

		for (int k = 0; k < BATCH; k++) {
			if (send(fd, block, sizeof(block), 0) < 0) {
				perror("egress-cost: send");
				return 1;
			}
		}
		took = now_ns() - begun;
		least = took < least ? took : least;
	}
	printf("%llu\n", (unsigned long long)(least / BATCH));
	close(fd);
	return 0;
}
