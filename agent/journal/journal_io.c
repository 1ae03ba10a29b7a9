// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/journal/journal_io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

const struct journal_io journal_io_system = {
	.pwrite = pwrite,
	.fdatasync = fdatasync,
	.fsync = fsync,
	.ftruncate = ftruncate,
	.fallocate = fallocate,
};

int journal_io_write(const struct journal_io *io, int fd, const void *data, size_t length,
		     off_t offset)
{
	const uint8_t *at = data;

	while (length > 0) {
		ssize_t n = io->pwrite(fd, at, length, offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		/* A file that takes nothing and names no reason would be tried for ever. */
		if (n == 0)
			return -EIO;
		at += n;
		offset += n;
		length -= (size_t)n;
	}
	return 0;
}
