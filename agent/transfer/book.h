/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The book: every batch of this terminal, each in a file of its own, batches/ID.json below the transfer
 * folder. What is said to somebody is on the disk first: after a crash the book says what is.
 */
#ifndef AIRGAP_TRANSFER_BOOK_H
#define AIRGAP_TRANSFER_BOOK_H

#include <limits.h>

#include "agent/transfer/batch.h"
#include "policy/transfer/slip.h"

#define BOOK_BATCHES_MAX 2048
/* Batches of one person that are not over, and how much they may hold together. */
#define BOOK_OPEN_MAX  32
#define BOOK_BYTES_MAX (UINT64_C(16) << 30)
/* What is over is shown so long, and so many of it. */
#define BOOK_KEEP_S   (90 * 86400)
#define BOOK_KEEP_MAX 1024

struct book {
	char folder[PATH_MAX];
	struct batch **batches; /* oldest first */
	size_t count;
	unsigned int unreadable; /* files that are no batches of this version */
};

/**
 * book_open - read every batch
 * @root: of --root
 *
 * A file that cannot be read stays, is counted, and said in the log. Returns 0 or -errno.
 */
int book_open(struct book *book, const char *root);

void book_close(struct book *book);

/**
 * book_add - a new batch, not on the disk before book_save()
 * @id: of one that comes, as its slip names it; NULL: a random one
 *
 * Returns NULL when there is no room or no memory; else the book owns it.
 */
struct batch *book_add(struct book *book, const uint8_t *id, int64_t now);

/* book_save - to the disk; @batch->changed becomes @now. 0 or -errno: then the disk has the old state */
int book_save(struct book *book, struct batch *batch, int64_t now);

/* book_remove - forget it, on the disk, too; @batch is freed */
void book_remove(struct book *book, struct batch *batch);

/**
 * book_save_manifest - keep the text of a batch's manifest, as long as the batch
 *
 * Returns 0 or -errno.
 */
int book_save_manifest(const struct book *book, const struct batch *batch, const char *text,
		       size_t length);

/* book_load_manifest - 0, then manifest_free(); -EBADMSG when it is not the one of the batch; -errno */
int book_load_manifest(const struct book *book, const struct batch *batch,
		       struct manifest *manifest);

/**
 * book_save_plan, book_load_plan - names of the objects of an export that has begun
 *
 * Kept until it is known what became of it, so that what lies on the medium without a slip can be
 * removed. @ids of book_load_plan() is the caller's to free; -ENOENT: no export has begun.
 */
int book_save_plan(const struct book *book, const struct batch *batch, const struct slip *slip);
int book_load_plan(const struct book *book, const struct batch *batch,
		   uint8_t (**ids)[TRANSFER_ID_SIZE], size_t *count);
void book_drop_plan(const struct book *book, const struct batch *batch);

/* What book_find() has to say. */
enum book_found {
	BOOK_FOUND,
	BOOK_NONE,
	BOOK_SEVERAL, /* begin like this */
};

/* book_find - the batch whose id begins so, among those that @viewer sees */
enum book_found book_find(const struct book *book, const char *digits,
			  const struct batch_viewer *viewer, int64_t now, struct batch **batch);

/* book_find_id - by its whole id; NULL: there is none */
struct batch *book_find_id(const struct book *book, const uint8_t id[static TRANSFER_ID_SIZE]);

/* book_usage - of one person: batches that are not over; returns the bytes that they hold */
uint64_t book_usage(const struct book *book, uid_t uid, unsigned int *open);

/* book_prune - forget what has been over for long */
void book_prune(struct book *book, int64_t now);

#endif
