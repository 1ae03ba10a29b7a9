/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A mirrored log as a tree: tiles from the store, and entries being added to it. */
#ifndef AIRGAP_OFFICE_MIRROR_H
#define AIRGAP_OFFICE_MIRROR_H

#include "agent/lib/tlog/tlog.h"
#include "agent/office/store/store.h"

struct mirror {
	struct store *store;
	int64_t terminal;
	struct tlog_tiles tiles;
};

/* mirror_init - the first @size entries, which must be held; mirror->tiles is then a source */
void mirror_init(struct mirror *mirror, struct store *store, int64_t terminal, uint64_t size);

/* mirror_tile - hashes of a tile of the mirrored log, whole or in part; 0 or -errno */
int mirror_tile(struct store *store, int64_t terminal, const struct tlog_tile *tile,
		struct tlog_hash hashes[static TLOG_TILE_WIDTH]);

/* mirror_root - of the first @size entries */
int mirror_root(struct store *store, int64_t terminal, uint64_t size, struct tlog_hash *root);

/* mirror_edge - the right edge at @size, to append to */
int mirror_edge(struct store *store, int64_t terminal, uint64_t size, struct tlog_tree *tree);

/**
 * mirror_full_bundle - a bundle is full: store it, and every tile that this fills
 * @leaves: of its 256 entries
 */
int mirror_full_bundle(struct store *store, int64_t terminal, uint64_t n, const uint8_t *data,
		       size_t length, const struct tlog_hash leaves[static TLOG_TILE_WIDTH]);

#endif
