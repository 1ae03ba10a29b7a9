/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What airgapctl log verify found, and how it is told. Private to ctl_log_verify*.c. */
#ifndef AIRGAP_CTL_LOG_VERIFY_H
#define AIRGAP_CTL_LOG_VERIFY_H

#include <limits.h>

#include "agent/ctl/ctl_output.h"
#include "agent/lib/journal_tree.h"

/* Times without entries that are listed; more are counted. */
#define VERIFY_GAPS_LISTED 100

struct verify {
	struct ctl *ctl;
	char folder[PATH_MAX];
	struct tlog_key key;
	struct tlog_checkpoint newest, older; /* older.origin "": none was given */
	bool newest_met, older_met;
	struct journal_tree tree;
	struct journal_chain chain;
	struct journal_head before; /* the entry before; kind alone counts while seq is chain.seq */
	bool has_before;
	uint64_t gaps;
	json_t *findings, *silences;
};

/* ctl_log_verify_show - as text or JSON; returns CTL_GOOD or CTL_BAD */
int ctl_log_verify_show(const struct verify *verify);

#endif
