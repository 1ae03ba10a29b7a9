/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the core itself asks and tells the kernel about links, addresses and routes, by rtnetlink
 * (rtnetlink(7), linux/rtnetlink.h, linux/if_link.h) in its own namespace.
 *
 * Nothing is believed because a call returned: what was taken away is taken away until the kernel
 * says that it is not there, a link's flags are read again. None of these calls waits for anything
 * but the kernel's lock.
 */
#ifndef AIRGAP_CORE_NETWORK_NET_KERNEL_H
#define AIRGAP_CORE_NETWORK_NET_KERNEL_H

#include <stdbool.h>

#include "policy/decide/net_facts.h"

struct net_kernel;

/* net_kernel_new - opens the socket, before the sandbox closes; 0 or -errno */
int net_kernel_new(struct net_kernel **kernel);

/**
 * net_kernel_link - what rtnetlink says of one link now
 * @link: filled with index, flags, parent, master, arphrd, mtu, addresses, name, info_kind and the
 *	  marks; nsid is -1; kind, driver and path are sysfs's to say and stay empty
 *
 * Returns 0; -ENODEV: there is none; another -errno.
 */
int net_kernel_link(struct net_kernel *kernel, uint32_t index, struct net_link *link);

/**
 * net_kernel_set_up - bring a link up, or down
 *
 * Returns 0 when the kernel shows it so; -ENODEV; -EIO when it shows something else; -errno.
 */
int net_kernel_set_up(struct net_kernel *kernel, uint32_t index, bool up);

/* net_kernel_each - every link that is there, in the kernel's order; ends when @visit is nonzero */
int net_kernel_each(struct net_kernel *kernel,
		    int (*visit)(void *data, const struct net_link *link), void *data);

/**
 * net_kernel_remove_address, _route, _rule - take away what these facts describe
 * @priority: of a routing rule, whatever it selects; the three that the kernel makes itself stay
 *
 * Of several that fit all are removed. Returns 0 when none is left, also when there was none;
 * -EAGAIN when someone adds it as fast as it is removed; another -errno.
 */
int net_kernel_remove_address(struct net_kernel *kernel, const struct net_address *address);
int net_kernel_remove_route(struct net_kernel *kernel, const struct net_route *route);
int net_kernel_remove_rule(struct net_kernel *kernel, uint32_t family, uint32_t priority);

/**
 * net_kernel_detach - take XDP programs, and every qdisc that somebody set, with its filters, off a link
 *
 * Returns 0 when neither is there any more; -errno.
 */
int net_kernel_detach(struct net_kernel *kernel, uint32_t index);

void net_kernel_free(struct net_kernel *kernel);

#endif
