/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Devices to try policies on when nobody recorded any: some that everyone knows, and what rules name. */
#ifndef AIRGAP_POLICY_SUBJECTS_H
#define AIRGAP_POLICY_SUBJECTS_H

#include "policy/study/inventory.h"

struct policy;

/* Of one policy; a difference that only further ones would show is still in the list of rules. */
#define SUBJECTS_MAX 4096

/**
 * subjects_derive - add devices that speak to a policy's rules
 *
 * For every id, serial number, interface type and the like that a rule or one of its sets mentions
 * there is a device that has it and, as far as one device can, the rest of what the rule asks for.
 * No device is added twice. Returns 0 or -ENOMEM; inventory_free() in any case.
 */
int subjects_derive(const struct policy *policy, struct inventory *inventory);

#endif
