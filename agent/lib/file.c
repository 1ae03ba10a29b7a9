// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int file_read_fd(int fd, size_t limit, uint8_t **data, size_t *length)
{
	size_t used = 0, size = 4096;
	uint8_t *buffer = malloc(size);
	ssize_t n;
	int r;

	if (!buffer)
		return -ENOMEM;
	for (;;) {
		n = read(fd, buffer + used, size - used);
		if (n < 0 && errno == EINTR)
			continue;
		r = n < 0 ? -errno : 0;
		if (n <= 0)
			break;
		used += (size_t)n;
		r = -EFBIG;
		if (used > limit)
			break;
		if (used == size) {
			uint8_t *larger = realloc(buffer, size * 2);

			r = -ENOMEM;
			if (!larger)
				break;
			buffer = larger;
			size *= 2;
		}
	}
	if (r < 0) {
		free(buffer);
		return r;
	}
	/* The loop ends with used < size: there is room for the NUL. */
	buffer[used] = 0;
	*data = buffer;
	*length = used;
	return 0;
}

int file_read(const char *path, size_t limit, uint8_t **data, size_t *length)
{
	struct stat st;
	int fd, r;

	/* Non-blocking, so that a FIFO in the file's place cannot hold the program. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return -errno;
	r = fstat(fd, &st) < 0 ? -errno : S_ISREG(st.st_mode) ? 0 : -EINVAL;
	if (r == 0)
		r = file_read_fd(fd, limit, data, length);
	close(fd);
	return r;
}

static int write_all(int fd, const uint8_t *data, size_t length)
{
	while (length > 0) {
		ssize_t n = write(fd, data, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		length -= (size_t)n;
	}
	return 0;
}

static int write_temporary(int folder, const char *name, mode_t mode, const void *data,
			   size_t length)
{
	int fd, r;

	fd = openat(folder, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	r = write_all(fd, data, length);
	if (r == 0 && (fchmod(fd, mode) < 0 || fsync(fd) < 0))
		r = -errno;
	if (close(fd) < 0 && r == 0)
		r = -errno;
	return r;
}

int file_replace(const char *folder_path, const char *name, mode_t mode, const void *data,
		 size_t length)
{
	char temporary[NAME_MAX + 1];
	int folder, r;

	r = snprintf(temporary, sizeof(temporary), ".%s.new", name);
	if (r < 0 || (size_t)r >= sizeof(temporary))
		return -ENAMETOOLONG;
	folder = open(folder_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return -errno;
	r = write_temporary(folder, temporary, mode, data, length);
	if (r == 0 && renameat(folder, temporary, folder, name) < 0)
		r = -errno;
	if (r < 0)
		unlinkat(folder, temporary, 0);
	else if (fsync(folder) < 0)
		r = -errno;
	close(folder);
	return r;
}

ssize_t file_attribute_at(int folder, const char *name, char *buffer, size_t size)
{
	ssize_t n;
	int fd;

	fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = read(fd, buffer, size);
	if (n < 0)
		n = -errno;
	close(fd);
	if (n < 0)
		return n;
	if ((size_t)n == size)
		return -EOVERFLOW;
	if (n > 0 && buffer[n - 1] == '\n')
		n--;
	buffer[n] = 0;
	return n;
}

int file_write_at(int folder, const char *name, const char *value)
{
	size_t length = strlen(value);
	ssize_t n;
	int fd, r;

	fd = openat(folder, name, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = write(fd, value, length);
	r = n < 0 ? -errno : (size_t)n == length ? 0 : -EIO;
	close(fd);
	return r;
}
