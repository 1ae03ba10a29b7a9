// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/media/media_super.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define EXT4_AT 1024

static bool has_boot_mark(const uint8_t *bytes)
{
	return bytes[510] == 0x55 && bytes[511] == 0xaa;
}

/* A serial number of 32 bits, little endian. */
static void serial_format(const uint8_t *at, char uuid[static MEDIUM_UUID_SIZE])
{
	snprintf(uuid, MEDIUM_UUID_SIZE, "%02X%02X-%02X%02X", at[3], at[2], at[1], at[0]);
}

static bool is_vfat(const uint8_t *bytes, char uuid[static MEDIUM_UUID_SIZE])
{
	static const struct {
		size_t name_at;
		const char *name;
		size_t serial_at;
	} kinds[] = {
		{ 82, "FAT32   ", 67 },
		{ 54, "FAT16   ", 39 },
		{ 54, "FAT12   ", 39 },
	};

	if (!has_boot_mark(bytes) || (bytes[0] != 0xeb && bytes[0] != 0xe9))
		return false;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (memcmp(bytes + kinds[i].name_at, kinds[i].name, 8) == 0) {
			serial_format(bytes + kinds[i].serial_at, uuid);
			return true;
		}
	return false;
}

static bool is_exfat(const uint8_t *bytes, char uuid[static MEDIUM_UUID_SIZE])
{
	if (!has_boot_mark(bytes) || memcmp(bytes + 3, "EXFAT   ", 8) != 0)
		return false;
	serial_format(bytes + 100, uuid);
	return true;
}

static bool is_ext4(const uint8_t *bytes, char uuid[static MEDIUM_UUID_SIZE])
{
	const uint8_t *super = bytes + EXT4_AT, *id = super + 0x68;

	if (super[0x38] != 0x53 || super[0x39] != 0xef)
		return false;
	snprintf(uuid, MEDIUM_UUID_SIZE,
		 "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", id[0],
		 id[1], id[2], id[3], id[4], id[5], id[6], id[7], id[8], id[9], id[10], id[11],
		 id[12], id[13], id[14], id[15]);
	return true;
}

uint32_t media_super_read(const uint8_t bytes[static MEDIA_SUPER_SIZE],
			  char uuid[static MEDIUM_UUID_SIZE])
{
	static bool (*const readers[MEDIUM_FILESYSTEM_COUNT])(const uint8_t *, char *) = {
		[MEDIUM_FILESYSTEM_VFAT] = is_vfat,
		[MEDIUM_FILESYSTEM_EXFAT] = is_exfat,
		[MEDIUM_FILESYSTEM_EXT4] = is_ext4,
	};
	uint32_t found = MEDIUM_FILESYSTEM_COUNT;
	char own[MEDIUM_UUID_SIZE];
	unsigned int count = 0;

	memset(uuid, 0, MEDIUM_UUID_SIZE);
	for (uint32_t i = 0; i < MEDIUM_FILESYSTEM_COUNT; i++)
		if (readers[i](bytes, own)) {
			count++;
			found = i;
			snprintf(uuid, MEDIUM_UUID_SIZE, "%s", own);
		}
	if (count == 1)
		return found;
	memset(uuid, 0, MEDIUM_UUID_SIZE);
	return MEDIUM_FILESYSTEM_COUNT;
}
