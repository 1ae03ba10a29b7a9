/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The USB devices that are present, each with its facts, its verdict and what the kernel shows.
 *
 *	facts ──▶ decide ──▶ refuse ──▶ block at once ──▶ record
 *	                └──▶ permit ──▶ record ──▶ durable ──▶ open, read back ──▶ record
 *	                           └──▶ prepare ──┘
 *
 * While the journal writes, the device is prepared (usb_grant.h): it gets its configuration and is
 * compared, but no interface of it is authorised, so that nothing can be bound or talk through a
 * driver before the entry is durable. When the entry fails, or the device is judged otherwise
 * meanwhile, it is blocked again. A core that dies between the two steps leaves nothing open; the
 * next one finds the device as it left it, and judges it anew.
 *
 * Events are hints: every entry point compares what the kernel shows with the verdict, and closes
 * what is open beyond it.
 */
#ifndef AIRGAP_CORE_USB_DEVICES_H
#define AIRGAP_CORE_USB_DEVICES_H

#include "agent/core/govern/govern.h"
#include "agent/core/recorder.h"
#include "agent/core/shim/shim.h"

struct devices;

struct devices_config {
	const char *root;
	struct govern *govern;
	struct recorder *recorder;
	struct shim *shim;
	/* a device appeared, changed its state, or is gone (USB_STATE_GONE) */
	void (*changed)(void *data, const struct usb_outcome *outcome);
	/* devices_show_pending() has something to show, when there is time */
	void (*pending)(void *data);
	void *data;
};

/* devices_new - NULL when memory is short */
struct devices *devices_new(const struct devices_config *config);

/* devices_facts - the monitor states a device, new or known */
void devices_facts(struct devices *devices, const struct usb_facts *facts, uint64_t seen_us);

/* devices_gone - a device was unplugged; number 0: whatever is at that port */
void devices_gone(struct devices *devices, const struct msg_usb_device *gone);

/* devices_touched - something about a known device changed: look at the kernel again */
void devices_touched(struct devices *devices, const char *port);

/* devices_scan_begin, _end - facts between them are complete: what was not stated is gone */
void devices_scan_begin(struct devices *devices);
void devices_scan_end(struct devices *devices);

/* devices_redecide - policy, mode or journal changed: judge all, those authorised already first */
void devices_redecide(struct devices *devices);

/* devices_recorded - the recorder's answer for a permit; see struct recorder_handler */
void devices_recorded(struct devices *devices, uint64_t tag, int error);

/* devices_confirm - tell the kernel module of all that is let in, for it to stay so */
void devices_confirm(struct devices *devices);

/* devices_admitted - the kernel module is unlocked: open what waited for that */
void devices_admitted(struct devices *devices);

/* devices_show_pending - tell of permits that still wait for their journal entry, once each */
void devices_show_pending(struct devices *devices);

/* devices_each - every device that is present, in the order of plugging in */
void devices_each(const struct devices *devices,
		  void (*visit)(void *data, const struct usb_outcome *outcome), void *data);

/* devices_sleep - shut storage off until devices_redecide(): what is there after a sleep may be another */
void devices_sleep(struct devices *devices);

/* devices_is_open - that plug-in at that port is authorised now */
bool devices_is_open(const struct devices *devices, const char *port, uint32_t bus,
		     uint32_t device);

/* devices_count - present ones that are no root hubs; @refused: how many of them are blocked */
uint32_t devices_count(const struct devices *devices, uint32_t *refused);

void devices_free(struct devices *devices);

#endif
