// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/media/media_device.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "agent/lib/file.h"
#include "agent/lib/path.h"
#include "agent/lib/usb_sysfs.h"

/* Cuts the last name off; false when none is left. */
static bool parent(char *path)
{
	char *slash = strrchr(path, '/');

	if (!slash || slash == path)
		return false;
	*slash = '\0';
	return true;
}

/* The nearest folder above that is an USB device: interfaces have no descriptors. */
static int open_usb(char *path)
{
	while (parent(path)) {
		int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		if (folder < 0)
			return -errno;
		if (usb_sysfs_number(folder, "idVendor", 16) >= 0)
			return folder;
		close(folder);
	}
	return -ENOENT;
}

static void read_text(int folder, const char *name, char *out, size_t size)
{
	if (file_attribute_at(folder, name, out, size) < 0)
		out[0] = '\0';
}

static int read_usb(int folder, struct media_device *device)
{
	char maker[USB_STRING_SIZE], product[USB_STRING_SIZE];
	int vendor = usb_sysfs_number(folder, "idVendor", 16);
	int model = usb_sysfs_number(folder, "idProduct", 16);

	if (vendor < 0 || model < 0)
		return vendor < 0 ? vendor : model;
	device->usb = true;
	device->vendor = (uint16_t)vendor;
	device->product = (uint16_t)model;
	read_text(folder, "serial", device->serial, sizeof(device->serial));
	read_text(folder, "manufacturer", maker, sizeof(maker));
	read_text(folder, "product", product, sizeof(product));
	snprintf(device->name, sizeof(device->name), "%.180s%s%.180s", maker,
		 maker[0] && product[0] ? " " : "", product);
	return 0;
}

/* All disks whose folders lie below the USB device's. */
static int count_disks(const char *root, const char *usb, uint32_t *count)
{
	char folder[PATH_MAX], path[PATH_MAX + NAME_MAX + 2], real[PATH_MAX];
	size_t length = strlen(usb);
	const struct dirent *entry;
	int r = path_join(folder, root, "/sys/block");
	DIR *list = r == 0 ? opendir(folder) : NULL;

	if (!list)
		return r < 0 ? r : -errno;
	while ((entry = readdir(list))) {
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		if (entry->d_name[0] != '.' && realpath(path, real) &&
		    strncmp(real, usb, length) == 0 && real[length] == '/')
			(*count)++;
	}
	closedir(list);
	return 0;
}

/* "8:1" of one line of mountinfo (Documentation/filesystems/proc.rst): is it the disk or a part of it? */
static bool is_part(const char *root, dev_t disk, unsigned int major_nr, unsigned int minor_nr)
{
	char path[PATH_MAX], name[96], real[PATH_MAX], whole[PATH_MAX];
	size_t length;

	if (makedev(major_nr, minor_nr) == disk)
		return true;
	snprintf(name, sizeof(name), "/sys/dev/block/%u:%u", major(disk), minor(disk));
	if (path_join(path, root, name) < 0 || !realpath(path, whole))
		return false;
	snprintf(name, sizeof(name), "/sys/dev/block/%u:%u", major_nr, minor_nr);
	if (path_join(path, root, name) < 0 || !realpath(path, real))
		return false;
	length = strlen(whole);
	return strncmp(real, whole, length) == 0 && real[length] == '/';
}

/* "22 1 8:16 / /mnt rw ...": the third and the fifth word; false for a line of another form. */
static bool read_mount(char *line, unsigned int *major_nr, unsigned int *minor_nr, char **where)
{
	char *save, *words[5], *end;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		words[i] = strtok_r(i ? NULL : line, " ", &save);
		if (!words[i])
			return false;
	}
	*major_nr = (unsigned int)strtoul(words[2], &end, 10);
	if (*end != ':')
		return false;
	*minor_nr = (unsigned int)strtoul(end + 1, &end, 10);
	*where = words[4];
	return *end == '\0';
}

static int find_mount(const char *root, dev_t disk, char mounted[static MEDIA_MOUNT_SIZE])
{
	unsigned int major_nr, minor_nr;
	char path[PATH_MAX], line[4096], *where;
	int r = path_join(path, root, "/proc/self/mountinfo");
	FILE *list = r == 0 ? fopen(path, "re") : NULL;

	if (!list)
		return r < 0 ? r : -errno;
	while (!mounted[0] && fgets(line, sizeof(line), list))
		if (read_mount(line, &major_nr, &minor_nr, &where) &&
		    is_part(root, disk, major_nr, minor_nr))
			snprintf(mounted, MEDIA_MOUNT_SIZE, "%.511s", where);
	fclose(list);
	return 0;
}

int media_device_find(const char *root, dev_t number, struct media_device *device)
{
	char name[64], path[PATH_MAX], real[PATH_MAX], part[PATH_MAX + 16];
	int folder, r;

	memset(device, 0, sizeof(*device));
	snprintf(name, sizeof(name), "/sys/dev/block/%u:%u", major(number), minor(number));
	r = path_join(path, root, name);
	if (r < 0)
		return r;
	if (!realpath(path, real))
		return errno == ENOENT ? -ENODEV : -errno;
	snprintf(part, sizeof(part), "%s/partition", real);
	device->partition = access(part, F_OK) == 0;
	r = find_mount(root, number, device->mounted);
	folder = r == 0 ? open_usb(real) : r;
	if (folder < 0)
		return folder == -ENOENT ? 0 : folder;
	r = read_usb(folder, device);
	close(folder);
	return r == 0 ? count_disks(root, real, &device->disks) : r;
}
