/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the verbs of `airgapctl report` share. */
#ifndef AIRGAP_CTL_REPORT_H
#define AIRGAP_CTL_REPORT_H

#include "agent/ctl/ctl.h"

/* ctl_report_load - what airgap-reportd shows; a new reference, or NULL after a message */
json_t *ctl_report_load(const struct ctl *ctl);

/* ctl_report_write - a file that is carried away, whole or not at all; 0, or -errno after a message */
int ctl_report_write(const char *path, const void *data, size_t length);

#endif
