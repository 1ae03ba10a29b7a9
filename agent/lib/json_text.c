// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/json_text.h"

#include <string.h>

#include "agent/lib/printable.h"

#define DELETE 0x7f

static void put(struct json_text *out, const char *text, size_t length)
{
	if (out->length < out->size && length <= out->size - out->length)
		memcpy(out->text + out->length, text, length);
	out->length += length;
}

void json_text_raw(struct json_text *out, const char *text)
{
	put(out, text, strlen(text));
}

void json_text_hex(struct json_text *out, const uint8_t *bytes, size_t count)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < count; i++) {
		const char pair[2] = { digits[bytes[i] >> 4], digits[bytes[i] & 15] };

		put(out, pair, sizeof(pair));
	}
}

void json_text_number(struct json_text *out, uint64_t number)
{
	char digits[20];
	size_t at = sizeof(digits);

	if (number > INT64_MAX)
		number = INT64_MAX;
	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	put(out, digits + at, sizeof(digits) - at);
}

/* \uXXXX of one UTF-16 unit. */
static void put_unit(struct json_text *out, uint32_t unit)
{
	static const char digits[] = "0123456789ABCDEF";
	const char escape[6] = { '\\',
				 'u',
				 digits[unit >> 12 & 15],
				 digits[unit >> 8 & 15],
				 digits[unit >> 4 & 15],
				 digits[unit & 15] };

	put(out, escape, sizeof(escape));
}

static void put_code(struct json_text *out, uint32_t code)
{
	if (code < 0x10000) {
		put_unit(out, code);
		return;
	}
	code -= 0x10000;
	put_unit(out, 0xd800 + (code >> 10));
	put_unit(out, 0xdc00 + (code & 0x3ff));
}

/* Those with a letter of their own (RFC 8259, section 7); 0: none. */
static char short_escape(uint8_t c)
{
	switch (c) {
	case '\b':
		return 'b';
	case '\f':
		return 'f';
	case '\n':
		return 'n';
	case '\r':
		return 'r';
	case '\t':
		return 't';
	default:
		return c == '"' || c == '\\' ? (char)c : 0;
	}
}

/* One character that is not written as it is, or a byte that is none; its length in the text. */
static size_t put_special(struct json_text *out, const char *text, size_t left)
{
	uint32_t code = 0;
	size_t length = printable_next(text, left, &code);
	char letter = length == 1 ? short_escape((uint8_t)*text) : 0;

	if (length == 0 || code == DELETE) {
		/* As the text \xNN, whose backslash JSON doubles. */
		put(out, "\\\\x", 3);
		json_text_hex(out, (const uint8_t *)text, 1);
		return 1;
	}
	if (letter) {
		put(out, (char[]){ '\\', letter }, 2);
		return 1;
	}
	put_code(out, code);
	return length;
}

void json_text_string(struct json_text *out, const char *bytes)
{
	const char *end = bytes + strlen(bytes), *from = bytes;

	put(out, "\"", 1);
	while (bytes < end) {
		uint8_t c = (uint8_t)*bytes;

		if (c >= ' ' && c < DELETE && c != '"' && c != '\\') {
			bytes++;
			continue;
		}
		put(out, from, (size_t)(bytes - from));
		bytes += put_special(out, bytes, (size_t)(end - bytes));
		from = bytes;
	}
	put(out, from, (size_t)(end - from));
	put(out, "\"", 1);
}
