/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is wrong with a policy that is correct: rules that do nothing, rules that do too much, and what
 * its author will be sorry for. Every check is one row of a table in lint.c.
 */
#ifndef AIRGAP_POLICY_LINT_H
#define AIRGAP_POLICY_LINT_H

#include "policy/decide/context.h"
#include "policy/study/finding.h"
#include "policy/study/inventory.h"

struct policy;

struct lint_check {
	const char *name; /* of its findings */
	const char *help; /* one line */
};

/**
 * lint_policy - all findings of a policy
 * @context: as of policy_decide_usb(); its day also tells what ends soon
 * @inventory: devices in use, or NULL
 *
 * Returns 0 or -ENOMEM.
 */
int lint_policy(const struct policy *policy, const struct policy_context *context,
		const struct inventory *inventory, struct finding_list *findings);

/** lint_checks - names and meanings of all findings, ended by a NULL name */
extern const struct lint_check lint_checks[];

#endif
