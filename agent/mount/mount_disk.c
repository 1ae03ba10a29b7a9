// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/mount/mount_disk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/cdrom.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "agent/lib/file.h"
#include "agent/lib/media/media_disk.h"
#include "agent/lib/path.h"

/* What of a medium may wait unwritten in memory: enough to keep it busy, little enough to wait for. */
#define DIRTY_BYTES "16777216"
/* Percent of what may wait at all, on kernels before 6.2, which count it so. */
#define DIRTY_RATIO "1"

static int open_node(const char *root, const char *name, dev_t number, int flags)
{
	char node[MSG_BLOCK_NAME + 16], path[PATH_MAX];
	struct stat st;
	int fd, r;

	snprintf(node, sizeof(node), "/dev/%s", name);
	r = media_disk_name_valid(name) ? path_join(path, root, node) : -EINVAL;
	if (r < 0)
		return r;
	fd = open(path, flags | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0)
		r = -errno;
	else if (!S_ISBLK(st.st_mode) || st.st_rdev != number)
		r = -ESTALE;
	if (r < 0)
		close(fd);
	return r < 0 ? r : fd;
}

bool mount_disk_same(const struct mount_disk *disk)
{
	uint64_t sequence = 0;

	return ioctl(disk->fd, BLKGETDISKSEQ, &sequence) == 0 && sequence == disk->sequence;
}

static int set_read_only(int fd, bool on)
{
	int wanted = on, shown = -1;

	if (ioctl(fd, BLKROSET, &wanted) < 0 || ioctl(fd, BLKROGET, &shown) < 0)
		return -errno;
	return shown == wanted ? 0 : -EROFS;
}

int mount_disk_protect(const struct mount_disk *disk)
{
	return set_read_only(disk->fd, true);
}

/* A drive without a disc tells of a size all the same (drivers/scsi/sr.c), and then fails to read. */
static bool is_empty(int fd)
{
	int status = ioctl(fd, CDROM_DRIVE_STATUS, CDSL_CURRENT);

	return status == CDS_NO_DISC || status == CDS_TRAY_OPEN || status == CDS_DRIVE_NOT_READY;
}

int mount_disk_open(const char *root, const struct msg_mount *asked, struct mount_disk *disk)
{
	int r;

	memset(disk, 0, sizeof(*disk));
	disk->number = makedev(asked->major, asked->minor);
	disk->sequence = asked->disk_sequence;
	memcpy(disk->name, asked->name, sizeof(disk->name));
	disk->fd = open_node(root, asked->name, disk->number, O_RDONLY);
	if (disk->fd < 0)
		return disk->fd;
	/* First of all, whatever it is: nothing is written to it by mistake. */
	r = mount_disk_protect(disk);
	if (r == 0 && !mount_disk_same(disk))
		r = -ESTALE;
	if (r == 0 && strncmp(disk->name, "sr", 2) == 0 && is_empty(disk->fd))
		r = -ENOMEDIUM;
	if (r < 0)
		mount_disk_close(disk);
	return r;
}

void mount_disk_close(struct mount_disk *disk)
{
	if (disk->fd >= 0)
		close(disk->fd);
	disk->fd = -1;
}

static int open_folder(const char *root, dev_t number)
{
	char name[64], path[PATH_MAX];
	int fd, r;

	snprintf(name, sizeof(name), "/sys/dev/block/%u:%u", major(number), minor(number));
	r = path_join(path, root, name);
	if (r < 0)
		return r;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int read_number(int folder, const char *name, const char *attribute, uint64_t *value)
{
	char path[MSG_BLOCK_NAME + 64], text[64], *end;
	ssize_t length;

	snprintf(path, sizeof(path), "%.40s/%.20s", name, attribute);
	length = file_attribute_at(folder, path, text, sizeof(text));
	if (length < 0)
		return (int)length;
	*value = strtoull(text, &end, 10);
	return *end || end == text ? -EBADMSG : 0;
}

static int read_device(int folder, const char *name, dev_t *number)
{
	char path[MSG_BLOCK_NAME + 64], text[64];
	ssize_t length;

	snprintf(path, sizeof(path), "%.40s/dev", name);
	length = file_attribute_at(folder, path, text, sizeof(text));
	if (length < 0)
		return (int)length;
	return media_disk_number(text, number) ? 0 : -EBADMSG;
}

/* Calls @visit with each partition; ends with its first answer other than 0. */
static int each_part(const char *root, const struct mount_disk *disk,
		     int (*visit)(int folder, const char *name, uint64_t number, void *data),
		     void *data)
{
	int folder = open_folder(root, disk->number), r = 0;
	DIR *list = folder < 0 ? NULL : fdopendir(folder);
	const struct dirent *entry;
	uint64_t number;

	if (!list) {
		r = folder < 0 ? folder : -errno;
		if (folder >= 0)
			close(folder);
		return r;
	}
	while (r == 0 && (entry = readdir(list)))
		if (media_disk_name_valid(entry->d_name) &&
		    read_number(folder, entry->d_name, "partition", &number) == 0)
			r = visit(folder, entry->d_name, number, data);
	closedir(list);
	return r;
}

struct search {
	const struct msg_mount *asked;
	struct mount_part *part;
};

/* 1: it is this one, and where it should be. */
static int visit_wanted(int folder, const char *name, uint64_t number, void *data)
{
	const struct search *search = data;
	uint64_t first = 0, sectors = 0;
	int r;

	if (number != search->asked->partition)
		return 0;
	r = read_number(folder, name, "start", &first);
	if (r == 0)
		r = read_number(folder, name, "size", &sectors);
	if (r == 0)
		r = read_device(folder, name, &search->part->number);
	if (r < 0)
		return r;
	if (first != search->asked->first || sectors != search->asked->sectors)
		return -EUCLEAN;
	snprintf(search->part->name, sizeof(search->part->name), "%.*s", MSG_BLOCK_NAME - 1, name);
	return 1;
}

int mount_disk_part(const char *root, const struct mount_disk *disk, const struct msg_mount *asked,
		    struct mount_part *part)
{
	struct search search = { .asked = asked, .part = part };
	int r;

	memset(part, 0, sizeof(*part));
	if (asked->partition == 0) {
		part->number = disk->number;
		memcpy(part->name, disk->name, sizeof(disk->name));
		return asked->first == 0 ? 0 : -EUCLEAN;
	}
	r = each_part(root, disk, visit_wanted, &search);
	return r == 0 ? -EUCLEAN : r > 0 ? 0 : r;
}

struct locking {
	const char *root;
	const struct mount_part *open;
};

static int visit_lock(int folder, const char *name, uint64_t number, void *data)
{
	const struct locking *locking = data;
	dev_t device = 0;
	int fd, r = read_device(folder, name, &device);

	(void)number;
	if (r < 0)
		return r;
	fd = open_node(locking->root, name, device, O_RDONLY);
	if (fd < 0)
		return fd;
	r = set_read_only(fd, device != locking->open->number);
	close(fd);
	return r;
}

int mount_disk_unlock(const char *root, const struct mount_disk *disk,
		      const struct mount_part *part)
{
	struct locking locking = { .root = root, .open = part };
	int wanted = 0, r;

	/* The disk has to be writable for any part of it to be; those that stay closed are closed first. */
	if (ioctl(disk->fd, BLKROSET, &wanted) < 0)
		return -errno;
	r = each_part(root, disk, visit_lock, &locking);
	if (r < 0)
		mount_disk_protect(disk);
	return r;
}

int mount_disk_open_part(const char *root, const struct mount_part *part, int flags)
{
	return open_node(root, part->name, part->number, flags);
}

void mount_disk_limit(const char *root, const struct mount_disk *disk)
{
	char name[64], path[PATH_MAX];
	int folder;

	snprintf(name, sizeof(name), "/sys/class/bdi/%u:%u", major(disk->number),
		 minor(disk->number));
	if (path_join(path, root, name) < 0)
		return;
	folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return;
	if (file_write_at(folder, "strict_limit", "1") < 0 ||
	    file_write_at(folder, "max_bytes", DIRTY_BYTES) < 0)
		file_write_at(folder, "max_ratio", DIRTY_RATIO);
	close(folder);
}
