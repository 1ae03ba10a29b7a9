// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/journal/room.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

/* Have the file system promise room up to @end. The file's length stays. */
static int allocate(struct spool *spool, off_t end)
{
	off_t start = (off_t)spool->ratchet.state.offset;
	int r;

	do {
		r = spool->io->fallocate(spool->fd, FALLOC_FL_KEEP_SIZE, start, end - start) < 0
			    ? -errno
			    : 0;
	} while (r == -EINTR);
	/* A file system that promises nothing can only be asked what it has. */
	if (r == -EOPNOTSUPP || r == -ENOSYS)
		return (uint64_t)(end - start) <= spool_free_bytes(spool) ? 0 : -ENOSPC;
	if (r == 0)
		spool->allocated = end;
	return r == -EDQUOT || r == -EFBIG ? -ENOSPC : r;
}

static off_t end_of(const struct spool *spool)
{
	return (off_t)(spool->ratchet.state.offset + spool->used);
}

int room_make(struct spool *spool, size_t length, bool reserve)
{
	off_t end = end_of(spool) + (off_t)length;
	off_t want = end + (reserve ? 0 : SPOOL_RESERVE);
	int r;

	if (spool->error)
		return spool->error;
	/* The reserve goes beyond the limit: it is for what must be told. */
	if (spool->limit && end > spool->limit + (reserve ? SPOOL_RESERVE : 0))
		return -ENOSPC;
	if (want <= spool->allocated)
		return 0;
	r = allocate(spool, end + SPOOL_RESERVE + SPOOL_CHUNK);
	if (r == -ENOSPC)
		r = allocate(spool, want);
	return r;
}

bool room_is_tight(const struct spool *spool, bool was)
{
	off_t left = spool->limit - end_of(spool);

	return spool->limit && left < spool->limit / (was ? 6 : 8);
}

static int fill(struct spool *spool, off_t start, size_t length)
{
	int r;

	/* No group is pending: its buffer is free once the last one is in the tree. */
	spool_settle(spool);
	_Static_assert(ROOM_AHEAD_CHUNK <= SPOOL_BUFFER_SIZE, "filled from the spool's buffer");
	memset(spool->buffer, JOURNAL_FILL, length);
	r = journal_io_write(spool->io, spool->fd, spool->buffer, length, start);
	if (r == 0 && spool->io->fdatasync(spool->fd) < 0)
		r = -errno;
	if (r == 0)
		spool->filled = start + (off_t)length;
	return r;
}

int room_ahead(struct spool *spool)
{
	off_t end = end_of(spool), start = spool->filled > end ? spool->filled : end;
	int r;

	if (spool->error || spool->pending)
		return 0;
	if (spool->allocated - end < SPOOL_RESERVE + SPOOL_CHUNK / 2) {
		r = allocate(spool, end + SPOOL_RESERVE + SPOOL_CHUNK);
		if (r < 0)
			return r == -ENOSPC ? 0 : r;
	}
	if (start - end >= ROOM_AHEAD_MIN || spool->allocated - start < ROOM_AHEAD_CHUNK)
		return 0;
	/* As far as a chunk's boundary, so that the file's blocks are written whole. */
	r = fill(spool, start, (size_t)(ROOM_AHEAD_CHUNK - start % ROOM_AHEAD_CHUNK));
	if (r == -ENOSPC || r == -EDQUOT)
		return 0;
	return r < 0 ? r : 1;
}

void room_forget(struct spool *spool, off_t size)
{
	spool->allocated = 0;
	spool->filled = size;
}
