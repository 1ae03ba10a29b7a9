/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The process of one check: what it may do. */
#ifndef AIRGAP_INSPECT_CHILD_H
#define AIRGAP_INSPECT_CHILD_H

#include "agent/inspect/inspect.h"

/**
 * inspect_child - run @check and write its findings to @out, each a struct inspect_finding; does not return
 *
 * Before the check runs, the process can write no file, make no connection but to the kernel's own
 * netlink, start no program, and has of root's rights only those to read.
 */
void inspect_child(const struct inspect_subject *subject, const struct inspect_check *check,
		   int out) __attribute__((noreturn));

#endif
