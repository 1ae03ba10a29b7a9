/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The few calls that decide whether an entry is on the disk, in one table, so that tests can make
 * each of them fail. All behave like the system calls of the same names.
 */
#ifndef AIRGAP_JOURNAL_IO_H
#define AIRGAP_JOURNAL_IO_H

#include <sys/types.h>

struct journal_io {
	ssize_t (*pwrite)(int fd, const void *data, size_t length, off_t offset);
	int (*fdatasync)(int fd);
	int (*fsync)(int fd);
	int (*ftruncate)(int fd, off_t length);
	int (*fallocate)(int fd, int mode, off_t offset, off_t length);
};

/* The kernel's. */
extern const struct journal_io journal_io_system;

/**
 * journal_io_write - write all of @data at @offset, however many calls it takes
 *
 * Returns 0 or -errno; then any part of it may have been written.
 */
int journal_io_write(const struct journal_io *io, int fd, const void *data, size_t length,
		     off_t offset);

#endif
