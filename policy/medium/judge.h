/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is to be thought of a medium: facts, table and memory in, verdict out. Nothing is read here.
 *
 * A verdict names every reason that holds, and the gravest as the first: what makes the record not
 * to be believed comes before what disagrees with it, that before what the table says, and the
 * counter last, for it proves the least. Whether a medium that is good may be used on this terminal
 * (level, unit, direction) is for the policy to say.
 */
#ifndef AIRGAP_POLICY_MEDIUM_JUDGE_H
#define AIRGAP_POLICY_MEDIUM_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/medium/counter.h"
#include "policy/medium/record.h"

struct table;

/* How the partition table reads. */
enum medium_layout {
	MEDIUM_LAYOUT_NONE,    /* no partition of ours */
	MEDIUM_LAYOUT_FOREIGN, /* one of ours, and something else that enrolment does not make */
	MEDIUM_LAYOUT_DAMAGED, /* of ours, by the backup at the medium's end alone */
	MEDIUM_LAYOUT_SOUND,
	MEDIUM_LAYOUT_COUNT,
};

enum medium_record_state {
	MEDIUM_RECORD_NONE,	/* its slot is blank */
	MEDIUM_RECORD_DAMAGED,	/* no signed text, or bytes after it */
	MEDIUM_RECORD_UNSIGNED, /* a record, but not signed as the signers' list asks */
	MEDIUM_RECORD_WRONG,	/* signed well, but no record that this version reads */
	MEDIUM_RECORD_GOOD,
	MEDIUM_RECORD_COUNT,
};

/* Fixed size, no pointers. All zero is a medium of which nothing is known. */
struct medium_facts {
	uint32_t layout;       /* enum medium_layout */
	uint32_t record_state; /* enum medium_record_state */
	uint64_t sectors;      /* of MEDIUM_SECTOR bytes, as the kernel says */
	uint32_t filesystem;   /* enum medium_filesystem, as the data partition shows */
	uint16_t vendor;       /* the device, as sysfs says */
	uint16_t product;
	char serial[USB_STRING_SIZE]; /* "": has none, or is no USB device */
	char uuid[MEDIUM_UUID_SIZE + 3];
	struct medium_record record;   /* when MEDIUM_RECORD_GOOD */
	struct medium_counter counter; /* the newer valid one; sequence 0: neither is */
};

/* What somebody saw last of this medium. */
struct medium_memory {
	bool known;
	uint64_t sequence;
	uint8_t digest[MEDIUM_DIGEST_SIZE]; /* of that counter */
};

enum medium_reason {
	MEDIUM_GOOD,
	MEDIUM_NOT_ENROLLED,	 /* no partition for a record, or a blank one */
	MEDIUM_FOREIGN_LAYOUT,	 /* partitions that enrolment does not make */
	MEDIUM_DAMAGED_LAYOUT,	 /* the partition table is, its backup shows one of ours */
	MEDIUM_DAMAGED_RECORD,	 /* what stands in the record's place is no signed text */
	MEDIUM_UNSIGNED_RECORD,	 /* nobody who may has signed it */
	MEDIUM_WRONG_RECORD,	 /* signed, but not understood */
	MEDIUM_OTHER_HARDWARE,	 /* the record was made on another device: a copy */
	MEDIUM_OTHER_CAPACITY,	 /* the device is larger or smaller than it was */
	MEDIUM_OTHER_FILESYSTEM, /* was formatted since, or stands in for another */
	MEDIUM_NO_TABLE,	 /* no table media is at hand */
	MEDIUM_UNKNOWN,		 /* the table has no such media id */
	MEDIUM_OTHER_ROW,	 /* the table has that id for another device */
	MEDIUM_LOST,
	MEDIUM_DESTROYED,
	MEDIUM_RETIRED,
	MEDIUM_WITHDRAWN,
	MEDIUM_IN_REPAIR,
	MEDIUM_RETURNED,
	MEDIUM_EXPIRED,
	MEDIUM_DAY_UNKNOWN,   /* its row ends, and what day it is cannot be known */
	MEDIUM_NO_COUNTER,    /* both slots are damaged or blank */
	MEDIUM_OTHER_COUNTER, /* of another medium, or not following from the record */
	MEDIUM_OLDER,	      /* an image from before what is remembered */
	MEDIUM_BRANCH,	      /* used elsewhere since they parted: one of two copies */
	MEDIUM_REASON_COUNT,
};

struct medium_verdict {
	uint32_t reason; /* enum medium_reason: the gravest */
	uint32_t all;	 /* bit i: reason i holds; 0: none does */
};

/**
 * medium_judge - decide
 * @media: the table in force; NULL: none is
 * @today: UNIX time of any second of the day; 0: not known
 * @memory: NULL: nothing is remembered
 * @verdict: reason is MEDIUM_GOOD when everything agrees
 */
void medium_judge(const struct medium_facts *facts, const struct table *media, int64_t today,
		  const struct medium_memory *memory, struct medium_verdict *verdict);

static inline bool medium_verdict_has(const struct medium_verdict *verdict,
				      enum medium_reason reason)
{
	return verdict->all >> reason & 1;
}

/* medium_reason_name - one word for programs: "other-hardware" */
const char *medium_reason_name(uint32_t reason);

/* medium_reason_text - what happened, as a sentence without its full stop; medium_reason_help - what to do */
const char *medium_reason_text(uint32_t reason);
const char *medium_reason_help(uint32_t reason);

#endif
