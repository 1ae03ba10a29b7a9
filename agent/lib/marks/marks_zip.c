// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/marks/marks_zip.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "agent/lib/marks/marks_read.h"

#define END_SIZE     22u
#define CENTRAL_SIZE 46u
#define LOCAL_SIZE   30u
#define COMMENT_MAX  65535u
#define PIECE	     ((size_t)32 * 1024)

static uint32_t get16(const uint8_t *at)
{
	return at[0] | (uint32_t)at[1] << 8;
}

static uint32_t get32(const uint8_t *at)
{
	return get16(at) | get16(at + 2) << 16;
}

/* All of it, or -EBADMSG when the file ends before. */
static int read_at(int fd, void *out, size_t length, uint64_t offset)
{
	uint8_t *at = out;

	while (length > 0) {
		ssize_t done = pread(fd, at, length, (off_t)offset);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return done < 0 ? -errno : -EBADMSG;
		at += done;
		offset += (uint64_t)done;
		length -= (size_t)done;
	}
	return 0;
}

/* The record of the end is the one whose comment ends where the file ends. */
static int read_end(struct marks_zip *zip, const uint8_t *tail, size_t length)
{
	for (size_t at = length - END_SIZE + 1; at > 0; at--) {
		const uint8_t *end = tail + at - 1;
		uint64_t place = zip->size - length + at - 1;

		if (get32(end) != 0x06054b50 || get16(end + 20) != length - END_SIZE - (at - 1))
			continue;
		zip->left = get16(end + 10);
		zip->at = get32(end + 16);
		zip->end = zip->at + get32(end + 12);
		/* Several disks, or ZIP64: no document has them. */
		if (get16(end + 4) != 0 || zip->left == 0xffff || zip->end > place)
			return -EBADMSG;
		return 0;
	}
	return -EBADMSG;
}

int marks_zip_open(struct marks_zip *zip, int fd)
{
	size_t length = END_SIZE + COMMENT_MAX;
	struct stat st;
	uint8_t *tail;
	int r;

	*zip = (struct marks_zip){ .fd = fd };
	if (fstat(fd, &st) < 0)
		return -errno;
	zip->size = (uint64_t)st.st_size;
	if (zip->size < END_SIZE)
		return -EBADMSG;
	length = zip->size < length ? (size_t)zip->size : length;
	tail = malloc(length);
	if (!tail)
		return -ENOMEM;
	r = read_at(fd, tail, length, zip->size - length);
	if (r == 0)
		r = read_end(zip, tail, length);
	free(tail);
	if (r == 0 && zip->left > MARKS_ZIP_MEMBERS_MAX)
		r = -EBADMSG;
	return r;
}

int marks_zip_next(struct marks_zip *zip, struct marks_zip_member *member)
{
	uint8_t head[CENTRAL_SIZE];
	size_t name_length;
	int r;

	memset(member, 0, sizeof(*member));
	if (zip->left == 0)
		return 0;
	if (zip->at + CENTRAL_SIZE > zip->end)
		return -EBADMSG;
	r = read_at(zip->fd, head, sizeof(head), zip->at);
	if (r < 0)
		return r;
	if (get32(head) != 0x02014b50)
		return -EBADMSG;
	member->flags = get16(head + 8);
	member->method = get16(head + 10);
	member->packed = get32(head + 20);
	member->local = get32(head + 42);
	name_length = get16(head + 28);
	if (zip->at + CENTRAL_SIZE + name_length > zip->end)
		return -EBADMSG;
	if (name_length < sizeof(member->name))
		r = read_at(zip->fd, member->name, name_length, zip->at + CENTRAL_SIZE);
	if (r < 0)
		return r;
	zip->at += CENTRAL_SIZE + name_length + get16(head + 30) + get16(head + 32);
	zip->left--;
	return 1;
}

struct part {
	struct marks_zip *zip;
	size_t size; /* that came out of it */
	bool (*put)(void *context, const uint8_t *bytes, size_t length);
	void *context;
	bool ended;
};

static int hand_out(struct part *part, const uint8_t *bytes, size_t length)
{
	part->size += length;
	part->zip->inflated += length;
	if (part->size > MARKS_PART_MAX || part->zip->inflated > MARKS_TOTAL_MAX)
		return -EFBIG;
	part->ended = length > 0 && !part->put(part->context, bytes, length);
	return 0;
}

static int inflate_piece(struct part *part, z_stream *stream, uint8_t *out, bool *done)
{
	int r = 0, z = Z_OK;

	while (r == 0 && !part->ended && z == Z_OK && (stream->avail_in > 0)) {
		stream->next_out = out;
		stream->avail_out = (uInt)PIECE;
		z = inflate(stream, Z_NO_FLUSH);
		if (z == Z_OK || z == Z_STREAM_END)
			r = hand_out(part, out, PIECE - stream->avail_out);
	}
	*done = z == Z_STREAM_END;
	if (z != Z_OK && z != Z_STREAM_END && z != Z_BUF_ERROR)
		r = z == Z_MEM_ERROR ? -ENOMEM : -EBADMSG;
	return r;
}

/* @buffer: of two pieces. */
static int read_part(struct part *part, uint64_t at, uint64_t packed, z_stream *stream,
		     uint8_t *buffer)
{
	bool done = false;
	int r = 0;

	while (r == 0 && !done && !part->ended && packed > 0) {
		size_t length = packed < PIECE ? (size_t)packed : PIECE;

		r = read_at(part->zip->fd, buffer, length, at);
		at += length;
		packed -= length;
		if (r < 0)
			break;
		if (!stream) {
			r = hand_out(part, buffer, length);
			continue;
		}
		stream->next_in = buffer;
		stream->avail_in = (uInt)length;
		r = inflate_piece(part, stream, buffer + PIECE, &done);
	}
	return r == 0 && stream && !done && !part->ended ? -EBADMSG : r;
}

int marks_zip_read(struct marks_zip *zip, const struct marks_zip_member *member,
		   bool (*put)(void *context, const uint8_t *bytes, size_t length), void *context)
{
	struct part part = { .zip = zip, .put = put, .context = context };
	z_stream stream = { 0 };
	bool deflated = member->method == Z_DEFLATED;
	uint8_t head[LOCAL_SIZE], *buffer;
	uint64_t at;
	int r;

	if ((member->flags & 1) || (member->method != 0 && !deflated))
		return -EBADMSG;
	r = read_at(zip->fd, head, sizeof(head), member->local);
	if (r < 0)
		return r;
	at = member->local + LOCAL_SIZE + get16(head + 26) + get16(head + 28);
	if (get32(head) != 0x04034b50 || at + member->packed > zip->size)
		return -EBADMSG;
	buffer = malloc(2 * PIECE);
	if (!buffer)
		return -ENOMEM;
	/* Negative: deflated data without the frame of zlib. */
	if (deflated && inflateInit2(&stream, -MAX_WBITS) != Z_OK)
		r = -ENOMEM;
	if (r == 0)
		r = read_part(&part, at, member->packed, deflated ? &stream : NULL, buffer);
	inflateEnd(&stream);
	free(buffer);
	return r;
}
