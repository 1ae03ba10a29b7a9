/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The link to the core. Each message that the core may send has one taker, in the table of core_link.c.
 */
#ifndef AIRGAP_TRANSFER_CORE_LINK_H
#define AIRGAP_TRANSFER_CORE_LINK_H

#include "agent/transfer/transferd.h"

/* core_link_open - keep a link to the core; 0 or -errno */
int core_link_open(struct transferd *self);

#endif
