// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/age/age_chunk.h"
#include "agent/lib/age/age_lock.h"
#include "agent/lib/age/age_stream.h"

struct age_writer {
	struct age_sink sink;
	struct age_chunks chunks;
	uint64_t number; /* of the chunk that is being filled */
	size_t filled;
	uint8_t plain[AGE_CHUNK_SIZE];
	uint8_t sealed[AGE_SEALED_SIZE];
};

int age_writer_new(const struct age_recipient *recipients, size_t count,
		   const struct age_sink *sink, struct age_writer **writer)
{
	struct age_writer *made = calloc(1, sizeof(*made));
	uint8_t *key = age_key_new();
	struct age_head head;
	int r = -ENOMEM;

	if (!made || !key)
		goto out;
	made->sink = *sink;
	r = age_lock(recipients, count, &head, key);
	if (r == 0)
		r = age_chunks_start(&made->chunks, NULL, key, AGE_SEAL);
	if (r == 0)
		r = sink->put(sink->context, head.bytes, head.length);
out:
	age_key_free(key);
	if (r < 0) {
		age_writer_free(made);
		made = NULL;
	}
	*writer = made;
	return r;
}

static int seal(struct age_writer *writer, bool final)
{
	int r;

	r = age_chunk(&writer->chunks, writer->number, final, writer->plain, writer->filled,
		      writer->sealed);
	if (r == 0)
		r = writer->sink.put(writer->sink.context, writer->sealed,
				     writer->filled + AGE_TAG_SIZE);
	writer->number++;
	writer->filled = 0;
	return r;
}

int age_writer_write(struct age_writer *writer, const void *data, size_t length)
{
	const uint8_t *at = data;
	int r = 0;

	while (r == 0 && length > 0) {
		size_t piece = AGE_CHUNK_SIZE - writer->filled;

		/* A full chunk waits until more comes: it may be the last. */
		if (piece == 0) {
			r = seal(writer, false);
			continue;
		}
		piece = piece < length ? piece : length;
		memcpy(writer->plain + writer->filled, at, piece);
		writer->filled += piece;
		at += piece;
		length -= piece;
	}
	return r;
}

int age_writer_finish(struct age_writer *writer)
{
	return seal(writer, true);
}

void age_writer_free(struct age_writer *writer)
{
	if (!writer)
		return;
	age_chunks_end(&writer->chunks);
	sodium_memzero(writer, sizeof(*writer));
	free(writer);
}

int age_encrypt_stream(const struct age_source *source, const struct age_sink *sink,
		       const struct age_recipient *recipients, size_t count)
{
	struct age_writer *writer = NULL;
	uint8_t bytes[8192];
	ssize_t n = 0;
	int r;

	r = age_writer_new(recipients, count, sink, &writer);
	while (r == 0 && (n = source->get(source->context, bytes, sizeof(bytes))) > 0)
		r = age_writer_write(writer, bytes, (size_t)n);
	if (r == 0)
		r = n < 0 ? (int)n : age_writer_finish(writer);
	sodium_memzero(bytes, sizeof(bytes));
	age_writer_free(writer);
	return r;
}
