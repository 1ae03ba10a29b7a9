/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The event sockets that need rights to open; airgap-monitord, which has none, reads them. */
#ifndef AIRGAP_CORE_NET_SOCKETS_H
#define AIRGAP_CORE_NET_SOCKETS_H

#include "agent/lib/msg.h"

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
