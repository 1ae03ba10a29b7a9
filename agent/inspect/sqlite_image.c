// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/inspect/sqlite_image.h"

#include <errno.h>
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

static uint32_t be16(const uint8_t *at)
{
	return (uint32_t)at[0] << 8 | at[1];
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

/*
 * A view of a stranger's may have rows without end. A million steps are some ten milliseconds, and a million
 * rows take twenty million.
 */
#define STEPS	    (1 << 20)
#define STEPS_TIMES 300

static int count_steps(void *data)
{
	return ++*(int *)data > STEPS_TIMES;
}

int sqlite_image_open(uint8_t *db, size_t size, sqlite3 **handle)
{
	static int steps;
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
	/* One database is open at a time. */
	steps = 0;
	sqlite3_progress_handler(*handle, STEPS, count_steps, &steps);
	return 0;
}

/* Marks in @list the pages that are in the list of free ones (fileformat2, 1.5). */
static void mark_free(const uint8_t *db, uint32_t page_size, uint32_t pages, bool *list)
{
	uint32_t trunk = be32(db + 32);
	size_t count = 0;

	/* Each page is free once: a longer list goes round in circles. */
	while (trunk && trunk <= pages && count <= pages) {
		const uint8_t *head = db + (size_t)(trunk - 1) * page_size;
		uint32_t leaves = be32(head + 4);

		count++;
		list[trunk - 1] = true;
		for (uint32_t i = 0; i < leaves && i < page_size / 4 - 2; i++) {
			uint32_t leaf = be32(head + 8 + 4 * i);

			if (leaf && leaf <= pages)
				list[leaf - 1] = true;
		}
		trunk = be32(head);
	}
}

struct parts {
	void (*visit)(const uint8_t *, size_t, bool, void *);
	void *data;
};

static void part(const struct parts *parts, const uint8_t *page, size_t from, size_t to, bool used)
{
	if (from < to)
		parts->visit(page + from, to - from, used, parts->data);
}

/* A page of a tree (1.6): head, list of cells, a gap, and cells with blocks between them that are free. */
static void tree_page(const struct parts *parts, const uint8_t *page, size_t size, size_t head)
{
	size_t block = be16(page + head + 1), content = be16(page + head + 5);
	bool inner = page[head] == 2 || page[head] == 5;
	size_t gap = head + (inner ? 12 : 8) + (size_t)2 * be16(page + head + 3);

	if (content == 0)
		content = 65536;
	if (gap > content || content > size) {
		part(parts, page, 0, size, true);
		return;
	}
	part(parts, page, 0, gap, true);
	part(parts, page, gap, content, false);
	/* Blocks stand in their order: what goes back would go round in circles. */
	while (block >= content && block + 4 <= size) {
		size_t end = block + be16(page + block + 2);

		if (end < block + 4 || end > size)
			break;
		part(parts, page, content, block, true);
		part(parts, page, block + 4, end, false);
		content = end;
		block = be16(page + block);
	}
	part(parts, page, content, size, true);
}

int sqlite_image_parts(const uint8_t *db, size_t size,
		       void (*visit)(const uint8_t *, size_t, bool, void *), void *data)
{
	const struct parts parts = { visit, data };
	uint32_t page_size, pages;
	bool *list;

	if (size < FILE_HEADER)
		return -EBADMSG;
	page_size = be16(db + 16) == 1 ? 65536 : be16(db + 16);
	if (!is_page_size(page_size))
		return -EBADMSG;
	pages = (uint32_t)(size / page_size);
	list = calloc((size_t)pages + 1, sizeof(*list));
	if (!list)
		return -ENOMEM;
	mark_free(db, page_size, pages, list);
	for (uint32_t i = 0; i < pages; i++) {
		const uint8_t *page = db + (size_t)i * page_size;
		size_t head = i == 0 ? FILE_HEADER : 0;
		uint8_t kind = page[head];

		if (list[i])
			part(&parts, page, 0, page_size, false);
		else if (kind == 2 || kind == 5 || kind == 10 || kind == 13)
			tree_page(&parts, page, page_size, head);
		else
			part(&parts, page, 0, page_size, true);
	}
	free(list);
	return 0;
}
