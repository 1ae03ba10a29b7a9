/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * airgap-mountd: what its parts share.
 *
 *	mounter		what the core asks for, and what is held for it
 *	mount_disk	block devices: found by number and diskseq, made read-only
 *	mount_system	file systems: mounted, and given up
 */
#ifndef AIRGAP_MOUNT_MOUNTER_H
#define AIRGAP_MOUNT_MOUNTER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <systemd/sd-event.h>

#include "agent/lib/link.h"
#include "agent/mount/mount_system.h"

#define MOUNTER_MAX 64

/* A disk that the core has us hold: open, so that its number is not given to another one. */
struct mounter_held {
	struct mount_disk disk; /* fd -1: this place is free */
	uint64_t cookie;
	bool mounted;
	char point[64];		/* where; below --root */
	unsigned int tries;	/* of unmounting it, so far */
	sd_event_source *again; /* the next one */
	struct mounter *mounter;
};

struct mounter {
	const char *root; /* of --root */
	sd_event *event;
	uid_t user; /* whom files on media belong to: airgap-transferd's */
	gid_t group;
	struct link *core;
	struct mounter_held held[MOUNTER_MAX];
};

/* mounter_init - with nothing held; removes what an earlier run left in the folder of mounts */
void mounter_init(struct mounter *mounter);

/* mounter_take - MSG_MOUNT; always answered, at once or, for a release, later. 0 */
int mounter_take(struct mounter *mounter, const struct msg_mount *asked);

/* mounter_drop_all - the core is away: everything is given up, whoever still uses it */
void mounter_drop_all(struct mounter *mounter);

#endif
