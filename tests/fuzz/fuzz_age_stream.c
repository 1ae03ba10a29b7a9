// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Payloads. No search forges a tag, so the input says how a sound file is spoilt: its size, then
 * steps that cut, repeat, exchange and change parts of it. Whoever reads it, as a stream or in any
 * order, must give exactly the content of a file that came out as it was, and of no other.
 *
 * Input: size of the content, 3 bytes; steps of 6 bytes each: kind, place (3), length (2).
 */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "agent/lib/age/age_reader.h"
#include "agent/lib/age/age_result.h"
#include "agent/lib/age/age_stream.h"

#define CONTENT_MAX 200000u
#define FILE_MAX    400000u
#define STEPS_MAX   8
#define STEP_SIZE   6

static struct age_keyring *ring;
static uint8_t content[CONTENT_MAX], file[FILE_MAX];
static int memory = -1;

static size_t number(const uint8_t *at, size_t size)
{
	size_t value = 0;

	while (size-- > 0)
		value = value << 8 | *at++;
	return value;
}

/* Whole chunks move as wholes; other places are any. */
static size_t place_of(const uint8_t *step, size_t head, size_t length)
{
	size_t place = number(step + 1, 3);

	if (step[0] & 0x80)
		place = head + place % 8 * AGE_SEALED_SIZE;
	return place < length ? place : length;
}

static size_t spoil(const uint8_t *step, size_t head, size_t length)
{
	size_t place = place_of(step, head, length), left = length - place;
	size_t count = step[0] & 0x40 ? AGE_SEALED_SIZE : number(step + 4, 2);

	count = count < left ? count : left;
	switch (step[0] % 5) {
	case 0: /* cut off the end */
		return place;
	case 1: /* change a byte */
		if (left > 0)
			file[place] = (uint8_t)(file[place] ^ step[4]);
		return length;
	case 2: /* take a part out */
		memmove(file + place, file + place + count, left - count);
		return length - count;
	case 3: /* have a part twice */
		if (length + count > FILE_MAX)
			return length;
		memmove(file + place + count, file + place, left);
		return length + count;
	default: /* move a part to the end */
		if (length + count > FILE_MAX)
			return length;
		memcpy(file + length, file + place, count);
		memmove(file + place, file + place + count, length - place);
		return length;
	}
}

static void as_stream(size_t length, bool sound, size_t size)
{
	uint8_t *out;
	size_t count;
	int r = age_decrypt_buffer(file, length, ring, &out, &count);

	MUST((r == 0) == sound);
	MUST(r == 0 || r == AGE_BAD_HEADER || r == AGE_NO_MATCH || r == AGE_BAD_MAC ||
	     r == AGE_BAD_PAYLOAD);
	MUST(r == 0 ? count == size && memcmp(out, content, size) == 0 : !out && count == 0);
	free(out);
}

/* A reader gives a chunk that is genuine and where it belongs, though others may not be. */
static void in_any_order(size_t length, bool sound, size_t size)
{
	static uint8_t out[AGE_CHUNK_SIZE];
	struct age_reader *reader;
	ssize_t n;
	int r;

	MUST(ftruncate(memory, 0) == 0 && pwrite(memory, file, length, 0) == (ssize_t)length);
	r = age_reader_open(memory, ring, NULL, &reader);
	MUST(r == 0 || r == AGE_BAD_HEADER || r == AGE_NO_MATCH || r == AGE_BAD_MAC ||
	     r == AGE_BAD_PAYLOAD);
	MUST(r == 0 ? age_reader_size(reader) == size : !sound && !reader);
	for (size_t at = size; r == 0 && at > 0;) {
		size_t from = at > sizeof(out) ? at - sizeof(out) : 0;

		n = age_reader_pread(reader, out, at - from, from);
		MUST(n == (ssize_t)(at - from) || (!sound && n == AGE_BAD_PAYLOAD));
		MUST(n < 0 || memcmp(out, content + from, (size_t)n) == 0);
		at = from;
	}
	age_reader_close(reader);
}

static void prepare(void)
{
	ring = age_keyring_new();
	MUST(ring && age_keyring_generate(ring) == 0);
	memory = memfd_create("age", MFD_CLOEXEC);
	MUST(memory >= 0);
	for (size_t i = 0; i < sizeof(content); i++)
		content[i] = (uint8_t)(i * 7 ^ i >> 8);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t content_size, length, whole;
	uint8_t *made;
	bool sound;

	if (size < 3)
		return 0;
	if (!ring)
		prepare();
	content_size = number(data, 3) % (CONTENT_MAX + 1);
	MUST(age_encrypt_buffer(content, content_size, &ring->identities[0].recipient, 1, &made,
				&whole) == 0);
	memcpy(file, made, whole);
	length = whole;
	for (size_t i = 0; i < STEPS_MAX && 3 + (i + 1) * STEP_SIZE <= size; i++)
		length = spoil(data + 3 + i * STEP_SIZE, whole - age_sealed_size(content_size),
			       length);
	sound = length == whole && memcmp(file, made, whole) == 0;
	free(made);
	as_stream(length, sound, content_size);
	in_any_order(length, sound, content_size);
	return 0;
}
