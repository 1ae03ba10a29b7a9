/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The packet filter of the network guard: what it must be, put into the kernel, and whether it still
 * is. Built on agent/lib/ruleset/ruleset_text.h, which makes the text, and agent/lib/ruleset/nft_client.h, which hands
 * it over.
 *
 * Two copies stand in the kernel. Tables airgap_base belong to nobody: they outlive this program and
 * hold the last rules. Tables airgap_own belong to this program's socket: `nft flush ruleset` spares
 * them. A packet leaves only where both let it.
 *
 * Every present link of this namespace but lo has a chain at its egress in either copy, also one that
 * the plan does not have; a link that is not permitted passes nothing there. A link that comes later
 * has none: leave it down until a plan was applied. A chain belongs to a device as it was then: on
 * some kernels it is lost when the device is renamed or leaves the namespace. Apply a plan anew after
 * each event of a link, and before a link is let up.
 *
 * System calls beyond those of every program: socket (AF_NETLINK, AF_UNIX), bind, getsockname,
 * setsockopt, sendmsg, recvmsg, pselect6 and ioctl (SIOCGIFNAME). No file is needed: users, groups and
 * protocols stand in the rules by number.
 */
#ifndef AIRGAP_CORE_NETWORK_RULESET_H
#define AIRGAP_CORE_NETWORK_RULESET_H

#include <stdint.h>

#include "agent/lib/msg_net.h"
#include "agent/lib/ruleset/ruleset_plan.h"

struct ruleset;

/**
 * ruleset_new - take hold of nftables
 * @ruleset: set to a new object; ruleset_free() it. Owns airgap_own from its first plan on.
 *
 * Changes nothing yet. Returns 0 or -errno.
 */
int ruleset_new(struct ruleset **ruleset);

/* ruleset_free - the owned tables end with it, the base stays as it is; accepts NULL */
void ruleset_free(struct ruleset *ruleset);

/**
 * ruleset_apply - make the kernel's rules those of @plan
 *
 * One batch: all of it takes effect at once or nothing does. What the kernel then holds is read back
 * and compared. Nothing is written when that is already there. A link that vanished or was renamed
 * meanwhile is left out. One whose name no rule can hold (a quote, a space, a star in it; see
 * ruleset_nameable()) is taken as not permitted, and has no chain: keep it down.
 * Returns 0; -EAGAIN: the links keep changing, look again; another -errno. Then the old rules stand
 * (at worst none: when there were none before), and ruleset_problem() has nftables' own words.
 */
int ruleset_apply(struct ruleset *ruleset, const struct ruleset_plan *plan);

/**
 * ruleset_verify - does the kernel still hold what the last plan put there?
 *
 * Returns 0; -ESTALE: somebody changed it; -EAGAIN: it differs, and links changed since, which alone
 * changes rules: apply a plan with the present links; -ENODATA: no plan was applied yet; or another
 * -errno.
 */
int ruleset_verify(struct ruleset *ruleset);

/* ruleset_was_altered - had somebody changed the rules, when a plan was applied? Asked once, then not. */
bool ruleset_was_altered(struct ruleset *ruleset);

/* ruleset_restore - as ruleset_apply(), with every table made anew whatever is there */
int ruleset_restore(struct ruleset *ruleset, const struct ruleset_plan *plan);

/**
 * ruleset_left - what an earlier run left in the base tables
 * @left: set to nftables' listing, which the caller frees
 *
 * Returns 0; -ENODATA: nothing that lets a link send, or not all of what keeps the rest from it (a table, a
 * chain at a hook is missing or does not drop); another -errno.
 */
int ruleset_left(struct ruleset *ruleset, char **left);

/* ruleset_stood - was the base there when ruleset_left() looked? Then the network was closed before this program */
bool ruleset_stood(const struct ruleset *ruleset);

/* ruleset_left_open - do they let this link send? */
bool ruleset_left_open(const char *left, uint32_t index, const char *name);

/* Packets that were refused since the rules were first loaded; a restored table begins at zero. */
struct ruleset_count {
	uint32_t hook; /* enum msg_net_hook */
	uint32_t uid;  /* UINT32_MAX: the packets belonged to no socket */
	uint64_t packets;
	uint64_t bytes;
};

/**
 * ruleset_counters - how many packets were refused, by hook and user
 *
 * A user who was refused nothing for an hour is no longer among them. Returns 0, -errno, or the first
 * negative that @visit returned.
 */
int ruleset_counters(struct ruleset *ruleset,
		     int (*visit)(void *data, const struct ruleset_count *count), void *data);

/* ruleset_problem - what nftables said when a call failed last, "" when nothing; one line or more */
const char *ruleset_problem(const struct ruleset *ruleset);

#endif
