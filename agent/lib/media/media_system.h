/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Making the file system of the data partition, by the stock mkfs programs. */
#ifndef AIRGAP_LIB_MEDIA_SYSTEM_H
#define AIRGAP_LIB_MEDIA_SYSTEM_H

#include "agent/lib/media/media_read.h"

#define MEDIA_SYSTEM_REASON 512

/**
 * media_system_ready - whether media_system_make() could, before anything is overwritten
 *
 * Returns as it does.
 */
int media_system_ready(dev_t device, enum medium_filesystem filesystem,
		       char reason[static MEDIA_SYSTEM_REASON]);

/**
 * media_system_make - run mkfs on the data partition
 * @path: the device or the image; nobody may have it open for himself meanwhile
 * @device: its number, by which the kernel's node of the partition is found; 0 for an image
 * @data_at, @data_size: bytes
 * @reason: filled on error: what the program said, or what is missing
 *
 * exfat cannot be made inside an image file, for want of an option to mkfs.exfat. Returns 0,
 * -EOPNOTSUPP for that, -ENOENT when the program is missing, -EIO when it failed, another -errno.
 */
int media_system_make(const char *path, dev_t device, enum medium_filesystem filesystem,
		      uint64_t data_at, uint64_t data_size,
		      char reason[static MEDIA_SYSTEM_REASON]);

#endif
