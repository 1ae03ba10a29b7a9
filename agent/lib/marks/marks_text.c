// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "agent/lib/marks/marks_read.h"

void marks_text_init(struct marks_text *text, const struct marks *marks)
{
	memset(text, 0, sizeof(*text));
	text->utf8_found.rank = -1;
	text->gb_found.rank = -1;
	marks_scan_init(&text->utf8, marks, &text->utf8_found);
	marks_scan_init(&text->gb, marks, &text->gb_found);
}

/* Text has none of these, but for the few that end lines, and the escape of old printers. */
static bool is_control(uint32_t code)
{
	return code < 0x20 && code != '\t' && code != '\n' && code != '\r' && code != '\f' &&
	       code != '\v' && code != 0x1b;
}

static void take_utf8(struct marks_text *text)
{
	uint32_t code;
	int used;

	while (text->held > 0) {
		used = marks_utf8(text->hold, text->held, &code);
		if (used < 0)
			return;
		if (used == 0) {
			text->utf8_bad = true;
			code = MARKS_UNKNOWN;
			used = 1;
		}
		if (is_control(code))
			text->strange = true;
		marks_scan_char(&text->utf8, code);
		text->held -= (size_t)used;
		memmove(text->hold, text->hold + used, text->held);
	}
}

static int find_gb(const void *key, const void *entry)
{
	const uint32_t *bytes = key;
	const struct marks_gb *gb = entry;

	return (*bytes > gb->bytes) - (*bytes < gb->bytes);
}

static uint32_t gb_code(const struct marks *marks, const uint8_t *bytes, size_t length)
{
	const struct marks_gb *found;
	uint32_t value = 0;

	for (size_t i = 0; i < length; i++)
		value = value << 8 | bytes[i];
	found = bsearch(&value, marks->gb, marks->gb_count, sizeof(*marks->gb), find_gb);
	return found ? found->code : MARKS_UNKNOWN;
}

/* GB 18030: how long the character is that begins here; 0: none does; more than @length: not whole. */
static size_t gb_length(const uint8_t *bytes, size_t length)
{
	if (bytes[0] < 0x80)
		return 1;
	if (bytes[0] == 0x80 || bytes[0] == 0xff)
		return 0;
	if (length < 2)
		return 2;
	if (bytes[1] >= 0x40 && bytes[1] <= 0xfe && bytes[1] != 0x7f)
		return 2;
	if (bytes[1] < 0x30 || bytes[1] > 0x39)
		return 0;
	if (length >= 3 && (bytes[2] < 0x81 || bytes[2] > 0xfe))
		return 0;
	if (length >= 4 && (bytes[3] < 0x30 || bytes[3] > 0x39))
		return 0;
	return 4;
}

static void take_gb(struct marks_text *text)
{
	size_t used;

	while (text->gb_held > 0) {
		used = gb_length(text->gb_hold, text->gb_held);
		if (used > text->gb_held)
			return;
		if (used == 0)
			text->gb_bad = true;
		marks_scan_char(&text->gb, used == 1 ? text->gb_hold[0]
					   : used == 0
						   ? MARKS_UNKNOWN
						   : gb_code(text->gb.marks, text->gb_hold, used));
		used = used == 0 ? 1 : used;
		text->gb_held -= used;
		memmove(text->gb_hold, text->gb_hold + used, text->gb_held);
	}
}

/* Surrogate pairs are passed on as they are: no marking has any. */
static void take_wide(struct marks_text *text)
{
	uint32_t code;

	if (text->held < 2)
		return;
	code = text->wide == 1 ? text->hold[0] | (uint32_t)text->hold[1] << 8
			       : text->hold[1] | (uint32_t)text->hold[0] << 8;
	text->held = 0;
	if (is_control(code))
		text->strange = true;
	marks_scan_char(&text->utf8, code >= 0xd800 && code < 0xe000 ? MARKS_UNKNOWN : code);
}

static void put_byte(struct marks_text *text, uint8_t byte)
{
	text->hold[text->held++] = byte;
	if (text->wide) {
		take_wide(text);
		return;
	}
	text->gb_hold[text->gb_held++] = byte;
	take_utf8(text);
	take_gb(text);
}

void marks_text_put(struct marks_text *text, const uint8_t *bytes, size_t length)
{
	if (!text->begun && length >= 2) {
		if (bytes[0] == 0xff && bytes[1] == 0xfe)
			text->wide = 1;
		else if (bytes[0] == 0xfe && bytes[1] == 0xff)
			text->wide = 2;
	}
	text->begun = true;
	for (size_t i = 0; i < length; i++)
		put_byte(text, bytes[i]);
}

static void merge(struct marks_found *found, const struct marks_found *other)
{
	if (other->rank <= found->rank)
		return;
	found->rank = other->rank;
	memcpy(found->text, other->text, sizeof(found->text));
}

void marks_text_end(struct marks_text *text, struct marks_found *found)
{
	bool utf8 = text->wide || !text->utf8_bad, gb = !text->wide && !text->gb_bad;

	marks_scan_break(&text->utf8);
	marks_scan_break(&text->gb);
	if (text->held > 0)
		utf8 = false;
	if (text->gb_held > 0)
		gb = false;
	/* What is sound UTF-8 is UTF-8: by chance nothing is that has Chinese in it. */
	if (utf8 || !gb)
		merge(found, &text->utf8_found);
	if (!utf8)
		merge(found, &text->gb_found);
	if (text->strange || (!utf8 && !gb))
		found->strange = 1;
}
