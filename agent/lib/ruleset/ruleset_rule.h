/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules of the policy about one link, as lines of nftables' language. */
#ifndef AIRGAP_LIB_RULESET_RULESET_RULE_H
#define AIRGAP_LIB_RULESET_RULESET_RULE_H

#include "agent/lib/ruleset/ruleset_plan.h"

/* The parts of a link's chains; ruleset_text.c puts them together. */
enum ruleset_part {
	RULESET_FORBID,	   /* what must not go out */
	RULESET_FROM,	   /* which source addresses may */
	RULESET_ALLOW,	   /* what may go out */
	RULESET_FRAGMENT,  /* at egress: later fragments of it, which have no ports */
	RULESET_IN_FORBID, /* the same two as seen by what answers */
	RULESET_IN_ALLOW,
	RULESET_POINTS, /* first of all: single places that may be sent to (ruleset_points.h) */
	RULESET_IN_POINTS,
	RULESET_PARTS,
};

/* Of one link and one family; each line indented and ended; "" when there is none. */
struct ruleset_rules {
	char *part[RULESET_PARTS];
};

/* ruleset_rules_of - lines for a permitted link; 0 or -errno; ruleset_rules_clear() them */
int ruleset_rules_of(struct ruleset_rules *rules, const struct ruleset_plan *plan,
		     const struct net_link *link, enum net_family family);

void ruleset_rules_clear(struct ruleset_rules *rules);

#endif
