/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading a GUID partition table (UEFI 2.10, section 5.3). Pure and bounded: the bytes come from
 * whoever made the medium. Only tables of the usual size are read: up to 128 entries of 128 bytes.
 */
#ifndef AIRGAP_LIB_MEDIA_GPT_H
#define AIRGAP_LIB_MEDIA_GPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MEDIA_GPT_HEADER_SIZE  512
#define MEDIA_GPT_ENTRY_SIZE   128
#define MEDIA_GPT_ENTRIES_MAX  128
#define MEDIA_GPT_ENTRIES_SIZE (MEDIA_GPT_ENTRY_SIZE * MEDIA_GPT_ENTRIES_MAX)

/* One header and what it says of the whole; all places are logical sectors. */
struct media_gpt {
	uint64_t here;
	uint64_t other; /* of the backup, as the primary header says, and the other way round */
	uint64_t first_usable;
	uint64_t last_usable;
	uint64_t entries_at;
	uint32_t entry_count;
	uint32_t entries_crc;
};

struct media_extent {
	uint64_t first; /* logical sectors, both included */
	uint64_t last;
	uint32_t number; /* as the kernel counts partitions: place among the entries, from 1 */
};

/* What enrolment makes, and nothing else. */
struct media_partitions {
	struct media_extent raw;
	struct media_extent data;
};

/**
 * media_gpt_header - read one header
 * @at: where it was found
 * @sectors: of the device, of @sector_size bytes
 *
 * Returns 0, or -EBADMSG: no header, or a damaged one, or one that says that it is elsewhere.
 */
int media_gpt_header(const uint8_t bytes[static MEDIA_GPT_HEADER_SIZE], uint64_t at,
		     uint64_t sectors, uint32_t sector_size, struct media_gpt *gpt);

/**
 * media_gpt_partitions - read the entries
 * @bytes: gpt->entry_count entries
 *
 * Returns 0; -EBADMSG when the entries are damaged; -ENOENT when none is of our type; -EUCLEAN when
 * one is, and yet it is not a table that enrolment makes.
 */
int media_gpt_partitions(const struct media_gpt *gpt, const uint8_t *bytes, uint32_t sector_size,
			 struct media_partitions *partitions);

/* media_mbr_protective - the first sector says that all of the device is GPT's, and nothing else */
bool media_mbr_protective(const uint8_t sector[static 512]);

/* media_crc32 - as GPT has it (ISO 3309) */
uint32_t media_crc32(const uint8_t *bytes, size_t length);

#endif
