// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/object_io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* openat(2) itself takes its mode as a variable argument. */
static int system_openat(int folder, const char *name, int flags, mode_t mode)
{
	return openat(folder, name, flags, mode);
}

const struct object_io object_io_system = {
	.pwrite = pwrite,
	.fsync = fsync,
	.openat = system_openat,
	.mkdirat = mkdirat,
	.renameat = renameat,
	.unlinkat = unlinkat,
};

int object_io_write(const struct object_io *io, int fd, const void *data, size_t length,
		    off_t offset)
{
	const char *at = data;

	while (length > 0) {
		ssize_t done = io->pwrite(fd, at, length, offset);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return done < 0 ? -errno : -EIO;
		at += done;
		offset += done;
		length -= (size_t)done;
	}
	return 0;
}
