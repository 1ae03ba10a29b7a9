// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/lib/journal_file.h"

int journal_reader_init(struct journal_reader *reader, int fd, off_t offset)
{
	*reader = (struct journal_reader){ .fd = fd, .offset = offset };
	reader->buffer = malloc(JOURNAL_READER_SIZE);
	return reader->buffer ? 0 : -ENOMEM;
}

void journal_reader_done(struct journal_reader *reader)
{
	free(reader->buffer);
	reader->buffer = NULL;
}

static bool is_blank(char c)
{
	return c == JOURNAL_FILL || c == 0;
}

/* How much of the buffer is text. What stands behind a blank byte is none, whatever it is. */
static size_t text_length(const char *buffer, size_t length)
{
	const char *blank = memchr(buffer, JOURNAL_FILL, length);

	if (blank)
		length = (size_t)(blank - buffer);
	blank = memchr(buffer, 0, length);
	return blank ? (size_t)(blank - buffer) : length;
}

/*
 * Read on from the line that comes next. An unfinished line is read anew with what follows it: the
 * bytes seen before may have been cut off, and others written in their place. Returns 1 when there
 * is more text than before, 0 when not, or -errno.
 */
static int fill(struct journal_reader *reader)
{
	size_t left = reader->filled - reader->start;
	struct stat st;
	ssize_t n;

	do {
		n = pread(reader->fd, reader->buffer, JOURNAL_READER_SIZE, reader->offset);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	reader->start = 0;
	reader->filled = text_length(reader->buffer, (size_t)n);
	if (n == 0 && fstat(reader->fd, &st) == 0 && st.st_size < reader->offset)
		return -ESTALE;
	return reader->filled > left;
}

int journal_reader_next(struct journal_reader *reader, const char **line, size_t *length)
{
	for (;;) {
		char *start = reader->buffer + reader->start;
		size_t left = reader->filled - reader->start;
		char *end = memchr(start, '\n', left);
		int r;

		if (end) {
			*line = start;
			*length = (size_t)(end - start);
			if (*length >= JOURNAL_LINE_MAX)
				return -EFBIG;
			reader->start += *length + 1;
			reader->offset += (off_t)*length + 1;
			return 1;
		}
		if (left >= JOURNAL_LINE_MAX)
			return -EFBIG;
		r = fill(reader);
		if (r <= 0)
			return r;
	}
}

off_t journal_text_end(int fd, off_t offset)
{
	off_t end = offset;
	char buffer[8192];
	ssize_t n;

	while ((n = pread(fd, buffer, sizeof(buffer), offset)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		for (ssize_t i = n; i > 0; i--) {
			if (!is_blank(buffer[i - 1])) {
				end = offset + i;
				break;
			}
		}
		offset += n;
	}
	return end;
}
