// SPDX-License-Identifier: GPL-2.0-or-later
/* Bytes of one line: blanks, words, values. */
#include "policy/import/usbguard_scan.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "policy/lang/arena.h"
#include "policy/lang/lex.h"
#include "policy/lang/scalar.h"
#include "policy/lang/utf8.h"

#define MESSAGE_MAX 256

char scan_peek(const struct scan *scan)
{
	if (scan->at >= scan->length || scan->line[scan->at] == '#')
		return '\0';
	return scan->line[scan->at];
}

bool scan_blanks(struct scan *scan)
{
	size_t start = scan->at;

	while (scan_peek(scan) == ' ' || scan_peek(scan) == '\t')
		scan->at++;
	return scan->at > start;
}

bool scan_take(struct scan *scan, char byte)
{
	if (scan_peek(scan) != byte)
		return false;
	scan->at++;
	return true;
}

void *scan_alloc(struct scan *scan, size_t size)
{
	void *memory = arena_alloc(scan->arena, size);

	scan->no_memory |= !memory;
	return memory;
}

static uint32_t characters(const char *bytes, size_t length)
{
	uint32_t count = 0, character;

	for (size_t i = 0; i < length; count++) {
		size_t size = utf8_decode(bytes + i, length - i, &character);

		i += size ? size : 1;
	}
	return count;
}

struct span scan_from(const struct scan *scan, size_t start)
{
	uint32_t length = characters(scan->line + start, scan->at - start);

	return (struct span){
		.offset = scan->offset + (uint32_t)start,
		.line = scan->number,
		.column = characters(scan->line, start) + 1,
		.length = length ? length : 1,
	};
}

bool scan_fail(struct scan *scan, const char *help, const char *format, ...)
{
	char message[MESSAGE_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	if (scan->findings)
		finding_add(scan->findings, DIAG_ERROR, "syntax", scan_from(scan, scan->at), help,
			    "%s", message);
	return false;
}

const char *scan_word(struct scan *scan)
{
	size_t start = scan->at;
	char *text;

	while (isalnum((unsigned char)scan_peek(scan)) ||
	       (scan_peek(scan) && strchr("-:*", scan_peek(scan))))
		scan->at++;
	text = arena_text(scan->arena, scan->line + start, scan->at - start);
	scan->no_memory |= !text;
	return text ? text : "";
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* What follows a backslash; the byte, or -1. */
static int scan_escape(struct scan *scan)
{
	const char *at = scan->line + scan->at;
	size_t left = scan->length - scan->at;
	int high, low;

	if (left > 0 && (*at == '"' || *at == '\\')) {
		scan->at++;
		return *at;
	}
	if (left < 3 || *at != 'x')
		return -1;
	high = hex_digit(at[1]);
	low = hex_digit(at[2]);
	if (high < 0 || low < 0)
		return -1;
	scan->at += 3;
	return high << 4 | low;
}

/* A '#' inside quotes begins no comment, so this looks at the bytes themselves. */
static bool scan_text(struct scan *scan, struct usbguard_value *value)
{
	char *out = scan_alloc(scan, scan->length - scan->at + 1);
	size_t size = 0;

	if (!out)
		return false;
	if (!scan_take(scan, '"'))
		return scan_fail(scan, "write it between double quotes", "a text is expected");
	while (scan->at < scan->length && scan->line[scan->at] != '"') {
		int byte = (unsigned char)scan->line[scan->at++];

		if (byte == '\\')
			byte = scan_escape(scan);
		if (byte < 0)
			return scan_fail(scan, "the escapes are \\\", \\\\ and \\xHH",
					 "this is no escape");
		value->nul |= byte == 0;
		out[size++] = (char)byte;
	}
	if (scan->at == scan->length)
		return scan_fail(scan, "add '\"'", "the text does not end");
	scan->at++;
	value->text = out;
	return true;
}

/* Ids and interface types: as our language reads them, but with as many wildcards as theirs. */
static bool scan_pattern(struct scan *scan, enum value_type type, struct usbguard_value *value)
{
	size_t start = scan->at;
	char *word = (char *)(uintptr_t)scan_word(scan);
	struct value read = { 0 };

	for (char *c = word; *c; c++) {
		value->upper |= isupper((unsigned char)*c) != 0;
		*c = (char)tolower((unsigned char)*c);
	}
	value->text = word;
	value->wild = strchr(word, '*') != NULL;
	if (scalar_read(type, TOKEN_WORD, word, &read) &&
	    (type != VALUE_USB_INTERFACE || read.triple.fixed > 0))
		return true;
	scan->at = start;
	return scan_fail(scan,
			 type == VALUE_USB_ID ? "an id is VVVV:PPPP, VVVV:* or *:*"
					      : "an interface type is CC:SS:PP, CC:SS:* or CC:*:*",
			 "'%s' is no %s", word, type == VALUE_USB_ID ? "id" : "interface type");
}

bool scan_value(struct scan *scan, enum usbguard_attribute attribute, struct usbguard_value *value)
{
	size_t start = scan->at;
	bool good;

	if (attribute == USBGUARD_ID)
		good = scan_pattern(scan, VALUE_USB_ID, value);
	else if (attribute == USBGUARD_INTERFACE)
		good = scan_pattern(scan, VALUE_USB_INTERFACE, value);
	else
		good = scan_text(scan, value);
	value->at = scan_from(scan, start);
	return good;
}
