/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading and writing all of something, without mistaking an error of the disk for one of the file. */
#ifndef AIRGAP_AGE_IO_H
#define AIRGAP_AGE_IO_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

/* Where bytes come from: a descriptor, or memory. */
struct age_source {
	/* get - at most @length bytes; how many there were, 0 at the end, or -errno */
	ssize_t (*get)(void *context, uint8_t *bytes, size_t length);
	void *context;
};

/* Where bytes go. */
struct age_sink {
	/* put - all of them; 0 or -errno */
	int (*put)(void *context, const uint8_t *bytes, size_t length);
	void *context;
};

/* age_source_fd, age_sink_fd - from and to where a descriptor stands; @fd must outlive the result */
struct age_source age_source_fd(int *fd);
struct age_sink age_sink_fd(int *fd);

/**
 * age_io_fill - get @length bytes, or all that there are
 * @count: set to how many those were
 */
int age_io_fill(const struct age_source *source, uint8_t *bytes, size_t length, size_t *count);

/**
 * age_io_read_at, age_io_write_at - all bytes of some buffers, at a place of a file
 * @pieces: @count buffers; changed by the call
 *
 * Returns 0; -ESTALE when the file ends before; or -errno.
 */
int age_io_read_at(int fd, struct iovec *pieces, int count, uint64_t offset);
int age_io_write_at(int fd, struct iovec *pieces, int count, uint64_t offset);

#endif
