// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a packet filter costs traffic that it lets pass.
 *
 * usage: net-cost serve ADDRESS PORT [DELAY]      until it is killed; prints "ready"; datagrams go back
 *                                                 after so many microseconds, as if from afar
 *        net-cost stream ADDRESS PORT SECONDS     prints megabytes a second of one TCP stream
 *        net-cost echo ADDRESS PORT COUNT         prints the median round trip of small UDP datagrams
 *                                                 in microseconds; the port is one higher
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BLOCK (256 * 1024)

static uint8_t block[BLOCK];

static double now_us(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (double)at.tv_sec * 1e6 + (double)at.tv_nsec / 1e3;
}

static int fail(const char *what)
{
	fprintf(stderr, "net-cost: %s: %s\n", what, strerror(errno));
	return 1;
}

static struct sockaddr_in place(const char *address, int port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };

	inet_pton(AF_INET, address, &at.sin_addr);
	return at;
}

static void take_stream(int listener)
{
	int fd = accept(listener, NULL, NULL);

	while (fd >= 0 && recv(fd, block, sizeof(block), 0) > 0)
		;
	if (fd >= 0)
		close(fd);
}

static void give_back(int fd, double delay)
{
	struct sockaddr_in from;
	socklen_t size = sizeof(from);
	ssize_t length = recvfrom(fd, block, sizeof(block), 0, (struct sockaddr *)&from, &size);
	double begun = now_us();

	while (delay > 0 && now_us() - begun < delay)
		;
	if (length >= 0)
		sendto(fd, block, (size_t)length, 0, (const struct sockaddr *)&from, size);
}

static int serve(const char *address, int port, double delay)
{
	const struct sockaddr_in tcp = place(address, port), udp = place(address, port + 1);
	struct pollfd polled[2] = { { .events = POLLIN }, { .events = POLLIN } };
	int on = 1;

	polled[0].fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	polled[1].fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	setsockopt(polled[0].fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(polled[0].fd, (const struct sockaddr *)&tcp, sizeof(tcp)) < 0 ||
	    listen(polled[0].fd, 4) < 0 ||
	    bind(polled[1].fd, (const struct sockaddr *)&udp, sizeof(udp)) < 0)
		return fail("serve");
	puts("ready");
	fflush(stdout);
	while (poll(polled, 2, -1) > 0) {
		if (polled[0].revents)
			take_stream(polled[0].fd);
		if (polled[1].revents)
			give_back(polled[1].fd, delay);
	}
	return fail("poll");
}

static int stream(const char *address, int port, double seconds)
{
	const struct sockaddr_in at = place(address, port);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	double begun, sent = 0;

	if (connect(fd, (const struct sockaddr *)&at, sizeof(at)) < 0)
		return fail("connect");
	begun = now_us();
	while (now_us() - begun < seconds * 1e6) {
		ssize_t length = send(fd, block, sizeof(block), 0);

		if (length < 0)
			return fail("send");
		sent += (double)length;
	}
	printf("%.1f\n", sent / (now_us() - begun));
	return 0;
}

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

static int echo(const char *address, int port, size_t count)
{
	const struct sockaddr_in at = place(address, port + 1);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	double *times = calloc(count, sizeof(*times));

	if (!times || connect(fd, (const struct sockaddr *)&at, sizeof(at)) < 0)
		return fail("connect");
	for (size_t i = 0; i < count; i++) {
		double begun = now_us();

		if (send(fd, block, 64, 0) < 0 || recv(fd, block, sizeof(block), 0) < 0)
			return fail("echo");
		times[i] = now_us() - begun;
	}
	qsort(times, count, sizeof(*times), compare);
	printf("%.2f\n", times[count / 2]);
	free(times);
	return 0;
}

int main(int argc, char *argv[])
{
	if ((argc == 4 || argc == 5) && strcmp(argv[1], "serve") == 0)
		return serve(argv[2], atoi(argv[3]), argc == 5 ? atof(argv[4]) : 0);
	if (argc == 5 && strcmp(argv[1], "stream") == 0)
		return stream(argv[2], atoi(argv[3]), atof(argv[4]));
	if (argc == 5 && strcmp(argv[1], "echo") == 0)
		return echo(argv[2], atoi(argv[3]), (size_t)atol(argv[4]));
	fputs("usage: net-cost serve ADDRESS PORT [DELAY] | stream ADDRESS PORT SECONDS | echo "
	      "ADDRESS "
	      "PORT COUNT\n",
	      stderr);
	return 2;
}
