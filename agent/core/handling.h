/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The links to the two programs that have to do with media: airgap-mountd, which mounts them, and
 * airgap-transferd, which reads and writes them. A terminal without those users uses no media.
 */
#ifndef AIRGAP_CORE_HANDLING_H
#define AIRGAP_CORE_HANDLING_H

#include "agent/core/media/media.h"
#include "agent/lib/link.h"

struct core;

struct handling {
	struct media *media;
	struct link *mount;
	struct link *transfer;
	uint32_t mount_sandbox;
	uint32_t transfer_sandbox;
};

/* handling_open - listen for both; 0 or -errno. Media are known from here on. */
int handling_open(struct core *core);

void handling_close(struct core *core);

#endif
