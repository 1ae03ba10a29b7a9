// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/age/age_io.h"

#include <errno.h>
#include <stdbool.h>
#include <unistd.h>

/* File systems answer EBADMSG and the like when a checksum of theirs fails: that is not our format. */
static int io_error(void)
{
	return errno == EBADMSG || errno == EILSEQ || errno == ENOKEY || errno == EKEYREJECTED
		       ? -EIO
		       : -errno;
}

static int descriptor(const void *context)
{
	return *(const int *)context;
}

static ssize_t get_fd(void *context, uint8_t *bytes, size_t length)
{
	ssize_t n;

	do {
		n = read(descriptor(context), bytes, length);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? io_error() : n;
}

static int put_fd(void *context, const uint8_t *bytes, size_t length)
{
	ssize_t n;

	while (length > 0) {
		n = write(descriptor(context), bytes, length);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return io_error();
		bytes += n;
		length -= (size_t)n;
	}
	return 0;
}

struct age_source age_source_fd(int *fd)
{
	return (struct age_source){ .get = get_fd, .context = fd };
}

struct age_sink age_sink_fd(int *fd)
{
	return (struct age_sink){ .put = put_fd, .context = fd };
}

int age_io_fill(const struct age_source *source, uint8_t *bytes, size_t length, size_t *count)
{
	ssize_t n = 1;

	*count = 0;
	while (*count < length && n > 0) {
		n = source->get(source->context, bytes + *count, length - *count);
		if (n < 0)
			return (int)n;
		*count += (size_t)n;
	}
	return 0;
}

/* Take @done bytes off the front; true while any are left. */
static bool advance(struct iovec **pieces, int *count, size_t done)
{
	while (*count > 0 && done >= (*pieces)->iov_len) {
		done -= (*pieces)->iov_len;
		++*pieces;
		--*count;
	}
	if (*count == 0)
		return false;
	(*pieces)->iov_base = (uint8_t *)(*pieces)->iov_base + done;
	(*pieces)->iov_len -= done;
	return true;
}

int age_io_read_at(int fd, struct iovec *pieces, int count, uint64_t offset)
{
	ssize_t n = 0;

	while (advance(&pieces, &count, (size_t)n)) {
		n = preadv(fd, pieces, count, (off_t)offset);
		if (n == 0)
			return -ESTALE;
		if (n < 0 && errno != EINTR)
			return io_error();
		n = n < 0 ? 0 : n;
		offset += (uint64_t)n;
	}
	return 0;
}

int age_io_write_at(int fd, struct iovec *pieces, int count, uint64_t offset)
{
	ssize_t n = 0;

	while (advance(&pieces, &count, (size_t)n)) {
		n = pwritev(fd, pieces, count, (off_t)offset);
		if (n == 0)
			return -EIO;
		if (n < 0 && errno != EINTR)
			return io_error();
		n = n < 0 ? 0 : n;
		offset += (uint64_t)n;
	}
	return 0;
}
