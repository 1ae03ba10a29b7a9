/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which USB device is behind a disk, as sysfs says. */
#ifndef AIRGAP_LIB_MEDIA_DEVICE_H
#define AIRGAP_LIB_MEDIA_DEVICE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "policy/decide/facts.h"

#define MEDIA_MOUNT_SIZE 512

struct media_device {
	bool usb;	/* hangs on an USB device; else what follows is zero */
	bool partition; /* is a part of a disk, not the whole of it */
	uint16_t vendor;
	uint16_t product;
	uint32_t disks; /* that the USB device has: a reader for several cards has several */
	char serial[USB_STRING_SIZE];
	char name[USB_STRING_SIZE];	/* maker and product, for people */
	char mounted[MEDIA_MOUNT_SIZE]; /* where it, or a part of it, is mounted; "" when nowhere */
};

/**
 * media_device_find - look a block device up
 * @root: of --root
 * @number: of the whole disk
 *
 * Returns 0, or -errno; -ENODEV when sysfs has no such device.
 */
int media_device_find(const char *root, dev_t number, struct media_device *device);

#endif
