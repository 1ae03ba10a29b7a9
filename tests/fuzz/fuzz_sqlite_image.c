// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Histories of browsers: whatever a database and its write-ahead log say of themselves, reading stays
 * within them and ends, and every byte of the database is either in use or not, once.
 *
 * The first two bytes are how many of the rest are the database, big-endian; the others are the log. Its
 * checksums are made right first when the database is of an odd number of bytes, or nothing behind them
 * would be reached.
 */
#include "tests/fuzz/fuzz.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/inspect/sqlite_image.h"

#define WAL_HEADER   32u
#define FRAME_HEADER 24u

static uint32_t get32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void put32(uint8_t *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> (24 - 8 * i));
}

static void sum(const uint8_t *at, size_t length, uint32_t sums[2])
{
	for (size_t i = 0; i + 8 <= length; i += 8) {
		sums[0] += get32(at + i) + sums[1];
		sums[1] += get32(at + i + 4) + sums[0];
	}
}

/* Right sums over big-endian words, and the salt of the head in each frame. */
static void mend(uint8_t *wal, size_t size)
{
	uint32_t sums[2] = { 0, 0 }, page_size;

	if (size < WAL_HEADER)
		return;
	put32(wal, 0x377f0683);
	page_size = get32(wal + 8);
	sum(wal, 24, sums);
	put32(wal + 24, sums[0]);
	put32(wal + 28, sums[1]);
	if (page_size < 512 || page_size > 65536)
		return;
	for (size_t at = WAL_HEADER; size - at >= FRAME_HEADER + page_size;
	     at += FRAME_HEADER + page_size) {
		/* Pages of the database then: of the largest one would be made each time. */
		put32(wal + at + 4, get32(wal + at + 4) % 256);
		memcpy(wal + at + 8, wal + 16, 8);
		sum(wal + at, 8, sums);
		sum(wal + at + FRAME_HEADER, page_size, sums);
		put32(wal + at + 16, sums[0]);
		put32(wal + at + 20, sums[1]);
	}
}

struct seen {
	const uint8_t *db;
	size_t size;
	size_t used, unused;
	uint8_t all; /* of all bytes, so that each is read */
};

static void on_part(const uint8_t *bytes, size_t size, bool used, void *data)
{
	struct seen *seen = data;

	MUST(bytes >= seen->db && size > 0 && size <= seen->size);
	MUST((size_t)(bytes - seen->db) <= seen->size - size);
	for (size_t i = 0; i < size; i++)
		seen->all |= bytes[i];
	*(used ? &seen->used : &seen->unused) += size;
}

static void ask(uint8_t *db, size_t size)
{
	sqlite3 *handle;
	int r = sqlite_image_open(db, size, &handle);

	MUST(r == 0 || (r == -EBADMSG && !handle));
	if (r < 0)
		return;
	sqlite3_exec(handle, "SELECT url FROM urls", NULL, NULL, NULL);
	sqlite3_close(handle);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t length, wal_size;
	struct seen seen = { 0 };
	uint8_t *db, *wal;
	int r;

	if (size < 2)
		return 0;
	length = (size_t)data[0] << 8 | data[1];
	if (length > size - 2)
		length = size - 2;
	wal_size = size - 2 - length;
	/* Of just the size, so that a byte too far is seen. */
	db = malloc(length ? length : 1);
	wal = malloc(wal_size ? wal_size : 1);
	MUST(db && wal);
	memcpy(db, data + 2, length);
	memcpy(wal, data + 2 + length, wal_size);
	if (length % 2)
		mend(wal, wal_size);
	seen.size = length;
	r = sqlite_image_apply(&db, &seen.size, wal, wal_size);
	MUST(r == 0 || r == -EFBIG || r == -ENOMEM);
	seen.db = db;
	r = sqlite_image_parts(db, seen.size, on_part, &seen);
	MUST(r == 0 || (r == -EBADMSG && seen.used + seen.unused == 0));
	MUST(seen.used + seen.unused <= seen.size);
	ask(db, seen.size);
	free(wal);
	return 0;
}
