// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/sign/text.h"

#include <stdio.h>
#include <string.h>

/* Removes the bytes of a character whose end did not fit. */
static void cut(char *buffer, size_t length)
{
	size_t start = length;
	unsigned char first;
	size_t whole;

	while (start > 0 && ((unsigned char)buffer[start - 1] & 0xc0) == 0x80)
		start--;
	if (start == 0)
		return;
	start--;
	first = (unsigned char)buffer[start];
	whole = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
	if (length - start < whole)
		buffer[start] = '\0';
}

void text_vput(char *buffer, size_t size, const char *format, va_list args)
{
	int n = vsnprintf(buffer, size, format, args);

	if (n < 0)
		buffer[0] = '\0';
	else if ((size_t)n >= size)
		cut(buffer, size - 1);
}

void text_put(char *buffer, size_t size, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text_vput(buffer, size, format, args);
	va_end(args);
}

void text_add(char *buffer, size_t size, const char *format, ...)
{
	size_t length = strnlen(buffer, size - 1);
	va_list args;

	va_start(args, format);
	text_vput(buffer + length, size - length, format, args);
	va_end(args);
}
