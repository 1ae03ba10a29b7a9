// SPDX-License-Identifier: GPL-2.0-or-later
/* iso9660: ECMA-119, section 8.1: volume descriptors begin at sector 16 of 2048 bytes. */
#include "agent/lib/media/media_foreign.h"

#include <endian.h>
#include <errno.h>
#include <string.h>

#include "agent/lib/media/media_gpt.h"
#include "agent/lib/media/media_super.h"

#define SECTOR	  512u
#define ISO_AT	  (16u * 2048)
#define MBR_ENTRY 446
#define MBR_SIZE  16
#define MBR_TYPE  4
/* GPT entries are read so many at a time. */
#define ENTRIES 4

static bool is_iso(const uint8_t *descriptor)
{
	return descriptor[0] == 1 && memcmp(descriptor + 1, "CD001", 5) == 0;
}

/* Returns 1 when a file system begins there; 0; -errno. */
static int probe(const struct media_image *image, uint32_t number, uint64_t first, uint64_t sectors,
		 struct media_foreign *found)
{
	uint64_t all = image->size / SECTOR;
	uint8_t bytes[MEDIA_SUPER_SIZE];
	char uuid[MEDIUM_UUID_SIZE];
	uint32_t system;
	int r;

	if (sectors < sizeof(bytes) / SECTOR || first >= all || sectors > all - first)
		return 0;
	r = media_image_read(image, first * SECTOR, bytes, sizeof(bytes));
	if (r < 0)
		return r;
	system = media_super_read(bytes, uuid);
	if (system != MEDIUM_FILESYSTEM_VFAT && system != MEDIUM_FILESYSTEM_EXFAT)
		return 0;
	*found = (struct media_foreign){
		.kind = system == MEDIUM_FILESYSTEM_VFAT ? MEDIA_FOREIGN_VFAT : MEDIA_FOREIGN_EXFAT,
		.number = number,
		.first = first,
		.sectors = sectors,
	};
	return 1;
}

static int probe_disc(const struct media_image *image, struct media_foreign *found)
{
	uint8_t descriptor[SECTOR];
	int r;

	if (image->size < ISO_AT + sizeof(descriptor))
		return 0;
	r = media_image_read(image, ISO_AT, descriptor, sizeof(descriptor));
	if (r < 0 || !is_iso(descriptor))
		return r;
	*found = (struct media_foreign){ .kind = MEDIA_FOREIGN_ISO9660,
					 .sectors = image->size / SECTOR };
	return 1;
}

static int probe_mbr(const struct media_image *image, const uint8_t *mbr,
		     struct media_foreign *found)
{
	uint32_t scale = image->sector_size / SECTOR, first, sectors;
	int r = 0;

	for (uint32_t i = 0; i < 4 && r == 0; i++) {
		const uint8_t *entry = mbr + MBR_ENTRY + (size_t)i * MBR_SIZE;

		memcpy(&first, entry + 8, sizeof(first));
		memcpy(&sectors, entry + 12, sizeof(sectors));
		if (entry[MBR_TYPE] != 0 && first != 0)
			r = probe(image, i + 1, (uint64_t)le32toh(first) * scale,
				  (uint64_t)le32toh(sectors) * scale, found);
	}
	return r;
}

static int probe_entries(const struct media_image *image, const struct media_gpt *gpt,
			 uint32_t begin, struct media_foreign *found)
{
	uint32_t scale = image->sector_size / SECTOR;
	uint32_t count = gpt->entry_count - begin < ENTRIES ? gpt->entry_count - begin : ENTRIES;
	uint8_t bytes[ENTRIES * MEDIA_GPT_ENTRY_SIZE];
	int r = media_image_read(image,
				 gpt->entries_at * image->sector_size +
					 (uint64_t)begin * MEDIA_GPT_ENTRY_SIZE,
				 bytes, (size_t)count * MEDIA_GPT_ENTRY_SIZE);

	for (uint32_t i = 0; i < count && r == 0; i++) {
		uint64_t first, last;

		memcpy(&first, bytes + (size_t)i * MEDIA_GPT_ENTRY_SIZE + 32, sizeof(first));
		memcpy(&last, bytes + (size_t)i * MEDIA_GPT_ENTRY_SIZE + 40, sizeof(last));
		first = le64toh(first);
		last = le64toh(last);
		if (first >= gpt->first_usable && first <= last && last <= gpt->last_usable)
			r = probe(image, begin + i + 1, first * scale, (last - first + 1) * scale,
				  found);
	}
	return r;
}

static int probe_gpt(const struct media_image *image, struct media_foreign *found)
{
	uint8_t header[MEDIA_GPT_HEADER_SIZE];
	struct media_gpt gpt;
	int r = media_image_read(image, image->sector_size, header, sizeof(header));

	if (r < 0 || media_gpt_header(header, 1, image->size / image->sector_size,
				      image->sector_size, &gpt) < 0)
		return r;
	for (uint32_t i = 0; i < gpt.entry_count && r == 0; i += ENTRIES)
		r = probe_entries(image, &gpt, i, found);
	return r;
}

int media_foreign_find(const struct media_image *image, struct media_foreign *found)
{
	uint8_t mbr[SECTOR];
	int r;

	*found = (struct media_foreign){ .kind = MEDIA_FOREIGN_NONE };
	if (image->size < ISO_AT)
		return 0;
	r = probe(image, 0, 0, image->size / SECTOR, found);
	if (r == 0)
		r = media_image_read(image, 0, mbr, sizeof(mbr));
	if (r != 0)
		return r < 0 ? r : 0;
	if (media_mbr_protective(mbr))
		r = probe_gpt(image, found);
	else if (mbr[510] == 0x55 && mbr[511] == 0xaa)
		r = probe_mbr(image, mbr, found);
	if (r == 0)
		r = probe_disc(image, found);
	return r < 0 ? r : 0;
}
