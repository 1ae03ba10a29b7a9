// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/inspect/sqlite_image.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define WAL_HEADER   32u
#define FRAME_HEADER 24u
#define WAL_MAGIC    0x377f0682u /* the last bit: checksums over big-endian words */
#define FILE_HEADER  100u

static uint32_t be32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static uint32_t le32(const uint8_t *at)
{
	return (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[1] << 8 | at[0];
}

/* fileformat2, 4.2: a running sum over pairs of words */
static void sum(bool big, const uint8_t *at, size_t length, uint32_t sums[2])
{
	for (size_t i = 0; i + 8 <= length; i += 8) {
		sums[0] += (big ? be32(at + i) : le32(at + i)) + sums[1];
		sums[1] += (big ? be32(at + i + 4) : le32(at + i + 4)) + sums[0];
	}
}

static bool is_page_size(uint32_t size)
{
	return size >= 512 && size <= 65536 && !(size & (size - 1));
}

struct wal {
	const uint8_t *bytes;
	size_t size;
	uint32_t page_size;
	bool big;
};

/* Bytes of the log up to the last commit; *pages: of the database then. */
static size_t committed(const struct wal *wal, uint32_t *pages)
{
	size_t frame = FRAME_HEADER + wal->page_size, good = 0;
	uint32_t sums[2] = { 0, 0 };

	sum(wal->big, wal->bytes, 24, sums);
	if (sums[0] != be32(wal->bytes + 24) || sums[1] != be32(wal->bytes + 28))
		return 0;
	for (size_t at = WAL_HEADER; wal->size - at >= frame; at += frame) {
		const uint8_t *head = wal->bytes + at;

		sum(wal->big, head, 8, sums);
		sum(wal->big, head + FRAME_HEADER, wal->page_size, sums);
		if (memcmp(head + 8, wal->bytes + 16, 8) != 0 || sums[0] != be32(head + 16) ||
		    sums[1] != be32(head + 20) || be32(head) == 0)
			break;
		if (be32(head + 4)) {
			*pages = be32(head + 4);
			good = at + frame;
		}
	}
	return good;
}

int sqlite_image_apply(uint8_t **db, size_t *size, const uint8_t *bytes, size_t wal_size)
{
	struct wal wal = { .bytes = bytes, .size = wal_size };
	uint32_t pages = 0;
	size_t good, wanted;
	uint8_t *grown;

	if (wal_size < WAL_HEADER || (be32(bytes) & ~1u) != WAL_MAGIC)
		return 0;
	wal.big = be32(bytes) & 1;
	wal.page_size = be32(bytes + 8);
	if (!is_page_size(wal.page_size))
		return 0;
	good = committed(&wal, &pages);
	if (!good)
		return 0;
	wanted = (size_t)pages * wal.page_size;
	if (wanted > SQLITE_IMAGE_MAX)
		return -EFBIG;
	grown = realloc(*db, wanted);
	if (!grown)
		return -ENOMEM;
	if (wanted > *size)
		memset(grown + *size, 0, wanted - *size);
	*db = grown;
	*size = wanted;
	for (size_t at = WAL_HEADER; at < good; at += FRAME_HEADER + wal.page_size) {
		uint32_t page = be32(bytes + at);

		if (page <= pages)
			memcpy(grown + (size_t)(page - 1) * wal.page_size,
			       bytes + at + FRAME_HEADER, wal.page_size);
	}
	return 0;
}

int sqlite_image_open(uint8_t *db, size_t size, sqlite3 **handle)
{
	static const char magic[16] = "SQLite format 3";
	uint8_t *copy;

	*handle = NULL;
	if (size < FILE_HEADER || memcmp(db, magic, sizeof(magic)) != 0) {
		free(db);
		return -EBADMSG;
	}
	/* No longer a database with a log: that is in it already. */
	db[18] = db[19] = 1;
	copy = sqlite3_malloc64(size);
	if (copy)
		memcpy(copy, db, size);
	free(db);
	if (!copy)
		return -ENOMEM;
	if (sqlite3_open_v2(":memory:", handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY, NULL) !=
		    SQLITE_OK ||
	    sqlite3_deserialize(*handle, "main", copy, (sqlite3_int64)size, (sqlite3_int64)size,
				SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY) !=
		    SQLITE_OK) {
		sqlite3_close(*handle);
		*handle = NULL;
		return -EBADMSG;
	}
	/* A stranger's schema runs nothing of ours. */
	sqlite3_db_config(*handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(*handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	return 0;
}

size_t sqlite_image_free_pages(const uint8_t *db, size_t size,
			       void (*visit)(const uint8_t *, size_t, void *), void *data)
{
	uint32_t page_size, trunk, pages;
	size_t count = 0;

	if (size < FILE_HEADER)
		return 0;
	page_size = (uint32_t)db[16] << 8 | db[17];
	if (page_size == 1)
		page_size = 65536;
	if (!is_page_size(page_size))
		return 0;
	pages = (uint32_t)(size / page_size);
	trunk = be32(db + 32);
	/* Each page is free once: a longer list goes round in circles. */
	while (trunk && trunk <= pages && count <= pages) {
		const uint8_t *head = db + (size_t)(trunk - 1) * page_size;
		uint32_t leaves = be32(head + 4);

		count++;
		for (uint32_t i = 0; i < leaves && i < page_size / 4 - 2 && count <= pages; i++) {
			uint32_t leaf = be32(head + 8 + 4 * i);

			if (leaf && leaf <= pages) {
				visit(db + (size_t)(leaf - 1) * page_size, page_size, data);
				count++;
			}
		}
		trunk = be32(head);
	}
	return count;
}
