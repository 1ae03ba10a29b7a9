/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Digests for an office below the terminal's level, digest.h: made and signed from the log's lines at idle
 * times, before the checkpoint that covers them.
 *
 * All of it is derived. A file holds those of one tile, 256 entries, as the wire's bundles have them; the
 * last one grows, and is rewritten as a whole. After a crash it is made again, the same to the byte.
 * Nothing is made while the office may see the entries themselves.
 */
#ifndef AIRGAP_JOURNAL_DIGESTS_H
#define AIRGAP_JOURNAL_DIGESTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct publish;

struct digests {
	uint64_t made; /* entries before this one have theirs in a file */
	off_t offset;  /* of the line of entry made */
	/* of the tile at hand */
	bool whole; /* its file is there, with all of them */
	uint8_t *bundle;
	size_t used, room;
};

void digests_done(struct digests *digests);

/* digests_begin - after publish->tiled was set to the first entry that the log's file has */
void digests_begin(struct publish *publish);

/* digests_due - are there entries without one? */
bool digests_due(const struct publish *publish);

/* digests_step - those of one tile, as far as there are entries; 0 or -errno */
int digests_step(struct publish *publish);

/* digests_keep - no line from here on, nor from @target on, may be pruned */
uint64_t digests_keep(const struct publish *publish, uint64_t target);

/* digests_pruned - as publish_pruned(): theirs go, too */
void digests_pruned(struct publish *publish, off_t cut, uint64_t from, uint64_t to);

#endif
