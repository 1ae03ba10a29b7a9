/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which file system begins here, and its UUID, as blkid shows it. Pure; nothing is mounted.
 *
 * vfat: Microsoft, "FAT32 File System Specification" (boot sector). exfat: Microsoft, "exFAT file
 * system specification", section 3.1. ext4: the kernel's Documentation/filesystems/ext4/super.rst.
 */
#ifndef AIRGAP_LIB_MEDIA_SUPER_H
#define AIRGAP_LIB_MEDIA_SUPER_H

#include <stddef.h>
#include <stdint.h>

#include "policy/medium/record.h"

/* What must be read from the start of a partition: ext4's superblock is the last of it. */
#define MEDIA_SUPER_SIZE 2048

/**
 * media_super_read - recognise a file system
 * @uuid: "1D2C-3B4A" or "0f0e0d0c-..."; "" when none of the three is there
 *
 * Returns enum medium_filesystem; MEDIUM_FILESYSTEM_COUNT for anything else, and when two claim to be
 * there at once.
 */
uint32_t media_super_read(const uint8_t bytes[static MEDIA_SUPER_SIZE],
			  char uuid[static MEDIUM_UUID_SIZE]);

#endif
