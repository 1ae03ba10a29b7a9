/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The present devices, as airgapd states them, or else as the kernel does. */
#ifndef AIRGAP_CTL_LIST_H
#define AIRGAP_CTL_LIST_H

#include "agent/ctl/ctl.h"
#include "policy/decide/facts.h"

struct ctl_device {
	struct usb_outcome outcome; /* from the kernel: facts only, and state as far as it shows */
	int authorised;		    /* the kernel's word: 0, 1, or -1 not read */
};

struct ctl_list {
	struct ctl_device *devices; /* by port */
	size_t count, size;
	bool decided;	    /* the core's outcomes; else sysfs alone */
	bool current;	    /* the core was there when it was asked */
	json_int_t missing; /* devices that the door had no room for */
	char note[512];	    /* why not decided, or not current; else "" */
};

/**
 * ctl_list_load - ask the door, and when it cannot tell, the kernel
 *
 * Returns 0, or -errno after a message when neither could be asked. ctl_list_free() in any case.
 */
int ctl_list_load(const struct ctl *ctl, struct ctl_list *list);
void ctl_list_free(struct ctl_list *list);

/* ctl_device_is_root_hub - part of the machine, not something plugged in */
bool ctl_device_is_root_hub(const struct ctl_device *device);

/* ctl_device_matches - does @word name it: port, id or serial number? */
bool ctl_device_matches(const struct ctl_device *device, const char *word);

/* ctl_device_name - maker and product, or "(no name)" */
void ctl_device_name(const struct ctl_device *device, char *out, size_t size);

/* ctl_device_interfaces - each kind of interface once: "08:06:50 03:01:01" */
void ctl_device_interfaces(const struct ctl_device *device, char *out, size_t size);

/* ctl_device_json - the outcome, or {"facts","authorised"} when the kernel alone was asked */
json_t *ctl_device_json(const struct ctl_device *device, bool decided);

#endif
