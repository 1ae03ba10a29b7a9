/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What kind a link is, from everything that the kernel says of it together; never from its name.
 *
 * Pure. The order of evidence: a radio is a radio whatever carries it; then the bus that it hangs on,
 * at any depth; then what made it (INFO_KIND) and how it frames (ARPHRD); and only what is left, an
 * Ethernet device on a bus inside the machine that nobody created by request, is wired Ethernet.
 */
#ifndef AIRGAP_LIB_NET_CLASSIFY_H
#define AIRGAP_LIB_NET_CLASSIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/decide/net_facts.h"

/* Buses among the ancestors of a link's device. */
#define NET_BUS_INTERNAL    (1u << 0) /* pci, virtio, platform and their like */
#define NET_BUS_USB	    (1u << 1)
#define NET_BUS_THUNDERBOLT (1u << 2)
#define NET_BUS_FIREWIRE    (1u << 3)
#define NET_BUS_BLUETOOTH   (1u << 4)
#define NET_BUS_WWAN	    (1u << 5)
#define NET_BUS_REMOVABLE   (1u << 6) /* PCI behind a port that leads outside */
#define NET_BUS_OTHER	    (1u << 7)

struct net_traits {
	uint16_t arphrd;
	uint32_t flags;	       /* IFF_... */
	uint32_t buses;	       /* NET_BUS_...; 0: the link has no device */
	bool phy80211;	       /* sysfs has a wireless phy for it */
	const char *info_kind; /* IFLA_INFO_KIND; "": none */
	const char *devtype;   /* DEVTYPE of its uevent; "": none */
	const char *driver;    /* of its device; "": none */
};

enum net_kind net_classify(const struct net_traits *traits);

/* net_classify_bus - the NET_BUS_ bit of a device whose `subsystem` is @name */
uint32_t net_classify_bus(const char *name);

/**
 * net_classify_is_fallback - is it a device that a tunnel's module brings along, as gre0 or sit0?
 *
 * This does go by name, because the kernel has nothing else to tell them by. All that follows from it
 * is that such a link, as long as it is down, is no news.
 */
bool net_classify_is_fallback(const struct net_link *link);

#endif
