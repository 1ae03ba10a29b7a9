/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Refused packets on their way from the monitor to the journal, past the helper that finds processes. */
#ifndef AIRGAP_CORE_NETWORK_NETWORK_PACKETS_H
#define AIRGAP_CORE_NETWORK_NETWORK_PACKETS_H

#include "agent/core/network/network.h"
#include "agent/core/network/packets.h"

/* network_packets_open - listen for airgap-attribution; 0 or -errno. Without its user: users alone. */
int network_packets_open(struct network *network, uint32_t sandbox);

/* network_packets_take - the kernel refused a packet */
void network_packets_take(struct network *network, const struct msg_net_packet *packet);

/* network_packets_sandbox - of the helper; 0 when it is not there */
uint32_t network_packets_sandbox(const struct network *network);

void network_packets_close(struct network *network);

#endif
