/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A way past the long list: single places (a host's address, a protocol, a port) that the policy
 * permits whatever else it says, looked up in one set, or compared where they are few. What is found there, the list permits too; what
 * is not found is asked of the list. Nothing depends on it but time.
 *
 * A place is known only when an allow without conditions on the source has it, and no forbid can match
 * it, from whatever source. Sources are those that an allow of the policy about addresses names; those
 * that a forbid about addresses can match are left out.
 */
#ifndef AIRGAP_LIB_RULESET_RULESET_POINTS_H
#define AIRGAP_LIB_RULESET_RULESET_POINTS_H

#include <stdio.h>

#include "agent/lib/ruleset/ruleset_plan.h"

struct ruleset_points;

/* ruleset_points_new - none yet, of one enum net_family; NULL: no memory */
struct ruleset_points *ruleset_points_new(uint8_t family);

void ruleset_points_free(struct ruleset_points *points);

/*
 * ruleset_points_add - one rule more; forbids come before allows, as policy_net_filter() visits them
 *
 * Returns 0 or -ENOMEM.
 */
int ruleset_points_add(struct ruleset_points *points, const struct net_filter_rule *rule);

/* ruleset_points_out, ruleset_points_in - lines for what goes out, for what answers; or none */
void ruleset_points_out(const struct ruleset_points *points, FILE *out);
void ruleset_points_in(const struct ruleset_points *points, FILE *out);

#endif
