/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The few calls that decide whether something is on a medium, in one table, so that tests can make each
 * of them the last. All behave like the system calls of the same names.
 */
#ifndef AIRGAP_TRANSFER_OBJECT_IO_H
#define AIRGAP_TRANSFER_OBJECT_IO_H

#include <sys/types.h>

struct object_io {
	ssize_t (*pwrite)(int fd, const void *data, size_t length, off_t offset);
	int (*fsync)(int fd);
	int (*openat)(int folder, const char *name, int flags, mode_t mode);
	int (*mkdirat)(int folder, const char *name, mode_t mode);
	int (*renameat)(int from_folder, const char *from, int to_folder, const char *to);
	int (*unlinkat)(int folder, const char *name, int flags);
};

/* The kernel's. */
extern const struct object_io object_io_system;

/* object_io_write - all of it; 0 or -errno */
int object_io_write(const struct object_io *io, int fd, const void *data, size_t length,
		    off_t offset);

#endif
