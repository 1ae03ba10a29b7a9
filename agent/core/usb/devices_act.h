/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What devices.c (which devices there are, and when to judge them) and devices_act.c (carrying a
 * verdict out) share; nobody else includes it. */
#ifndef AIRGAP_CORE_USB_DEVICES_ACT_H
#define AIRGAP_CORE_USB_DEVICES_ACT_H

#include "agent/core/usb/devices.h"
#include "agent/core/usb/usb_grant.h"

struct device {
	struct device *next;
	int folder;		/* of sysfs; stays with this very plug-in */
	bool stated;		/* since the scan began */
	bool settled;		/* a verdict has been carried out and recorded */
	bool waits;		/* for the end of the scan, to be decided */
	bool untold;		/* that it is pending */
	bool written;		/* its permit is durable; it waits for the kernel module */
	uint64_t round;		/* of the last decision */
	uint64_t place;		/* rises with each device that is let in */
	uint64_t asked;		/* of the journal, for the permit that is pending */
	struct usb_grant grant; /* of that permit */
	struct usb_outcome outcome;
};

struct devices {
	struct devices_config config;
	struct device *head; /* in the order of plugging in */
	uint32_t count;
	uint64_t plugs;
	uint64_t round;
	uint64_t places;
	uint64_t asked;
	int probe; /* see usb_grant_probe(); -1: not open */
	bool scanning;
	bool scanned;	  /* the first full reading is complete */
	uint32_t *in_use; /* scratch: one number a rule of the policy in force */
	size_t rules;
};

/* device_is_root_hub - a controller's own; the kernel authorises it always */
bool device_is_root_hub(const struct device *device);

/* device_holds_place - it counts against the at-most of rules */
bool device_holds_place(const struct device *device);

/* devices_find - the device at that port, or NULL */
struct device *devices_find(struct devices *devices, const char *port);

/* devices_open_folder - descriptor of the sysfs folder of whatever is at that port now, or -errno */
int devices_open_folder(struct devices *devices, const char *port);

/* devices_bus_folder - folder of the root hub of the device's bus; -1: not known */
int devices_bus_folder(struct devices *devices, const struct device *device);

/* devices_tell - show the device as it is now */
void devices_tell(struct devices *devices, struct device *device);

/* devices_record - write its outcome down */
void devices_record(struct devices *devices, const struct device *device, enum record_kind kind);

/* devices_block - nobody may have it; 0 or -errno of the kernel's flag, read back */
int devices_block(struct devices *devices, struct device *device);

/* devices_settle - this is how the kernel shows it now */
void devices_settle(struct devices *devices, struct device *device, enum usb_state state,
		    int error);

/* devices_close_bus - both defaults of the bus that the device is on */
void devices_close_bus(struct devices *devices, const struct device *device);

/* devices_open_root_hub - let the kernel's hub driver have a controller's own hub */
void devices_open_root_hub(struct devices *devices, struct device *device);

/**
 * devices_carry_out - do what the verdict says; a permit is only prepared, and the journal asked
 *
 * Returns 0; -ESTALE: the kernel shows another device than the facts do, maybe only now that it is
 * authorised. It is blocked, marked with that flaw, and must be judged anew.
 */
int devices_carry_out(struct devices *devices, struct device *device);

/* devices_open - the permit is durable: let the device in. As devices_carry_out(). */
int devices_open(struct devices *devices, struct device *device);

/* devices_deny_unrecorded - a permit that cannot be made durable is none */
void devices_deny_unrecorded(struct devices *devices, struct device *device, int error);

#endif
