// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/section.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD_LINE_MAX (SECTION_HEAD_SIZE - 2)

int section_next(const uint8_t *data, size_t size, size_t *at, struct section *section)
{
	size_t left = size - *at, line, digits;
	const uint8_t *start = data + *at, *newline, *blank;
	uint64_t length = 0;

	if (left == 0)
		return 0;
	newline = memchr(start, '\n', left < HEAD_LINE_MAX ? left : HEAD_LINE_MAX);
	if (!newline)
		return -EBADMSG;
	line = (size_t)(newline - start);
	blank = memrchr(start, ' ', line);
	if (!blank || blank == start || (size_t)(blank - start) >= sizeof(section->name))
		return -EBADMSG;
	digits = (size_t)(newline - blank) - 1;
	if (digits == 0 || digits > 12 || (digits > 1 && blank[1] == '0'))
		return -EBADMSG;
	for (const uint8_t *p = blank + 1; p < newline; p++) {
		if (*p < '0' || *p > '9')
			return -EBADMSG;
		length = length * 10 + (uint64_t)(*p - '0');
	}
	if (length > left - line - 1)
		return -EBADMSG;
	memcpy(section->name, start, (size_t)(blank - start));
	section->name[blank - start] = 0;
	if (strlen(section->name) != (size_t)(blank - start))
		return -EBADMSG;
	section->data = newline + 1;
	section->length = (size_t)length;
	*at += line + 1 + (size_t)length;
	return 1;
}

size_t section_head(char head[static SECTION_HEAD_SIZE], const char *name, size_t length)
{
	return (size_t)snprintf(head, SECTION_HEAD_SIZE, "%s %zu\n", name, length);
}

int section_put(char **text, size_t *used, const char *name, const void *data, size_t length)
{
	char head[SECTION_HEAD_SIZE];
	size_t n = section_head(head, name, length);
	char *more = realloc(*text, *used + n + length);

	if (!more)
		return -ENOMEM;
	*text = more;
	memcpy(more + *used, head, n);
	if (length > 0)
		memcpy(more + *used + n, data, length);
	*used += n + length;
	return 0;
}
