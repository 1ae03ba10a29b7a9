/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages of nfnetlink_log to refused packets. Pure; format: linux/netfilter/nfnetlink_log.h. */
#ifndef AIRGAP_MONITOR_NFLOG_H
#define AIRGAP_MONITOR_NFLOG_H

#include "agent/lib/msg_net.h"

struct nlmsghdr;

/**
 * nflog_read - NFULNL_MSG_PACKET
 * @packet: count 1, lost and seen_us 0
 * @sequence: the kernel's running number of packets in this log; 0 when it gives none
 *
 * Which hook it was says the prefix alone (net_log.h); one of another text is -ENOMSG. -EBADMSG when
 * the message is not well-formed.
 */
int nflog_read(const struct nlmsghdr *message, struct msg_net_packet *packet, uint32_t *sequence);

#endif
