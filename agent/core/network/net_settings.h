/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Settings of the kernel's network that are files: forwarding below /proc/sys/net, radios by rfkill. */
#ifndef AIRGAP_CORE_NETWORK_NET_SETTINGS_H
#define AIRGAP_CORE_NETWORK_NET_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

/**
 * net_settings_forward_off - switch forwarding off, and read it back
 * @family: enum net_family
 * @name: of a link, or "all"
 *
 * Returns 0, also when it is off or the link is gone; -EIO when it shows something else; -errno.
 */
int net_settings_forward_off(const char *root, uint32_t family, const char *name);

/* What sysfs says of one radio (Documentation/ABI/stable/sysfs-class-rfkill). */
struct net_radio {
	uint32_t kind; /* enum net_kind of the links that it carries; NET_KIND_UNKNOWN: none */
	bool blocked;  /* by software or by a switch */
	char name[64]; /* "phy0" */
	char type[32]; /* "wlan", "bluetooth", "wwan" ... */
};

/* net_settings_radio - 0; -ENODEV when there is no radio of that number; -errno */
int net_settings_radio(const char *root, uint32_t index, struct net_radio *radio);

/**
 * net_settings_radio_off - block one radio by software, and read that back
 *
 * Returns 0, also when it is gone; -EIO when it shows something else; -errno.
 */
int net_settings_radio_off(const char *root, uint32_t index);

/* net_settings_radios_off - block all radios that are there; 0 or -errno of the first that was not */
int net_settings_radios_off(const char *root);

#endif
