/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables as they lie on the disk, for explanations. airgapd names the edition in force in its
 * state, which only root can read; the highest number is it, except for the moment of a change.
 */
#ifndef AIRGAP_CTL_CONTEXT_H
#define AIRGAP_CTL_CONTEXT_H

#include <limits.h>
#include <stdint.h>

#include "agent/ctl/ctl.h"
#include "policy/decide/context.h"
#include "policy/sign/trust.h"

struct ctl_context {
	struct policy_context context;
	struct trust *trust;	   /* for the order of levels; owned */
	struct table *tables[2];   /* owned; see context */
	struct document *terminal; /* of /etc/airgap/terminal; NULL: missing or wrong. Owned */
};

/* ctl_context_load - what can be read; the rest counts as missing */
void ctl_context_load(const struct ctl *ctl, struct ctl_context *context);

/**
 * ctl_table_read - the bytes of the newest edition of a table that lies here
 * @path: its file, for messages
 *
 * Returns 0, -ENOENT when there is none, or another -errno.
 */
int ctl_table_read(const struct ctl *ctl, const char *name, uint8_t **bytes, size_t *length,
		   char path[static PATH_MAX]);

void ctl_context_done(struct ctl_context *context);

#endif
