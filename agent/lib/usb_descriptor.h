/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The raw descriptors of an USB device: bytes that the device chose.
 *
 * The kernel's sysfs file `descriptors` holds the device descriptor and then every configuration
 * as the device sent it (drivers/usb/core/sysfs.c). Layout: Universal Serial Bus Specification
 * 2.0, section 9.6.
 */
#ifndef AIRGAP_LIB_USB_DESCRIPTOR_H
#define AIRGAP_LIB_USB_DESCRIPTOR_H

#include <stddef.h>
#include <stdint.h>

#include "policy/decide/facts.h"

/* The device descriptor and the eight configurations of 64 KiB that the kernel keeps at most. */
#define USB_DESCRIPTORS_MAX (18 + 8 * 65535)

/**
 * usb_descriptor_parse - state what the descriptors say
 * @facts: ids, classes, configurations and interfaces are set; the rest is left alone
 *
 * Stricter than the kernel, which mends what it can: whoever announces other counts or lengths than
 * he sends is lying or broken, and neither may pass. Alternate settings are interfaces too.
 *
 * Returns USB_SOUND or the first flaw, which also stands in facts->flaw. With a flaw the interfaces
 * found before it are kept, for the record.
 */
enum usb_flaw usb_descriptor_parse(const uint8_t *data, size_t length, struct usb_facts *facts);

/**
 * usb_descriptor_hash - the identity that USBGuard also computes
 *
 * SHA-256 over product string, vendor and product id as four lower-case hexadecimal digits each,
 * serial number, and all descriptors, with bcdDevice zeroed in the kernel's own root hubs
 * (1d6b:0001 to 0003), where it holds the kernel's version. Reads these from @facts.
 */
void usb_descriptor_hash(const uint8_t *data, size_t length, const struct usb_facts *facts,
			 uint8_t hash[static USB_HASH_SIZE]);

#endif
