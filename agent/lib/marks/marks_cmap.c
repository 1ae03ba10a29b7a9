// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "agent/lib/marks/marks_pdf.h"

/* A place in the table's text. */
struct reader {
	const uint8_t *bytes;
	size_t length;
	size_t at;
	uint32_t left; /* entries that may still be made */
};

/* More than all codes a few times over is no table. */
#define ENTRIES_MAX 300000u

static int hex(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/*
 * The next <...> before any letter: its first two bytes as a number, and how many bytes it has.
 * False when something else comes: the end of the section, an array.
 */
static bool next_code(struct reader *reader, uint32_t *code, size_t *size)
{
	uint32_t value = 0;
	size_t digits = 0;

	while (reader->at < reader->length && reader->bytes[reader->at] <= ' ')
		reader->at++;
	if (reader->at >= reader->length || reader->bytes[reader->at] != '<')
		return false;
	for (reader->at++; reader->at < reader->length; reader->at++) {
		int digit = hex(reader->bytes[reader->at]);

		if (reader->bytes[reader->at] == '>')
			break;
		if (digit >= 0 && digits++ < 4)
			value = value << 4 | (uint32_t)digit;
	}
	if (reader->at >= reader->length)
		return false;
	reader->at++;
	*code = value;
	*size = (digits + 1) / 2;
	return digits > 0;
}

static void put(struct reader *reader, struct marks_cmap *cmap, uint32_t code, uint32_t value)
{
	if (reader->left == 0 || code >= 65536 || value >= 65536)
		return;
	reader->left--;
	cmap->map[code] = (uint16_t)value;
}

static bool take(struct reader *reader, char c)
{
	while (reader->at < reader->length && reader->bytes[reader->at] <= ' ')
		reader->at++;
	if (reader->at >= reader->length || reader->bytes[reader->at] != (uint8_t)c)
		return false;
	reader->at++;
	return true;
}

static void read_chars(struct reader *reader, struct marks_cmap *cmap)
{
	uint32_t code, value;
	size_t size;

	while (next_code(reader, &code, &size) && next_code(reader, &value, &size))
		put(reader, cmap, code, value);
}

static void read_ranges(struct reader *reader, struct marks_cmap *cmap)
{
	uint32_t first, last, value;
	size_t size;

	while (next_code(reader, &first, &size) && next_code(reader, &last, &size)) {
		if (take(reader, '[')) {
			while (next_code(reader, &value, &size))
				put(reader, cmap, first++, value);
			if (!take(reader, ']'))
				return;
			continue;
		}
		if (!next_code(reader, &value, &size))
			return;
		for (; first <= last && first < 65536 && reader->left > 0; first++)
			put(reader, cmap, first, value++);
	}
}

/* After the next @word; false when there is none. */
static bool find(struct reader *reader, const char *word)
{
	const uint8_t *from = reader->bytes + reader->at;
	const uint8_t *found = memmem(from, reader->length - reader->at, word, strlen(word));

	if (!found)
		return false;
	reader->at = (size_t)(found - reader->bytes) + strlen(word);
	return true;
}

struct marks_cmap *marks_cmap_parse(const uint8_t *bytes, size_t length)
{
	struct reader reader = { .bytes = bytes, .length = length, .left = ENTRIES_MAX };
	struct marks_cmap *cmap;
	uint32_t code;

	if (!memmem(bytes, length, "beginbf", 7))
		return NULL;
	cmap = calloc(1, sizeof(*cmap));
	if (!cmap)
		return NULL;
	cmap->width = 2;
	if (find(&reader, "begincodespacerange") && next_code(&reader, &code, &cmap->width))
		cmap->width = cmap->width == 1 ? 1 : 2;
	reader.at = 0;
	while (find(&reader, "beginbfchar"))
		read_chars(&reader, cmap);
	reader.at = 0;
	while (find(&reader, "beginbfrange"))
		read_ranges(&reader, cmap);
	return cmap;
}
