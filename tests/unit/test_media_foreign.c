// SPDX-License-Identifier: GPL-2.0-or-later
/* Finding a file system on media that were not enrolled, made here byte by byte. */
#include <endian.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "agent/lib/media/media_foreign.h"
#include "tests/unit/media_fixture.h"
#include "tests/unit/unit.h"

#define SIZE (4u * 1024 * 1024)

static struct media_image image;

static void begin(void)
{
	image = (struct media_image){ .size = SIZE, .sector_size = 512 };
	image.fd = memfd_create("disk", MFD_CLOEXEC);
	ck_assert_int_eq(ftruncate(image.fd, SIZE), 0);
}

static void put(uint64_t at, const void *bytes, size_t length)
{
	ck_assert_int_eq(pwrite(image.fd, bytes, length, (off_t)at), (ssize_t)length);
}

static void put_system(uint64_t at, size_t name_at, const char *name)
{
	put(at, "\xeb\x3c\x90", 3);
	put(at + name_at, name, strlen(name));
	put(at + 510, "\x55\xaa", 2);
}

static void put_entry(unsigned int place, uint8_t type, uint32_t first, uint32_t sectors)
{
	uint8_t entry[16] = { [4] = type };

	first = htole32(first);
	sectors = htole32(sectors);
	memcpy(entry + 8, &first, 4);
	memcpy(entry + 12, &sectors, 4);
	put(446 + 16 * place, entry, sizeof(entry));
	put(510, "\x55\xaa", 2);
}

static struct media_foreign find(void)
{
	struct media_foreign found;

	ck_assert_int_eq(media_foreign_find(&image, &found), 0);
	close(image.fd);
	return found;
}

START_TEST(whole_disks)
{
	struct media_foreign found;

	begin();
	put_system(0, 54, "FAT16   ");
	found = find();
	ck_assert_int_eq(found.kind, MEDIA_FOREIGN_VFAT);
	ck_assert_uint_eq(found.number, 0);
	ck_assert_uint_eq(found.sectors, SIZE / 512);
	begin();
	put_system(0, 3, "EXFAT   ");
	ck_assert_int_eq(find().kind, MEDIA_FOREIGN_EXFAT);
	begin();
	put(16 * 2048, "\1CD001\1", 7);
	ck_assert_int_eq(find().kind, MEDIA_FOREIGN_ISO9660);
	begin();
	ck_assert_int_eq(find().kind, MEDIA_FOREIGN_NONE);
}
END_TEST

START_TEST(partitions)
{
	struct media_foreign found;

	begin();
	put_entry(0, 0x83, 64, 128);
	put_entry(2, 0x0c, 2048, 1000);
	put_system(2048 * 512, 82, "FAT32   ");
	found = find();
	ck_assert_int_eq(found.kind, MEDIA_FOREIGN_VFAT);
	ck_assert_uint_eq(found.number, 3);
	ck_assert_uint_eq(found.first, 2048);
	ck_assert_uint_eq(found.sectors, 1000);
}
END_TEST

START_TEST(beyond_the_end)
{
	begin();
	put_entry(0, 0x0c, 2048, UINT32_MAX);
	put_entry(1, 0x0c, UINT32_MAX, 8);
	put_entry(2, 0x0c, 2048, 1);
	put_system(2048 * 512, 82, "FAT32   ");
	ck_assert_int_eq(find().kind, MEDIA_FOREIGN_NONE);
	/* One that is smaller than anything. */
	begin();
	image.size = 512;
	ck_assert_int_eq(find().kind, MEDIA_FOREIGN_NONE);
}
END_TEST

START_TEST(ext4_is_not_foreigns)
{
	const char *path = media_fixture_blank("image", MEDIUM_FILESYSTEM_EXT4);
	struct media_foreign found;

	/* Its table is found; its one file system is of no kind for foreign media. */
	ck_assert_int_eq(media_image_open(path, MEDIA_OPEN_READ, &image), 0);
	ck_assert_int_eq(media_foreign_find(&image, &found), 0);
	ck_assert_int_eq(found.kind, MEDIA_FOREIGN_NONE);
	media_image_close(&image);
	path = media_fixture_blank("image", MEDIUM_FILESYSTEM_VFAT);
	ck_assert_int_eq(media_image_open(path, MEDIA_OPEN_READ, &image), 0);
	ck_assert_int_eq(media_foreign_find(&image, &found), 0);
	ck_assert_int_eq(found.kind, MEDIA_FOREIGN_VFAT);
	ck_assert_uint_eq(found.number, 2);
	media_image_close(&image);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("media_foreign");
	TCase *tc = tcase_create("media_foreign");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, whole_disks);
	tcase_add_test(tc, partitions);
	tcase_add_test(tc, beyond_the_end);
	tcase_add_test(tc, ext4_is_not_foreigns);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
