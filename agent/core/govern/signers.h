/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The signers' list that is in force here, and how the next one follows it.
 *
 * The administrator puts lists at /etc/airgap/trust; the one in force is kept beside the policy and
 * its digest in the state. The first list is taken as it is found: its fingerprint is recorded and
 * has to be compared at installation. Any later one must follow the one in force (trust_succeeds()).
 * A change of signers never locks a terminal by itself: a list that does not follow is refused with
 * an alarm, and the one in force stays.
 */
#ifndef AIRGAP_CORE_GOVERN_SIGNERS_H
#define AIRGAP_CORE_GOVERN_SIGNERS_H

#include <stddef.h>

#include "agent/core/recorder.h"
#include "agent/core/govern/state.h"
#include "policy/sign/trust.h"

/**
 * signers_load - the list in force, after taking up a new one where it follows
 * @state: updated and saved when a list is taken up
 * @missing: when there is none, why and what to do
 *
 * Returns a list to be freed with trust_free(), or NULL.
 */
struct trust *signers_load(const char *root, struct state *state, struct recorder *recorder,
			   char *missing, size_t size);

/**
 * signers_install - take up a list that follows the one in force
 * @now: the list in force; replaced on success
 * @text: what happened, or why not
 *
 * Returns 0 or -errno, and then nothing has changed.
 */
int signers_install(const char *root, struct state *state, struct recorder *recorder,
		    struct trust **now, const uint8_t *bytes, size_t length, char *text,
		    size_t size);

#endif
