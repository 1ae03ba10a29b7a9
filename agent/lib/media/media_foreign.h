/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What can be read of a medium that was not enrolled: the first file system of a kind that is permitted on such. */
#ifndef AIRGAP_LIB_MEDIA_FOREIGN_H
#define AIRGAP_LIB_MEDIA_FOREIGN_H

#include <stdint.h>

#include "agent/lib/media/media_image.h"

enum media_foreign_kind {
	MEDIA_FOREIGN_VFAT,
	MEDIA_FOREIGN_EXFAT,
	MEDIA_FOREIGN_ISO9660,
	MEDIA_FOREIGN_NONE,
};

struct media_foreign {
	enum media_foreign_kind kind;
	uint32_t
		number; /* of the partition, as the kernel counts them; 0: it begins with the disk */
	uint64_t first; /* sectors of 512 bytes */
	uint64_t sectors;
};

/**
 * media_foreign_find - look at the disk itself, then at the partitions of its MBR or GPT
 *
 * Only the four entries of an MBR are looked at, and those entries of a GPT of which the primary header is
 * whole. Returns 0, whatever the bytes say; -errno when they could not be read.
 */
int media_foreign_find(const struct media_image *image, struct media_foreign *found);

#endif
