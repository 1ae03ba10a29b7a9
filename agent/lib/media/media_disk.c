// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/media/media_disk.h"

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

bool media_disk_name_valid(const char *name)
{
	size_t length = strlen(name);

	return length > 0 && length < MEDIA_DISK_NAME &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789") == length;
}

bool media_disk_number(const char *text, dev_t *number)
{
	unsigned long major_nr, minor_nr;
	char *end;

	major_nr = strtoul(text, &end, 10);
	if (end == text || *end != ':')
		return false;
	text = end + 1;
	minor_nr = strtoul(text, &end, 10);
	if (end == text || *end || major_nr > UINT32_MAX || minor_nr > UINT32_MAX)
		return false;
	*number = makedev((unsigned int)major_nr, (unsigned int)minor_nr);
	return true;
}

static int read_count(int folder, const char *attribute, uint64_t *value)
{
	char text[32], *end;
	ssize_t length = file_attribute_at(folder, attribute, text, sizeof(text));

	if (length < 0)
		return (int)length;
	*value = strtoull(text, &end, 10);
	return *end || end == text ? -EBADMSG : 0;
}

/* Cuts the last name off; NULL when none is left. */
static const char *cut(char *path)
{
	char *slash = strrchr(path, '/');

	if (!slash || slash == path)
		return NULL;
	*slash = '\0';
	return slash + 1;
}

/* The nearest folder above that is an USB device: interfaces have no ids of their own. */
static int open_usb(char *path, char port[static USB_PORT_SIZE])
{
	while (cut(path)) {
		const char *name = strrchr(path, '/');
		int folder;

		if (!name || !usb_sysfs_port_valid(name + 1))
			continue;
		folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (folder < 0)
			return -errno;
		snprintf(port, USB_PORT_SIZE, "%.*s", USB_PORT_SIZE - 1, name + 1);
		return folder;
	}
	return -EXDEV;
}

static int read_usb(int folder, struct media_disk *disk)
{
	int vendor = usb_sysfs_number(folder, "idVendor", 16);
	int product = usb_sysfs_number(folder, "idProduct", 16);

	if (vendor < 0 || product < 0)
		return vendor < 0 ? vendor : product;
	disk->vendor = (uint16_t)vendor;
	disk->product = (uint16_t)product;
	if (file_attribute_at(folder, "serial", disk->serial, sizeof(disk->serial)) < 0)
		memset(disk->serial, 0, sizeof(disk->serial));
	return usb_sysfs_numbers(folder, &disk->bus, &disk->device);
}

static int read_disk(int folder, struct media_disk *disk)
{
	uint64_t removable = 0;
	int r = read_count(folder, "size", &disk->sectors);

	if (r == 0)
		r = read_count(folder, "diskseq", &disk->sequence);
	if (r == 0)
		r = read_count(folder, "removable", &removable);
	disk->removable = removable == 1;
	disk->optical = strncmp(disk->name, "sr", 2) == 0;
	return r;
}

/* @path: of the disk's folder, links resolved; is cut short. */
static int read_path(char *path, dev_t number, struct media_disk *disk)
{
	const char *name = strrchr(path, '/');
	int folder, r;

	disk->number = number;
	if (!name || !media_disk_name_valid(name + 1))
		return -EINVAL;
	strcpy(disk->name, name + 1);
	folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return -errno;
	r = faccessat(folder, "partition", F_OK, 0) == 0 ? -ENOTBLK : read_disk(folder, disk);
	close(folder);
	if (r < 0)
		return r;
	folder = open_usb(path, disk->port);
	if (folder < 0)
		return folder;
	r = read_usb(folder, disk);
	close(folder);
	return r;
}

int media_disk_read(const char *root, dev_t number, struct media_disk *disk)
{
	char name[64], path[PATH_MAX], real[PATH_MAX];
	int r;

	memset(disk, 0, sizeof(*disk));
	snprintf(name, sizeof(name), "/sys/dev/block/%u:%u", major(number), minor(number));
	r = path_join(path, root, name);
	if (r < 0)
		return r;
	if (!realpath(path, real))
		return errno == ENOENT ? -ENODEV : -errno;
	return read_path(real, number, disk);
}

int media_disk_named(const char *root, const char *name, struct media_disk *disk)
{
	char below[64], path[PATH_MAX], text[32];
	int folder, r;
	ssize_t length;
	dev_t number;

	memset(disk, 0, sizeof(*disk));
	if (!media_disk_name_valid(name))
		return -EINVAL;
	snprintf(below, sizeof(below), "/sys/block/%s", name);
	r = path_join(path, root, below);
	if (r < 0)
		return r;
	folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return errno == ENOENT ? -ENODEV : -errno;
	length = file_attribute_at(folder, "dev", text, sizeof(text));
	close(folder);
	if (length < 0)
		return (int)length;
	return media_disk_number(text, &number) ? media_disk_read(root, number, disk) : -EBADMSG;
}

int media_disk_each(const char *root, int (*visit)(const char *name, void *data), void *data)
{
	const struct dirent *entry;
	char path[PATH_MAX];
	DIR *list;
	int r = path_join(path, root, "/sys/block");

	list = r == 0 ? opendir(path) : NULL;
	if (!list)
		return r < 0 ? r : -errno;
	while (r == 0 && (entry = readdir(list)))
		if (media_disk_name_valid(entry->d_name))
			r = visit(entry->d_name, data);
	closedir(list);
	return r;
}
