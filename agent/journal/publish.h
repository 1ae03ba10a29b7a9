/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What others read of the log beside its lines: the signed checkpoint, the key that verifies it, and
 * the tree as tiles.
 *
 * All of it is derived, and written in idle times, after the acknowledgements: the checkpoint for what
 * the last group brought, and each tile of 256 hashes once it is full. What a crash loses of it is
 * written again. Partial tiles and entry bundles are in the log itself and are not stored a second
 * time. Files may be read by the folder's group.
 */
#ifndef AIRGAP_JOURNAL_PUBLISH_H
#define AIRGAP_JOURNAL_PUBLISH_H

#include "agent/journal/digests.h"
#include "agent/journal/identity.h"
#include "agent/journal/spool.h"

struct publish {
	struct spool *spool;
	struct identity *identity;
	bool begun; /* the epoch is that of the spool */
	uint64_t epoch;
	uint64_t signed_size; /* of the last checkpoint; UINT64_MAX: none yet */
	uint64_t tiled;	      /* entries in level-0 tiles that are known to be there */
	off_t tiled_offset;   /* of the line after them */
	struct digests digests;
	int told; /* error last logged */
};

void publish_init(struct publish *publish, struct spool *spool, struct identity *identity);

void publish_done(struct publish *publish);

/**
 * publish_put - a file below the journal's folder, whole or not at all for whoever reads
 * @path: may lie in folders, which are made
 * @sync: it is not empty after a power cut either
 */
int publish_put(const struct publish *publish, const char *path, bool sync, const void *data,
		size_t length);

/* publish_pruned - @cut bytes went from the beginning of the log's file: entries @from up to @to */
void publish_pruned(struct publish *publish, off_t cut, uint64_t from, uint64_t to);

/* publish_withhold - from now on the office gets digests, or entries again; 0 or -errno */
int publish_withhold(struct publish *publish, bool withhold);

/* publish_changed - key or log are others than before: begin anew */
void publish_changed(struct publish *publish);

/**
 * publish_step - one thing of what is due
 *
 * Returns 1: call again when idle; 0: nothing is due. Errors are logged once and tried again with the
 * next entry: nobody's permit hangs on them.
 */
int publish_step(struct publish *publish);

/**
 * publish_tile - see that a full tile of leaves is there and is @hashes
 *
 * Returns 0, also when it had to be written anew, or -errno.
 */
int publish_tile(const struct publish *publish, uint64_t index,
		 const struct tlog_hash hashes[static TLOG_TILE_WIDTH]);

/**
 * publish_check - are the first @size entries those with this @root?
 *
 * A tile that went bad is not taken for another log: then the lines decide, and tiles are put right.
 * Returns 0; -EBADMSG: they are others; as publish_root().
 */
int publish_check(struct publish *publish, uint64_t size, const struct tlog_hash *root);

/**
 * publish_root - root of the first @size entries, from the tiles and the lines after them
 *
 * Returns 0; -EAGAIN: not begun for this epoch; -ENODATA: not all of them are there; -errno.
 */
int publish_root(const struct publish *publish, uint64_t size, struct tlog_hash *root);

#endif
