/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Media: the life of each, from when its disk appears to when it is gone.
 *
 *	disk appears ──▶ protect (mount helper: read-only) ──▶ read (transfer) ──▶ judge, decide
 *	                                                     refuse ──▶ record, notice ◀──┤
 *	usable ◀── mount ◀── durable ◀── record ◀── remembered ◀── count (transfer) ◀─────┘ permit
 *
 * Whatever breaks off on the way leaves a disk that is read-only and of root's alone. What is read says
 * nothing that is believed: the record counts by its signatures, the device by sysfs, the counter by what
 * this terminal remembers. Of a foreign medium nothing is counted.
 *
 * A medium that is usable is given up when it is pulled, when it would be decided otherwise now, when the
 * machine goes to sleep, and when one of the two programs is lost; then all begins anew.
 */
#ifndef AIRGAP_CORE_MEDIA_MEDIA_H
#define AIRGAP_CORE_MEDIA_MEDIA_H

#include <stdbool.h>

#include "agent/core/govern/govern.h"
#include "agent/core/recorder.h"
#include "agent/core/usb/devices.h"
#include "agent/lib/link.h"

struct media;

struct media_config {
	const char *root;
	struct govern *govern;
	struct recorder *recorder;
	struct devices *const *devices;
	struct link *const *mount;    /* to airgap-mountd; may be NULL behind the pointer */
	struct link *const *transfer; /* to airgap-transferd */
	/* a medium may be used, or may not and why; or (gone) is away */
	void (*changed)(void *data, const struct msg_medium *medium,
			const struct msg_medium_gone *gone);
	/* people are to be told: event is an enum notice_event */
	void (*notice)(void *data, uint32_t event, const struct msg_medium *medium,
		       const char *because, const char *rule);
	void *data;
};

/* media_new - NULL when memory is short */
struct media *media_new(const struct media_config *config);
void media_free(struct media *media);

/* media_block, media_block_gone - the monitor states a disk; one that is gone */
void media_block(struct media *media, const struct msg_block *block);
void media_block_gone(struct media *media, const struct msg_block_gone *gone);

/* media_scan_begin, _end - disks stated between them are complete */
void media_scan_begin(struct media *media);
void media_scan_end(struct media *media);

/* media_devices_changed - an USB device was authorised or blocked: what waits for that? */
void media_devices_changed(struct media *media);

/* media_redecide - policy, list, table, mode, day or journal changed */
void media_redecide(struct media *media);

/* media_restart - give all up and begin anew: the machine slept */
void media_restart(struct media *media, const char *why);

/* media_pause - give all up, and begin nothing until media_restart(): the machine goes to sleep */
void media_pause(struct media *media, const char *why);

/* media_is_busy - something is mounted, or being given up */
bool media_is_busy(const struct media *media);

/* media_recorded - the recorder's answer; true when it was for a medium */
bool media_recorded(struct media *media, uint64_t tag, uint64_t entry, int error);

/* media_mount_up, _down, _done - the mount helper; _done may take *fd */
void media_mount_up(struct media *media);
void media_mount_down(struct media *media);
void media_mount_done(struct media *media, const struct msg_mount_done *done, int *fd);

/* media_transfer_up, _down, media_reading, media_counted - airgap-transferd */
void media_transfer_up(struct media *media);
void media_transfer_down(struct media *media);
void media_reading(struct media *media, const struct msg_medium_reading *reading);
void media_counted(struct media *media, const struct msg_medium_counted *counted);

/* media_find - a medium that may be used now, by its cookie; NULL: there is none */
const struct msg_medium *media_find(const struct media *media, uint64_t cookie);

/* media_each - all that are usable or refused */
void media_each(const struct media *media,
		void (*visit)(void *data, const struct msg_medium *medium), void *data);

#endif
