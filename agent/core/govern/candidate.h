/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a signed policy may govern this terminal: the checks, in their order, and nothing else.
 *
 * Signatures come first; not a byte of the text is parsed before they hold.
 */
#ifndef AIRGAP_CORE_GOVERN_CANDIDATE_H
#define AIRGAP_CORE_GOVERN_CANDIDATE_H

#include <stddef.h>
#include <stdint.h>

#include "agent/core/govern/state.h"
#include "agent/core/govern/terminal.h"
#include "policy/lang/policy.h"
#include "policy/sign/trust.h"

/* 256 KiB of text and its signatures. */
#define CANDIDATE_LIMIT (256 * 1024 + SIGNED_ARMOUR_MAX)

struct candidate {
	struct policy *policy; /* NULL unless it may govern; candidate_done() frees it */
	uint8_t digest[SIGNED_DIGEST_SIZE];
	uint64_t serial; /* 0 until the text could be parsed */
	char id[256];
	char signers[256]; /* "so-7a security, ap-2c approval" */
	char reason[1024]; /* why it may not, and what to do; of the active copy also why it would
			      not be admitted now, although it stays */
};

/* What a candidate is held against. */
struct candidate_ground {
	const struct trust *trust;	 /* NULL: there is none */
	const struct terminal *terminal; /* number "": not known */
	const char *missing;		 /* why trust or terminal is missing */
	const struct state *state;
	int64_t now;		       /* UNIX time, never below the floor */
	const struct table *terminals; /* NULL: none is in force */
	bool active; /* it is the copy that was in force: its own serial is right, its dates are
			judged later */
};

/**
 * candidate_judge - may this file govern?
 *
 * Returns 0 and candidate->policy; -EALREADY when exactly this policy is in force; else another
 * -errno and candidate->reason.
 */
int candidate_judge(const struct candidate_ground *ground, const uint8_t *bytes, size_t length,
		    struct candidate *candidate);

/* candidate_is_bad - does the signers' list name this text as one that must not be used? */
bool candidate_is_bad(const struct trust *trust, const uint8_t digest[static SIGNED_DIGEST_SIZE]);

/* candidate_signers - those whose signatures counted: "so-7a security, ap-2c approval" */
void candidate_signers(const struct trust_account *account, char *out, size_t size);

void candidate_done(struct candidate *candidate);

#endif
