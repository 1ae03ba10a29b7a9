/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The packet filter in step with what was decided, and the state of the network guard.
 *
 *	boot-deny ──▶ sync ──▶ enforcing ◀──▶ resync		lockdown: from any of them
 *
 * Closed rules stand before anything is read; only what an earlier run of this program had opened stays
 * so, if the policy still permits it, until all has been read. Each change asks for new rules; a burst of
 * changes gets one batch, read back. What cannot be written leaves the old rules, and is tried again; after
 * several failures all links are put down, and come up with the next rules that can be set.
 */
#ifndef AIRGAP_CORE_NETWORK_GUARD_H
#define AIRGAP_CORE_NETWORK_GUARD_H

#include "agent/core/network/network.h"

/* guard_new - takes hold of nftables and closes it, or keeps what stands until guard_start(); sets network->guard. 0 or
 * -errno, see guard.c */
int guard_new(struct network *network);

/* guard_start - rules follow decisions from here on. 0 or -errno. */
int guard_start(struct network *network);

/* guard_renew - the rules must follow what has changed; done soon, once for many calls */
void guard_renew(struct network *network);

/**
 * guard_touched - somebody changed nftables
 * @who: process that did, as the monitor was told; "" when that is not known
 */
void guard_touched(struct network *network, const char *who);

/* guard_scan_begin, _end - the monitor states everything, and has */
void guard_scan_begin(struct network *network, enum msg_scan_cause cause);
void guard_scan_end(struct network *network);

/* guard_lost - the monitor is away: what the kernel holds stays, changes go unseen */
void guard_lost(struct network *network);

/* guard_state - as shown; @error: why the rules could not be set, or 0 */
enum network_state guard_state(const struct network *network, int *error);

/* guard_holds - have rules of ours been put into the kernel since the start, and not failed since? */
bool guard_holds(const struct network *network);

/* guard_layers - AGENT_LAYER_NFTABLES, AGENT_LAYER_EARLY as they are */
uint32_t guard_layers(const struct network *network);

/* guard_refused - packets that the rules refused so far */
uint64_t guard_refused(struct network *network);

void guard_free(struct guard *guard);

#endif
