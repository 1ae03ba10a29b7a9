/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Entries that the office has had for long enough leave the disk; their hashes stay as tiles.
 *
 * What goes: whole tiles of entries that a receipt confirms which is older, by the office's own signed time,
 * than the newest one by `keep`. That margin is to be longer than the office's interval between backups, so
 * that an office which was restored finds here what it lost. No clock of this machine counts. Before they go,
 * each tile is compared with the lines, and the root with that of the tree.
 *
 * It is done at idle times, a little at a time: an entry of kind prune says what goes; what stays is copied to
 * `log.pruned`; the ratchet's file notes the intent; the copy takes the log's name; the ratchet's file has the
 * new place. A crash anywhere leaves one of the two logs whole, and the next start sees which.
 *
 * Root may write the file `limits` into the folder; it is read at the start:
 *
 *	keep-days 45
 *	spool-bytes 536870912
 */
#ifndef AIRGAP_JOURNAL_PRUNE_H
#define AIRGAP_JOURNAL_PRUNE_H

#include "agent/journal/publish.h"

#define PRUNE_FILE_LIMITS "limits"
#define PRUNE_FILE_COPY	  "log.pruned"
#define PRUNE_KEEP_DAYS	  45
#define PRUNE_SPOOL_BYTES ((off_t)512 << 20)
/* Less is not worth writing the rest anew. */
#define PRUNE_LEAST_BYTES ((off_t)1 << 20)

struct recorder;

struct prune {
	struct recorder *recorder;
	struct publish *publish;
	uint64_t keep_s;
	off_t limit;   /* of the spool, as the file has it */
	off_t least;   /* bytes */
	uint64_t time; /* of the newest receipt: the office's, UNIX seconds; 0: none in this life */
	bool scanning; /* there may be anchors that have become old enough */
	uint64_t old;  /* entries that an old enough receipt confirms */
	off_t ahead;   /* of the line where the search for anchors goes on */
	uint64_t cut_seq; /* entries before are checked and may go */
	off_t cut;	  /* of the line of entry cut_seq */
	int copy;	  /* descriptor of the copy; -1: none */
	off_t copied;
	bool begun;
	uint64_t epoch, first; /* that all this is about */
};

/* prune_init - with what the file `limits` says; also sets the spool's limit */
void prune_init(struct prune *prune, struct recorder *recorder, struct publish *publish);
void prune_done(struct prune *prune);

/* prune_limit - the policy limits the spool to @bytes; 0: it does not, and the file does */
void prune_limit(struct prune *prune, uint64_t bytes);

/* prune_receipt - the newest receipt's time: more may have become old enough */
void prune_receipt(struct prune *prune, uint64_t time);

/* prune_step - one thing of what is due; 1: call again when idle; 0: nothing is due */
int prune_step(struct prune *prune);

/**
 * prune_settle - at an opening: did the copy take the log's name?
 * @known: what this process knew before, or NULL; set right as well
 *
 * The log is open, nothing else was looked at yet. Returns 0 or -errno.
 */
int prune_settle(struct spool *spool, struct ratchet_state *known);

#endif
