/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The packet filter as text in nft(8)'s language.
 *
 * Tables inet, netdev and arp airgap_base belong to nobody, tables airgap_own, with the same content,
 * to the socket that made them. In inet, output lets a packet go out on lo, or where the link's own
 * chain lets it; forward lets nothing; input lets in lo's and what answers to what may go out. All is
 * stateless: a stream ends when the rules no longer let it. In netdev every link has a chain at its
 * egress that judges the frame by its own bytes, whoever made it.
 *
 * Chains of a permitted link, ag_out4_INDEX and ag_out6_INDEX, ask in this order: is it one of the
 * single places that no forbid names (ruleset_points.h; of IPv4 asked in ag_out_INDEX); has it a route
 * of its own, by which it would go on from there; is it neighbour discovery; does a forbid match; is
 * the source address permitted (chain ag_from4_INDEX); does an allow match; else it is refused.
 * Refused means counted by user, logged (agent/lib/ruleset/net_log.h), and answered: TCP by a reset,
 * the rest by ICMP, so that programs of users fail at once; frames at egress are dropped.
 *
 * Rules name a link by index and name together, so no other one inherits them. Names from the policy
 * stand in comments alone. Of a VLAN, bridge or bond the frames pass the rules of the link below, too.
 */
#ifndef AIRGAP_LIB_RULESET_RULESET_TEXT_H
#define AIRGAP_LIB_RULESET_RULESET_TEXT_H

#include "agent/lib/ruleset/ruleset_plan.h"

#define RULESET_BASE "airgap_base"
#define RULESET_OWN  "airgap_own"

/* The families of our tables, in both copies. */
#define RULESET_FAMILIES 3
extern const char *const ruleset_families[RULESET_FAMILIES];

/**
 * ruleset_text - all tables of a plan
 * @own: with the owned copies
 * @text: set to text that the caller frees
 *
 * It only adds: what stood in the tables before has to be flushed by the caller, in the same batch.
 * Returns 0 or -errno; -ENOMEM, or what the plan's filter returned.
 */
int ruleset_text(const struct ruleset_plan *plan, bool own, char **text);

/* ruleset_text_wipe - commands that take the tables away, whether they are there or not */
const char *ruleset_text_wipe(bool own);

/*
 * ruleset_nameable - can a rule name a link so?
 *
 * nft's quoted strings know no escape, and a star at the end is a pattern: only letters, digits and
 * `_ . -` and `@` are safe. The kernel lets links have stranger names.
 */
bool ruleset_nameable(const char *name);

/*
 * How much stands in a text, ours or nftables' own listing: what is read back is counted. Flags are
 * those of tables (a dormant one has one more), hooks those that drop by default, elements those of
 * sets inside rules.
 */
struct ruleset_tally {
	unsigned tables, flags, chains, hooks, rules, sets, elements;
};

/* ruleset_tally - one line a rule, as both texts have it */
struct ruleset_tally ruleset_tally(const char *text);

#endif
