/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The network links that are present, each with its facts, its verdict and what became of it.
 *
 *	facts ──▶ confirm ──▶ decide ──▶ refuse ──▶ down at once ──▶ record
 *	                         └──▶ permit ──▶ record ──▶ durable ──▶ confirm ──▶ rules ──▶ open
 *
 * A link is held by its index, its namespace and its identity: what replaces it is another link and
 * begins as one. What the monitor states is a hint: before it decides, and again before it opens, the
 * core asks rtnetlink and sysfs itself, and believes them.
 */
#ifndef AIRGAP_CORE_NETWORK_LINKS_H
#define AIRGAP_CORE_NETWORK_LINKS_H

#include "agent/core/network/network.h"
#include "agent/core/network/ruleset.h"

/* links_new - 0 or -errno; sets network->links */
int links_new(struct network *network);

/**
 * links_inherit - before anything is heard: which links did an earlier run open?
 * @left: what it left in the kernel, by ruleset_left()
 *
 * A link stays open when it was, is what the kernel says it is, and the policy that governs now permits it.
 * Returns how many do.
 */
size_t links_inherit(struct network *network, const char *left);

/* links_facts - the monitor states a link, new or known */
void links_facts(struct network *network, const struct net_link *facts, uint64_t seen_us);

/* links_look - without a monitor: the core reads all links itself, and judges them; false: there are more, go on soon */
bool links_look(struct network *network);

/* links_gone - it left its namespace, or is no more */
void links_gone(struct network *network, const struct msg_net_gone *gone);

/* links_scan_begin, _end - facts between them are complete: what was not stated is gone */
void links_scan_begin(struct network *network);
void links_scan_end(struct network *network);

/* links_scan_broken - the monitor went away: no end will come; judge what waited for it */
void links_scan_broken(struct network *network);

/* links_redecide - policy, mode or journal changed: judge all; @anew: another policy or mode */
void links_redecide(struct network *network, bool anew);

/* links_recorded - the recorder's answer to the question of this number; any but the last is void */
void links_recorded(struct network *network, uint64_t asked, int error);

/**
 * links_plan - all links of this namespace, as the rules must have them
 * @plan: links and count are set; the array is the caller's to free, what it points to is borrowed
 *
 * Returns 0 or -ENOMEM. links_applied() must follow once the rules are in the kernel.
 */
int links_plan(struct network *network, struct ruleset_plan *plan);

/**
 * links_gate - tell the kernel module which links of @plan may come up, and where they may send to
 *
 * Between links_plan() and links_applied(). False: it is not unlocked, and nothing may open yet.
 */
bool links_gate(struct network *network, const struct ruleset_plan *plan);

/* links_applied - the rules of the last plan are in force, read back: open what waited for them */
void links_applied(struct network *network);

/* links_find - facts of a link of this namespace, or NULL; @open: its rules let it send */
const struct net_link *links_find(const struct network *network, uint32_t index, bool *open);

/* links_has_open_kind - is a link of that kind permitted? */
bool links_has_open_kind(const struct network *network, uint32_t kind);

/**
 * links_near - neighbours may have addresses in @prefix on this link: a permitted address's network,
 * or a permitted gateway
 * @present: false: no longer
 */
void links_near(struct network *network, uint32_t index, const struct net_prefix *prefix,
		bool present);

/* links_shut - all of them down, the rules cannot be set; what was permitted opens with the next links_applied() */
void links_shut(struct network *network);

/**
 * links_fight - something illegal was undone on a link; when that happens too often, the link is put
 * down for a while, until another policy, or until it is plugged anew
 *
 * Returns true when it has been put down.
 */
bool links_fight(struct network *network, uint32_t index);

/* links_permits_flow - does the policy let any open link send this? */
bool links_permits_flow(const struct network *network, const struct net_flow *flow);

void links_each(const struct network *network,
		void (*visit)(void *data, const struct net_outcome *outcome), void *data);

/* links_count - of this namespace without lo; @open: how many of them are open */
uint32_t links_count(const struct network *network, uint32_t *open);

void links_free(struct links *links);

#endif
