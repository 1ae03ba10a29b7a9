// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "agent/lib/tlog/tlog.h"

#define HEIGHT	  8
#define LEVEL_MAX 7

int tlog_tile_path(const struct tlog_tile *tile, char path[static TLOG_TILE_PATH_SIZE])
{
	uint64_t divisor = 1, index = tile->index;
	int length;

	if (tile->level > LEVEL_MAX || (tile->entries && tile->level) || tile->width < 1 ||
	    tile->width > TLOG_TILE_WIDTH || index > INT64_MAX)
		return -EINVAL;
	length = tile->entries ? snprintf(path, TLOG_TILE_PATH_SIZE, "tile/entries")
			       : snprintf(path, TLOG_TILE_PATH_SIZE, "tile/%" PRIu32, tile->level);
	while (index / divisor >= 1000)
		divisor *= 1000;
	for (; divisor > 0; divisor /= 1000)
		length += snprintf(path + length, TLOG_TILE_PATH_SIZE - (size_t)length,
				   "/%s%03" PRIu64, divisor > 1 ? "x" : "", index / divisor % 1000);
	if (tile->width < TLOG_TILE_WIDTH)
		length += snprintf(path + length, TLOG_TILE_PATH_SIZE - (size_t)length,
				   ".p/%" PRIu32, tile->width);
	return length;
}

/* A decimal number of at most @digits digits; leading zeros are caught later. */
static const char *take_number(const char *at, unsigned int digits, uint64_t *number)
{
	unsigned int i = 0;

	for (*number = 0; i < digits && at[i] >= '0' && at[i] <= '9'; i++)
		*number = *number * 10 + (uint64_t)(at[i] - '0');
	return i > 0 ? at + i : NULL;
}

static const char *take_index(const char *at, uint64_t *index)
{
	uint64_t part;
	bool more = true;

	/* Six elements reach beyond 2^59, and no tile's index does. */
	for (unsigned int i = 0; at && more && i < 6; i++) {
		more = at[0] == '/' && at[1] == 'x';
		if (at[0] != '/')
			return NULL;
		at = take_number(at + (more ? 2 : 1), 3, &part);
		*index = *index * 1000 + part;
	}
	return more ? NULL : at;
}

int tlog_tile_parse(const char *path, struct tlog_tile *tile)
{
	char again[TLOG_TILE_PATH_SIZE];
	uint64_t number = 0;
	const char *at;

	*tile = (struct tlog_tile){ .width = TLOG_TILE_WIDTH };
	if (strncmp(path, "tile/", 5) != 0)
		return -EBADMSG;
	tile->entries = strncmp(path + 5, "entries", 7) == 0;
	at = tile->entries ? path + 12 : take_number(path + 5, 2, &number);
	tile->level = (uint32_t)number;
	if (at)
		at = take_index(at, &tile->index);
	if (at && strncmp(at, ".p/", 3) == 0) {
		at = take_number(at + 3, 3, &number);
		tile->width = (uint32_t)number;
	}
	/* One spelling: what it would be written as. */
	if (!at || *at || tlog_tile_path(tile, again) < 0 || strcmp(again, path) != 0)
		return -EBADMSG;
	return 0;
}

uint32_t tlog_tile_width(uint64_t size, uint32_t level, uint64_t index)
{
	uint64_t hashes = level > LEVEL_MAX ? 0 : size >> HEIGHT * level;

	if (index > hashes / TLOG_TILE_WIDTH)
		return 0;
	hashes -= index * TLOG_TILE_WIDTH;
	return hashes < TLOG_TILE_WIDTH ? (uint32_t)hashes : TLOG_TILE_WIDTH;
}

/* Root of 2^@height hashes. */
static void join(const struct tlog_hash *hashes, unsigned int height, struct tlog_hash *root)
{
	struct tlog_tree tree = { 0 };

	for (unsigned int i = 0; i < 1u << height; i++)
		tlog_tree_append(&tree, &hashes[i]);
	*root = tree.edge[height];
}

void tlog_tile_root(const struct tlog_hash hashes[static TLOG_TILE_WIDTH], struct tlog_hash *root)
{
	join(hashes, HEIGHT, root);
}

static int know(struct tlog_tiles *tiles, uint32_t level, uint64_t index)
{
	struct tlog_tile tile = { .level = level,
				  .index = index,
				  .width = tlog_tile_width(tiles->size, level, index) };
	int r;

	if (tiles->known.width == tile.width && tiles->known.level == level &&
	    tiles->known.index == index)
		return tile.width ? 0 : -EINVAL;
	tiles->known.width = 0;
	if (tile.width == 0)
		return -EINVAL;
	r = tiles->read(tiles->data, &tile, tiles->hashes);
	if (r == 0)
		tiles->known = tile;
	return r;
}

static int tile_node(void *data, unsigned int level, uint64_t index, struct tlog_hash *hash)
{
	struct tlog_tiles *tiles = data;
	unsigned int height = level % HEIGHT, shift = HEIGHT - height;
	uint64_t first = (index & ((UINT64_C(1) << shift) - 1)) << height;
	int r = know(tiles, level / HEIGHT, index >> shift);

	if (r < 0)
		return r;
	if (first + (UINT64_C(1) << height) > tiles->known.width)
		return -EINVAL;
	join(tiles->hashes + first, height, hash);
	return 0;
}

struct tlog_source tlog_tile_source(struct tlog_tiles *tiles)
{
	return (struct tlog_source){ .node = tile_node, .data = tiles };
}

int tlog_tile_put_entry(uint8_t *bundle, size_t size, size_t *used, const void *entry,
			size_t length)
{
	if (length > TLOG_ENTRY_MAX)
		return -EMSGSIZE;
	if (size - *used < length + 2)
		return -ENOBUFS;
	bundle[*used] = (uint8_t)(length >> 8);
	bundle[*used + 1] = (uint8_t)length;
	memcpy(bundle + *used + 2, entry, length);
	*used += length + 2;
	return 0;
}

int tlog_tile_next_entry(const uint8_t *bundle, size_t size, size_t *at, const uint8_t **entry,
			 size_t *length)
{
	if (*at == size)
		return 0;
	if (size - *at < 2)
		return -EBADMSG;
	*length = (size_t)bundle[*at] << 8 | bundle[*at + 1];
	if (size - *at - 2 < *length)
		return -EBADMSG;
	*entry = bundle + *at + 2;
	*at += *length + 2;
	return 1;
}
