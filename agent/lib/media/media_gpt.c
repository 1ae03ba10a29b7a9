// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/media/media_gpt.h"

#include <endian.h>
#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "agent/lib/media/media_layout.h"
#include "policy/medium/record.h"

#define GUID_SIZE   16
#define REVISION    0x00010000u
#define HEADER_LEN  92u
#define CRC_AT	    16
#define MBR_ENTRY   446
#define MBR_TYPE_AT 4

uint32_t media_crc32(const uint8_t *bytes, size_t length)
{
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < length; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return ~crc;
}

static uint32_t get32(const uint8_t *bytes)
{
	uint32_t value;

	memcpy(&value, bytes, sizeof(value));
	return le32toh(value);
}

static uint64_t get64(const uint8_t *bytes)
{
	uint64_t value;

	memcpy(&value, bytes, sizeof(value));
	return le64toh(value);
}

/* The CRC is computed with its own field zero. */
static bool header_intact(const uint8_t *bytes)
{
	uint8_t copy[HEADER_LEN];

	memcpy(copy, bytes, sizeof(copy));
	memset(copy + CRC_AT, 0, 4);
	return media_crc32(copy, sizeof(copy)) == get32(bytes + CRC_AT);
}

/*
 * In the order that it must have. A device may be smaller than the one that the table was made on: that is
 * for its capacity to tell, and every read is bounded by it anyway.
 */
static bool header_fits(const struct media_gpt *gpt, uint64_t sectors, uint32_t sector_size)
{
	uint64_t bytes = (uint64_t)gpt->entry_count * MEDIA_GPT_ENTRY_SIZE;
	uint64_t entries = (bytes + sector_size - 1) / sector_size;

	return gpt->entry_count > 0 && gpt->entry_count <= MEDIA_GPT_ENTRIES_MAX &&
	       gpt->first_usable <= gpt->last_usable && gpt->last_usable < MEDIUM_SECTORS_MAX &&
	       gpt->first_usable > 1 && gpt->entries_at > 0 && gpt->entries_at < sectors &&
	       entries <= sectors - gpt->entries_at &&
	       (gpt->entries_at + entries <= gpt->first_usable ||
		gpt->entries_at > gpt->last_usable);
}

int media_gpt_header(const uint8_t bytes[static MEDIA_GPT_HEADER_SIZE], uint64_t at,
		     uint64_t sectors, uint32_t sector_size, struct media_gpt *gpt)
{
	memset(gpt, 0, sizeof(*gpt));
	if (memcmp(bytes, "EFI PART", 8) != 0 || get32(bytes + 8) != REVISION ||
	    get32(bytes + 12) != HEADER_LEN || !header_intact(bytes) ||
	    get32(bytes + 84) != MEDIA_GPT_ENTRY_SIZE)
		return -EBADMSG;
	gpt->here = get64(bytes + 24);
	gpt->other = get64(bytes + 32);
	gpt->first_usable = get64(bytes + 40);
	gpt->last_usable = get64(bytes + 48);
	gpt->entries_at = get64(bytes + 72);
	gpt->entry_count = get32(bytes + 80);
	gpt->entries_crc = get32(bytes + 88);
	if (gpt->here == at && header_fits(gpt, sectors, sector_size))
		return 0;
	memset(gpt, 0, sizeof(*gpt));
	return -EBADMSG;
}

/* A GUID as it stands in an entry: the first three groups in little endian. */
static void guid_of(const char *text, uint8_t guid[static GUID_SIZE])
{
	static const uint8_t order[GUID_SIZE] = { 3, 2, 1,  0,	5,  4,	7,  6,
						  8, 9, 10, 11, 12, 13, 14, 15 };
	uint8_t bytes[GUID_SIZE];

	sodium_hex2bin(bytes, sizeof(bytes), text, strlen(text), "-", NULL, NULL);
	for (size_t i = 0; i < GUID_SIZE; i++)
		guid[i] = bytes[order[i]];
}

static bool is_type(const uint8_t *entry, const char *text)
{
	uint8_t guid[GUID_SIZE];

	guid_of(text, guid);
	return memcmp(entry, guid, sizeof(guid)) == 0;
}

static bool extent_of(const struct media_gpt *gpt, uint32_t place, const uint8_t *entry,
		      struct media_extent *extent)
{
	extent->number = place + 1;
	extent->first = get64(entry + 32);
	extent->last = get64(entry + 40);
	return extent->first >= gpt->first_usable && extent->first <= extent->last &&
	       extent->last <= gpt->last_usable;
}

int media_gpt_partitions(const struct media_gpt *gpt, const uint8_t *bytes, uint32_t sector_size,
			 struct media_partitions *partitions)
{
	static const uint8_t unused[GUID_SIZE];
	struct media_partitions found = { 0 };
	unsigned int raws = 0, datas = 0, others = 0;

	memset(partitions, 0, sizeof(*partitions));
	if (media_crc32(bytes, (size_t)gpt->entry_count * MEDIA_GPT_ENTRY_SIZE) != gpt->entries_crc)
		return -EBADMSG;
	for (uint32_t i = 0; i < gpt->entry_count; i++) {
		const uint8_t *entry = bytes + (size_t)i * MEDIA_GPT_ENTRY_SIZE;

		if (memcmp(entry, unused, sizeof(unused)) == 0)
			continue;
		if (is_type(entry, MEDIA_RAW_TYPE) && extent_of(gpt, i, entry, &found.raw))
			raws++;
		else if ((is_type(entry, MEDIA_BASIC_TYPE) || is_type(entry, MEDIA_LINUX_TYPE)) &&
			 extent_of(gpt, i, entry, &found.data))
			datas++;
		else
			others++;
	}
	if (raws == 0)
		return -ENOENT;
	if (raws > 1 || datas != 1 || others > 0 || found.raw.last >= found.data.first ||
	    (found.raw.last - found.raw.first + 1) != MEDIA_RAW_SIZE / sector_size)
		return -EUCLEAN;
	*partitions = found;
	return 0;
}

bool media_mbr_protective(const uint8_t sector[static 512])
{
	static const uint8_t empty[16];
	const uint8_t *entries = sector + MBR_ENTRY;

	if (sector[510] != 0x55 || sector[511] != 0xaa || entries[MBR_TYPE_AT] != 0xee)
		return false;
	for (int i = 1; i < 4; i++)
		if (memcmp(entries + 16 * i, empty, sizeof(empty)) != 0)
			return false;
	return true;
}
