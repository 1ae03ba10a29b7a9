/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What net_kernel.c and net_kernel_route.c share: writing a request, hearing its answers. */
#ifndef AIRGAP_CORE_NETWORK_NET_KERNEL_ASK_H
#define AIRGAP_CORE_NETWORK_NET_KERNEL_ASK_H

#include <linux/netlink.h>
#include <stddef.h>

#include "agent/core/network/net_kernel.h"

/* A route with many hops is the longest of them. */
#define NET_REQUEST_SIZE 8192

struct net_request {
	_Alignas(8) uint8_t bytes[NET_REQUEST_SIZE];
	struct nlmsghdr *head;
	void *body; /* what follows the head: ifinfomsg, rtmsg ... */
};

void net_request_begin(struct net_request *request, uint16_t type, uint16_t flags, size_t body);

/* net_request_family - AF_INET or AF_INET6 */
uint8_t net_request_family(const struct net_prefix *prefix);
void net_request_prefix(struct net_request *request, uint16_t type,
			const struct net_prefix *prefix);

/* One answer; MNL_CB_OK: go on, MNL_CB_ERROR with errno: the request has failed. */
typedef int (*net_kernel_heard_fn)(const struct nlmsghdr *head, void *data);

/* net_kernel_ask - sends it and hears all answers out. 0 or the kernel's -errno. */
int net_kernel_ask(struct net_kernel *kernel, struct net_request *request,
		   net_kernel_heard_fn heard, void *data);

/**
 * net_kernel_remove_all - ask again and again until it is not there: that is the reading back
 *
 * Returns how many there were; -EAGAIN when it comes back too often; another -errno.
 */
int net_kernel_remove_all(struct net_kernel *kernel, struct net_request *request);

#endif
