/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SOCK_SEQPACKET sockets below a path: packets with at most one descriptor, and a queue of them. */
#ifndef AIRGAP_LIB_SEQPACKET_H
#define AIRGAP_LIB_SEQPACKET_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/**
 * seqpacket_listen - a listening socket at @path, which only @group and its owner may connect to
 *
 * Whatever is at @path is removed first. Returns a non-blocking descriptor or -errno.
 */
int seqpacket_listen(const char *path, gid_t group);

/* seqpacket_connect - a non-blocking descriptor, or -errno */
int seqpacket_connect(const char *path);

/**
 * seqpacket_check_peer - is the other end of @fd of user @uid, as the kernel says?
 * @name: whom it should be, for the message
 *
 * Returns 0; -EPERM after a warning; another -errno.
 */
int seqpacket_check_peer(int fd, uid_t uid, const char *name);

/**
 * seqpacket_send - one packet, now
 * @pass: a descriptor to go along, or -1; stays the caller's
 *
 * Returns 0 or -errno; -EAGAIN when the peer has not read enough.
 */
int seqpacket_send(int fd, const void *packet, size_t length, int pass);

/**
 * seqpacket_receive - one packet
 * @passed: set to the descriptor that came along, or -1; then the caller's
 *
 * Returns its length; 0 at the end; -EMSGSIZE when it, or what came along, did not fit; -errno.
 */
ssize_t seqpacket_receive(int fd, void *packet, size_t size, int *passed);

struct seqpacket_queued;

/* Packets that wait for a slow peer, oldest first. Zero is an empty queue. */
struct seqpacket_queue {
	struct seqpacket_queued *head;
	struct seqpacket_queued *last;
	size_t length;
};

/* seqpacket_queue_add - keeps copies of both; 0 or -ENOBUFS */
int seqpacket_queue_add(struct seqpacket_queue *queue, const void *packet, size_t length, int fd);

/* seqpacket_queue_flush - send as many as fit; 0, with what is left in the queue; or -errno */
int seqpacket_queue_flush(struct seqpacket_queue *queue, int fd);

void seqpacket_queue_clear(struct seqpacket_queue *queue);

#endif
