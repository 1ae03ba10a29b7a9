/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is sent to the office, made from the journal's files alone: bodies of add-checkpoint and
 * add-entries, airgap-wire(7). Nothing is queued here; the journal is the spool.
 */
#ifndef AIRGAP_LIB_UPLOAD_H
#define AIRGAP_LIB_UPLOAD_H

#include <stdbool.h>

#include "agent/lib/tlog/tlog.h"

#define UPLOAD_NOTE_MAX	    4096
#define UPLOAD_BODY_MAX	    ((size_t)8 << 20)
#define UPLOAD_PACKAGES_MAX 32

/* A checkpoint as journald signed it. */
struct upload_head {
	char note[UPLOAD_NOTE_MAX];
	size_t length;
	struct tlog_key log;
	struct tlog_checkpoint checkpoint;
	bool digests; /* the office may not see entries: digest.h */
};

/**
 * upload_head - the newest checkpoint in the journal's folder, its signature verified
 *
 * Returns 0; -ENOENT: there is none yet; -EBADMSG, -ENOKEY, -EKEYREJECTED: it is none, or not of the
 * key beside it; -errno.
 */
int upload_head(const char *folder, struct upload_head *head);

/**
 * upload_confirmed - how many entries the receipt in the folder confirms
 *
 * @time: the office's, UNIX seconds
 *
 * Returns 0 and both, 0 when there is no receipt of this log by @office.
 */
int upload_confirmed(const char *folder, const struct tlog_key *log, const struct tlog_key *office,
		     uint64_t *size, uint64_t *time);

/**
 * upload_is_news - is there anything but receipt anchors from entry @from up to @size?
 *
 * A receipt makes an anchor, an entry like others; were it reported at once, that receipt would make
 * the next, for ever. Anchors go along with what comes after them. When it cannot be told: true.
 */
bool upload_is_news(const char *folder, uint64_t from, uint64_t size);

/* Both: 0 and a body that the caller frees, or -errno; -ENODATA: a digest is not made yet. */

/* upload_checkpoint - @old: the size that the office has */
int upload_checkpoint(const char *folder, const struct upload_head *head, uint64_t old, char **body,
		      size_t *length);

/**
 * upload_entries - from @start on, as many as go into one request; or their digests
 * @next: set to the entry after them; may be NULL
 */
int upload_entries(const char *folder, const struct upload_head *head, uint64_t start,
		   uint64_t *next, uint8_t **body, size_t *length);

#endif
