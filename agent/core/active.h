/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The active copy of the policy on disk: read at start, replaced by a candidate that may govern. */
#ifndef AIRGAP_CORE_ACTIVE_H
#define AIRGAP_CORE_ACTIVE_H

#include "agent/core/govern.h"

/* active_load - take the active copy into force, or say in govern->missing why there is none */
void active_load(struct govern *govern);

/**
 * active_install - put a signed policy into force
 * @fd: of the file; read from its beginning
 * @text: what happened, why, what to do
 *
 * Returns 0 when it is in force: decide every device anew. Else -errno, and nothing has changed.
 */
int active_install(struct govern *govern, int fd, char *text, size_t size);

#endif
