// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/media/media_image.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK 4096u

static int measure_device(struct media_image *image, const struct stat *st, bool write)
{
	int sector = 0, read_only = 0;

	if (ioctl(image->fd, BLKGETSIZE64, &image->size) < 0 ||
	    ioctl(image->fd, BLKSSZGET, &sector) < 0 || ioctl(image->fd, BLKROGET, &read_only) < 0)
		return -errno;
	if (image->size == 0)
		return -ENOMEDIUM;
	if (sector != 512 && sector != 1024 && sector != 2048 && sector != 4096)
		return -EINVAL;
	image->sector_size = (uint32_t)sector;
	image->block = true;
	image->device = st->st_rdev;
	return write && read_only ? -EROFS : 0;
}

static int measure(struct media_image *image, bool write)
{
	struct stat st;

	if (fstat(image->fd, &st) < 0)
		return -errno;
	if (S_ISBLK(st.st_mode))
		return measure_device(image, &st, write);
	if (!S_ISREG(st.st_mode))
		return -ENOTBLK;
	image->size = (uint64_t)st.st_size;
	image->sector_size = 512;
	return 0;
}

int media_image_open(const char *path, enum media_open how, struct media_image *image)
{
	bool write = how == MEDIA_OPEN_WRITE;
	struct stat st;
	int r;

	memset(image, 0, sizeof(*image));
	image->fd = -1;
	/* Nothing is opened to find out what it is: a tape would rewind, a pipe would wait. */
	if (stat(path, &st) < 0)
		return -errno;
	if (!S_ISBLK(st.st_mode) && !S_ISREG(st.st_mode))
		return -ENOTBLK;
	image->fd = open(path, (write ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NONBLOCK | O_NOCTTY |
				       (write && S_ISBLK(st.st_mode) ? O_EXCL : 0));
	if (image->fd < 0)
		return -errno;
	r = measure(image, write);
	if (r < 0)
		media_image_close(image);
	return r;
}

int media_image_take(int fd, enum media_open how, struct media_image *image)
{
	int r;

	memset(image, 0, sizeof(*image));
	image->fd = fd;
	r = measure(image, how == MEDIA_OPEN_WRITE);
	if (r < 0)
		image->fd = -1;
	return r;
}

void media_image_close(struct media_image *image)
{
	if (image->fd >= 0)
		close(image->fd);
	image->fd = -1;
}

static bool within(const struct media_image *image, uint64_t offset, size_t length)
{
	return length <= image->size && offset <= image->size - length;
}

static int read_all(int fd, uint64_t offset, void *buffer, size_t length)
{
	uint8_t *at = buffer;

	while (length > 0) {
		ssize_t n = pread(fd, at, length, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		at += n;
		offset += (uint64_t)n;
		length -= (size_t)n;
	}
	return 0;
}

int media_image_read(const struct media_image *image, uint64_t offset, void *buffer, size_t length)
{
	return within(image, offset, length) ? read_all(image->fd, offset, buffer, length)
					     : -ERANGE;
}

static int write_all(int fd, uint64_t offset, const void *buffer, size_t length)
{
	const uint8_t *at = buffer;

	while (length > 0) {
		ssize_t n = pwrite(fd, at, length, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		at += n;
		offset += (uint64_t)n;
		length -= (size_t)n;
	}
	return fsync(fd) < 0 ? -errno : 0;
}

/* Past the page cache, where the file system lets one ask; else that is told to forget. */
static int read_device(const struct media_image *image, uint64_t offset, void *buffer,
		       size_t length)
{
	int flags = fcntl(image->fd, F_GETFL), r;
	bool direct = flags >= 0 && fcntl(image->fd, F_SETFL, flags | O_DIRECT) == 0;

	if (!direct)
		posix_fadvise(image->fd, (off_t)offset, (off_t)length, POSIX_FADV_DONTNEED);
	r = read_all(image->fd, offset, buffer, length);
	if (direct && fcntl(image->fd, F_SETFL, flags) < 0 && r == 0)
		r = -errno;
	return r;
}

/* The device's own word, not what the page cache remembers. */
static int compare(const struct media_image *image, uint64_t offset, const void *wanted,
		   size_t length)
{
	void *buffer = NULL;
	int r = posix_memalign(&buffer, BLOCK, length) == 0 ? 0 : -ENOMEM;

	if (r == 0)
		r = read_device(image, offset, buffer, length);
	if (r == 0 && memcmp(buffer, wanted, length) != 0)
		r = -EIO;
	free(buffer);
	return r;
}

int media_image_write(const struct media_image *image, uint64_t offset, const void *buffer,
		      size_t length)
{
	int r;

	if (offset % BLOCK || length % BLOCK || length == 0)
		return -EINVAL;
	if (!within(image, offset, length))
		return -ERANGE;
	r = write_all(image->fd, offset, buffer, length);
	return r < 0 ? r : compare(image, offset, buffer, length);
}
