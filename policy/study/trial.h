/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A policy tried on an inventory: what it decides over each device, alone, and whether that was expected. */
#ifndef AIRGAP_POLICY_TRIAL_H
#define AIRGAP_POLICY_TRIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "policy/decide/context.h"
#include "policy/decide/decide.h"
#include "policy/study/inventory.h"

struct json_t;

struct trial_result {
	const struct inventory_device *device;
	struct policy_verdict verdict;
	bool wrong;			 /* another result, or another rule, than expected */
	struct explanation *explanation; /* of those that are wrong; else NULL */
};

struct trial_answer {
	const struct inventory_question *question;
	struct net_verdict verdict;
	bool wrong;
	struct net_explanation *explanation; /* of those that are wrong; else NULL */
};

struct trial_transfer {
	const struct inventory_transfer *transfer;
	struct transfer_verdict verdict;
	bool wrong;
	struct transfer_explanation *explanation; /* of those that are wrong; else NULL */
};

struct trial {
	struct trial_result *results;
	size_t count;
	struct trial_answer *answers;
	size_t answer_count;
	struct trial_transfer *transfers;
	size_t transfer_count;
	size_t expecting;
	size_t wrong;
};

/**
 * trial_run - decide over every device of an inventory, with nothing else plugged in, and over the
 * network
 * @context: as of policy_decide_usb()
 *
 * Returns 0 or -ENOMEM; trial_clear() in any case, before policy and inventory are freed.
 */
int trial_run(const struct policy *policy, const struct policy_context *context,
	      const struct inventory *inventory, struct trial *trial);
void trial_clear(struct trial *trial);

/** trial_print - a table, then why each wrong one was decided so; 0 or -ENOMEM */
int trial_print(FILE *out, const char *name, const struct trial *trial);

/** trial_json - a new object, or NULL when memory is short */
struct json_t *trial_json(const struct trial *trial);

#endif
