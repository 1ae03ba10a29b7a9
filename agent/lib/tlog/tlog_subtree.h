/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Proofs that a subtree is part of a log: what lets a mirror take entries package by package, before
 * it has all of them (C2SP tlog-mirror; draft-ietf-plants-merkle-tree-certs, section 4).
 *
 * The subtree [start, end) holds the leaves from start up to and without end; start is a multiple of
 * the least power of two that is not below end - start.
 */
#ifndef AIRGAP_LIB_TLOG_TLOG_SUBTREE_H
#define AIRGAP_LIB_TLOG_TLOG_SUBTREE_H

#include "agent/lib/tlog/tlog.h"

/* tlog_subtree_valid - may [start, end) be a subtree of a log of @size leaves? */
bool tlog_subtree_valid(uint64_t start, uint64_t end, uint64_t size);

/* tlog_subtree_prove - 0; -EINVAL: no such subtree; -errno of the source */
int tlog_subtree_prove(const struct tlog_source *source, uint64_t start, uint64_t end,
		       uint64_t size, struct tlog_proof *proof);

/* tlog_subtree_check - @node is the subtree's root in the log with @root; 0 or -EBADMSG */
int tlog_subtree_check(const struct tlog_proof *proof, uint64_t start, uint64_t end,
		       const struct tlog_hash *node, uint64_t size, const struct tlog_hash *root);

#endif
