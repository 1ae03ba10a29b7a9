/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a piece of a transfer ended, in a form that people can be told: what happened, about what, and
 * what to do. A reason is never guessed: what has none of its own is OUTCOME_SYSTEM with the errno.
 */
#ifndef AIRGAP_TRANSFER_OUTCOME_H
#define AIRGAP_TRANSFER_OUTCOME_H

#include <stddef.h>
#include <stdint.h>

enum outcome_reason {
	OUTCOME_DONE,
	OUTCOME_CANCELLED,
	OUTCOME_SYSTEM,
	/* staging */
	OUTCOME_NO_FILE, /* a folder, a device, a pipe */
	OUTCOME_NAME,	 /* one that cannot be written down */
	OUTCOME_LINK,	 /* a symbolic link, or a way that leaves the folder */
	OUTCOME_CHANGED, /* written to while it was copied */
	OUTCOME_UNREADABLE,
	OUTCOME_TOO_LARGE,
	OUTCOME_NO_ROOM,   /* on this terminal's own disk */
	OUTCOME_UNTYPABLE, /* what looks at content failed over it */
	/* export */
	OUTCOME_STAGED_CHANGED, /* the staged copy is not the one that the manifest names */
	OUTCOME_RECIPIENT,	/* a recipient is none, or there is none */
	OUTCOME_FAT_LIMIT,
	OUTCOME_MEDIUM_FULL,
	OUTCOME_MEDIUM_GONE,
	OUTCOME_MEDIUM_READ_ONLY,
	OUTCOME_MEDIUM_FAILED,
	OUTCOME_READ_BACK, /* what was written reads differently */
	OUTCOME_NOT_SIGNED,
	OUTCOME_ALREADY_THERE, /* this batch is on this medium */
	/* slips */
	OUTCOME_SLIP_OTHERS, /* none of our identities opens it */
	OUTCOME_SLIP_DAMAGED,
	OUTCOME_SLIP_FORGED,	/* the signature is false, or another key's */
	OUTCOME_SLIP_STRANGER,	/* no such terminal in the table */
	OUTCOME_SLIP_WITHDRAWN, /* that terminal's row is not active */
	OUTCOME_SLIP_REFUSED,	/* slip_judge(); 'detail' is its reason */
	OUTCOME_SLIP_BRANCH,	/* one of two copies of a medium */
	OUTCOME_SLIP_MISSING,
	/* import */
	OUTCOME_OBJECT_MISSING,
	OUTCOME_OBJECT_SIZE,
	OUTCOME_OBJECT_CHANGED, /* not the bytes that the slip names */
	OUTCOME_OBJECT_OTHERS,	/* none of our identities opens it */
	OUTCOME_OBJECT_DAMAGED, /* the bytes that the slip names, and no age file */
	OUTCOME_CONTENT_CHANGED,
	OUTCOME_OTHER_TYPE,    /* not what the slip says */
	OUTCOME_MARKED_HIGHER, /* a marking in it is above the level stated */
	OUTCOME_SCAN_FOUND,
	OUTCOME_SCAN_ABSENT,
	OUTCOME_SCAN_FAILED,
	OUTCOME_SCAN_LIMIT,  /* more than the scanner takes */
	OUTCOME_SCAN_UNSAFE, /* it calls clean what it did not look at */
	OUTCOME_REASON_COUNT,
};

#define OUTCOME_ABOUT_SIZE  512
#define OUTCOME_DETAIL_SIZE 256

/* Fixed size, no pointers, so that a worker can hand it through a pipe. Zeroed: done. */
struct outcome {
	uint32_t reason; /* enum outcome_reason */
	int32_t error;	 /* -errno behind it; 0: none */
	uint64_t wanted; /* bytes, where it is about room: how many are needed, and there are */
	uint64_t have;
	char about[OUTCOME_ABOUT_SIZE];	  /* name of the file, or the object; "": none */
	char detail[OUTCOME_DETAIL_SIZE]; /* what a library or the scanner said, printable */
};

/**
 * outcome_set - say how it ended
 * @about, @detail: NULL: nothing; made printable, cut where they are too long
 *
 * Returns @error, or -ECANCELED when that is 0 and @reason is not OUTCOME_DONE: never 0 for a failure.
 */
int outcome_set(struct outcome *outcome, uint32_t reason, int error, const char *about,
		const char *detail);

/* outcome_of_medium - the reason for an error of a file on a medium: gone, full, read-only, failed */
uint32_t outcome_of_medium(int error);

/* outcome_name - one word for programs: "medium-full" */
const char *outcome_name(uint32_t reason);
/* outcome_text - what happened, as a sentence without its full stop; outcome_help - what to do */
const char *outcome_text(uint32_t reason);
const char *outcome_help(uint32_t reason);

/**
 * outcome_describe - the whole of it in some sentences: "minutes.odt: it was written to while ..."
 *
 * Returns @out, always ended by NUL.
 */
char *outcome_describe(const struct outcome *outcome, char *out, size_t size);

#endif
