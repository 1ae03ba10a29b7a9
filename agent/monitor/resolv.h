/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The name servers of a resolv.conf(5). Pure. */
#ifndef AIRGAP_MONITOR_RESOLV_H
#define AIRGAP_MONITOR_RESOLV_H

#include <stddef.h>

#include "policy/decide/net_facts.h"

/**
 * resolv_read - addresses of the `nameserver` lines
 * @servers: of @max; a zone ("%eth0") is left out
 *
 * Returns how many there are. What is no address is passed over, as the C library does.
 */
size_t resolv_read(const char *text, size_t length, struct net_prefix *servers, size_t max);

#endif
