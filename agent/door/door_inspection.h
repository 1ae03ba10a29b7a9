/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the core is told of an inspection: the figures of its JSON (airgap-inspect(7)), by this program, which
 * is nobody, because the core parses no JSON. */
#ifndef AIRGAP_DOOR_INSPECTION_H
#define AIRGAP_DOOR_INSPECTION_H

#include "agent/lib/msg.h"

/**
 * door_inspection_read - read and check an inspection
 * @file: read from where it stands; at most 16 MiB
 * @inspection: filled when 0 is returned, but for cookie and uid; else zeroed
 *
 * Returns 0; -EBADMSG for anything but an inspection; -EFBIG; -errno.
 */
int door_inspection_read(int file, struct msg_inspection *inspection);

#endif
