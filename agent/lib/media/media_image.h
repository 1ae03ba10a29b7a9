/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A medium as bytes: a whole block device, or an image of one in a file.
 *
 * Reads never mount anything and stay within the size that the kernel states. Writes are on the
 * device before they are believed: synced, read back past the page cache where that can be done,
 * and compared.
 */
#ifndef AIRGAP_LIB_MEDIA_IMAGE_H
#define AIRGAP_LIB_MEDIA_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct media_image {
	int fd;
	uint64_t size;	      /* bytes */
	uint32_t sector_size; /* of the device; 512 for a file */
	bool block;	      /* a block device */
	dev_t device;	      /* its number; 0 for a file */
};

enum media_open {
	MEDIA_OPEN_READ,
	MEDIA_OPEN_WRITE, /* for oneself: -EBUSY for a device that is mounted or otherwise in use */
};

/**
 * media_image_open - open a device or a file
 *
 * Returns 0; -ENOTBLK when it is neither; -ENOMEDIUM for a reader without a card; -EINVAL for a
 * sector size other than 512 to 4096; -EROFS for a device with its write protection on; another
 * -errno. To be closed by media_image_close() when 0 was returned.
 */
int media_image_open(const char *path, enum media_open how, struct media_image *image);

/**
 * media_image_take - the same of a descriptor that is open already
 * @fd: taken when 0 is returned
 */
int media_image_take(int fd, enum media_open how, struct media_image *image);

void media_image_close(struct media_image *image);

/* media_image_read - @length bytes from @offset; 0, -ERANGE beyond the end, or -errno */
int media_image_read(const struct media_image *image, uint64_t offset, void *buffer, size_t length);

/**
 * media_image_write - write, sync, read back
 * @offset, @length: multiples of 4096
 *
 * Returns 0; -ERANGE beyond the end; -EIO also when something else is read back; -ENOMEM; -errno.
 */
int media_image_write(const struct media_image *image, uint64_t offset, const void *buffer,
		      size_t length);

#endif
