/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The desk: the socket at which people ask for transfers, PATH_TRANSFER. SOCK_SEQPACKET, open to
 * everybody on this terminal; who asks, the kernel states (SO_PEERCRED).
 */
#ifndef AIRGAP_TRANSFER_DESK_H
#define AIRGAP_TRANSFER_DESK_H

#include "agent/transfer/transferd.h"

/* desk_open - put the socket in place; 0, or -errno after a message */
int desk_open(struct transferd *self);

void desk_close(struct transferd *self);

#endif
