// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Requests at random to the kernel module: of any size, with any content, from several threads, from a
 * process that a descriptor leaked into, and by reading and opening in between. What the module says to
 * them does not matter; that it and the kernel live on does.
 *
 * usage: lab-shim-hammer SECONDS SEED
 *	Prints "requests N, ok N, errors: NAME ...". A request may be right by chance: use it where nothing
 *	is to be kept shut.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kmod-shim/airgap_uapi.h"

#define THREADS	   3
#define ERRORS_MAX 200

static const unsigned long commands[] = {
	AIRGAP_IOC_HELLO,    AIRGAP_IOC_HEARTBEAT, AIRGAP_IOC_LOCK,	AIRGAP_IOC_UNLOCK,
	AIRGAP_IOC_GOODBYE,  AIRGAP_IOC_STATUS,	   AIRGAP_IOC_USB_FIND, AIRGAP_IOC_USB_ALLOW,
	AIRGAP_IOC_USB_DENY, AIRGAP_IOC_NET_ALLOW, AIRGAP_IOC_NET_DENY, AIRGAP_IOC_CIDR_SET,
	AIRGAP_IOC_MODULES,  AIRGAP_IOC_DONE,
};

struct worker {
	int fd;
	uint64_t state;
	time_t until;
	unsigned long requests, ok, errors[ERRORS_MAX];
	uint64_t body[4096 / 8];
};

/* xorshift64: the same run again from the same seed. */
static uint64_t next(struct worker *worker)
{
	worker->state ^= worker->state << 13;
	worker->state ^= worker->state >> 7;
	worker->state ^= worker->state << 17;
	return worker->state;
}

static void fill(struct worker *worker, uint8_t *body, size_t size)
{
	memset(body, 0, size);
	/* Small numbers are those that exist: sessions, plugs, links, indices. */
	for (size_t i = 0; i + 8 <= size; i += 8) {
		uint64_t value = next(worker);

		value = value & 1 ? value >> 1 & 7 : value & 2 ? value : 0;
		memcpy(body + i, &value, sizeof(value));
	}
}

static unsigned long choose(struct worker *worker)
{
	unsigned long command = commands[next(worker) % (sizeof(commands) / sizeof(commands[0]))];

	if (next(worker) % 8 == 0)
		command = _IOC(next(worker) & 3, 0xb7, next(worker) & 0xff, next(worker) & 0x3fff);
	return command;
}

static void correct(unsigned long command, void *body, const uint64_t *table)
{
	if (command == AIRGAP_IOC_HELLO) {
		struct airgap_hello *hello = body;

		hello->abi = AIRGAP_ABI;
		hello->timeout_ms = 200;
	} else if (command == AIRGAP_IOC_CIDR_SET) {
		struct airgap_cidrs *cidrs = body;

		cidrs->table = (uint64_t)(uintptr_t)table;
		cidrs->count &= 63;
		cidrs->flags &= AIRGAP_CIDR_ALL;
	}
}

static void request(struct worker *worker)
{
	static uint64_t table[64 * 3];
	uint8_t *body = (uint8_t *)worker->body;
	unsigned long command = choose(worker);
	int r;

	fill(worker, body, 4096);
	if (next(worker) % 2)
		correct(command, body, table);
	if (next(worker) % 32 == 0)
		r = (int)read(worker->fd, body, next(worker) % 4096);
	else
		r = ioctl(worker->fd, command, next(worker) % 64 ? (void *)body : (void *)8);
	worker->requests++;
	if (r >= 0)
		worker->ok++;
	else if (errno < ERRORS_MAX)
		worker->errors[errno]++;
	if (next(worker) % 256 == 0) {
		struct pollfd fd = { .fd = worker->fd, .events = POLLIN };
		int other = open(AIRGAP_DEVICE, O_RDWR | O_CLOEXEC);

		poll(&fd, 1, 0);
		if (other >= 0)
			close(other);
	}
}

static void *run(void *data)
{
	struct worker *worker = data;

	while (time(NULL) < worker->until)
		request(worker);
	return NULL;
}

static void tell(const struct worker *workers, size_t count)
{
	unsigned long requests = 0, ok = 0;

	for (size_t i = 0; i < count; i++) {
		requests += workers[i].requests;
		ok += workers[i].ok;
	}
	printf("requests %lu, ok %lu, errors:", requests, ok);
	for (int e = 0; e < ERRORS_MAX; e++) {
		unsigned long sum = 0;

		for (size_t i = 0; i < count; i++)
			sum += workers[i].errors[e];
		if (sum)
			printf(" %s %lu", strerrorname_np(e), sum);
	}
	puts("");
}

int main(int argc, char *argv[])
{
	struct worker workers[THREADS + 1] = { 0 };
	pthread_t threads[THREADS];
	int fd = open(AIRGAP_DEVICE, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	pid_t child;

	if (argc != 3 || fd < 0) {
		fprintf(stderr, "usage: lab-shim-hammer SECONDS SEED (%s)\n",
			fd < 0 ? strerror(errno) : "two arguments");
		return 2;
	}
	for (size_t i = 0; i <= THREADS; i++) {
		workers[i].fd = fd;
		workers[i].state = (uint64_t)atol(argv[2]) * 1000003 + i + 1;
		workers[i].until = time(NULL) + atol(argv[1]);
	}
	child = fork();
	if (child == 0) {
		run(&workers[THREADS]);
		tell(&workers[THREADS], 1);
		return 0;
	}
	for (size_t i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, run, &workers[i]) != 0)
			return 2;
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	tell(workers, THREADS);
	fflush(stdout);
	return waitpid(child, NULL, 0) == child ? 0 : 2;
}
