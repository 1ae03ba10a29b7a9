/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Transfers, a row for each side of a batch: the terminal that exports it, and the one that imports it
 * (双向登记). And media, where each was used. See store.h for what holds of all of it.
 */
#ifndef AIRGAP_OFFICE_STORE_TRANSFER_H
#define AIRGAP_OFFICE_STORE_TRANSFER_H

#include "agent/office/store/store.h"

#define STORE_ID_SIZE	 16
#define STORE_NAMES_SIZE 1025

enum store_side {
	STORE_SIDE_IN,
	STORE_SIDE_OUT,
	STORE_SIDE_COUNT,
};

/* How far this side is, as its terminal recorded it last. */
enum store_transfer_state {
	STORE_TRANSFER_REQUESTED,
	STORE_TRANSFER_APPROVED,  /* by one officer at least */
	STORE_TRANSFER_PERMITTED, /* about to be written, or to reach the inbox */
	STORE_TRANSFER_DONE,	  /* exported, or imported */
	STORE_TRANSFER_REFUSED,
	STORE_TRANSFER_QUARANTINED,
	STORE_TRANSFER_INTERRUPTED,
	STORE_TRANSFER_CANCELLED,
	STORE_TRANSFER_EXPIRED,
	STORE_TRANSFER_STATE_COUNT,
};

/* What the other side says. */
enum store_match {
	STORE_MATCH_NONE, /* there is nothing to be compared: not done yet, or a foreign medium */
	STORE_MATCH_WAITING, /* the other side's entry may still come */
	STORE_MATCH_GOOD,    /* both sides have recorded the same slip */
	STORE_MATCH_BEYOND,  /* the other side reports to another office */
	STORE_MATCH_OVERDUE, /* exported, and not imported in time */
	STORE_MATCH_UNKNOWN, /* imported, and the terminal that the slip names never exported it */
	STORE_MATCH_DIFFERS, /* both sides recorded something else */
	STORE_MATCH_TWICE,   /* imported more than once */
	STORE_MATCH_COUNT,
};

struct store_transfer {
	int64_t id;
	int64_t terminal;
	char number[STORE_NUMBER_SIZE]; /* the terminal's; read only */
	uint8_t batch[STORE_ID_SIZE];
	uint32_t side;	  /* enum store_side */
	uint32_t state;	  /* enum store_transfer_state */
	uint32_t match;	  /* enum store_match */
	uint32_t times;	  /* how often it was done */
	uint32_t foreign; /* 1: from a medium that is none of ours */
	uint32_t files;
	uint64_t size;
	uint64_t sequence; /* of the medium's counter */
	uint64_t
		peer_position; /* of an import: the exporting terminal's entry that the slip names */
	int64_t first_us;      /* of its first entry */
	int64_t changed_us;
	int64_t done_us;
	int64_t due_us; /* of an export: when its import is overdue; 0: never */
	int64_t seq;	/* entry of its last change */
	int64_t event;	/* that tells people that something is wrong; 0: none */
	uint8_t manifest[STORE_HASH_SIZE];
	uint8_t slip[STORE_HASH_SIZE]; /* zero: none yet */
	uint8_t medium[STORE_ID_SIZE]; /* zero: none yet */
	char level[STORE_TEXT_SIZE];
	char unit[STORE_TEXT_SIZE]; /* where it goes, or comes from */
	char peer[STORE_NUMBER_SIZE];
	char login[STORE_TEXT_SIZE];
	char types[256];
	char names[STORE_NAMES_SIZE];
	char text[STORE_NAMES_SIZE];
};

/* store_transfer_find - the row of a batch's side at a terminal; -ENOENT */
int store_transfer_find(struct store *store, const uint8_t batch[static STORE_ID_SIZE],
			int64_t terminal, uint32_t side, struct store_transfer *transfer);
int store_transfer_by_id(struct store *store, int64_t id, struct store_transfer *transfer);

/* store_transfer_put - a new row when its id is 0, which is filled; else all of it is written */
int store_transfer_put(struct store *store, struct store_transfer *transfer);

typedef int (*store_transfer_fn)(void *data, const struct store_transfer *transfer);
/* store_transfer_batch - all rows of a batch, exports first */
int store_transfer_batch(struct store *store, const uint8_t batch[static STORE_ID_SIZE],
			 store_transfer_fn fn, void *data);
/* store_transfer_waiting - imports that wait for entries of terminal @peer, and name one before @next */
int store_transfer_waiting(struct store *store, const char *peer, uint64_t next,
			   store_transfer_fn fn, void *data);
/* store_transfer_due - exports whose import was due by @now_us, and waits still */
int store_transfer_due(struct store *store, int64_t now_us, uint32_t limit, store_transfer_fn fn,
		       void *data);

struct store_transfer_filter {
	int64_t before;	       /* only ids below; 0: from the newest */
	const char *unit;      /* NULL: any */
	const uint8_t *medium; /* STORE_ID_SIZE bytes; NULL: any */
	const int64_t *state;  /* an enum store_transfer_state; NULL: any */
	const int64_t *match;  /* an enum store_match; NULL: any */
	uint32_t limit;
};

/* store_page_transfers - newest first */
int store_page_transfers(struct store *store, const struct store_transfer_filter *filter,
			 store_transfer_fn fn, void *data);

/* One entry about a transfer. */
struct store_transfer_step {
	int64_t transfer;
	int64_t seq; /* of its terminal's log */
	int64_t time_us;
	const char *name; /* "approved" */
	const char *text;
};

int store_transfer_step_add(struct store *store, const struct store_transfer_step *step);
typedef int (*store_transfer_step_fn)(void *data, const struct store_transfer_step *step);
int store_transfer_step_each(struct store *store, int64_t transfer, store_transfer_step_fn fn,
			     void *data);

/* --- media --- */

/* A registered medium in a terminal, as its log has it. */
struct store_medium_use {
	int64_t id;
	uint8_t medium[STORE_ID_SIZE];
	int64_t terminal;
	const char *number; /* the terminal's; read only */
	int64_t seq;
	int64_t time_us;
	const char *what;		  /* "admitted", "refused", ... */
	uint64_t sequence;		  /* of its counter; 0: not told */
	uint8_t counter[STORE_HASH_SIZE]; /* digest of it */
	const char *level;
	const char *unit;
	const char *custodian;
	const char *text;
};

/* store_medium_use_add - id is filled */
int store_medium_use_add(struct store *store, struct store_medium_use *use);
typedef int (*store_medium_use_fn)(void *data, const struct store_medium_use *use);
/* store_medium_other - uses of that medium whose counter has the same sequence and another digest */
int store_medium_other(struct store *store, const struct store_medium_use *use,
		       store_medium_use_fn fn, void *data);
/* store_page_media - the last use of each medium, newest first; @before 0: from the newest */
int store_page_media(struct store *store, int64_t before, uint32_t limit, store_medium_use_fn fn,
		     void *data);
/* store_page_medium - uses of one, newest first */
int store_page_medium(struct store *store, const uint8_t medium[static STORE_ID_SIZE],
		      int64_t before, uint32_t limit, store_medium_use_fn fn, void *data);

#endif
