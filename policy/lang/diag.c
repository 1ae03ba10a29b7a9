// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/lang/diag.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "policy/lang/utf8.h"

static const char *const severity_names[] = {
	[DIAG_ERROR] = "error",
	[DIAG_WARNING] = "warning",
};

static void diag_clear(struct diag *diag)
{
	free(diag->message);
	free(diag->help);
}

void diag_list_free(struct diag_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		diag_clear(&list->items[i]);
	free(list->items);
	*list = (struct diag_list)DIAG_LIST_INIT;
}

static struct diag *diag_room(struct diag_list *list)
{
	struct diag *items;
	size_t capacity;

	if (list->count >= DIAG_MAX)
		return NULL;
	if (list->count < list->capacity)
		return &list->items[list->count];
	capacity = list->capacity ? 2 * list->capacity : 16;
	items = reallocarray(list->items, capacity, sizeof(*items));
	if (!items)
		return NULL;
	list->items = items;
	list->capacity = capacity;
	return &items[list->count];
}

static void __attribute__((format(printf, 5, 0)))
diag_add(struct diag_list *list, enum diag_severity severity, struct span at, const char *help,
	 const char *format, va_list args)
{
	struct diag *diag;

	if (!list)
		return;
	if (severity == DIAG_ERROR)
		list->errors++;
	diag = diag_room(list);
	if (!diag)
		goto drop;
	*diag = (struct diag){ .severity = severity, .at = at };
	if (vasprintf(&diag->message, format, args) < 0) {
		diag->message = NULL;
		goto drop;
	}
	if (help) {
		diag->help = strdup(help);
		if (!diag->help) {
			diag_clear(diag);
			goto drop;
		}
	}
	list->count++;
	return;
drop:
	list->dropped++;
}

void diag_error(struct diag_list *list, struct span at, const char *help, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	diag_add(list, DIAG_ERROR, at, help, format, args);
	va_end(args);
}

void diag_warning(struct diag_list *list, struct span at, const char *help, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	diag_add(list, DIAG_WARNING, at, help, format, args);
	va_end(args);
}

static int diag_compare(const struct diag *a, const struct diag *b)
{
	if (a->at.line != b->at.line)
		return a->at.line < b->at.line ? -1 : 1;
	if (a->at.column != b->at.column)
		return a->at.column < b->at.column ? -1 : 1;
	return 0;
}

/* Stable, and fast on what is nearly sorted: the parser reports in order, the checks after it too. */
void diag_sort(struct diag_list *list)
{
	struct diag *sorted, *from = list->items, *to;
	size_t n = list->count;

	sorted = calloc(n ? n : 1, sizeof(*sorted));
	if (!sorted)
		return;
	to = sorted;
	for (size_t width = 1; width < n; width *= 2) {
		for (size_t start = 0; start < n; start += 2 * width) {
			size_t middle = start + width < n ? start + width : n;
			size_t end = start + 2 * width < n ? start + 2 * width : n;
			size_t a = start, b = middle;

			for (size_t k = start; k < end; k++) {
				if (b >= end ||
				    (a < middle && diag_compare(&from[a], &from[b]) <= 0))
					to[k] = from[a++];
				else
					to[k] = from[b++];
			}
		}
		to = from;
		from = from == sorted ? list->items : sorted;
	}
	if (from == sorted)
		memcpy(list->items, sorted, n * sizeof(*sorted));
	free(sorted);
}

/* One character of the shown line: bytes that a terminal could act on become U+FFFD. */
static size_t line_character(const char *bytes, size_t length, uint32_t *character)
{
	size_t size = utf8_decode(bytes, length, character);

	if (size == 0 || (*character != '\t' && utf8_is_control(*character)))
		*character = 0xfffd;
	return size ? size : 1;
}

static void print_line(FILE *out, const char *line, size_t length)
{
	uint32_t character;

	for (size_t i = 0, size; i < length; i += size) {
		size = line_character(line + i, length - i, &character);
		if (character == 0xfffd)
			fputs("\xef\xbf\xbd", out);
		else
			fwrite(line + i, 1, size, out);
	}
	fputc('\n', out);
}

/* Tabs are repeated and wide characters filled, so that the caret stands below its character. */
static void print_caret(FILE *out, const char *line, size_t length, const struct span *at)
{
	uint32_t column = 1, character;
	size_t i = 0;

	for (; i < length && column < at->column; column++) {
		i += line_character(line + i, length - i, &character);
		if (character == '\t')
			fputc('\t', out);
		else
			fprintf(out, "%*s", (int)utf8_width(character), "");
	}
	fputc('^', out);
	for (bool first = true; i < length && column < at->column + at->length; column++) {
		unsigned int width;

		i += line_character(line + i, length - i, &character);
		width = utf8_width(character);
		for (unsigned int k = first ? 1 : 0; k < width; k++)
			fputc('~', out);
		first = false;
	}
	fputc('\n', out);
}

/* Start of a line, found from the one shown before, so that many findings cost one pass. */
static const char *seek_line(const char *from, uint32_t lines, const char *end)
{
	while (lines-- > 0) {
		const char *newline = memchr(from, '\n', (size_t)(end - from));

		if (!newline)
			return end;
		from = newline + 1;
	}
	return from;
}

static void diag_print_one(FILE *out, const char *name, const struct diag *diag, const char *line,
			   const char *end)
{
	const char *newline = line < end ? memchr(line, '\n', (size_t)(end - line)) : NULL;
	size_t length = (size_t)((newline ? newline : end) - line);

	if (length > 0 && line[length - 1] == '\r')
		length--;
	fprintf(out, "%s:%u:%u: %s: %s\n", name, diag->at.line, diag->at.column,
		severity_names[diag->severity], diag->message);
	fprintf(out, "%5u | ", diag->at.line);
	print_line(out, line, length);
	fputs("      | ", out);
	print_caret(out, line, length, &diag->at);
	if (diag->help)
		fprintf(out, "      = help: %s\n", diag->help);
}

void diag_print(FILE *out, const char *name, const char *text, size_t length,
		struct diag_list *list)
{
	const char *line = text;
	uint32_t number = 1;

	diag_sort(list);
	for (size_t i = 0; i < list->count; i++) {
		const struct diag *diag = &list->items[i];

		line = seek_line(line, diag->at.line - number, text + length);
		number = diag->at.line;
		diag_print_one(out, name, diag, line, text + length);
	}
	if (list->dropped > 0)
		fprintf(out, "%s: %zu more findings are not shown\n", name, list->dropped);
}

void diag_format_first(struct diag_list *list, const char *name, char *out, size_t size)
{
	diag_sort(list);
	out[0] = '\0';
	for (size_t i = 0; i < list->count; i++) {
		const struct diag *diag = &list->items[i];

		if (diag->severity != DIAG_ERROR)
			continue;
		snprintf(out, size, "%s:%u:%u: error: %s", name, diag->at.line, diag->at.column,
			 diag->message);
		return;
	}
}
