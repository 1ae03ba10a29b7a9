/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * airgap-journald's work: takes records from the core, has them written, acknowledges.
 *
 * Records that came in one wake-up are one group: one write, one fdatasync, then an acknowledgement
 * each. A record that cannot be written is answered with the error and counted; the count stands in
 * every later entry, and an entry of kind loss names it once there is room again.
 */
#ifndef AIRGAP_JOURNAL_RECORDER_H
#define AIRGAP_JOURNAL_RECORDER_H

#include "agent/journal/duties.h"
#include "agent/journal/recover.h"
#include "agent/lib/link.h"

struct recorder {
	struct spool *spool;
	struct link *link;	/* NULL until the sandbox stands */
	struct link *reporter;	/* hands over receipts; NULL: nobody does */
	sd_event_source *group; /* commits what one wake-up brought */
	sd_event_source
		*idle; /* when nothing else is to be done: wipes the former key, takes room */
	sd_event_source *retry; /* runs only while something is wrong */
	uint64_t backoff_us;
	uint64_t requests[SPOOL_GROUP_MAX]; /* of the group's entries; 0: our own */
	uint32_t request_count;
	bool full;	/* a record was refused for want of room */
	bool tight;	/* little room is left below the limit */
	bool unheard;	/* an acknowledgement could not be sent */
	int error_told; /* last status */
	uint64_t lost_told;
	struct recover_report report; /* what of it is still to be recorded */
	bool started;		      /* the entry of this start is written */
	struct duties duties;
};

/* recorder_init - 0 or -errno; recorder_done() after either */
int recorder_init(struct recorder *recorder, struct spool *spool, sd_event *event);
void recorder_done(struct recorder *recorder);

/**
 * recorder_start - open the log and record how this start found it
 *
 * Never fails for the sake of the disk: then the core is told, and it is tried again. Returns 0;
 * -EWOULDBLOCK: another journald is at work.
 */
int recorder_start(struct recorder *recorder);

/* recorder_stop - write what is pending and the entry of a clean stop */
void recorder_stop(struct recorder *recorder);

/**
 * recorder_own - write an entry of the journal's own, now
 *
 * Returns 0 when it is durable, else -errno; it is not counted as lost.
 */
int recorder_own(struct recorder *recorder, const struct msg_record_note *note);

/* recorder_own_record - the same of any record that entry_format() knows */
int recorder_own_record(struct recorder *recorder, enum msg_type type, const void *body);

/* recorder_wake_idle - there is something to do at the next idle time */
void recorder_wake_idle(struct recorder *recorder);

/* recorder_send_status - to the core, if it is there */
void recorder_send_status(struct recorder *recorder);

/* recorder_tell_changes - whoever must know when error, losses or room have changed; and try again */
void recorder_tell_changes(struct recorder *recorder);

extern const struct link_handler recorder_handler;

#endif
