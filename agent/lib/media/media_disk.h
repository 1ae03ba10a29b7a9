/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What sysfs says of a disk that hangs on an USB device. */
#ifndef AIRGAP_LIB_MEDIA_DISK_H
#define AIRGAP_LIB_MEDIA_DISK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "policy/decide/facts.h"

#define MEDIA_DISK_NAME 32

struct media_disk {
	dev_t number;
	char name[MEDIA_DISK_NAME]; /* "sda" */
	uint64_t sectors;	    /* of 512 bytes; 0: no medium in it */
	uint64_t sequence;	    /* diskseq: another one is another medium */
	bool removable;		    /* media can change in it */
	bool optical;
	char port[USB_PORT_SIZE]; /* of the USB device */
	uint32_t bus;
	uint32_t device;
	uint16_t vendor;
	uint16_t product;
	char serial[USB_STRING_SIZE];
};

/**
 * media_disk_read - by number
 *
 * Returns 0; -ENODEV when there is no such disk; -ENOTBLK for a partition; -EXDEV for a disk that hangs on
 * no USB device; another -errno.
 */
int media_disk_read(const char *root, dev_t number, struct media_disk *disk);

/* media_disk_named - by name; as above, and -EINVAL for a name that is none of the kernel's */
int media_disk_named(const char *root, const char *name, struct media_disk *disk);

/* media_disk_name_valid - could it name a disk in /sys/block? Never a path. */
bool media_disk_name_valid(const char *name);

/* media_disk_number - "8:16", as sysfs writes device numbers; false for anything else */
bool media_disk_number(const char *text, dev_t *number);

/* media_disk_each - call @visit with the name of every disk; ends when it returns nonzero. That, 0 or -errno */
int media_disk_each(const char *root, int (*visit)(const char *name, void *data), void *data);

#endif
