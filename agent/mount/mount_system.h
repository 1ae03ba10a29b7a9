/* SPDX-License-Identifier: GPL-2.0-or-later */
/* File systems: mounted by the kernel's newer calls (fsopen(2) and the rest), each option by itself. */
#ifndef AIRGAP_MOUNT_MOUNT_SYSTEM_H
#define AIRGAP_MOUNT_MOUNT_SYSTEM_H

#include <stddef.h>
#include <sys/types.h>

#include "agent/mount/mount_disk.h"

struct mount_system {
	uint32_t filesystem; /* enum media_filesystem */
	bool write;
	uid_t user; /* whom files belong to, where the file system does not say */
	gid_t group;
};

/* mount_system_private - a namespace of mounts of our own: nobody sees what is mounted. 0 or -errno */
int mount_system_private(void);

/**
 * mount_system_mount - mount what @device is a descriptor of at folder @point, which exists
 * @reason: filled on error, for people
 *
 * Always nodev, nosuid, noexec, no symbolic links followed, and read-only unless @system->write; at its
 * first error it turns read-only. Returns a descriptor of its root folder, or -errno.
 */
int mount_system_mount(const struct mount_system *system, int device, const char *point,
		       char *reason, size_t size);

/* mount_system_unmount - 0; -EBUSY while something on it is open; another -errno */
int mount_system_unmount(const char *point);

/* mount_system_detach - whoever uses it: no path leads there any more */
void mount_system_detach(const char *point);

#endif
