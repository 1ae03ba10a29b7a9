// SPDX-License-Identifier: GPL-2.0-or-later
/* Strings and the operators that move the line (ISO 32000-1, sections 7.3.4, 9.4). */
#include <string.h>

#include "agent/lib/marks/marks_pdf.h"

#define NUMBERS 2u

struct content {
	struct marks_scan scan;
	const struct marks_cmap *cmap;
	const uint8_t *bytes;
	size_t length;
	size_t at;
	int64_t numbers[NUMBERS]; /* the last ones, in thousandths; the newest last */
	int64_t y, shown_y;	  /* of the line now, and of what was shown last */
	/* the string that is being read */
	uint32_t code;
	size_t code_bytes;
	size_t string_bytes;
	bool wide; /* begins with FE FF: UTF-16 */
};

static void begin_string(struct content *content)
{
	if (content->y != content->shown_y)
		marks_scan_break(&content->scan);
	content->shown_y = content->y;
	content->code = 0;
	content->code_bytes = 0;
	content->string_bytes = 0;
	content->wide = false;
}

static void emit(struct content *content, uint32_t code)
{
	marks_scan_char(&content->scan, code ? code : MARKS_UNKNOWN);
}

static void put_plain(struct content *content, uint8_t byte)
{
	if (content->string_bytes == 2 && content->code == 0xfe && byte == 0xff) {
		content->wide = true;
		content->code_bytes = 0;
		content->code = 0;
		marks_scan_break(&content->scan);
		return;
	}
	if (!content->wide) {
		content->code = byte;
		emit(content, byte < 0x80 ? byte : MARKS_UNKNOWN);
		return;
	}
	content->code = content->code << 8 | byte;
	if (++content->code_bytes < 2)
		return;
	emit(content, content->code);
	content->code = 0;
	content->code_bytes = 0;
}

static void put_byte(struct content *content, uint8_t byte)
{
	content->string_bytes++;
	if (!content->cmap) {
		put_plain(content, byte);
		return;
	}
	content->code = content->code << 8 | byte;
	if (++content->code_bytes < content->cmap->width)
		return;
	emit(content, content->cmap->map[content->code & 0xffff]);
	content->code = 0;
	content->code_bytes = 0;
}

static bool more(const struct content *content)
{
	return content->at < content->length;
}

static void read_escape(struct content *content)
{
	static const char letters[] = "nrtbf", values[] = "\n\r\t\b\f";
	uint8_t c = content->bytes[content->at++];
	const char *letter = c ? strchr(letters, c) : NULL;
	uint32_t value = 0;

	if (letter) {
		put_byte(content, (uint8_t)values[letter - letters]);
	} else if (c >= '0' && c <= '7') {
		content->at--;
		for (int i = 0; i < 3 && more(content); i++) {
			c = content->bytes[content->at];
			if (c < '0' || c > '7')
				break;
			value = value << 3 | (uint32_t)(c - '0');
			content->at++;
		}
		put_byte(content, (uint8_t)value);
	} else if (c != '\n' && c != '\r') {
		put_byte(content, c);
	}
}

/* From behind its parenthesis. */
static void read_string(struct content *content)
{
	int depth = 1;

	begin_string(content);
	while (more(content)) {
		uint8_t c = content->bytes[content->at++];

		if (c == '\\' && more(content)) {
			read_escape(content);
			continue;
		}
		depth += (c == '(') - (c == ')');
		if (depth == 0)
			break;
		put_byte(content, c);
	}
	if (content->wide)
		marks_scan_break(&content->scan);
}

static int hex(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void read_hex(struct content *content)
{
	int high = -1;

	begin_string(content);
	while (more(content)) {
		uint8_t c = content->bytes[content->at++];
		int digit = hex(c);

		if (c == '>')
			break;
		if (digit < 0)
			continue;
		if (high >= 0)
			put_byte(content, (uint8_t)(high << 4 | digit));
		high = high >= 0 ? -1 : digit;
	}
	if (high >= 0)
		put_byte(content, (uint8_t)(high << 4));
	if (content->wide)
		marks_scan_break(&content->scan);
}

static void read_number(struct content *content)
{
	bool negative = content->bytes[content->at] == '-';
	int64_t value = 0, scale = 0;

	if (negative || content->bytes[content->at] == '+')
		content->at++;
	for (; more(content); content->at++) {
		uint8_t c = content->bytes[content->at];

		if (c == '.' && scale == 0) {
			scale = 1;
		} else if (c >= '0' && c <= '9') {
			if (scale < 1000 && value < INT64_C(1000000000000)) {
				value = value * 10 + (c - '0');
				scale *= 10;
			}
		} else {
			break;
		}
	}
	while (scale < 1000) {
		value = value < INT64_C(1000000000000) ? value * 10 : value;
		scale = scale == 0 ? 10 : scale * 10;
	}
	memmove(content->numbers, content->numbers + 1, sizeof(content->numbers[0]));
	content->numbers[NUMBERS - 1] = negative ? -value : value;
}

/* Td moves the line, Tm places it; of both the last number is the height. */
static void operate(struct content *content, const char *name)
{
	int64_t last = content->numbers[NUMBERS - 1];

	if (strcmp(name, "BT") == 0)
		content->y = 0;
	else if (strcmp(name, "Tm") == 0)
		content->y = last;
	else if (strcmp(name, "Td") == 0 || strcmp(name, "TD") == 0)
		content->y = (int64_t)((uint64_t)content->y + (uint64_t)last);
	else if (strcmp(name, "T*") == 0)
		marks_scan_break(&content->scan);
}

static bool is_letter(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '*';
}

static void read_operator(struct content *content)
{
	char name[4] = "";
	size_t length = 0;

	while (more(content) && is_letter(content->bytes[content->at])) {
		if (length < 3)
			name[length] = (char)content->bytes[content->at];
		length++;
		content->at++;
	}
	if (length <= 2)
		operate(content, name);
}

static void skip_to(struct content *content, const char *stop)
{
	while (more(content) && !memchr(stop, content->bytes[content->at], strlen(stop)))
		content->at++;
}

static void read_token(struct content *content)
{
	uint8_t c = content->bytes[content->at];

	if (c == '(') {
		content->at++;
		read_string(content);
	} else if (c == '<' && content->at + 1 < content->length &&
		   content->bytes[content->at + 1] == '<') {
		content->at += 2;
	} else if (c == '<') {
		content->at++;
		read_hex(content);
	} else if (c == '%') {
		skip_to(content, "\r\n");
	} else if (c == '/') {
		content->at++;
		skip_to(content, " \t\r\n/<>[]()");
	} else if (c == '-' || c == '+' || c == '.' || (c >= '0' && c <= '9')) {
		read_number(content);
	} else if (is_letter(c)) {
		read_operator(content);
	} else {
		/* ' and " show a string on the next line. */
		if (c == '\'' || c == '"')
			marks_scan_break(&content->scan);
		content->at++;
	}
}

void marks_pdf_text(const struct marks *marks, const uint8_t *bytes, size_t length,
		    const struct marks_cmap *cmap, struct marks_found *found)
{
	struct content content = { .cmap = cmap, .bytes = bytes, .length = length };

	marks_scan_init(&content.scan, marks, found);
	while (more(&content))
		read_token(&content);
	marks_scan_break(&content.scan);
}
