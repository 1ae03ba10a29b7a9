/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What must not go backwards: which list and policy were in force, and what time it was.
 *
 * Written with fsync and rename before anything that it speaks of takes effect, as one JSON object
 * in /var/lib/airgap/state/state:
 *
 *	{"version":1,"trust_number":1,"trust_digest":"sha256:…","policy_serial":42,
 *	 "policy_digest":"sha256:…","time_floor":1790000000}
 */
#ifndef AIRGAP_CORE_STATE_H
#define AIRGAP_CORE_STATE_H

#include <stdint.h>

#include "policy/sign/signed.h"

struct state {
	uint64_t trust_number; /* 0: no list was ever accepted */
	uint8_t trust_digest[SIGNED_DIGEST_SIZE];
	uint64_t policy_serial; /* 0: no policy was ever in force */
	uint8_t policy_digest[SIGNED_DIGEST_SIZE];
	int64_t time_floor; /* UNIX time that has certainly been reached */
};

/**
 * state_load - read the state
 *
 * Returns 0; -ENOENT when there is none, and @state is empty; -EBADMSG when the file is damaged or
 * of a later version; another -errno.
 */
int state_load(const char *root, struct state *state);

/* state_save - 0 or -errno; then the old state stands */
int state_save(const char *root, const struct state *state);

#endif
