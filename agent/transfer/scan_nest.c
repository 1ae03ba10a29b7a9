// SPDX-License-Identifier: GPL-2.0-or-later
/* Zip archives with one stored member "a" (PKWARE APPNOTE.TXT, sections 4.3.7, 4.3.12, 4.3.16). */
#include "agent/transfer/scan_nest.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define LOCAL	31u
#define CENTRAL 47u
#define END	22u
#define EACH	(LOCAL + CENTRAL + END)

static void put(uint8_t *at, unsigned int bytes, size_t value)
{
	for (unsigned int i = 0; i < bytes; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

/* The part that local and central header share: versions, times and flags are zero. */
static void put_member(uint8_t *at, size_t crc, size_t size)
{
	put(at + 10, 4, crc);
	put(at + 14, 4, size);
	put(at + 18, 4, size);
	put(at + 22, 2, 1);
}

/* From @size bytes at @archive + LOCAL to an archive that holds them. */
static size_t wrap(uint8_t *archive, size_t size)
{
	uint8_t *central = archive + LOCAL + size, *end = central + CENTRAL;
	size_t crc = crc32(0, archive + LOCAL, (uInt)size);

	memset(archive, 0, LOCAL);
	memset(central, 0, CENTRAL + END);
	put(archive, 4, 0x04034b50);
	put(archive + 4, 2, 10);
	put_member(archive + 4, crc, size);
	archive[LOCAL - 1] = 'a';
	put(central, 4, 0x02014b50);
	put(central + 4, 2, 10);
	put(central + 6, 2, 10);
	put_member(central + 6, crc, size);
	central[CENTRAL - 1] = 'a';
	put(end, 4, 0x06054b50);
	put(end + 8, 2, 1);
	put(end + 10, 2, 1);
	put(end + 12, 4, CENTRAL);
	put(end + 16, 4, LOCAL + size);
	return size + EACH;
}

/* Each archive begins LOCAL bytes before its content: the innermost stands furthest in. */
uint8_t *scan_nest_new(size_t *length)
{
	static const char innermost[] = "innermost";
	size_t size = sizeof(innermost) - 1;
	uint8_t *bytes = malloc(SCAN_NEST_DEPTH * EACH + size);

	if (!bytes)
		return NULL;
	memcpy(bytes + (size_t)SCAN_NEST_DEPTH * LOCAL, innermost, size);
	for (size_t i = SCAN_NEST_DEPTH; i > 0; i--)
		size = wrap(bytes + (i - 1) * LOCAL, size);
	*length = size;
	return bytes;
}
