// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/marks/marks_scan.h"

#include <string.h>

#include "agent/lib/printable.h"
#include "policy/lang/utf8.h"

#define STAR	   0x2605u
#define STAR_WHITE 0x2606u
#define YEAR	   0x5e74u
#define MONTH	   0x6708u
#define DAY	   0x65e5u
#define PIECE_OF   0x4e2au /* 个, of 6个月 */

static const uint32_t brackets[] = { '[',    ']',    '(',    ')',    '<',    '>',
				     0x3008, 0x3009, 0x300a, 0x300b, 0x3010, 0x3011,
				     0x3014, 0x3015, 0xff08, 0xff09, 0xff3b, 0xff3d };
static const uint32_t level_word[] = { 0x5bc6, 0x7ea7 }; /* 密级 */
static const uint32_t long_term[] = { 0x957f, 0x671f };	 /* 长期 */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

void marks_scan_init(struct marks_scan *scan, const struct marks *marks, struct marks_found *found)
{
	memset(scan, 0, sizeof(*scan));
	scan->marks = marks;
	scan->found = found;
}

int marks_utf8(const uint8_t *bytes, size_t length, uint32_t *code)
{
	size_t wanted = bytes[0] < 0x80 ? 1 : bytes[0] < 0xe0 ? 2 : bytes[0] < 0xf0 ? 3 : 4;
	size_t used = utf8_decode((const char *)bytes, length, code);

	if (used > 0)
		return (int)used;
	return bytes[0] >= 0xc2 && bytes[0] < 0xf5 && wanted > length ? -1 : 0;
}

static bool is_space(uint32_t code)
{
	return code == ' ' || code == '\t' || code == '\r' || code == 0xa0 || code == 0x3000 ||
	       code == 0xfeff || (code >= 0x2000 && code <= 0x200f);
}

static bool is_break(uint32_t code)
{
	return code == '\n' || code == '\f' || code == '\v' || code == 0x85 || code == 0x2028 ||
	       code == 0x2029;
}

static bool is_star(uint32_t code)
{
	return code == STAR || code == STAR_WHITE;
}

static bool is_digit(uint32_t code)
{
	return (code >= '0' && code <= '9') || (code >= 0xff10 && code <= 0xff19) ||
	       code == MARKS_UNKNOWN;
}

static bool is_bracket(uint32_t code)
{
	for (size_t i = 0; i < COUNT(brackets); i++)
		if (brackets[i] == code)
			return true;
	return false;
}

static bool starts(const uint32_t *line, size_t length, const uint32_t *word, size_t size)
{
	return length >= size && memcmp(line, word, size * sizeof(*word)) == 0;
}

/* A term and nothing else: 10年, 6个月, 长期, with or without a star before it. */
static bool is_term(const uint32_t *at, size_t length)
{
	size_t digits = 0;

	if (length > 0 && is_star(at[0])) {
		at++;
		length--;
	}
	if (length == 0)
		return true;
	if (length == COUNT(long_term) && starts(at, length, long_term, COUNT(long_term)))
		return true;
	while (digits < length && is_digit(at[digits]))
		digits++;
	at += digits;
	length -= digits;
	if (digits == 0 || length == 0)
		return false;
	if (length == 2 && at[0] == PIECE_OF && at[1] == MONTH)
		return true;
	return length == 1 && (at[0] == YEAR || at[0] == MONTH || at[0] == DAY);
}

/* The rank of the label that this line is; -1 when it is none. */
static int line_rank(const struct marks_scan *scan)
{
	const uint32_t *at = scan->line;
	size_t length = scan->length;

	while (length > 0 && is_bracket(at[0])) {
		at++;
		length--;
	}
	while (length > 0 && is_bracket(at[length - 1]))
		length--;
	if (starts(at, length, level_word, COUNT(level_word))) {
		at += COUNT(level_word);
		length -= COUNT(level_word);
		if (length > 0 && (at[0] == ':' || at[0] == 0xff1a)) {
			at++;
			length--;
		}
	}
	for (uint32_t i = scan->marks->count; i > 0; i--) {
		const struct marks_label *label = &scan->marks->labels[i - 1];

		if (label->length > 0 && starts(at, length, label->code, label->length) &&
		    is_term(at + label->length, length - label->length))
			return (int)i - 1;
	}
	return -1;
}

/* The rank of the label that the line ends with, before its star. */
static int star_rank(const struct marks_scan *scan)
{
	size_t length = scan->length - 1;

	for (uint32_t i = scan->marks->count; i > 0; i--) {
		const struct marks_label *label = &scan->marks->labels[i - 1];

		if (label->length > 0 && label->length <= length &&
		    memcmp(scan->line + length - label->length, label->code,
			   label->length * sizeof(label->code[0])) == 0)
			return (int)i - 1;
	}
	return -1;
}

static size_t put_utf8(char *out, uint32_t code)
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (char)(0xc0 | code >> 6);
		out[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000) {
		out[0] = (char)(0xe0 | code >> 12);
		out[1] = (char)(0x80 | (code >> 6 & 0x3f));
		out[2] = (char)(0x80 | (code & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | code >> 18);
	out[1] = (char)(0x80 | (code >> 12 & 0x3f));
	out[2] = (char)(0x80 | (code >> 6 & 0x3f));
	out[3] = (char)(0x80 | (code & 0x3f));
	return 4;
}

/* As it stands in the document, as far as it may be shown. */
static void keep_line(const struct marks_scan *scan)
{
	char *out = scan->found->text;
	size_t at = 0, first = scan->length > 40 ? scan->length - 40 : 0;

	for (size_t i = first; i < scan->length && at + 5 < MARKS_TEXT_SIZE; i++) {
		uint32_t code = scan->line[i];

		if (code == MARKS_UNKNOWN || !printable_is(code))
			code = '?';
		at += put_utf8(out + at, code);
	}
	out[at] = '\0';
}

static void take(struct marks_scan *scan, int rank)
{
	if (rank <= scan->found->rank)
		return;
	scan->found->rank = rank;
	keep_line(scan);
}

void marks_scan_char(struct marks_scan *scan, uint32_t code)
{
	if (is_break(code)) {
		marks_scan_break(scan);
		return;
	}
	if (is_space(code))
		return;
	if (scan->length == MARKS_LINE_MAX) {
		memmove(scan->line, scan->line + MARKS_LINE_MAX / 4,
			(MARKS_LINE_MAX - MARKS_LINE_MAX / 4) * sizeof(scan->line[0]));
		scan->length -= MARKS_LINE_MAX / 4;
		scan->full = true;
	}
	scan->line[scan->length++] = code;
	if (is_star(code))
		take(scan, star_rank(scan));
}

void marks_scan_break(struct marks_scan *scan)
{
	if (scan->length > 0 && !scan->full)
		take(scan, line_rank(scan));
	scan->length = 0;
	scan->full = false;
}
