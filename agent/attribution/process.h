/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which process has a socket open, and what that process is; from /proc. */
#ifndef AIRGAP_ATTRIBUTION_PROCESS_H
#define AIRGAP_ATTRIBUTION_PROCESS_H

#include <stddef.h>
#include <stdint.h>

#include "agent/lib/msg_net.h"

/**
 * process_find - the one process that has the socket with @inode open
 * @seen_us: CLOCK_BOOTTIME; the packet was sent no earlier
 * @actor: gets pid, program and unit; pid 0 when it may also have been a parent or child of the process that is
 * found, but surely one that runs the same program
 *
 * Looks at every process, whosever it is: only so is "the one" true. A process that is not surely older than the
 * packet did not send it, or nobody knows: it may have got the socket from one that did. Returns 0; -ENOENT: none;
 * -ENOTUNIQ: several, or one that may have shared it with others that are gone; -E2BIG: more processes or
 * descriptors than one question is worth; another -errno. All but 0 leave @actor as it was.
 */
int process_find(const char *root, uint64_t inode, uint64_t seen_us, struct net_actor *actor);

#endif
