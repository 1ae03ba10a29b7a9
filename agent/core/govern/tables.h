/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The signed tables in force here: media, terminals.
 *
 * Each is kept as /var/lib/airgap/policy/table-NAME-NUMBER; the state names number and digest. What
 * an edition needs is in the policy's statement `table`; while no policy in force has one, it needs
 * what a policy needs. An edition that only withdraws needs less.
 */
#ifndef AIRGAP_CORE_GOVERN_TABLES_H
#define AIRGAP_CORE_GOVERN_TABLES_H

#include "agent/core/govern/govern.h"

/* tables_load - those that the state names; one that is missing or altered is left out, with an alarm */
void tables_load(struct govern *govern);

/**
 * tables_install - put an edition into force
 * @text: what happened, why, what to do
 *
 * Returns 0, -EALREADY, or another -errno and nothing has changed.
 */
int tables_install(struct govern *govern, const uint8_t *bytes, size_t length, char *text,
		   size_t size);

#endif
