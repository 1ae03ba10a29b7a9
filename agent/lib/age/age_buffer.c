// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/age/age_chunk.h"
#include "agent/lib/age/age_lock.h"
#include "agent/lib/age/age_stream.h"

/* Bytes that are there to be read, or room that is there to be filled. */
struct span {
	uint8_t *out;
	const uint8_t *in;
	size_t used, size;
};

static ssize_t get_span(void *context, uint8_t *bytes, size_t length)
{
	struct span *span = context;
	size_t left = span->size - span->used;

	length = length < left ? length : left;
	memcpy(bytes, span->in + span->used, length);
	span->used += length;
	return (ssize_t)length;
}

static int put_span(void *context, const uint8_t *bytes, size_t length)
{
	struct span *span = context;

	if (length > span->size - span->used)
		return -ENOSPC;
	memcpy(span->out + span->used, bytes, length);
	span->used += length;
	return 0;
}

/* One byte more than needed, so that an empty content is a buffer as well. */
static int make_room(struct span *room, size_t size)
{
	*room = (struct span){ .out = malloc(size + 1), .size = size };
	return room->out ? 0 : -ENOMEM;
}

int age_encrypt_buffer(const void *data, size_t length, const struct age_recipient *recipients,
		       size_t count, uint8_t **out, size_t *out_length)
{
	struct span from = { .in = data, .size = length }, to;
	const struct age_source source = { .get = get_span, .context = &from };
	const struct age_sink sink = { .put = put_span, .context = &to };
	int r;

	r = make_room(&to, AGE_HEAD_SIZE + (size_t)age_sealed_size(length));
	if (r == 0)
		r = age_encrypt_stream(&source, &sink, recipients, count);
	if (r < 0) {
		free(to.out);
		to = (struct span){ 0 };
	}
	*out = to.out;
	*out_length = to.used;
	return r;
}

int age_decrypt_buffer(const void *data, size_t length, const struct age_keyring *ring,
		       uint8_t **out, size_t *out_length)
{
	struct span from = { .in = data, .size = length }, to;
	const struct age_source source = { .get = get_span, .context = &from };
	const struct age_sink sink = { .put = put_span, .context = &to };
	int r;

	/* The content is always smaller than the file. */
	r = make_room(&to, length);
	if (r == 0)
		r = age_decrypt_stream(&source, &sink, ring);
	if (r < 0 && to.out) {
		sodium_memzero(to.out, to.used);
		free(to.out);
		to = (struct span){ 0 };
	}
	*out = to.out;
	*out_length = to.used;
	return r;
}
