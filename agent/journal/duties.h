/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What airgap-journald does beside recording: the heartbeat, and at idle times the checkpoint, the
 * tiles, and room for what comes.
 *
 * Every entry but a clean stop promises the next one within DUTIES_PROMISE_S, asleep or awake, so an
 * empty time is seen. When nothing happens a heartbeat keeps the promise. The timer does not wake a
 * sleeping machine: that it slept shows as a promise kept late, in the heartbeat after it.
 */
#ifndef AIRGAP_JOURNAL_DUTIES_H
#define AIRGAP_JOURNAL_DUTIES_H

#include <systemd/sd-event.h>

#include "agent/journal/identity.h"
#include "agent/journal/prune.h"
#include "agent/journal/quota.h"

#define DUTIES_PROMISE_S   900
#define DUTIES_HEARTBEAT_S 840 /* of silence; what is left is for a busy machine */

struct recorder;

struct duties {
	struct recorder *recorder;
	struct spool *spool;
	struct identity identity;
	struct publish publish;
	struct prune prune;
	struct quota quota;
	sd_event_source *counted; /* runs while entries are counted instead of written */
	sd_event_source *heartbeat;
	sd_event_source *quiet; /* until then nothing is published: it takes longer than a permit */
	sd_event_source *seal;	/* until then the newest entries are not sealed */
	uint64_t heartbeat_us;	/* of silence; less only in tests */
	uint64_t last_us;	/* when the last entry became durable */
	struct msg_bearing bearing; /* as the core told it last */
	bool has_bearing, bearing_due;
	int key_error;	  /* why nothing is signed; 0: it is, once the number is known */
	bool key_told;	  /* an entry says so */
	bool number_told; /* an entry names another number than the log carries */
};

/* duties_init - 0 or -errno; duties_done() after either */
int duties_init(struct duties *duties, struct recorder *recorder, struct spool *spool,
		sd_event *event);
void duties_done(struct duties *duties);

/* duties_start - before the log is opened: the key is read, or made */
void duties_start(struct duties *duties);

/* duties_recorded - entries became durable; they are sealed within 5 ms, and 1 more */
void duties_recorded(struct duties *duties);

/* duties_seal - store the ratchet's state now; spool->error tells of a failure */
void duties_seal(struct duties *duties);

/* duties_findings - an entry about the key, if one is due; 0, or -errno and it stays due */
int duties_findings(struct duties *duties);

/**
 * duties_admit - may a record of the core's become an entry?
 *
 * Returns 0; -EDQUOT: it was counted instead.
 */
int duties_admit(struct duties *duties, enum msg_type type, const void *body);

/* duties_tell_counted - an entry for each about whom something was counted */
void duties_tell_counted(struct duties *duties);

/* duties_bearing - the core told what must not go back: heartbeats carry it, and news of it at once */
void duties_bearing(struct duties *duties, const struct msg_bearing *bearing);

/* duties_terminal - the core told the terminal's number */
void duties_terminal(struct duties *duties, const char *number);

/* duties_stop - what must not wait for another start: the key is wiped, the checkpoint written */
void duties_stop(struct duties *duties);

/* duties_idle - one thing of what can wait; 1: there is more, 0: not */
int duties_idle(struct duties *duties);

#endif
