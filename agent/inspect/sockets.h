/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sockets of IP as /proc/net shows them (proc(5); kernel: net/ipv4/tcp_ipv4.c, get_tcp4_sock). */
#ifndef AIRGAP_INSPECT_SOCKETS_H
#define AIRGAP_INSPECT_SOCKETS_H

#include "agent/inspect/inspect.h"
#include "policy/decide/net_facts.h"

#define SOCKET_TEXT_SIZE 64

struct socket_line {
	const char *protocol; /* "tcp", "udp" */
	struct net_prefix from;
	struct net_prefix to;
	uint16_t from_port;
	uint16_t to_port;
	unsigned int uid;
	bool listening; /* tcp in state LISTEN; udp without a peer */
};

/**
 * sockets_each - call @visit for every TCP and UDP socket of this namespace
 *
 * Returns 0; -errno when a table could not be read, which has then been stated.
 */
int sockets_each(struct inspect *inspect,
		 void (*visit)(struct inspect *inspect, const struct socket_line *line, void *data),
		 void *data);

/* socket_parse - one line of such a table; false for a heading or anything else */
bool socket_parse(const char *text, bool six, bool tcp, struct socket_line *line);

/* socket_text - "10.0.0.1:22", "[fe80::1]:22" */
void socket_text(const struct net_prefix *address, uint16_t port,
		 char out[static SOCKET_TEXT_SIZE]);

/* socket_is_loopback6 - ::1, and 127.0.0.0/8 as IPv6 writes it */
bool socket_is_loopback6(const struct net_prefix *address);

#endif
