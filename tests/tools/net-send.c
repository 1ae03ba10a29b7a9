// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Short-lived processes that each send one packet and say who they are: material for attribution.
 *
 *	net-send METHOD UID COUNT LIFE-MS FIRST-PORT LINK [AGE-MS]
 *
 * METHOD is udp, tcp, raw, packet, uring, uring-fixed (the socket is a registered file and has no descriptor),
 * udp-port (the same port of its own for every process), or one where two processes have the socket: udp-shared
 * (the sender's child gets it after the packet), udp-child (the child sends, and ends at once), udp-heir (the
 * child has it before, and keeps it when the sender ends). Each process is AGE-MS old when it sends to
 * 203.0.113.9, to a port of its own, keeps its socket for LIFE-MS and ends; then comes the next, or, with an age,
 * LIFE-MS later. A line each:
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
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ADDRESS	 "203.0.113.9"
#define OWN_PORT 4243

static const char *link_name;
static unsigned int age_ms, life_ms;

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

static void sleep_ms(unsigned int ms)
{
	struct timespec left = { ms / 1000, ms % 1000 * 1000000L };

	while (nanosleep(&left, &left) < 0 && errno == EINTR)
		;
}

static int send_udp(uint16_t port)
{
	int fd;

	sleep_ms(age_ms);
	fd = open_connected(SOCK_DGRAM, port);
	send(fd, "x", 1, 0);
	return fd;
}

static int send_port(uint16_t port)
{
	struct sockaddr_in own = { .sin_family = AF_INET, .sin_port = htons(OWN_PORT) };
	const struct sockaddr_in to = target(port);
	int fd = socket(AF_INET, SOCK_DGRAM, 0), on = 1;

	sleep_ms(age_ms);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
	    bind(fd, (const struct sockaddr *)&own, sizeof(own)) < 0)
		return -1;
	sendto(fd, "x", 1, 0, (const struct sockaddr *)&to, sizeof(to));
	return fd;
}

static int send_shared(uint16_t port)
{
	int fd = send_udp(port);

	if (fork() == 0) {
		sleep_ms(200);
		_exit(0);
	}
	return fd;
}

static void say(const char *method, pid_t pid, uint16_t port)
{
	dprintf(STDOUT_FILENO, "sent %s %d %u\n", method, pid, port);
}

static int send_child(uint16_t port)
{
	int fd = open_connected(SOCK_DGRAM, port);
	pid_t child = fork();

	if (child == 0) {
		say("udp-child", getpid(), port);
		sleep_ms(age_ms);
		send(fd, "x", 1, 0);
		_exit(0);
	}
	waitpid(child, NULL, 0);
	return fd;
}

static int send_heir(uint16_t port)
{
	int fd = open_connected(SOCK_DGRAM, port);

	if (fork() == 0) {
		sleep_ms(age_ms + life_ms);
		_exit(0);
	}
	say("udp-heir", getpid(), port);
	sleep_ms(age_ms);
	send(fd, "x", 1, 0);
	_exit(0);
	return fd;
}

static int send_tcp(uint16_t port)
{
	sleep_ms(age_ms);
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

	sleep_ms(age_ms);
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

	sleep_ms(age_ms);
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
	int fd = open_connected(SOCK_DGRAM, port), ring;

	sleep_ms(age_ms);
	ring = uring_send(fd, 0);
	if (ring < 0)
		fprintf(stderr, "net-send: io_uring: %s\n", strerror(-ring));
	return ring < 0 ? -1 : fd;
}

static int send_uring_fixed(uint16_t port)
{
	int fd = open_connected(SOCK_DGRAM, port), ring;

	sleep_ms(age_ms);
	ring = uring_send(fd, 1);
	close(fd);
	return ring < 0 ? -1 : ring;
}

static const struct {
	const char *name;
	int (*send)(uint16_t port);
} methods[] = {
	{ "udp", send_udp },	       { "udp-port", send_port },
	{ "udp-shared", send_shared }, { "udp-child", send_child },
	{ "udp-heir", send_heir },     { "tcp", send_tcp },
	{ "raw", send_raw },	       { "packet", send_packet },
	{ "uring", send_uring },       { "uring-fixed", send_uring_fixed },
};

static int one(int (*send_by)(uint16_t port), uid_t uid, uint16_t port)
{
	if (setresuid(uid, uid, uid) < 0 || send_by(port) < 0)
		return 1;
	sleep_ms(life_ms);
	return 0;
}

static int reap(pid_t child)
{
	int status = 0;

	return waitpid(child, &status, 0) < 0 || status != 0;
}

static int send_all(const char *method, int (*send_by)(uint16_t port), uid_t uid, int count,
		    uint16_t port)
{
	bool says_itself = send_by == send_child || send_by == send_heir;
	int failed = 0;

	for (int i = 0; i < count; i++, port++) {
		pid_t child = fork();

		if (child == 0)
			_exit(one(send_by, uid, port));
		if (!says_itself)
			say(method, child, port);
		if (age_ms == 0)
			failed |= reap(child);
		else
			sleep_ms(life_ms);
	}
	for (int i = 0; age_ms && i < count; i++)
		failed |= reap(-1);
	return failed;
}

int main(int argc, char *argv[])
{
	int (*send_by)(uint16_t port) = NULL;

	if (argc != 7 && argc != 8)
		return 2;
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (strcmp(methods[i].name, argv[1]) == 0)
			send_by = methods[i].send;
	if (!send_by)
		return 2;
	life_ms = (unsigned int)atoi(argv[4]);
	link_name = argv[6];
	age_ms = argc == 8 ? (unsigned int)atoi(argv[7]) : 0;
	return send_all(argv[1], send_by, (uid_t)atoi(argv[2]), atoi(argv[3]),
			(uint16_t)atoi(argv[5]));
}
