/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An inspection on its way into the journal, through airgapd's control door. */
#ifndef AIRGAP_CTL_INSPECT_RECORD_H
#define AIRGAP_CTL_INSPECT_RECORD_H

#include "agent/ctl/ctl.h"

/**
 * ctl_inspect_record - have the journal hold that this inspection was, and what it came to
 * @inspection: as inspect_json() makes it
 *
 * Root's. Returns 0; -errno after a message.
 */
int ctl_inspect_record(const struct ctl *ctl, const json_t *inspection);

#endif
