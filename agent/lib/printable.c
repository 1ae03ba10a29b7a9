// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/printable.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The longest that one character can become: \u{10ffff} */
#define ESCAPE_MAX 10
/* The one control character that JSON may hold as it is; a terminal should not meet it. */
#define DELETE 0x7f

size_t printable_next(const char *text, size_t length, uint32_t *code)
{
	/* Smallest character of each length: below it the form is overlong. */
	static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
	const uint8_t *bytes = (const uint8_t *)text;
	uint32_t value;
	size_t n;

	if (bytes[0] < 0x80) {
		*code = bytes[0];
		return 1;
	}
	n = bytes[0] >= 0xf8   ? 0
	    : bytes[0] >= 0xf0 ? 4
	    : bytes[0] >= 0xe0 ? 3
	    : bytes[0] >= 0xc0 ? 2
			       : 0;
	if (n == 0 || n > length)
		return 0;
	value = bytes[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (bytes[i] & 0x3f);
	}
	if (value < least[n] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 0;
	*code = value;
	return n;
}

bool printable_is(uint32_t code)
{
	/* Control and format characters, separators that break lines, fillers, private use, tags. */
	static const struct {
		uint32_t first, last;
	} hidden[] = {
		{ 0x0000, 0x001f },   { 0x007f, 0x009f },   { 0x00ad, 0x00ad },
		{ 0x034f, 0x034f },   { 0x0600, 0x0605 },   { 0x061c, 0x061c },
		{ 0x06dd, 0x06dd },   { 0x070f, 0x070f },   { 0x0890, 0x0891 },
		{ 0x08e2, 0x08e2 },   { 0x115f, 0x1160 },   { 0x17b4, 0x17b5 },
		{ 0x180b, 0x180f },   { 0x200b, 0x200f },   { 0x2028, 0x202e },
		{ 0x2060, 0x206f },   { 0x2800, 0x2800 },   { 0x3164, 0x3164 },
		{ 0xe000, 0xf8ff },   { 0xfe00, 0xfe0f },   { 0xfeff, 0xfeff },
		{ 0xffa0, 0xffa0 },   { 0xfff0, 0xfffb },   { 0xfffe, 0xffff },
		{ 0x110bd, 0x110bd }, { 0x110cd, 0x110cd }, { 0x13430, 0x1343f },
		{ 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a }, { 0xe0000, 0x10ffff },
	};

	for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		if (code >= hidden[i].first && code <= hidden[i].last)
			return false;
	return true;
}

static char *escape(char *out, size_t size, const char *text, bool any_character)
{
	size_t length = strlen(text), used = 0;
	char piece[ESCAPE_MAX + 1];

	if (size == 0)
		return out;
	while (length > 0) {
		uint32_t code = 0;
		size_t n = printable_next(text, length, &code);
		size_t width = n;

		if (n == 0 || (any_character && code == DELETE))
			width = (size_t)snprintf(piece, sizeof(piece), "\\x%02x", (uint8_t)*text);
		else if (!any_character && !printable_is(code))
			width = (size_t)snprintf(piece, sizeof(piece), "\\u{%x}", code);
		else
			memcpy(piece, text, n);
		if (width >= size - used)
			break;
		memcpy(out + used, piece, width);
		used += width;
		n = n ? n : 1;
		text += n;
		length -= n;
	}
	out[used] = 0;
	return out;
}

bool printable_is_text(const char *text)
{
	size_t left = strlen(text), length;
	uint32_t code;

	for (; left > 0; left -= length, text += length) {
		length = printable_next(text, left, &code);
		if (length == 0 || !printable_is(code))
			return false;
	}
	return true;
}

char *printable_copy(char *out, size_t size, const char *text)
{
	return escape(out, size, text, false);
}

char *printable_utf8(char *out, size_t size, const char *text)
{
	return escape(out, size, text, true);
}

char *printable_new(const char *text)
{
	/* One byte becomes at most six: \u{7f}. Longer characters grow less. */
	size_t size = strlen(text) * 6 + 1;
	char *out = malloc(size);

	return out ? printable_copy(out, size, text) : NULL;
}
