/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading the netlink sockets that the core hands over. */
#ifndef AIRGAP_MONITOR_EVENT_SOCKET_H
#define AIRGAP_MONITOR_EVENT_SOCKET_H

#include <stdint.h>
#include <sys/types.h>

/* As large as the kernel makes the parts of a dump (net/netlink/af_netlink.c, netlink_dump). */
#define EVENT_SOCKET_SIZE 32768

/**
 * event_socket_receive - the next packet that the kernel sent
 * @buffer: of EVENT_SOCKET_SIZE bytes, aligned to 8
 * @nsid: set to the number of the namespace that it comes from, where the socket hears several; -1: its own
 *
 * What other programs send to the socket is passed over. Returns the packet's length; 0 when there is
 * none; -ENOBUFS when packets were dropped, or one did not fit; another -errno.
 */
ssize_t event_socket_receive(int fd, void *buffer, int32_t *nsid);

#endif
