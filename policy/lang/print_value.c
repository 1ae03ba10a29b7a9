// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/lang/print.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "policy/lang/utf8.h"

unsigned int print_width(const char *text)
{
	size_t length = strlen(text);
	unsigned int width = 0;

	for (size_t i = 0, size; i < length; i += size) {
		uint32_t character;

		size = utf8_decode(text + i, length - i, &character);
		width += size ? utf8_width(character) : 1;
		size = size ? size : 1;
	}
	return width;
}

void comments_print(FILE *out, const struct comment *comments, unsigned int indent)
{
	for (bool blank = false; comments; comments = comments->next) {
		if (comments->text)
			fprintf(out, "%*s#%s\n", (int)indent, "", comments->text);
		else if (!blank)
			fputc('\n', out);
		blank = !comments->text;
	}
}

void quoted_print(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

static void print_usb_id(FILE *out, const struct usb_id_pattern *id)
{
	if (id->any_vendor)
		fputs("*:*", out);
	else if (id->any_product)
		fprintf(out, "%04x:*", id->vendor);
	else
		fprintf(out, "%04x:%04x", id->vendor, id->product);
}

static void print_triple(FILE *out, const struct usb_triple *triple)
{
	const uint8_t parts[] = { triple->class, triple->subclass, triple->protocol };

	for (int i = 0; i < 3; i++) {
		if (i > 0)
			fputc(':', out);
		if (i < triple->fixed)
			fprintf(out, "%02x", parts[i]);
		else
			fputc('*', out);
	}
}

static void print_address(FILE *out, const struct address_prefix *prefix)
{
	char text[INET6_ADDRSTRLEN];

	if (!inet_ntop(prefix->family == 4 ? AF_INET : AF_INET6, prefix->bytes, text, sizeof(text)))
		return;
	fputs(text, out);
	if (prefix->bits != (prefix->family == 4 ? 32 : 128))
		fprintf(out, "/%u", prefix->bits);
}

static void print_date(FILE *out, int64_t second)
{
	time_t time = (time_t)second;
	char text[16] = "";
	struct tm tm;

	if (gmtime_r(&time, &tm))
		strftime(text, sizeof(text), "%Y-%m-%d", &tm);
	fputs(text, out);
}

static void print_scalar(FILE *out, const struct value *value)
{
	switch (value->type) {
	case VALUE_TEXT:
	case VALUE_HASH:
	case VALUE_HOURS:
		quoted_print(out, value->text);
		break;
	case VALUE_USB_ID:
		print_usb_id(out, &value->id);
		break;
	case VALUE_USB_INTERFACE:
		print_triple(out, &value->triple);
		break;
	case VALUE_USB_CLASS:
		fprintf(out, "%02x", (unsigned int)value->number);
		break;
	case VALUE_ADDRESS:
		print_address(out, &value->prefix);
		break;
	case VALUE_DATES:
		print_date(out, value->dates.from);
		fputs(" .. ", out);
		print_date(out, value->dates.to);
		break;
	case VALUE_REF:
		fprintf(out, "@%s", value->text);
		break;
	default:
		fputs(value->text, out);
	}
}

/* Spaces before the i-th element: pairs stay together. */
static unsigned int element_gap(uint32_t flags, uint32_t i)
{
	bool second = (flags & SCHEMA_PAIRS) && i % 2 == 1;

	return (flags & SCHEMA_WIDE) && !second ? 2 : 1;
}

static bool has_text(const struct comment *comments)
{
	while (comments && !comments->text)
		comments = comments->next;
	return comments != NULL;
}

static bool has_comments(const struct value *list)
{
	if (has_text(list->before))
		return true;
	for (uint32_t i = 0; i < list->list.count; i++)
		if (has_text(list->list.items[i].before) || list->list.items[i].after)
			return true;
	return false;
}

static void print_flat(FILE *out, const struct value *list, uint32_t flags)
{
	if (!(flags & SCHEMA_BARE))
		fputs("[ ", out);
	for (uint32_t i = 0; i < list->list.count; i++) {
		if (i > 0)
			fprintf(out, "%*s", (int)element_gap(flags, i), "");
		print_scalar(out, &list->list.items[i]);
	}
	if (!(flags & SCHEMA_BARE))
		fputs(" ]", out);
}

static unsigned int scalar_width(const struct value *value)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	unsigned int width = 0;

	if (!out)
		return 0;
	print_scalar(out, value);
	if (fclose(out) == 0)
		width = print_width(text);
	free(text);
	return width;
}

/* Elements fill lines of their own, one step deeper than the statement. */
static void print_broken(FILE *out, const struct value *list, uint32_t flags, unsigned int indent)
{
	unsigned int column = 0, deeper = indent + PRINT_INDENT;

	fputs("[\n", out);
	for (uint32_t i = 0; i < list->list.count; i++) {
		const struct value *item = &list->list.items[i];
		unsigned int width = scalar_width(item), gap = element_gap(flags, i);
		bool pair = (flags & SCHEMA_PAIRS) && i % 2 == 1;

		if (column > 0 && (item->before || (!pair && column + gap + width > PRINT_WIDTH))) {
			fputc('\n', out);
			column = 0;
		}
		comments_print(out, item->before, deeper);
		fprintf(out, "%*s", (int)(column ? gap : deeper), "");
		column += (column ? gap : deeper) + width;
		print_scalar(out, item);
		if (!item->after)
			continue;
		fprintf(out, "  #%s\n", item->after);
		column = 0;
	}
	if (column > 0)
		fputc('\n', out);
	comments_print(out, list->before, deeper);
	fprintf(out, "%*s]", (int)indent, "");
}

void value_print(FILE *out, const struct value *value, uint32_t flags, const struct value *broken,
		 unsigned int indent)
{
	if (value->type != VALUE_LIST)
		print_scalar(out, value);
	else if (!(flags & SCHEMA_BARE) && (value == broken || has_comments(value)))
		print_broken(out, value, flags, indent);
	else
		print_flat(out, value, flags);
}

void condition_print(FILE *out, const struct condition *condition, const struct value *broken,
		     unsigned int indent)
{
	fputs(condition->schema->name, out);
	if (condition->op != OP_BARE)
		fprintf(out, " %s", schema_operator_name(condition->op));
	fputc(' ', out);
	if (condition->presence == CONDITION_VALUE)
		value_print(out, &condition->value, condition->schema->value.flags, broken, indent);
	else
		fputs(condition->presence == CONDITION_ABSENT ? "absent" : "present", out);
}
