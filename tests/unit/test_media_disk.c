// SPDX-License-Identifier: GPL-2.0-or-later
/* Disks as sysfs shows them, in a folder of our own. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "agent/lib/media/media_disk.h"
#include "tests/unit/unit.h"

#define USB  "/sys/devices/pci/usb1/1-2"
#define DISK USB "/1-2:1.0/host0/target/0:0:0:0/block/sda"

static const char *root;

static void folder(const char *path)
{
	char whole[512];

	for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		snprintf(whole, sizeof(whole), "%s%.*s", root, (int)(slash - path), path);
		mkdir(whole, 0755);
	}
	snprintf(whole, sizeof(whole), "%s%s", root, path);
	mkdir(whole, 0755);
}

static void put(const char *in, const char *name, const char *text)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s%s/%s", root, in, name);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fprintf(file, "%s\n", text);
	fclose(file);
}

static void link_to(const char *in, const char *name, const char *target)
{
	char path[512], to[512];

	snprintf(path, sizeof(path), "%s%s/%s", root, in, name);
	snprintf(to, sizeof(to), "%s%s", root, target);
	unlink(path);
	ck_assert_int_eq(symlink(to, path), 0);
}

static void begin(void)
{
	root = unit_tmpdir();
	folder(DISK);
	folder("/sys/dev/block");
	folder("/sys/block");
	put(USB, "idVendor", "0951");
	put(USB, "idProduct", "1666");
	put(USB, "serial", "S1");
	put(USB, "dev", "189:11");
	put(DISK, "dev", "8:0");
	put(DISK, "size", "65536");
	put(DISK, "diskseq", "7");
	put(DISK, "removable", "1");
	link_to("/sys/dev/block", "8:0", DISK);
	link_to("/sys/block", "sda", DISK);
}

START_TEST(a_disk_and_its_device)
{
	struct media_disk disk;

	begin();
	ck_assert_int_eq(media_disk_named(root, "sda", &disk), 0);
	ck_assert_uint_eq(disk.number, makedev(8, 0));
	ck_assert_str_eq(disk.name, "sda");
	ck_assert_uint_eq(disk.sectors, 65536);
	ck_assert_uint_eq(disk.sequence, 7);
	ck_assert(disk.removable && !disk.optical);
	ck_assert_str_eq(disk.port, "1-2");
	ck_assert_uint_eq(disk.vendor, 0x0951);
	ck_assert_uint_eq(disk.product, 0x1666);
	ck_assert_str_eq(disk.serial, "S1");
	ck_assert_uint_eq(disk.bus, 1);
	ck_assert_uint_eq(disk.device, 12);
}
END_TEST

START_TEST(what_is_none)
{
	struct media_disk disk;

	begin();
	ck_assert_int_eq(media_disk_named(root, "sdb", &disk), -ENODEV);
	ck_assert_int_eq(media_disk_named(root, "../sda", &disk), -EINVAL);
	ck_assert_int_eq(media_disk_named(root, "", &disk), -EINVAL);
	ck_assert_int_eq(media_disk_read(root, makedev(8, 9), &disk), -ENODEV);
	put(DISK, "size", "many");
	ck_assert_int_lt(media_disk_named(root, "sda", &disk), 0);
	put(DISK, "size", "1");
	put(DISK, "partition", "1");
	ck_assert_int_eq(media_disk_named(root, "sda", &disk), -ENOTBLK);
	/* The machine's own. */
	folder("/sys/devices/pci/virtio1/block/vda");
	put("/sys/devices/pci/virtio1/block/vda", "dev", "254:0");
	put("/sys/devices/pci/virtio1/block/vda", "size", "9");
	put("/sys/devices/pci/virtio1/block/vda", "diskseq", "1");
	put("/sys/devices/pci/virtio1/block/vda", "removable", "0");
	link_to("/sys/dev/block", "254:0", "/sys/devices/pci/virtio1/block/vda");
	link_to("/sys/block", "vda", "/sys/devices/pci/virtio1/block/vda");
	ck_assert_int_eq(media_disk_named(root, "vda", &disk), -EXDEV);
}
END_TEST

START_TEST(numbers)
{
	static const char *const bad[] = { "",	  "8",	  "8:",	   ":1",
					   "a:1", "8:1x", "8:1:1", "8:99999999999" };
	dev_t number = 0;

	ck_assert(media_disk_number("8:16", &number) && number == makedev(8, 16));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(!media_disk_number(bad[i], &number), "'%s'", bad[i]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("media_disk");
	TCase *tc = tcase_create("media_disk");

	tcase_add_test(tc, a_disk_and_its_device);
	tcase_add_test(tc, what_is_none);
	tcase_add_test(tc, numbers);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
