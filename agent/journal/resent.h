/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records that come again.
 *
 * The core sends a record until it is acknowledged. When journald dies, or loses the core, between the
 * fdatasync and the acknowledgement, the entry is on the disk and the record comes a second time. It is
 * then acknowledged with the entry that it has. Nothing else is ever left out: what counts as the same
 * is the whole record, and in it the microsecond of this boot at which the core made it.
 */
#ifndef AIRGAP_JOURNAL_RESENT_H
#define AIRGAP_JOURNAL_RESENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define RESENT_MAX     1024 /* as many as the core keeps */
#define RESENT_ID_SIZE 16

struct resent {
	uint8_t ids[RESENT_MAX][RESENT_ID_SIZE];
	uint64_t seqs[RESENT_MAX];
	uint8_t key[16]; /* of the ids, drawn at each opening: nobody can aim at one */
	uint64_t count;	 /* ever added */
};

/**
 * resent_load - remember the newest entries of this boot
 * @end: where they end in the log @fd
 *
 * Returns 0 or -errno.
 */
int resent_load(struct resent *resent, int fd, off_t end, const char *boot_id);

/* resent_add - @lines were committed, the first of them as @seq; each ends with a newline */
void resent_add(struct resent *resent, const char *lines, size_t length, uint64_t seq);

/**
 * resent_find - is @line's record that of an entry?
 * @length: with the newline
 * @below: of entries before this one; those after came from the peer that sends it now
 * @seq: set to the entry
 */
bool resent_find(const struct resent *resent, const char *line, size_t length, uint64_t below,
		 uint64_t *seq);

#endif
