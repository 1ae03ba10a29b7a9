/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The links of this namespace, as sysfs shows them. */
#ifndef AIRGAP_INSPECT_LINKS_H
#define AIRGAP_INSPECT_LINKS_H

#include "agent/inspect/inspect.h"
#include "policy/decide/net_facts.h"

/**
 * links_read - facts of one link, by its name
 *
 * The permanent hardware address is the one it has, unless someone set that. Returns 0 or -errno.
 */
int links_read(const struct inspect *inspect, const char *name, struct net_link *link);

#endif
