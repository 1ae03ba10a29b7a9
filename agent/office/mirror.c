// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/mirror.h"
#include "agent/office/store/store_log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/digest.h"

static int bundle_leaves(struct store *store, int64_t terminal, const struct tlog_tile *tile,
			 struct tlog_hash *hashes)
{
	uint8_t *data = NULL;
	const uint8_t *entry;
	size_t size = 0, at = 0, length;
	uint32_t width = 0;
	int r = store_bundle_get(store, terminal, tile->index, &data, &size, &width);

	if (r == 0 && width < tile->width)
		r = -ENOENT;
	for (uint32_t i = 0; r == 0 && i < tile->width; i++) {
		r = tlog_tile_next_entry(data, size, &at, &entry, &length) == 1 ? 0 : -EBADMSG;
		if (r == 0)
			digest_leaf(entry, length, &hashes[i]);
	}
	free(data);
	return r;
}

/* A tile that is not full: each of its hashes is the root of a full tile below. */
static int part_of_tile(struct store *store, int64_t terminal, const struct tlog_tile *tile,
			struct tlog_hash *hashes)
{
	struct tlog_hash below[TLOG_TILE_WIDTH];
	int r = 0;

	if (tile->level == 0)
		return bundle_leaves(store, terminal, tile, hashes);
	for (uint32_t i = 0; r == 0 && i < tile->width; i++) {
		r = store_tile_get(store, terminal, tile->level - 1,
				   tile->index * TLOG_TILE_WIDTH + i, below);
		if (r == 0)
			tlog_tile_root(below, &hashes[i]);
	}
	return r;
}

int mirror_tile(struct store *store, int64_t terminal, const struct tlog_tile *tile,
		struct tlog_hash hashes[static TLOG_TILE_WIDTH])
{
	int r = store_tile_get(store, terminal, tile->level, tile->index, hashes);

	return r == -ENOENT ? part_of_tile(store, terminal, tile, hashes) : r;
}

static int read_tile(void *data, const struct tlog_tile *tile, struct tlog_hash *hashes)
{
	const struct mirror *mirror = data;
	struct tlog_hash all[TLOG_TILE_WIDTH];
	int r = mirror_tile(mirror->store, mirror->terminal, tile, all);

	if (r == 0)
		memcpy(hashes, all, tile->width * sizeof(all[0]));
	return r;
}

void mirror_init(struct mirror *mirror, struct store *store, int64_t terminal, uint64_t size)
{
	*mirror = (struct mirror){ .store = store, .terminal = terminal };
	mirror->tiles.read = read_tile;
	mirror->tiles.data = mirror;
	mirror->tiles.size = size;
}

int mirror_root(struct store *store, int64_t terminal, uint64_t size, struct tlog_hash *root)
{
	struct mirror mirror;
	struct tlog_source source;

	mirror_init(&mirror, store, terminal, size);
	source = tlog_tile_source(&mirror.tiles);
	return tlog_proof_root(&source, size, root);
}

int mirror_edge(struct store *store, int64_t terminal, uint64_t size, struct tlog_tree *tree)
{
	struct mirror mirror;
	struct tlog_source source;
	int r = 0;

	*tree = (struct tlog_tree){ .size = size };
	mirror_init(&mirror, store, terminal, size);
	source = tlog_tile_source(&mirror.tiles);
	for (unsigned int level = 0; r == 0 && level < TLOG_LEVELS && size >> level; level++)
		if (size >> level & 1)
			r = source.node(source.data, level, (size >> level) - 1,
					&tree->edge[level]);
	return r;
}

int mirror_full_bundle(struct store *store, int64_t terminal, uint64_t n, const uint8_t *data,
		       size_t length, const struct tlog_hash leaves[static TLOG_TILE_WIDTH])
{
	struct tlog_hash above[TLOG_TILE_WIDTH];
	struct tlog_tile tile = { .width = TLOG_TILE_WIDTH };
	int r = store_bundle_add(store, terminal, n, data, length);

	if (r == 0)
		r = store_tile_put(store, terminal, 0, n, leaves);
	/* The last tile below fills the one above, and so on up. */
	for (tile.level = 1; r == 0 && n % TLOG_TILE_WIDTH == TLOG_TILE_WIDTH - 1; tile.level++) {
		n /= TLOG_TILE_WIDTH;
		tile.index = n;
		r = part_of_tile(store, terminal, &tile, above);
		if (r == 0)
			r = store_tile_put(store, terminal, tile.level, n, above);
	}
	return r;
}
