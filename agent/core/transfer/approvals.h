/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Approvals that were taken, each for one batch and once.
 *
 * Kept in /var/lib/airgap/state/approvals, one JSON object, until they would have ended anyway: until then
 * their nonces are known. It is written before anyone learns that an approval counts. When the file
 * cannot be read no approval is taken, for a used one would not be known.
 */
#ifndef AIRGAP_CORE_TRANSFER_APPROVALS_H
#define AIRGAP_CORE_TRANSFER_APPROVALS_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/sign/trust.h"
#include "policy/transfer/approval.h"

/* Approvals end within APPROVAL_TIME_MAX; so many at a time are enough for a terminal. */
#define APPROVALS_MAX 256

struct approval_taken {
	struct approval approval;
	char key[POLICY_NAME_SIZE]; /* in the signers' list */
	char person[TRUST_PERSON_SIZE];
	uint32_t duty; /* enum policy_duty */
	bool spent;    /* what it was for has been done */
};

struct approvals {
	int error; /* 0; -errno: the file could not be read */
	uint32_t count;
	struct approval_taken taken[APPROVALS_MAX];
};

/* approvals_load - 0, also when there is none yet; -errno, which stays in approvals->error */
int approvals_load(const char *root, struct approvals *approvals);

/**
 * approvals_take - remember one, durably; those that have ended by @now make room
 *
 * Returns 0; -ENOSPC; another -errno when it could not be written, and then it does not count.
 */
int approvals_take(const char *root, struct approvals *approvals,
		   const struct approval_taken *taken, int64_t now);

/* approvals_spend - what this batch's approvals were for has been done; 0 or -errno */
int approvals_spend(const char *root, struct approvals *approvals,
		    const uint8_t batch[static TRANSFER_ID_SIZE]);

/* approvals_used - is this nonce known? */
bool approvals_used(const struct approvals *approvals,
		    const uint8_t nonce[static TRANSFER_ID_SIZE]);

/**
 * approvals_next - the next one that counts for this batch
 * @after: NULL for the first
 * @trust: the list in force: the key must be on it, active, of that duty and person
 */
const struct approval_taken *approvals_next(const struct approvals *approvals,
					    const struct approval_case *approval_case,
					    const struct trust *trust,
					    const struct approval_taken *after);

/* approvals_count - how many of each duty count for this batch */
struct policy_need approvals_count(const struct approvals *approvals,
				   const struct approval_case *approval_case,
				   const struct trust *trust);

#endif
