// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/web/form.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>

#include "agent/lib/printable.h"

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* One decoded byte at @*at, or -EBADMSG. */
static int decode(const char *body, size_t length, size_t *at)
{
	char c = body[(*at)++];
	int high, low;

	if (c == '+')
		return ' ';
	if (c != '%')
		return (unsigned char)c;
	if (length - *at < 2)
		return -EBADMSG;
	high = digit(body[*at]);
	low = digit(body[*at + 1]);
	*at += 2;
	return high < 0 || low < 0 ? -EBADMSG : high * 16 + low;
}

static int take_text(const char *text, size_t length)
{
	uint32_t code;

	for (size_t i = 0, n; i < length; i += n) {
		n = printable_next(text + i, length - i, &code);
		if (n == 0 || (code < 0x20 && code != '\n' && code != '\t') || code == 0x7f)
			return -EBADMSG;
	}
	return 0;
}

/* Decode up to the next @stop (and '&'); the part is ended by a NUL. */
static int take_part(struct form *form, size_t *used, const char *body, size_t length, size_t *at,
		     char stop, const char **part)
{
	size_t start = *used;
	int c;

	*part = form->text + start;
	while (*at < length && body[*at] != '&' && body[*at] != stop) {
		c = decode(body, length, at);
		if (c <= 0)
			return -EBADMSG;
		/* Browsers end lines of a textarea with CR LF. */
		if (c == '\n' && *used > start && form->text[*used - 1] == '\r')
			(*used)--;
		form->text[(*used)++] = (char)c;
	}
	form->text[(*used)++] = 0;
	return take_text(*part, *used - 1 - start);
}

static int parse(struct form *form, const char *body, size_t length)
{
	const char *name, *value;
	size_t at = 0, used = 0;
	int r;

	while (at < length) {
		if (form->count == FORM_FIELDS_MAX)
			return -EBADMSG;
		r = take_part(form, &used, body, length, &at, '=', &name);
		value = "";
		if (r == 0 && at < length && body[at] == '=') {
			at++;
			r = take_part(form, &used, body, length, &at, '&', &value);
		}
		if (r < 0 || form_value(form, name))
			return -EBADMSG;
		form->fields[form->count].name = name;
		form->fields[form->count++].value = value;
		if (at < length)
			at++; /* the '&' */
	}
	return 0;
}

int form_parse(struct form *form, const void *body, size_t length)
{
	int r = length > FORM_BODY_MAX ? -EBADMSG : 0;

	form->count = 0;
	if (r == 0)
		r = parse(form, body, length);
	if (r < 0)
		form->count = 0;
	return r;
}

const char *form_value(const struct form *form, const char *name)
{
	for (size_t i = 0; i < form->count; i++)
		if (strcmp(form->fields[i].name, name) == 0)
			return form->fields[i].value;
	return NULL;
}

long form_id(const char *text)
{
	long id = 0;

	if (!text || !*text || strlen(text) > 18)
		return 0;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return 0;
		id = id * 10 + (*text - '0');
	}
	return id;
}
