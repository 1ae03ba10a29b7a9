/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What one kernel event says, reduced to what the monitor acts on. */
#ifndef AIRGAP_MONITOR_UEVENT_H
#define AIRGAP_MONITOR_UEVENT_H

#include <stdint.h>

#include "policy/decide/facts.h"

enum uevent_action {
	UEVENT_ACTION_ADD,
	UEVENT_ACTION_REMOVE,
	UEVENT_ACTION_CHANGE,
	UEVENT_ACTION_BIND,
	UEVENT_ACTION_UNBIND,
	UEVENT_ACTION_OTHER,
};

enum uevent_subject {
	UEVENT_SUBJECT_OTHER,
	UEVENT_SUBJECT_USB_DEVICE,
	UEVENT_SUBJECT_USB_INTERFACE,
};

struct uevent {
	enum uevent_action action;
	enum uevent_subject subject;
	uint64_t sequence; /* the kernel's SEQNUM; 0: none */
	uint32_t bus;	   /* BUSNUM, DEVNUM; 0 when the event does not tell */
	uint32_t device;
	char port[USB_PORT_SIZE]; /* of the USB device, also for an interface; "" for others */
};

/* The texts of an event; any may be NULL. */
struct uevent_fields {
	const char *action;
	const char *subsystem;
	const char *devtype;
	const char *sysname;
	const char *busnum;
	const char *devnum;
	uint64_t sequence;
};

/**
 * uevent_interpret - fields to meaning
 *
 * A name that could not be one of the kernel's makes the subject UEVENT_SUBJECT_OTHER: it never
 * becomes part of a path.
 */
void uevent_interpret(const struct uevent_fields *fields, struct uevent *event);

#endif
