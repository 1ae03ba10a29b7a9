/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is this a place in a public network? By the registries of special addresses (IANA, RFC 6890) and of
 * names that no public server has (RFC 2606, RFC 6762, RFC 8375, and .internal). Pure.
 */
#ifndef AIRGAP_INSPECT_PUBLIC_H
#define AIRGAP_INSPECT_PUBLIC_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/decide/net_facts.h"

/* public_address - globally reachable unicast; false for what is no address at all */
bool public_address(const struct net_prefix *address);

/**
 * public_host - a name or an address, as URLs, known_hosts or time servers' lists have them
 * @length: of @host; a port, brackets around an address, and a last dot may be there
 *
 * A name without a dot is a neighbour's. A name with one is public unless its last label is reserved:
 * an internal zone that uses a public suffix cannot be told from a public one, and has to be excepted.
 */
bool public_host(const char *host, size_t length);

/**
 * public_url_host - the host in a URL
 * @host: points into @url
 *
 * Returns its length; 0 when it has none (file:, about:, data:).
 */
size_t public_url_host(const char *url, const char **host);

#endif
