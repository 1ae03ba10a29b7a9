// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Short-lived processes that each send one packet and say who they are: material for attribution.
 *
 *	net-send METHOD UID COUNT LIFE-MS FIRST-PORT LINK
 *
 * METHOD is udp, udp-shared (a second process has the socket, too), tcp, raw, packet, uring or
 * uring-fixed (the socket is a registered file and has no descriptor). Each process sends to 203.0.113.9,
 * to a port of its own, keeps its socket for LIFE-MS and ends; then comes the next. A line each:
 *	sent METHOD PID PORT
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/io_uring.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define ADDRESS "203.0.113.9"

static const char *link_name;

static struct sockaddr_in target(uint16_t port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };

	inet_pton(AF_INET, ADDRESS, &to.sin_addr);
	return to;
}

static int open_connected(int type, uint16_t port)
{
	const struct sockaddr_in to = target(port);
	int fd = socket(AF_INET, type, 0);

	if (fd < 0 || connect(fd, (const struct sockaddr *)&to, sizeof(to)) < 0)
		return fd < 0 || type == SOCK_DGRAM ? -1 : fd;
	return fd;
}

static int send_udp(uint16_t port)
{
	int fd = open_connected(SOCK_DGRAM, port);

	send(fd, "x", 1, 0);
	return fd;
}

static int send_shared(uint16_t port)
{
	int fd = send_udp(port);

	if (fork() == 0) {
		usleep(200000);
		_exit(0);
	}
	return fd;
}

static int send_tcp(uint16_t port)
{
	return open_connected(SOCK_STREAM | SOCK_NONBLOCK, port);
}

/* An IP packet of UDP, as its sender pleases. */
static size_t forge(uint8_t *packet, uint16_t port)
{
	struct iphdr ip = { .version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_UDP };
	struct udphdr udp = { .source = htons(4242), .dest = htons(port), .len = htons(9) };

	ip.tot_len = htons(29);
	inet_pton(AF_INET, "198.51.100.1", &ip.saddr);
	inet_pton(AF_INET, ADDRESS, &ip.daddr);
	memcpy(packet, &ip, sizeof(ip));
	memcpy(packet + sizeof(ip), &udp, sizeof(udp));
	packet[28] = 'x';
	return 29;
}

static int send_raw(uint16_t port)
{
	const struct sockaddr_in to = target(port);
	uint8_t packet[64];
	size_t length = forge(packet, port);
	int fd = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);

	sendto(fd, packet, length, 0, (const struct sockaddr *)&to, sizeof(to));
	return fd;
}

static int send_packet(uint16_t port)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET,
				  .sll_protocol = htons(ETH_P_IP),
				  .sll_halen = 6 };
	uint8_t packet[64];
	size_t length = forge(packet, port);
	int fd = socket(AF_PACKET, SOCK_DGRAM, 0);

	to.sll_ifindex = (int)if_nametoindex(link_name);
	memset(to.sll_addr, 0xff, 6);
	sendto(fd, packet, length, 0, (const struct sockaddr *)&to, sizeof(to));
	return fd;
}

static int uring_register(int ring, int fd)
{
	return (int)syscall(SYS_io_uring_register, ring, IORING_REGISTER_FILES, &fd, 1);
}

/* One IORING_OP_SEND by hand; io_uring(7). */
static int uring_send(int fd, int fixed)
{
	struct io_uring_params params = { 0 };
	int ring = (int)syscall(SYS_io_uring_setup, 1, &params);
	struct io_uring_sqe *entry;
	uint8_t *queue;
	unsigned int *tail, *array;

	if (ring < 0)
		return -errno;
	queue = mmap(NULL, params.sq_off.array + params.sq_entries * sizeof(*array),
		     PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
	entry = mmap(NULL, sizeof(*entry), PROT_READ | PROT_WRITE, MAP_SHARED, ring,
		     IORING_OFF_SQES);
	if (queue == MAP_FAILED || entry == MAP_FAILED || (fixed && uring_register(ring, fd) < 0))
		return -errno;
	*entry = (struct io_uring_sqe){ .opcode = IORING_OP_SEND, .fd = fixed ? 0 : fd, .len = 1 };
	entry->flags = fixed ? IOSQE_FIXED_FILE : 0;
	entry->addr = (uintptr_t) "x";
	tail = (unsigned int *)(void *)(queue + params.sq_off.tail);
	array = (unsigned int *)(void *)(queue + params.sq_off.array);
	array[*tail & (params.sq_entries - 1)] = 0;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0)
		return -errno;
	return ring;
}

static int send_uring(uint16_t port)
{
	int fd = open_connected(SOCK_DGRAM, port), ring = uring_send(fd, 0);

	if (ring < 0)
		fprintf(stderr, "net-send: io_uring: %s\n", strerror(-ring));
	return ring < 0 ? -1 : fd;
}

static int send_uring_fixed(uint16_t port)
{
	int fd = open_connected(SOCK_DGRAM, port);
	int ring = uring_send(fd, 1);

	close(fd);
	return ring < 0 ? -1 : ring;
}

static const struct {
	const char *name;
	int (*send)(uint16_t port);
} methods[] = {
	{ "udp", send_udp },
	{ "udp-shared", send_shared },
	{ "tcp", send_tcp },
	{ "raw", send_raw },
	{ "packet", send_packet },
	{ "uring", send_uring },
	{ "uring-fixed", send_uring_fixed },
};

static int one(int (*send_by)(uint16_t port), uid_t uid, unsigned int life_ms, uint16_t port)
{
	if (setresuid(uid, uid, uid) < 0 || send_by(port) < 0)
		return 1;
	usleep(life_ms * 1000);
	return 0;
}

int main(int argc, char *argv[])
{
	int (*send_by)(uint16_t port) = NULL;
	int status = 0, failed = 0;

	if (argc != 7)
		return 2;
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (strcmp(methods[i].name, argv[1]) == 0)
			send_by = methods[i].send;
	if (!send_by)
		return 2;
	link_name = argv[6];
	for (int i = 0; i < atoi(argv[3]); i++) {
		uint16_t port = (uint16_t)(atoi(argv[5]) + i);
		pid_t child = fork();

		if (child == 0)
			_exit(one(send_by, (uid_t)atoi(argv[2]), (unsigned int)atoi(argv[4]),
				  port));
		printf("sent %s %d %u\n", argv[1], child, port);
		fflush(stdout);
		if (waitpid(child, &status, 0) < 0 || status != 0)
			failed = 1;
	}
	return failed;
}
