/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The devices that a rule of block usb matches, as a region. */
#ifndef AIRGAP_POLICY_RULE_REGION_H
#define AIRGAP_POLICY_RULE_REGION_H

#include "policy/decide/usb_rules.h"
#include "policy/study/region.h"

/* Lists beyond this are not taken into regions, which compare element by element. */
#define RULE_REGION_LIST_MAX 1024

/**
 * rule_region - what a rule matches, its at-most not counted
 *
 * Returns whether that is exact; otherwise the region is larger.
 */
bool rule_region(struct region_space *space, const struct usb_rule *rule, struct region *region);

/**
 * rule_region_words - elements of a condition, as regions spell them
 * @words: NULL items when it has more than RULE_REGION_LIST_MAX, or memory is short
 */
void rule_region_words(struct region_space *space, const struct usb_condition *condition,
		       struct words *words);

#endif
