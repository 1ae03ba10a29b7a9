/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From rules in order to rules without. Shared by the files of the translation. */
#ifndef AIRGAP_POLICY_USBGUARD_ORDER_H
#define AIRGAP_POLICY_USBGUARD_ORDER_H

#include "policy/import/usbguard_rule.h"

struct usbguard_plan {
	struct usbguard_meaning *meanings; /* one a rule, in the order of the file */
	struct regions *forbids;	   /* of each block: what it has to refuse */
	size_t count;
};

/**
 * usbguard_order - take care that what a block shadows is not permitted
 *
 * A device is permitted where an allow matches and no block before it does. Ours permits where any
 * allow matches and no forbid does. So each block becomes a forbid of what no allow before it
 * permits, or, where that is simpler or can be said exactly, is taken away from the allows after it.
 */
void usbguard_order(struct translation *translation, struct usbguard_plan *plan);

#endif
