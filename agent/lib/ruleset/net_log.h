/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the packet filter and those who read its log agree on: one NFLOG group, and a prefix that
 * tells where a packet was refused (NFULA_PREFIX of linux/netfilter/nfnetlink_log.h).
 *
 * Of each packet the first NET_LOG_SNAPLEN bytes come, as they stand at the hook: at output and
 * forward from the IP header on, at egress and of ARP from the network header on, too, with
 * NFULA_PACKET_HDR's hw_protocol telling which protocol that is. NFULA_UID is there when the packet
 * belongs to a socket. What is refused at input is counted and not logged: it is others who sent it.
 *
 * Each user has a meter of his own, and packets without a socket one together; so nobody hides
 * another's attempt by a flood. How many there were in all, ruleset_counters() tells.
 */
#ifndef AIRGAP_LIB_RULESET_NET_LOG_H
#define AIRGAP_LIB_RULESET_NET_LOG_H

#define NET_LOG_GROUP	4747
#define NET_LOG_SNAPLEN 160

#define NET_LOG_OUTPUT	"airgap-output"	 /* MSG_NET_HOOK_OUTPUT */
#define NET_LOG_EGRESS	"airgap-egress"	 /* MSG_NET_HOOK_EGRESS */
#define NET_LOG_ARP	"airgap-arp"	 /* MSG_NET_HOOK_EGRESS, by ARP's own table */
#define NET_LOG_FORWARD "airgap-forward" /* MSG_NET_HOOK_FORWARD */

#endif
