/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AIRGAP_CTL_WHY_NET_H
#define AIRGAP_CTL_WHY_NET_H

#include "agent/ctl/ctl.h"

/* ctl_why_net - `why link ...` and `why flow ...`; the first operand says which */
int ctl_why_net(struct ctl *ctl);

#endif
