// SPDX-License-Identifier: GPL-2.0-or-later
/* The device behind a disk, by a folder that looks like sysfs; and what a machine remembers of media. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "agent/lib/media/media_device.h"
#include "agent/lib/media/media_memory.h"
#include "tests/unit/medium_fixture.h"
#include "tests/unit/sysfs_tree.h"
#include "tests/unit/unit.h"

#define USB  "/sys/devices/pci/usb1/1-2"
#define SCSI USB "/1-2:1.0/host0/target0"

static const char *root;

/* A folder, and links to it as the kernel makes them. */
static void disk(const char *folder, const char *name, const char *number)
{
	char path[4096], link[4096];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	sysfs_tree_text(root, strcat(strcpy(link, path), "/dev"), number);
	sysfs_tree_text(root, "/sys/block/.made", "");
	sysfs_tree_text(root, "/sys/dev/block/.made", "");
	snprintf(link, sizeof(link), "%s/sys/dev/block/%s", root, number);
	snprintf(path, sizeof(path), "%s%s/%s", root, folder, name);
	ck_assert_int_eq(symlink(path, link), 0);
	if (strlen(name) == 3) {
		snprintf(link, sizeof(link), "%s/sys/block/%s", root, name);
		ck_assert_int_eq(symlink(path, link), 0);
	}
}

static void setup(void)
{
	root = unit_tmpdir();
	sysfs_tree_text(root, USB "/idVendor", "0951");
	sysfs_tree_text(root, USB "/idProduct", "1666");
	sysfs_tree_text(root, USB "/serial", "S1");
	sysfs_tree_text(root, USB "/product", "Stick");
	sysfs_tree_text(root, USB "/manufacturer", "Acme");
	disk(SCSI, "sda", "8:0");
	disk(SCSI "/sda", "sda2", "8:2");
	sysfs_tree_text(root, SCSI "/sda/sda2/partition", "2");
	disk("/sys/devices/pci/ata1", "sdb", "8:16");
	sysfs_tree_text(root, "/proc/self/mountinfo",
			"22 1 8:16 / / rw - ext4 /dev/sdb rw\n"
			"23 22 8:2 / /mnt rw,nosuid shared:1 - vfat /dev/sda2 rw\n");
}

START_TEST(usb_disk)
{
	struct media_device device;

	ck_assert_int_eq(media_device_find(root, makedev(8, 0), &device), 0);
	ck_assert(device.usb && !device.partition);
	ck_assert_uint_eq(device.vendor, 0x0951);
	ck_assert_uint_eq(device.product, 0x1666);
	ck_assert_str_eq(device.serial, "S1");
	ck_assert_str_eq(device.name, "Acme Stick");
	ck_assert_uint_eq(device.disks, 1);
	/* Its partition is. */
	ck_assert_str_eq(device.mounted, "/mnt");
}
END_TEST

START_TEST(several_disks)
{
	struct media_device device;

	disk(USB "/1-2:1.0/host0/target1", "sdc", "8:32");
	/* Another device whose name only begins alike. */
	disk(USB "3/1-23:1.0", "sdd", "8:48");
	ck_assert_int_eq(media_device_find(root, makedev(8, 32), &device), 0);
	ck_assert_uint_eq(device.disks, 2);
	ck_assert_str_eq(device.mounted, "");
}
END_TEST

START_TEST(other_things)
{
	struct media_device device;

	ck_assert_int_eq(media_device_find(root, makedev(8, 2), &device), 0);
	ck_assert(device.usb && device.partition);
	ck_assert_int_eq(media_device_find(root, makedev(8, 16), &device), 0);
	ck_assert(!device.usb && !device.partition);
	ck_assert_str_eq(device.mounted, "/");
	ck_assert_str_eq(device.serial, "");
	ck_assert_int_eq(media_device_find(root, makedev(8, 64), &device), -ENODEV);
}
END_TEST

START_TEST(remembered)
{
	struct medium_counter counter, next;
	struct medium_record record;
	struct medium_memory memory;
	char path[4096], other[4096];

	medium_record_of(&record);
	medium_counter_first(&record, &counter);
	sysfs_tree_text(root, "/var/lib/airgap/.made", "");
	ck_assert_int_eq(media_memory_load(root, record.id, &memory), 0);
	ck_assert(!memory.known);
	ck_assert_int_eq(media_memory_save(root, &counter), 0);
	ck_assert_int_eq(media_memory_load(root, record.id, &memory), 0);
	ck_assert(memory.known && memory.sequence == 1);
	ck_assert_mem_eq(memory.digest, counter.digest, sizeof(counter.digest));
	medium_counter_next(&counter, &next);
	ck_assert_int_eq(media_memory_save(root, &next), 0);
	ck_assert_int_eq(media_memory_load(root, record.id, &memory), 0);
	ck_assert_uint_eq(memory.sequence, 2);
	/* What another medium's file says is not believed of this one. */
	snprintf(path, sizeof(path), "%s" PATH_MEDIA_DIR "/" MEDIUM_ID_WRITTEN, root);
	snprintf(other, sizeof(other), "%s" PATH_MEDIA_DIR "/000000000000000000000000000000ff",
		 root);
	ck_assert_int_eq(rename(path, other), 0);
	memset(record.id, 0, sizeof(record.id));
	record.id[15] = 0xff;
	ck_assert_int_eq(media_memory_load(root, record.id, &memory), -EBADMSG);
	ck_assert(!memory.known);
	ck_assert_int_eq(truncate(other, 20), 0);
	ck_assert_int_eq(media_memory_load(root, record.id, &memory), -EBADMSG);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("media_device");
	TCase *tc = tcase_create("media_device");

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, usb_disk);
	tcase_add_test(tc, several_disks);
	tcase_add_test(tc, other_things);
	tcase_add_test(tc, remembered);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
