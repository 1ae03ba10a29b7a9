/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small files, read whole with a limit and replaced whole or not at all. */
#ifndef AIRGAP_LIB_FILE_H
#define AIRGAP_LIB_FILE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/**
 * file_read_fd - all that can be read from @fd
 * @limit: bytes; one more is -EFBIG
 * @data: set to a buffer that the caller frees; a NUL that @length does not count follows the data
 *
 * Returns 0 or -errno.
 */
int file_read_fd(int fd, size_t limit, uint8_t **data, size_t *length);

/* file_read - the same of a regular file; symbolic links are not followed. */
int file_read(const char *path, size_t limit, uint8_t **data, size_t *length);

/**
 * file_replace - put @data in place of @folder/@name
 *
 * Temporary name, fsync, rename, fsync of the folder: after a power cut the file holds the old
 * content or the new one, never a part. Returns 0 or -errno; then the old content stands.
 */
int file_replace(const char *folder, const char *name, mode_t mode, const void *data,
		 size_t length);

/**
 * file_attribute_at - one line of text from a sysfs attribute
 * @folder: descriptor of the device's folder
 * @buffer: gets the value without its last newline
 *
 * Returns its length, or -errno; -EOVERFLOW when it does not fit.
 */
ssize_t file_attribute_at(int folder, const char *name, char *buffer, size_t size);

/**
 * file_write_at - write @value to an existing attribute below @folder, in one write
 *
 * Never creates anything. Returns 0 or -errno.
 */
int file_write_at(int folder, const char *name, const char *value);

#endif
