/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands first in every record for the journal. */
#ifndef AIRGAP_LIB_MSG_RECORD_H
#define AIRGAP_LIB_MSG_RECORD_H

#include <stdint.h>

#define MSG_TEXT_SIZE	1024
#define MSG_DIGEST_SIZE 32

/* Kinds of journal entries, as DESIGN's wire names them ("clean-stop" for CLEAN_STOP, ...). */
enum record_kind {
	RECORD_KIND_VIOLATION,
	RECORD_KIND_PERMIT,
	RECORD_KIND_POLICY,
	RECORD_KIND_BOOT,
	RECORD_KIND_CLEAN_STOP,
	RECORD_KIND_LOSS,
	RECORD_KIND_HEARTBEAT,
	RECORD_KIND_DEVICE,	    /* neither permitted nor a violation: unplugged, hub, rescan */
	RECORD_KIND_ALARM,	    /* the agent itself: tampering, failure, lockdown */
	RECORD_KIND_RECEIPT_ANCHOR, /* the office confirmed entries */
	RECORD_KIND_PRUNE,	    /* confirmed entries were removed from the disk */
	RECORD_KIND_KEY_ROTATION,   /* a key of the log came, went, or changed its keeper */
	RECORD_KIND_TRANSFER,	    /* files that go out or come in */
	RECORD_KIND_MEDIA,	    /* registered and foreign media */
	RECORD_KIND_INSPECTION,	    /* the terminal was looked over */
	RECORD_KIND_COUNT,
};

enum record_grade {
	RECORD_GRADE_NONE,
	RECORD_GRADE_V1,
	RECORD_GRADE_V2,
	RECORD_GRADE_V3,
	RECORD_GRADE_V4,
	RECORD_GRADE_COUNT,
};

/* Stands first in every record. */
struct record {
	uint32_t kind;	/* enum record_kind */
	uint32_t grade; /* enum record_grade */
	uint64_t
		occurred_us; /* CLOCK_BOOTTIME when it happened; the journal adds when it was written */
	uint64_t policy_serial;			/* in force; 0: none */
	uint8_t policy_digest[MSG_DIGEST_SIZE]; /* SHA-256 of the policy's text; zero: none */
};

/* What the office of the policy in force may see of an entry. */
enum msg_telling {
	MSG_TELLING_AS_BEFORE, /* no policy says it */
	MSG_TELLING_ENTRIES,
	MSG_TELLING_DIGESTS, /* its level is below the terminal's: digest.h */
	MSG_TELLING_COUNT,
};

/*
 * What must never go back on this terminal. Heartbeats carry it, so that the office sees when a disk was
 * set back.
 */
#define MSG_BEARING_TABLES 8
struct msg_bearing {
	struct record record; /* of the heartbeat that carries it: policy serial and digest */
	uint64_t list;	      /* number of the signers' list; 0: none */
	int64_t time_floor;   /* UNIX time that has certainly been reached */
	uint64_t powered_s;   /* powered-on seconds of this terminal */
	uint32_t table_count; /* up to MSG_BEARING_TABLES */
	uint32_t heartbeat_s; /* that the policy asks for; 0: it does not say */
	uint64_t spool_bytes; /* the log is not to be longer; 0: the policy does not say */
	uint32_t telling;     /* enum msg_telling */
	uint32_t reserved;
	struct msg_bearing_table {
		char name[72];
		uint64_t number;
	} tables[MSG_BEARING_TABLES];
};

#endif
