// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/paper_fixture.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "tests/unit/age_fixture.h"

static void add(struct paper_file *file, const void *bytes, size_t length)
{
	ck_assert_uint_le(file->length + length, sizeof(file->bytes));
	memcpy(file->bytes + file->length, bytes, length);
	file->length += length;
}

static void add_number(struct paper_file *file, unsigned int bytes, size_t value)
{
	for (unsigned int i = 0; i < bytes; i++) {
		uint8_t byte = (uint8_t)(value >> 8 * i);

		add(file, &byte, 1);
	}
}

/* @window: as of deflateInit2(): negative without the frame of zlib */
static size_t deflated(const void *bytes, size_t length, uint8_t *out, size_t size, int window)
{
	z_stream z = { 0 };

	ck_assert_int_eq(deflateInit2(&z, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (Bytef *)(uintptr_t)bytes;
	z.avail_in = (uInt)length;
	z.next_out = out;
	z.avail_out = (uInt)size;
	ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return size - z.avail_out;
}

/* The fields that local and central header share. */
static void add_member(struct paper_file *file, const struct paper_member *member, size_t packed)
{
	size_t length = strlen(member->text);

	add_number(file, 2, 20);
	add_number(file, 2, 0);
	add_number(file, 2, member->stored ? 0 : 8);
	add_number(file, 4, 0);
	add_number(file, 4, crc32(0, (const Bytef *)member->text, (uInt)length));
	add_number(file, 4, packed);
	add_number(file, 4, length);
	add_number(file, 2, strlen(member->name));
	add_number(file, 2, 0);
}

int paper_zip(const struct paper_member *members)
{
	struct paper_file *file = calloc(1, sizeof(*file)), *central = calloc(1, sizeof(*central));
	uint8_t packed[32768];
	size_t count = 0, size;
	int fd;

	for (; members[count].name; count++) {
		const struct paper_member *member = &members[count];
		size_t at = file->length;

		size = strlen(member->text);
		if (member->stored)
			memcpy(packed, member->text, size);
		else
			size = deflated(member->text, size, packed, sizeof(packed), -15);
		add_number(file, 4, 0x04034b50);
		add_member(file, member, size);
		add(file, member->name, strlen(member->name));
		add(file, packed, size);
		add_number(central, 4, 0x02014b50);
		add_number(central, 2, 20);
		add_member(central, member, size);
		add_number(central, 2, 0);
		add_number(central, 2, 0);
		add_number(central, 2, 0);
		add_number(central, 4, 0);
		add_number(central, 4, at);
		add(central, member->name, strlen(member->name));
	}
	size = file->length;
	add(file, central->bytes, central->length);
	add_number(file, 4, 0x06054b50);
	add_number(file, 4, 0);
	add_number(file, 2, count);
	add_number(file, 2, count);
	add_number(file, 4, central->length);
	add_number(file, 4, size);
	add_number(file, 2, 0);
	fd = age_fixture_file(file->bytes, file->length);
	free(file);
	free(central);
	return fd;
}

int paper_pdf(const char *const *streams, bool packed)
{
	struct paper_file *file = calloc(1, sizeof(*file));
	uint8_t bytes[32768];
	char head[128];
	int fd;

	add(file, "%PDF-1.7\n", 9);
	for (size_t i = 0; streams[i]; i++) {
		size_t length = strlen(streams[i]);

		if (packed)
			length = deflated(streams[i], length, bytes, sizeof(bytes), 15);
		else
			memcpy(bytes, streams[i], length);
		add(file, head,
		    (size_t)snprintf(head, sizeof(head), "%zu 0 obj\n<<%s/Length %zu>>\nstream\n",
				     i + 1, packed ? "/Filter/FlateDecode" : "", length));
		add(file, bytes, length);
		add(file, "\nendstream\nendobj\n", 18);
	}
	add(file, "trailer\n<</Root 1 0 R>>\n%%EOF\n", 30);
	fd = age_fixture_file(file->bytes, file->length);
	free(file);
	return fd;
}

int paper_text(const char *text)
{
	return age_fixture_file((const uint8_t *)text, strlen(text));
}
