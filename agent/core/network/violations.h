/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was found wrong on the network: graded, recorded, shown, told to people.
 *
 * Each is recorded as it is. Only when one kind on one link comes again and again, as in a loop that
 * adds what is taken away, the further ones of that minute are counted, and one entry then says how
 * many they were: no count is ever lost, and no loop fills the disk.
 */
#ifndef AIRGAP_CORE_NETWORK_VIOLATIONS_H
#define AIRGAP_CORE_NETWORK_VIOLATIONS_H

#include "agent/core/network/network.h"

/* Recorded one by one within VIOLATIONS_WINDOW_US, for one kind on one link. */
#define VIOLATIONS_EACH	     8
#define VIOLATIONS_WINDOW_US (60 * UINT64_C(1000000))
/* Of which the latest are shown to a door that comes late. */
#define VIOLATIONS_SHOWN 64

/* violations_new - 0 or -errno; sets network->violations */
int violations_new(struct network *network);

/* violations_found - counts and times that are zero are filled in, and whether it is in a maintenance */
void violations_found(struct network *network, struct net_violation *violation);

/**
 * violations_found_packets - the same of refused packets, which packets.c has aggregated already
 * @habit: a service of the system that calls out by itself
 */
void violations_found_packets(struct network *network, struct net_violation *violation, bool habit);

/* violations_each - the latest ones, oldest first */
void violations_each(const struct network *network,
		     void (*visit)(void *data, const struct net_violation *violation), void *data);

/* violations_total - all since the core started, each repeat counted */
uint64_t violations_total(const struct network *network);

/* violations_free - what is counted and not yet written is recorded first */
void violations_free(struct network *network);

#endif
