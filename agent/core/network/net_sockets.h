/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The event sockets that need rights to open; airgap-monitord, which has none, reads them. */
#ifndef AIRGAP_CORE_NETWORK_NET_SOCKETS_H
#define AIRGAP_CORE_NETWORK_NET_SOCKETS_H

#include "agent/lib/msg.h"

/*
 * The monitor owns what it was handed: close the core's own copy once it is sent, and open new ones
 * each time that the monitor comes up. It closes old ones as soon as the core is away, which has to
 * be, since a second listener of the log is refused: -EBUSY means that an old one is still open.
 */

/**
 * net_sockets_open - open one of them, listening
 *
 * Needs CAP_NET_ADMIN for all, CAP_NET_BROADCAST for MSG_NET_SOCKET_ROUTE to hear the namespaces that
 * have a number in this one. Calls: socket(AF_NETLINK), setsockopt, bind, sendto, recvfrom. Every
 * message about the past is lost with an old socket: whoever gets this one reads everything anew.
 *
 * Returns a non-blocking descriptor, the caller's; or -errno.
 */
int net_sockets_open(enum msg_net_socket kind);

#endif
