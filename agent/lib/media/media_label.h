/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Making a medium's partition table. The one place that knows libfdisk. */
#ifndef AIRGAP_LIB_MEDIA_LABEL_H
#define AIRGAP_LIB_MEDIA_LABEL_H

#include "agent/lib/media/media_image.h"
#include "policy/medium/record.h"

/**
 * media_label_create - a new GPT with the two partitions of media_layout.h
 * @image: open for writing
 * @path: as it was opened
 * @filesystem: of the data partition, which tells its type
 *
 * What stood at the start, at the end, in the raw partition and at the start of the data partition
 * is overwritten with zeroes first, so that nothing takes the old content for something. On a block
 * device the kernel then reads the table anew.
 *
 * Returns 0, or -errno; then the medium may hold neither its old table nor a new one.
 */
int media_label_create(const struct media_image *image, const char *path,
		       enum medium_filesystem filesystem);

/**
 * media_label_repair - write both copies of the table anew from the one that is whole
 *
 * Changes nothing else. Returns 0, -EBADMSG when neither is whole, or another -errno.
 */
int media_label_repair(const struct media_image *image, const char *path);

#endif
