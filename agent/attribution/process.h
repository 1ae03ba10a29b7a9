/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which process has a socket open, and what that process is; from /proc. */
#ifndef AIRGAP_ATTRIBUTION_PROCESS_H
#define AIRGAP_ATTRIBUTION_PROCESS_H

#include <stddef.h>
#include <stdint.h>

#include "agent/lib/msg_net.h"

/**
 * process_find - the one process that has the socket with @inode open
 * @actor: gets pid, program and unit
 *
 * Looks at every process, whosever it is: only so is "the one" true. A process that began after
 * @seen_us (CLOCK_BOOTTIME) cannot have sent what was seen then; and one that began just before, and
 * whose parent is gone, may be the child of the one that did, left with its socket. Returns 0; -ENOENT: none; -ENOTUNIQ:
 * several; -E2BIG: more processes or descriptors than one question is worth; another -errno. All but 0
 * leave @actor as it was.
 */
int process_find(const char *root, uint64_t inode, uint64_t seen_us, struct net_actor *actor);

/* Of the text of /proc/PID/stat (proc(5)). */
struct process_stat {
	uint32_t pid;
	uint32_t parent;
	uint32_t session;
	uint64_t start; /* ticks since boot */
};

/**
 * process_stat_read - the fields that count
 *
 * Returns 0 or -EBADMSG. The name in parentheses, which the process chooses, may hold anything.
 */
int process_stat_read(const char *text, struct process_stat *stat);

/* process_unit - the unit, or else the control group, from the text of /proc/PID/cgroup; "" if none */
void process_unit(const char *cgroup, char *unit, size_t size);

#endif
