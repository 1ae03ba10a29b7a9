// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/age/age_reader.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "agent/lib/age/age_io.h"
#include "agent/lib/age/age_lock.h"
#include "agent/lib/age/age_result.h"

#define NO_CHUNK UINT64_MAX

struct age_reader {
	struct age_payload payload;
	struct age_chunks chunks;
	uint64_t number; /* of the chunk in @plain */
	uint8_t sealed[AGE_SEALED_SIZE];
	uint8_t plain[AGE_CHUNK_SIZE];
};

static int read_head(struct age_payload *payload, uint64_t file_size,
		     const struct age_keyring *ring)
{
	size_t length = file_size < AGE_HEAD_MAX ? (size_t)file_size : AGE_HEAD_MAX, head = 0;
	uint8_t *bytes = malloc(length + 1);
	struct iovec piece = { .iov_base = bytes, .iov_len = length };
	int r;

	if (!bytes)
		return -ENOMEM;
	r = age_io_read_at(payload->fd, &piece, 1, 0);
	if (r == 0)
		r = age_unlock(bytes, length, ring, &head, payload->key);
	free(bytes);
	if (r < 0)
		return r;
	payload->start = head;
	return age_plain_size(file_size - head, &payload->size);
}

int age_payload_open(struct age_payload *payload, int fd, const struct age_keyring *ring)
{
	struct stat st;
	int r;

	*payload = (struct age_payload){ .fd = fd };
	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -ESPIPE;
	payload->key = age_key_new();
	if (!payload->key)
		return -ENOMEM;
	r = read_head(payload, (uint64_t)st.st_size, ring);
	if (r < 0)
		age_payload_close(payload);
	return r;
}

void age_payload_close(struct age_payload *payload)
{
	age_key_free(payload->key);
	payload->key = NULL;
}

static size_t chunk_length(const struct age_reader *reader, uint64_t number)
{
	uint64_t left = reader->payload.size - number * AGE_CHUNK_SIZE;

	return left < AGE_CHUNK_SIZE ? (size_t)left : AGE_CHUNK_SIZE;
}

/* Have chunk @number in @plain. */
static int load(struct age_reader *reader, uint64_t number)
{
	const struct age_payload *payload = &reader->payload;
	size_t length = chunk_length(reader, number);
	struct iovec piece = { .iov_base = reader->sealed, .iov_len = length + AGE_TAG_SIZE };
	bool final = number + 1 == age_chunk_count(payload->size);
	int r;

	if (reader->number == number)
		return 0;
	reader->number = NO_CHUNK;
	r = age_io_read_at(payload->fd, &piece, 1, payload->start + number * AGE_SEALED_SIZE);
	if (r == 0)
		r = age_chunk(&reader->chunks, number, final, reader->sealed, length,
			      reader->plain);
	if (r == 0)
		reader->number = number;
	return r;
}

int age_reader_open(int fd, const struct age_keyring *ring, const struct age_cipher *cipher,
		    struct age_reader **reader)
{
	struct age_reader *made = calloc(1, sizeof(*made));
	int r;

	*reader = NULL;
	if (!made)
		return -ENOMEM;
	made->number = NO_CHUNK;
	r = age_payload_open(&made->payload, fd, ring);
	if (r == 0)
		r = age_chunks_start(&made->chunks, cipher, made->payload.key, AGE_OPEN);
	if (r == 0)
		r = load(made, age_chunk_count(made->payload.size) - 1);
	if (r < 0) {
		age_reader_close(made);
		return r;
	}
	*reader = made;
	return 0;
}

void age_reader_close(struct age_reader *reader)
{
	if (!reader)
		return;
	age_chunks_end(&reader->chunks);
	age_payload_close(&reader->payload);
	sodium_memzero(reader, sizeof(*reader));
	free(reader);
}

uint64_t age_reader_size(const struct age_reader *reader)
{
	return reader->payload.size;
}

ssize_t age_reader_pread(struct age_reader *reader, void *out, size_t length, uint64_t offset)
{
	size_t done = 0;
	int r;

	if (offset >= reader->payload.size)
		return 0;
	if (length > reader->payload.size - offset)
		length = (size_t)(reader->payload.size - offset);
	while (done < length) {
		uint64_t number = (offset + done) / AGE_CHUNK_SIZE;
		size_t from = (size_t)((offset + done) % AGE_CHUNK_SIZE), piece;

		r = load(reader, number);
		if (r < 0)
			return r;
		piece = chunk_length(reader, number) - from;
		piece = piece < length - done ? piece : length - done;
		memcpy((uint8_t *)out + done, reader->plain + from, piece);
		done += piece;
	}
	return (ssize_t)done;
}
