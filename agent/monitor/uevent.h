/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What one kernel event says, reduced to what the monitor acts on. */
#ifndef AIRGAP_MONITOR_UEVENT_H
#define AIRGAP_MONITOR_UEVENT_H

#include <stddef.h>
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
	UEVENT_SUBJECT_RADIO,  /* rfkill: a radio came, went, or was blocked or unblocked */
	UEVENT_SUBJECT_MODULE, /* a module of the kernel came or went */
	UEVENT_SUBJECT_DISK,   /* a whole disk came or went, or another medium is in it */
};

/* The kernel's DISK_NAME_LEN. */
#define UEVENT_DISK_SIZE 32

struct uevent {
	enum uevent_action action;
	enum uevent_subject subject;
	uint64_t sequence; /* the kernel's SEQNUM; 0: none */
	uint32_t bus;	   /* BUSNUM, DEVNUM; 0 when the event does not tell */
	uint32_t device;
	uint32_t major; /* of a disk: MAJOR, MINOR */
	uint32_t minor;
	char port[USB_PORT_SIZE];    /* of the USB device, also for an interface; "" for others */
	char disk[UEVENT_DISK_SIZE]; /* "sda"; "" for others */
};

/**
 * uevent_parse - one message of the kernel's to meaning
 * @data: strings, each ended by NUL: "add@/devices/...", then KEY=VALUE (lib/kobject_uevent.c of Linux)
 *
 * Of a key that comes twice the first counts. A name that could not be one of the kernel's makes the
 * subject UEVENT_SUBJECT_OTHER: it never becomes part of a path. Whatever is no such message, too.
 */
void uevent_parse(const char *data, size_t length, struct uevent *event);

#endif
