/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which open sockets could have sent a packet: messages of sock_diag(7) to sockets, and whether a
 * socket fits a flow. Pure; formats: linux/inet_diag.h, linux/packet_diag.h, and net/ipv4/raw.c
 * (raw_sock_seq_show) for /proc/net/raw.
 */
#ifndef AIRGAP_ATTRIBUTION_SOCKETS_H
#define AIRGAP_ATTRIBUTION_SOCKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/lib/msg_net.h"

struct nlmsghdr;

enum socket_kind {
	SOCKET_PORTS,  /* TCP, UDP and whatever else has ports */
	SOCKET_RAW,    /* raw IP: local port is the protocol, 255 for any */
	SOCKET_PACKET, /* AF_PACKET */
};

struct socket_facts {
	enum socket_kind kind;
	uint32_t uid;
	uint64_t inode;
	uint16_t port;	   /* local; host order */
	uint16_t far_port; /* 0: not connected */
	struct net_prefix local;
	struct net_prefix far;
};

/**
 * sockets_read - one answer to a dump
 * @kind: what was asked for
 *
 * Returns 0; -ENOMSG when it is no socket, or one that nobody has open (inode 0); -EBADMSG.
 */
int sockets_read(const struct nlmsghdr *message, enum socket_kind kind, struct socket_facts *facts);

/* sockets_read_line - the same of a line of /proc/net/raw or raw6 */
int sockets_read_line(const char *line, enum socket_kind kind, struct socket_facts *facts);

/**
 * sockets_could_send - might it have sent this?
 *
 * Also when it is another user's: then the packet's user is not the user of the only socket, and
 * nothing may be concluded.
 */
bool sockets_could_send(const struct socket_facts *facts, const struct msg_attribute *question);

#endif
