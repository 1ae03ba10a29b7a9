/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The core's side of the kernel module: what is permitted is told to it as well, heartbeats keep it
 * armed, and what it saw while nobody listened goes to the journal.
 *
 *	absent ──▶ (nothing changes)
 *	present ──▶ session ──▶ all devices and links read anew, permits confirmed ──▶ unlocked
 *	               ▲                                                               │
 *	               └──────────── locked: late, or it said so ◀─────────────────────┘
 *
 * A session begins, and beats go out, only while airgap-monitord and airgap-journald answer. Without
 * the module every function says yes and does nothing. Verdicts are never the module's.
 */
#ifndef AIRGAP_CORE_SHIM_SHIM_H
#define AIRGAP_CORE_SHIM_SHIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "agent/core/recorder.h"
#include "agent/core/shim/shim_device.h"
#include "agent/lib/msg.h"

struct shim;

enum shim_part {
	SHIM_DEVICES,
	SHIM_NETWORK,
	SHIM_PARTS,
};

struct shim_handler {
	/* do monitor and journal answer? Asked with each beat, and to be asked for an answer then */
	bool (*alive)(void *data);
	/* a session began: devices and links are to be read anew */
	void (*began)(void *data);
	/* what is permitted may open now */
	void (*unlocked)(void *data);
	/* its state is another one than before */
	void (*changed)(void *data);
	/* the module was loaded too late to be held: this program has to start again */
	void (*late)(void *data);
};

/**
 * shim_open - take hold of the module, before the sandbox closes
 * @root: the module is this machine's: nobody else's is asked for
 *
 * Returns 0, also when there is none; -ENOMEM.
 */
int shim_open(const char *root, struct shim **shim);

/* shim_start - from here on sessions begin; 0 or -errno */
int shim_start(struct shim *shim, sd_event *event, struct recorder *recorder,
	       const struct shim_handler *handler, void *data);

/* shim_heard - all of that part was read, and judged; the second one of a session may unlock it */
void shim_heard(struct shim *shim, enum shim_part part);

/* shim_applied - links and addresses were told since the network was heard; may unlock */
void shim_applied(struct shim *shim);

/* shim_admits - there is no module, or it is unlocked: what is permitted may open */
bool shim_admits(const struct shim *shim);

/**
 * shim_usb_permit - drivers may have what the verdict grants
 * @folder: of the device in sysfs; holds this very plug-in
 *
 * Returns 0; -EAGAIN: not before the module is unlocked; -ENODEV: it is gone; another -errno.
 */
int shim_usb_permit(struct shim *shim, int folder, const struct usb_verdict *verdict);

/* shim_usb_refuse - nobody may have it; one that the module does not know is refused anyway */
void shim_usb_refuse(struct shim *shim, int folder);

/**
 * shim_link_permit - the link may come up
 * @closed: set when the module had closed it though it was up; told once
 *
 * Returns as shim_usb_permit().
 */
int shim_link_permit(struct shim *shim, uint32_t index, bool eapol, bool *closed);
void shim_link_refuse(struct shim *shim, uint32_t index);

/* shim_table - where permitted links may send to; nothing is said when it is as before. 0 or -errno */
int shim_table(struct shim *shim, const struct airgap_cidr *cidrs, size_t count, bool all);

/* shim_recorded - the journal has all that it was given: the module need not keep it any longer */
void shim_recorded(struct shim *shim);

void shim_status(const struct shim *shim, struct agent_status *status);

/* shim_free - a goodbye with some grace, for a successor; accepts NULL */
void shim_free(struct shim *shim);

/* --- shim_records --- */

/* Notes of what anybody can cause, a minute; more are counted, and the count is a note. */
#define SHIM_NOTES_A_MINUTE 60

struct shim_notes {
	uint64_t since_us;
	uint32_t count;
	uint64_t withheld;
};

/**
 * shim_record_note - write down what the module recorded
 * @session_ns: since when this program listens, CLOCK_BOOTTIME; what monitor tells as well is left out then
 */
void shim_record_note(struct recorder *recorder, struct shim_notes *notes,
		      const struct airgap_record *record, uint64_t session_ns);

#endif
