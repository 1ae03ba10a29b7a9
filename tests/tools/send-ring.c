// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sends by rings shared with the kernel: io_uring (anyone may), AF_XDP (root).
 *
 * usage: send-ring [--uid N] uring|xdp LINK [COUNT]
 *	As send-any: prints "sent N errno NAME"; exit status 1 when this kernel has no such thing.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <grp.h>
#include <linux/if_ether.h>
#include <linux/if_xdp.h>
#include <linux/io_uring.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/tools/marks.h"

#define FRAME 2048
#define SLOTS 64

static unsigned count = 20, sent;
static int last_error;

static void absent(const char *what)
{
	fprintf(stderr, "send-ring: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint8_t *map(int fd, size_t length, off_t offset)
{
	uint8_t *at =
		mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, offset);

	if (at == MAP_FAILED)
		absent("mmap");
	return at;
}

static uint32_t *word(uint8_t *ring, uint64_t offset)
{
	return (uint32_t *)(void *)(ring + offset);
}

/* One entry at a time: submit, wait, read the result. */
static void send_by_uring(int fd, int ring, const struct io_uring_params *params)
{
	uint8_t *submit = map(ring, params->sq_off.array + params->sq_entries * sizeof(uint32_t),
			      IORING_OFF_SQ_RING);
	uint8_t *complete =
		map(ring, params->cq_off.cqes + params->cq_entries * sizeof(struct io_uring_cqe),
		    IORING_OFF_CQ_RING);
	struct io_uring_sqe *entries = (void *)map(
		ring, params->sq_entries * sizeof(struct io_uring_sqe), IORING_OFF_SQES);
	struct io_uring_cqe *results = (void *)(complete + params->cq_off.cqes);

	for (unsigned i = 0; i < count; i++) {
		uint32_t tail = *word(submit, params->sq_off.tail);
		uint32_t slot = tail & *word(submit, params->sq_off.ring_mask);
		uint32_t head = *word(complete, params->cq_off.head);
		int result;

		entries[slot] = (struct io_uring_sqe){ .opcode = IORING_OP_SEND,
						       .fd = fd,
						       .addr = (uintptr_t)MARK_TEXT,
						       .len = sizeof(MARK_TEXT) };
		word(submit, params->sq_off.array)[slot] = slot;
		__atomic_store_n(word(submit, params->sq_off.tail), tail + 1, __ATOMIC_RELEASE);
		if (syscall(__NR_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0)
			absent("io_uring_enter");
		result = results[head & *word(complete, params->cq_off.ring_mask)].res;
		__atomic_store_n(word(complete, params->cq_off.head), head + 1, __ATOMIC_RELEASE);
		if (result >= 0)
			sent++;
		else
			last_error = -result;
	}
}

static void uring(const char *link)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(MARK_PORT) };
	struct io_uring_params params = { 0 };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int ring = (int)syscall(__NR_io_uring_setup, SLOTS, &params);

	(void)link;
	if (ring < 0)
		absent("io_uring_setup");
	inet_pton(AF_INET, MARK_IPV4_TEXT, &at.sin_addr);
	if (connect(fd, (const struct sockaddr *)&at, sizeof(at)) < 0)
		absent("connect");
	send_by_uring(fd, ring, &params);
}

static size_t put_frame(uint8_t *at)
{
	static const uint8_t head[] = {
		0x02, 0, 0, 0, 0, 0x99, 0x02, 0, 0, 0, 0, 0x98, 0x88, 0xb5
	};

	memcpy(at, head, sizeof(head));
	memcpy(at + sizeof(head), MARK_TEXT, sizeof(MARK_TEXT));
	return sizeof(head) + 46;
}

static void set(int fd, int name, const void *value, socklen_t length)
{
	if (setsockopt(fd, SOL_XDP, name, value, length) < 0)
		absent("AF_XDP option");
}

static void xdp(const char *link)
{
	struct sockaddr_xdp at = { .sxdp_family = AF_XDP, .sxdp_flags = XDP_COPY };
	struct xdp_umem_reg area = { .len = SLOTS * FRAME, .chunk_size = FRAME };
	struct xdp_mmap_offsets offsets;
	socklen_t length = sizeof(offsets);
	int fd = socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0), slots = SLOTS;
	struct xdp_desc *frames;
	uint8_t *memory, *ring;

	if (fd < 0)
		absent("AF_XDP");
	memory = mmap(NULL, SLOTS * FRAME, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		      0);
	area.addr = (uintptr_t)memory;
	set(fd, XDP_UMEM_REG, &area, sizeof(area));
	set(fd, XDP_UMEM_FILL_RING, &slots, sizeof(slots));
	set(fd, XDP_UMEM_COMPLETION_RING, &slots, sizeof(slots));
	set(fd, XDP_TX_RING, &slots, sizeof(slots));
	if (getsockopt(fd, SOL_XDP, XDP_MMAP_OFFSETS, &offsets, &length) < 0)
		absent("AF_XDP offsets");
	ring = map(fd, offsets.tx.desc + SLOTS * sizeof(*frames), XDP_PGOFF_TX_RING);
	frames = (void *)(ring + offsets.tx.desc);
	at.sxdp_ifindex = if_nametoindex(link);
	if (bind(fd, (const struct sockaddr *)&at, sizeof(at)) < 0) {
		last_error = errno;
		return;
	}
	for (unsigned i = 0; i < count && i < SLOTS; i++) {
		uint64_t place = i * FRAME;

		frames[i] = (struct xdp_desc){ .addr = place,
					       .len = (uint32_t)put_frame(memory + place) };
		__atomic_store_n(word(ring, offsets.tx.producer), i + 1, __ATOMIC_RELEASE);
		if (sendto(fd, NULL, 0, MSG_DONTWAIT, NULL, 0) < 0)
			last_error = errno;
		else
			sent++;
	}
}

static void become(uid_t uid)
{
	if (setgroups(0, NULL) < 0 || setresgid(uid, uid, uid) < 0 || setresuid(uid, uid, uid) < 0)
		absent("setresuid");
}

int main(int argc, char *argv[])
{
	int first = 1;

	if (argc > 2 && strcmp(argv[1], "--uid") == 0) {
		become((uid_t)atoi(argv[2]));
		first = 3;
	}
	if (argc - first > 2)
		count = (unsigned)atoi(argv[first + 2]);
	if (argc - first >= 2 && strcmp(argv[first], "uring") == 0) {
		uring(argv[first + 1]);
	} else if (argc - first >= 2 && strcmp(argv[first], "xdp") == 0) {
		xdp(argv[first + 1]);
	} else {
		fputs("usage: send-ring [--uid N] uring|xdp LINK [COUNT]\n", stderr);
		return 2;
	}
	printf("sent %u errno %s\n", sent, last_error ? strerrorname_np(last_error) : "-");
	return 0;
}
