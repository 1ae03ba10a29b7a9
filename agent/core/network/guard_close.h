/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules that let nothing pass, for when nothing is known. */
#ifndef AIRGAP_CORE_NETWORK_GUARD_CLOSE_H
#define AIRGAP_CORE_NETWORK_GUARD_CLOSE_H

#include "agent/core/network/net_kernel.h"
#include "agent/core/network/ruleset.h"

/*
 * guard_close_all - a closed chain for every link, so that no frame leaves below IP either
 *
 * Returns 0 or -errno, as ruleset_apply(); where links cannot be read, what is above IP is closed.
 */
int guard_close_all(struct net_kernel *kernel, struct ruleset *ruleset);

#endif
