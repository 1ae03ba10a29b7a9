/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The active copy of the policy on disk: read at start, replaced by a candidate that may govern. */
#ifndef AIRGAP_CORE_GOVERN_ACTIVE_H
#define AIRGAP_CORE_GOVERN_ACTIVE_H

#include "agent/core/govern/govern.h"

/* active_load - take the active copy into force, or say in govern->missing why there is none */
void active_load(struct govern *govern);

/**
 * active_install - put a signed policy into force
 * @bytes: the file; @length of them
 * @text: what happened, or why not
 *
 * Returns 0; -EALREADY; or another -errno, and nothing has changed.
 */
int active_install(struct govern *govern, const uint8_t *bytes, size_t length, char *text,
		   size_t size);

#endif
