/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the verbs of airgapctl transfer share. */
#ifndef AIRGAP_CTL_TRANSFER_H
#define AIRGAP_CTL_TRANSFER_H

#include "agent/ctl/ctl_desk.h"
#include "agent/ctl/ctl_door.h"
#include "agent/ctl/ctl_output.h"
#include "agent/ctl/ctl_progress.h"

/* ctl_transfer_request - {"verb": @verb, "batch": @id}, where there is one */
json_t *ctl_transfer_request(const char *verb, const char *id);

/* ctl_transfer_line - with --json one object on a line of its own */
void ctl_transfer_line(const json_t *object);

/* ctl_transfer_say - the end of an answer: its text, or the refusal; with --json itself. Its exit status */
int ctl_transfer_say(const struct ctl *ctl, const json_t *answer);

/* ctl_transfer_print - a batch and its approvals, for people */
void ctl_transfer_print(const struct ctl *ctl, const json_t *batch);

/* ctl_transfer_open - connect, or say why not: CTL_GOOD or CTL_UNREACHABLE */
int ctl_transfer_open(const struct ctl *ctl, struct ctl_desk *desk);

/**
 * ctl_transfer_fetch - take all files of a batch in the inbox
 * @folder: where to; files that are there already with the same content are left
 *
 * Returns enum ctl_exit after messages.
 */
int ctl_transfer_fetch(const struct ctl *ctl, struct ctl_desk *desk, const char *id,
		       const char *folder);

#endif
