// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/age/age_stream.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/age/age_chunk.h"
#include "agent/lib/age/age_lock.h"
#include "agent/lib/age/age_result.h"

/* A head and a sealed chunk need the same room, so one buffer serves for both. */
_Static_assert(AGE_HEAD_MAX == AGE_SEALED_SIZE, "one buffer");

struct stream {
	const struct age_source *source;
	const struct age_sink *sink;
	struct age_chunks chunks;
	size_t have; /* bytes of the file that stand in @sealed */
	uint8_t sealed[AGE_SEALED_SIZE];
	uint8_t plain[AGE_CHUNK_SIZE];
};

/* Drop @used bytes, and fill up again. */
static int refill(struct stream *stream, size_t used)
{
	size_t count;
	int r;

	stream->have -= used;
	memmove(stream->sealed, stream->sealed + used, stream->have);
	r = age_io_fill(stream->source, stream->sealed + stream->have,
			sizeof(stream->sealed) - stream->have, &count);
	stream->have += count;
	return r;
}

static int start(struct stream *stream, const struct age_keyring *ring)
{
	uint8_t *key = age_key_new();
	size_t head = 0;
	int r;

	if (!key)
		return -ENOMEM;
	r = refill(stream, 0);
	if (r == 0)
		r = age_unlock(stream->sealed, stream->have, ring, &head, key);
	if (r == 0)
		r = age_chunks_start(&stream->chunks, NULL, key, AGE_OPEN);
	if (r == 0)
		r = refill(stream, head);
	age_key_free(key);
	return r;
}

/* A short chunk is the last. A full one may be, and only its tag says so. */
static int open_chunk(struct stream *stream, uint64_t number, size_t length, bool *final)
{
	int r = AGE_BAD_PAYLOAD;

	*final = length < AGE_CHUNK_SIZE;
	if (!*final)
		r = age_chunk(&stream->chunks, number, false, stream->sealed, length,
			      stream->plain);
	if (r != AGE_BAD_PAYLOAD)
		return r;
	*final = true;
	return age_chunk(&stream->chunks, number, true, stream->sealed, length, stream->plain);
}

static int next_chunk(struct stream *stream, uint64_t number, bool *final)
{
	size_t length;
	int r;

	if (stream->have < AGE_TAG_SIZE)
		return AGE_BAD_PAYLOAD;
	length = stream->have - AGE_TAG_SIZE;
	if (length == 0 && number > 0)
		return AGE_BAD_PAYLOAD;
	r = open_chunk(stream, number, length, final);
	if (r == 0)
		r = stream->sink->put(stream->sink->context, stream->plain, length);
	if (r == 0)
		r = refill(stream, stream->have);
	if (r == 0 && *final && stream->have > 0)
		r = AGE_BAD_PAYLOAD;
	return r;
}

int age_decrypt_stream(const struct age_source *source, const struct age_sink *sink,
		       const struct age_keyring *ring)
{
	struct stream *stream = calloc(1, sizeof(*stream));
	bool final = false;
	int r;

	if (!stream)
		return -ENOMEM;
	stream->source = source;
	stream->sink = sink;
	r = start(stream, ring);
	for (uint64_t number = 0; r == 0 && !final; number++)
		r = next_chunk(stream, number, &final);
	age_chunks_end(&stream->chunks);
	sodium_memzero(stream, sizeof(*stream));
	free(stream);
	return r;
}
