/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Block devices, as the core names them: by device number and diskseq (the kernel's number of a medium in a
 * drive, BLKGETDISKSEQ). One that was replaced meanwhile gives an error.
 *
 * Being read-only: BLKROSET on a whole disk holds for its partitions, too (bdev_read_only() of Linux); on a
 * partition it holds for that one. Neither takes a descriptor back that is open for writing.
 */
#ifndef AIRGAP_MOUNT_MOUNT_DISK_H
#define AIRGAP_MOUNT_MOUNT_DISK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "agent/lib/msg_media.h"

struct mount_disk {
	int fd; /* of the whole disk, for reading only */
	dev_t number;
	uint64_t sequence;
	char name[MSG_BLOCK_NAME];
};

/* A partition, or the whole disk, as the kernel has it. */
struct mount_part {
	dev_t number;
	char name[MSG_BLOCK_NAME + 8];
};

/**
 * mount_disk_open - hold the disk that @asked names, and make all of it read-only, seen to be so
 *
 * Returns 0; -ESTALE when another one has its number or its name; -ENOMEDIUM for a drive without a disc;
 * another -errno. To be closed by
 * mount_disk_close() when 0 was returned.
 */
int mount_disk_open(const char *root, const struct msg_mount *asked, struct mount_disk *disk);

void mount_disk_close(struct mount_disk *disk);

/* mount_disk_same - the medium in it is still that one */
bool mount_disk_same(const struct mount_disk *disk);

/**
 * mount_disk_part - find partition @asked->partition, where @asked says that it is
 *
 * Returns 0; -EUCLEAN when the kernel has it elsewhere, or has none of that number: it reads the
 * partition table in another way than we do.
 */
int mount_disk_part(const char *root, const struct mount_disk *disk, const struct msg_mount *asked,
		    struct mount_part *part);

/* mount_disk_protect - all of it read-only, read back; 0 or -errno */
int mount_disk_protect(const struct mount_disk *disk);

/* mount_disk_unlock - this partition writable, all others read-only, read back; 0 or -errno */
int mount_disk_unlock(const char *root, const struct mount_disk *disk,
		      const struct mount_part *part);

/* mount_disk_open_part - a descriptor of the partition, or -errno; -ESTALE when its node is another's */
int mount_disk_open_part(const char *root, const struct mount_part *part, int flags);

/* mount_disk_limit - the kernel keeps little unwritten data for this disk; as far as it can be told so */
void mount_disk_limit(const char *root, const struct mount_disk *disk);

#endif
