/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A link: one connection between two of the agent's programs, on a SOCK_SEQPACKET socket.
 *
 * One side listens and serves one peer at a time, the other connects and reconnects with back-off;
 * they may start in any order. Both check by SO_PEERCRED that the peer has the user that its role
 * runs as. A peer that sends what msg_check() refuses is dropped and reported to the handler.
 */
#ifndef AIRGAP_LIB_LINK_H
#define AIRGAP_LIB_LINK_H

#include <stdint.h>
#include <sys/types.h>
#include <systemd/sd-event.h>

#include "agent/lib/msg.h"

struct link;

struct link_handler {
	/* the peer is there and has said a hello that fits; may send from here on */
	void (*up)(void *data, const struct msg_hello *hello);
	/* the peer went away; error 0: closed; -EPROTO: it was dropped, and reason says why */
	void (*down)(void *data, int error, const char *reason);
	/* one message; nonzero drops the peer */
	int (*message)(void *data, struct msg *msg);
	/* everything that had been queued is sent; may be NULL */
	void (*drained)(void *data);
};

struct link_config {
	sd_event *event;
	const char *path;	/* of the socket; copied */
	enum msg_role self;
	enum msg_role peer;
	uid_t peer_uid;		/* user that the peer's role runs as */
	gid_t group;		/* listening side: who may connect at all */
	size_t queue_max;	/* messages kept while the peer is slow */
	uint32_t sandbox;	/* told to the peer: MSG_SANDBOX_… */
	int64_t priority;	/* of its packets among other events; 0: as usual */
	const struct link_handler *handler;
	void *data;
};

/**
 * link_listen - serve one peer at a time at config->path
 *
 * A stale socket file of the same path is removed first. Returns 0 or -errno; *link is then owned
 * by the caller.
 */
int link_listen(const struct link_config *config, struct link **link);

/* link_connect - keep a connection to config->path; returns 0 even when the peer is not there yet. */
int link_connect(const struct link_config *config, struct link **link);

/**
 * link_send - send or queue one message
 * @fd: a descriptor to pass along, or -1; stays the caller's
 * @sequence: where to put the message's number, or NULL
 *
 * Returns 0; -ENOTCONN: no peer; -ENOBUFS: the queue is full, nothing was queued.
 */
int link_send(struct link *link, enum msg_type type, const void *body, int fd, uint64_t *sequence);

/* link_is_up - the peer is connected and has said hello. */
bool link_is_up(const struct link *link);

/* link_waiting - messages that the peer has not taken yet, beyond what its socket holds */
size_t link_waiting(const struct link *link);

/* link_drop - end the connection because of the peer; handler->down is called with -EPROTO */
void link_drop(struct link *link, const char *reason);

void link_free(struct link *link);

#endif
