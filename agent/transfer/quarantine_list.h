/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What lies in quarantine, and making room in it. */
#ifndef AIRGAP_TRANSFER_QUARANTINE_LIST_H
#define AIRGAP_TRANSFER_QUARANTINE_LIST_H

#include "agent/transfer/quarantine.h"

#define QUARANTINE_NAME_SIZE 48
/* The largest note that is read. */
#define QUARANTINE_NOTE_MAX 16384

void quarantine_name(const uint8_t id[static TRANSFER_ID_SIZE], const char *ending,
		     char name[static QUARANTINE_NAME_SIZE]);

/**
 * quarantine_room - have room for @size more bytes in one more file, by dropping the oldest
 *
 * Returns 0; -EFBIG when it would not fit alone; or -errno.
 */
int quarantine_room(int folder, const struct quarantine_limits *limits, uint64_t size,
		    uint32_t *dropped);

#endif
