// SPDX-License-Identifier: GPL-2.0-or-later
/* What the kernel module recorded, as entries of the journal. */
#include <stdio.h>
#include <string.h>

#include "agent/core/shim/shim.h"
#include "agent/lib/clock_watch.h"

#define MINUTE_US (60 * UINT64_C(1000000))
#define SUBJECT	  "kernel-module"

static void note_lock(struct recorder *recorder, const struct airgap_record *record)
{
	bool wanted = record->detail == AIRGAP_LOCK_GOODBYE || record->detail == AIRGAP_LOCK_ASKED;

	recorder_note(
		recorder, wanted ? RECORD_KIND_DEVICE : RECORD_KIND_ALARM,
		wanted ? RECORD_GRADE_NONE : RECORD_GRADE_V2, 0, "module-locked", SUBJECT,
		"the kernel module closed all links and permits nothing new (%s); airgapd opens "
		"it again once everything was read anew",
		shim_device_cause_name(record->detail));
}

static void note_parked(struct recorder *recorder, const struct airgap_record *record)
{
	recorder_note(recorder, RECORD_KIND_ALARM, RECORD_GRADE_V3, 0, "module-forced-out", SUBJECT,
		      "user %u, process %u, tried to force the kernel module out; everything stays "
		      "shut until this machine is started anew",
		      record->uid, record->pid);
}

static void note_usb(struct recorder *recorder, const struct airgap_record *record)
{
	bool evicted = record->kind == AIRGAP_RECORD_USB_EVICT;

	recorder_note(recorder, RECORD_KIND_ALARM, RECORD_GRADE_V2, record->repeats,
		      evicted ? "usb-evicted" : "usb-forced", SUBJECT,
		      "device %u-%u, %04x:%04x: interface %u was opened for %s past airgapd and %s "
		      "(%u times; process %u of user %u)",
		      record->bus, record->device, record->vendor, record->product, record->detail,
		      record->name[0] ? record->name : "a driver",
		      evicted ? "taken back" : "refused by the kernel module", record->repeats,
		      record->pid, record->uid);
}

/* While airgapd listens, monitor tells of devices, and with more to say. */
static void note_absence(struct recorder *recorder, const struct airgap_record *record)
{
	bool added = record->kind == AIRGAP_RECORD_USB_ADD;

	recorder_note(recorder, RECORD_KIND_DEVICE, RECORD_GRADE_NONE, record->repeats,
		      added ? "plugged-while-away" : "unplugged-while-away", SUBJECT,
		      "device %u-%u, %04x:%04x%s%s: %s while airgapd was away; it was refused",
		      record->bus, record->device, record->vendor, record->product,
		      record->name[0] ? ", " : "", record->name,
		      added ? "plugged in" : "pulled out");
}

static void note_link(struct recorder *recorder, const struct airgap_record *record)
{
	static const char *const words[] = {
		[AIRGAP_RECORD_NET_VETO] = "may not come up",
		[AIRGAP_RECORD_NET_CLOSE] = "was up and is closed",
		[AIRGAP_RECORD_NET_STRANGER] = "of a USB device without permit was refused",
	};

	recorder_note(recorder, RECORD_KIND_DEVICE, RECORD_GRADE_NONE, record->repeats,
		      record->kind == AIRGAP_RECORD_NET_CLOSE ? "link-closed" : "link-vetoed",
		      SUBJECT,
		      "link %s (%u) in namespace %llu %s (%u times; process %u of user %u)",
		      record->name, record->device, (unsigned long long)record->object,
		      words[record->kind], record->repeats, record->pid, record->uid);
}

static void note_module(struct recorder *recorder, const struct airgap_record *record)
{
	recorder_note(
		recorder, RECORD_KIND_ALARM, RECORD_GRADE_V1, record->repeats, "module-refused",
		SUBJECT,
		"the kernel module %s, which sends past every guard, was not loaded (%u times; "
		"process %u of user %u)",
		record->name, record->repeats, record->pid, record->uid);
}

static void note_lost(struct recorder *recorder, const struct airgap_record *record)
{
	recorder_note(recorder, RECORD_KIND_LOSS, RECORD_GRADE_V2, record->detail,
		      "module-records-lost", SUBJECT,
		      "the kernel module had no room for %u records", record->detail);
}

/* A user can cause as many as he likes: the journal is not his to fill. */
static bool within_budget(struct recorder *recorder, struct shim_notes *notes)
{
	uint64_t now_us = clock_boottime_us();

	if (now_us - notes->since_us >= MINUTE_US) {
		if (notes->withheld)
			recorder_note(recorder, RECORD_KIND_DEVICE, RECORD_GRADE_NONE,
				      notes->withheld, "more-vetoed", SUBJECT,
				      "%llu more links were refused than stand here one by one",
				      (unsigned long long)notes->withheld);
		*notes = (struct shim_notes){ .since_us = now_us };
	}
	if (notes->count < SHIM_NOTES_A_MINUTE) {
		notes->count++;
		return true;
	}
	notes->withheld++;
	return false;
}

void shim_record_note(struct recorder *recorder, struct shim_notes *notes,
		      const struct airgap_record *record, uint64_t session_ns)
{
	switch (record->kind) {
	case AIRGAP_RECORD_LOCKED:
		note_lock(recorder, record);
		break;
	case AIRGAP_RECORD_PARKED:
		note_parked(recorder, record);
		break;
	case AIRGAP_RECORD_USB_VETO:
	case AIRGAP_RECORD_USB_EVICT:
		note_usb(recorder, record);
		break;
	case AIRGAP_RECORD_USB_ADD:
	case AIRGAP_RECORD_USB_REMOVE:
		if (record->time_ns < session_ns)
			note_absence(recorder, record);
		break;
	case AIRGAP_RECORD_NET_VETO:
	case AIRGAP_RECORD_NET_CLOSE:
	case AIRGAP_RECORD_NET_STRANGER:
		if (within_budget(recorder, notes))
			note_link(recorder, record);
		break;
	case AIRGAP_RECORD_MODULE_VETO:
		note_module(recorder, record);
		break;
	case AIRGAP_RECORD_LOST:
		note_lost(recorder, record);
		break;
	case AIRGAP_RECORD_LOADED:
		recorder_note(recorder, RECORD_KIND_DEVICE, RECORD_GRADE_NONE, 0, "module-loaded",
			      SUBJECT, "the kernel module is there");
		break;
	case AIRGAP_RECORD_UNLOCKED:
		recorder_note(recorder, RECORD_KIND_DEVICE, RECORD_GRADE_NONE, 0, "module-unlocked",
			      SUBJECT,
			      "everything was read anew; what the policy permits may open");
		break;
	default: /* a session began: what comes of it is told */
		break;
	}
}
