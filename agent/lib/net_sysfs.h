/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What sysfs tells of a network link of this namespace: where it hangs, what drives it, what it is.
 *
 * Netlink says how a link is set; only sysfs says which device it is. Both the monitor, which states
 * links, and the core, which compares before it lets one up, read it by this.
 */
#ifndef AIRGAP_LIB_NET_SYSFS_H
#define AIRGAP_LIB_NET_SYSFS_H

#include "policy/decide/net_facts.h"

/**
 * net_sysfs_read - complete @link, of which netlink has told index, name, arphrd, flags and info_kind
 *
 * Fills kind, driver, path and flaw, and of the marks NET_LINK_MAC_SET and NET_LINK_FALLBACK.
 * A folder of that name that belongs to another index, or another ARPHRD, is NET_FLAW_MISMATCH; what
 * cannot be read is NET_FLAW_UNREADABLE; either way kind is NET_KIND_UNKNOWN. Returns 0, or -ENODEV
 * when there is no link of that name: then flaw is NET_FLAW_UNREADABLE, too.
 */
int net_sysfs_read(const char *root, struct net_link *link);

/**
 * net_sysfs_path - where a device is, as udev writes it into ID_PATH
 * @sysfs: folder that is /sys
 * @device: real path of the device's folder, below @sysfs/devices
 * @buses: set to the NET_BUS_ bits of the device and all that is above it
 * @path: of NET_PATH_SIZE bytes; zero-padded
 *
 * "pci-0000:00:1f.6", "pci-0000:00:14.0-usb-0:2:1.0", "platform-fe300000.ethernet" (systemd,
 * src/udev/udev-builtin-path_id.c). Returns 0, or -EOVERFLOW when it does not fit.
 */
int net_sysfs_path(const char *sysfs, const char *device, uint32_t *buses,
		   char path[static NET_PATH_SIZE]);

#endif
