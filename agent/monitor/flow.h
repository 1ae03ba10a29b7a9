/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The beginning of a packet to what it is: from where, to where, by which protocol. */
#ifndef AIRGAP_MONITOR_FLOW_H
#define AIRGAP_MONITOR_FLOW_H

#include <stddef.h>
#include <stdint.h>

#include "policy/decide/net_facts.h"

/**
 * flow_read - addresses, protocol and ports of a packet that may have been cut
 * @ethertype: what it claims to be, host order
 * @data, @length: from the network header on
 * @flow: index is left alone; of what is not IP only ethertype is set
 *
 * IPv4 (RFC 791) and IPv6 with its extension headers (RFC 8200), of which at most eight are followed.
 * What is cut off or nonsense is left zero. A later fragment has no ports. Returns the length that the
 * packet says it has, or @length when it does not say.
 */
size_t flow_read(uint16_t ethertype, const uint8_t *data, size_t length, struct net_flow *flow);

#endif
