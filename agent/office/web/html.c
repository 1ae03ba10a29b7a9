// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/web/html.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/printable.h"

#define FIRST_ROOM 16384

void html_free(struct html *html)
{
	free(html->data);
	*html = (struct html){ 0 };
}

static void append(struct html *html, const char *bytes, size_t length)
{
	size_t room = html->room ? html->room : FIRST_ROOM;
	char *more;

	while (room < html->used + length)
		room *= 2;
	if (room > html->room) {
		more = realloc(html->data, room);
		if (!more) {
			html->failed = true;
			return;
		}
		html->data = more;
		html->room = room;
	}
	memcpy(html->data + html->used, bytes, length);
	html->used += length;
}

static const char *entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void html_bytes(struct html *html, const char *text, size_t length)
{
	char written[24];

	for (size_t i = 0, n; i < length; i += n) {
		const char *name = entity(text[i]);
		uint32_t code = 0;

		n = printable_next(text + i, length - i, &code);
		if (n == 0) {
			n = 1;
			append(html, written,
			       (size_t)snprintf(written, sizeof(written), "\\x%02x",
						(unsigned int)(unsigned char)text[i]));
		} else if (name) {
			append(html, name, strlen(name));
		} else if (code == '\n' || printable_is(code)) {
			append(html, text + i, n);
		} else {
			append(html, written,
			       (size_t)snprintf(written, sizeof(written), "\\u{%" PRIX32 "}",
						code));
		}
	}
}

void html_text(struct html *html, const char *text)
{
	html_bytes(html, text, strlen(text));
}

/* One conversion at @format, which stands after its %; returns where it ends. */
static const char *convert(struct html *html, const char *format, va_list *args)
{
	unsigned int longs = 0;
	char digits[32] = "";

	for (; *format == 'l' || *format == 'z'; format++)
		longs++;
	if (*format == 's')
		html_text(html, va_arg(*args, const char *));
	else if (*format == 'd' && longs)
		snprintf(digits, sizeof(digits), "%ld", va_arg(*args, long));
	else if (*format == 'd')
		snprintf(digits, sizeof(digits), "%d", va_arg(*args, int));
	else if (*format == 'u' && longs)
		snprintf(digits, sizeof(digits), "%lu", va_arg(*args, unsigned long));
	else if (*format == 'u')
		snprintf(digits, sizeof(digits), "%u", va_arg(*args, unsigned int));
	else if (*format == '%')
		digits[0] = '%';
	else
		html->failed = true;
	append(html, digits, strlen(digits));
	return *format ? format + 1 : format;
}

_Static_assert(sizeof(long) == sizeof(long long) && sizeof(long) == sizeof(size_t),
	       "l, ll and z are the same width");

static void write_all(struct html *html, const char *format, va_list *args, bool is_text)
{
	while (*format) {
		size_t plain = strcspn(format, "%");

		if (is_text)
			html_bytes(html, format, plain);
		else
			append(html, format, plain);
		format += plain;
		if (*format)
			format = convert(html, format + 1, args);
	}
}

void html_put(struct html *html, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	write_all(html, format, &args, false);
	va_end(args);
}

void html_say(struct html *html, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	write_all(html, format, &args, true);
	va_end(args);
}
