/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The signers' list and policies as they lie on the disk. */
#ifndef AIRGAP_CTL_FILES_H
#define AIRGAP_CTL_FILES_H

#include "agent/ctl/ctl.h"
#include "policy/lang/policy.h"
#include "policy/sign/trust.h"

#define CTL_REASON_SIZE 1024

/* ctl_trust_load - the list at /etc/airgap/trust; NULL and why in @reason */
struct trust *ctl_trust_load(const struct ctl *ctl, char reason[static CTL_REASON_SIZE]);

/* ctl_trust_load_file - the same of any file */
struct trust *ctl_trust_load_file(const char *path, const char *name,
				  char reason[static CTL_REASON_SIZE]);

struct ctl_policy {
	const char *name; /* of the file, for messages */
	uint8_t *bytes;
	size_t length;
	size_t text_length; /* of the part that is signed */
	bool signed_well;   /* by the list that was given */
	struct trust_account account;
	struct policy *policy; /* NULL when it could not be read or parsed */
	struct diag_list diags;
	char reason[CTL_REASON_SIZE]; /* why not signed_well, or why policy is NULL */
};

/**
 * ctl_policy_load - read, verify and parse a policy
 * @path: as it is to be opened
 * @name: as it is to be called
 * @trust: NULL: not verified, only parsed
 *
 * The text is parsed even when the signatures are not enough, so that it can be shown: look at
 * signed_well before believing it. Returns 0; -errno when the file could not be read. Always to be
 * followed by ctl_policy_done().
 */
int ctl_policy_load(const char *path, const char *name, const struct trust *trust,
		    struct ctl_policy *policy);

/* ctl_policy_active - the same of the active policy */
int ctl_policy_active(const struct ctl *ctl, const struct trust *trust, struct ctl_policy *policy);

void ctl_policy_done(struct ctl_policy *policy);

/* ctl_day - a UNIX time as "2026-12-01" */
void ctl_day(int64_t time, char out[static 16]);

/* ctl_policy_json - id, serial, digest, dates, signers, whether they were enough */
json_t *ctl_policy_json(const struct ctl_policy *policy);

/* ctl_policy_signers - "so-7a (J. Kovac, security), ..." of those that counted */
void ctl_policy_signers(const struct ctl_policy *policy, char *out, size_t size);

#endif
