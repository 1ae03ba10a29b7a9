/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opening the log: at the start, and again after a failed write.
 *
 * What a crash can leave is mended: an unfinished write is saved in `torn-EPOCH-SEQ` and cut off, a
 * key that lags behind the log is evolved. What no crash can leave - a shorter log, an altered line,
 * a missing key - is never mended: log and initial key are set aside as `log.damaged-EPOCH` and
 * `initial-key.damaged-EPOCH`, and the next epoch begins, with new keys and an alarm as its first
 * entry. As long as the initial key is there and the log is not long, all of it is checked, else
 * what was written since the key was last stored, and the line before.
 */
#ifndef AIRGAP_JOURNAL_RECOVER_H
#define AIRGAP_JOURNAL_RECOVER_H

#include "agent/journal/spool.h"

/* Why a log was set aside. Stored in the ratchet's file: numbers keep their meaning. */
enum recover_damage {
	RECOVER_SOUND = 0,
	RECOVER_DAMAGE_KEY = 1,	    /* the ratchet's file is missing or unreadable */
	RECOVER_DAMAGE_MISSING = 2, /* the log is gone */
	RECOVER_DAMAGE_SHORT = 3,   /* it ends before what was acknowledged */
	RECOVER_DAMAGE_FORM = 4,    /* a line that is no entry */
	RECOVER_DAMAGE_ORDER = 5,   /* an entry missing or out of order */
	RECOVER_DAMAGE_MAC = 6,	    /* an entry whose mac does not fit */
	RECOVER_DAMAGE_COUNT,
};

struct recover_report {
	uint64_t damage; /* enum recover_damage, of an epoch whose alarm is still to be written */
	uint64_t torn_bytes; /* cut off */
	char saved_as[64];   /* file that holds them; "": they could not be saved */
	bool has_last;	     /* the log is not empty; then of its last entry: */
	uint32_t last_kind;  /* enum record_kind */
	char last_boot_id[37];
};

/* A torn write that is longer is saved in part. */
#define RECOVER_TORN_MAX ((size_t)2 * JOURNAL_LINE_MAX)
/* A longer log is not read whole at each start. */
#define RECOVER_WHOLE_MAX ((off_t)64 << 20)

/**
 * recover_open - open the log of @spool, or begin one
 *
 * On success spool->error is 0 and @report tells what is to be recorded; after a failure its torn
 * bytes still count. Returns 0; -EWOULDBLOCK: another journald has it open; another -errno, also in
 * spool->error.
 */
int recover_open(struct spool *spool, struct recover_report *report);

/* recover_damage_text - in plain words, without a full stop */
const char *recover_damage_text(uint64_t damage);

#endif
