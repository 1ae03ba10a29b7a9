// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/decide/subject.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "policy/lang/parse.h"
#include "policy/lang/scalar.h"
#include "policy/lang/schema_rules.h"

#define HELP_MAX     256
#define SUBJECT_HELP "such as: id 0951:1666 serial \"A1\" interfaces [ 08:06:50 ]"

struct reader {
	struct parser parser;
	struct usb_facts *facts;
	uint32_t given; /* bit of each condition of the schema */
};

static bool copy_text(const struct value *value, char *out, size_t size)
{
	size_t length = strlen(value->text);

	if (length >= size)
		return false;
	memcpy(out, value->text, length);
	return true;
}

static bool set_id(struct usb_facts *facts, const struct value *value)
{
	facts->vendor = value->id.vendor;
	facts->product = value->id.product;
	return !value->id.any_vendor && !value->id.any_product;
}

static bool set_serial(struct usb_facts *facts, const struct value *value)
{
	return copy_text(value, facts->serial, sizeof(facts->serial));
}

static bool set_name(struct usb_facts *facts, const struct value *value)
{
	return copy_text(value, facts->name, sizeof(facts->name));
}

static bool set_manufacturer(struct usb_facts *facts, const struct value *value)
{
	return copy_text(value, facts->manufacturer, sizeof(facts->manufacturer));
}

static bool set_port(struct usb_facts *facts, const struct value *value)
{
	return copy_text(value, facts->port, sizeof(facts->port));
}

static bool set_hash(struct usb_facts *facts, const struct value *value)
{
	memcpy(facts->hash, value->hash, sizeof(facts->hash));
	return true;
}

static bool set_parent_hash(struct usb_facts *facts, const struct value *value)
{
	memcpy(facts->parent_hash, value->hash, sizeof(facts->parent_hash));
	return true;
}

static bool set_connect(struct usb_facts *facts, const struct value *value)
{
	facts->connect = (uint8_t)value->number;
	return true;
}

static bool set_class(struct usb_facts *facts, const struct value *value)
{
	facts->class = (uint8_t)value->number;
	return true;
}

static const struct {
	const char *name;
	bool (*set)(struct usb_facts *facts, const struct value *value);
} setters[] = {
	{ "id", set_id },	{ "serial", set_serial },
	{ "name", set_name },	{ "manufacturer", set_manufacturer },
	{ "hash", set_hash },	{ "parent-hash", set_parent_hash },
	{ "port", set_port },	{ "connect-type", set_connect },
	{ "class", set_class }, { "interfaces", NULL },
};
#define SETTERS (sizeof(setters) / sizeof(setters[0]))

/* One alternate setting; the types before it in the element are of the same interface. */
static bool add_interface(struct reader *reader, const char *text, uint8_t number,
			  uint8_t alternate)
{
	struct usb_facts *facts = reader->facts;
	struct value value = { 0 };

	if (!scalar_read(VALUE_USB_INTERFACE, TOKEN_WORD, text, &value) ||
	    value.triple.fixed != 3) {
		diag_error(reader->parser.diags, reader->parser.now.at,
			   "write a device's interfaces in full, such as 08:06:50",
			   "'%s' is not an interface", text);
		return false;
	}
	if (facts->interface_count == USB_INTERFACES_MAX) {
		diag_error(reader->parser.diags, reader->parser.now.at, NULL,
			   "more than %d interfaces", USB_INTERFACES_MAX);
		return false;
	}
	facts->interfaces[facts->interface_count++] = (struct usb_interface){
		.config = 1,
		.number = number,
		.alternate = alternate,
		.class = value.triple.class,
		.subclass = value.triple.subclass,
		.protocol = value.triple.protocol,
	};
	return true;
}

static bool read_interface(struct reader *reader, uint8_t number)
{
	struct token token = reader->parser.now;
	uint8_t alternate = 0;

	for (size_t start = 0; start <= token.length; alternate++) {
		const char *slash = memchr(token.text + start, '/', token.length - start);
		size_t end = slash ? (size_t)(slash - token.text) : token.length;
		char text[32];

		snprintf(text, sizeof(text), "%.*s", (int)(end - start), token.text + start);
		if (!add_interface(reader, text, number, alternate))
			return false;
		start = end + 1;
	}
	parser_advance(&reader->parser);
	return true;
}

static bool read_interfaces(struct reader *reader)
{
	struct parser *parser = &reader->parser;
	uint8_t number = 0;

	if (parser->now.kind != TOKEN_LIST) {
		parser_expected(parser, "'['", SUBJECT_HELP);
		return false;
	}
	parser_advance(parser);
	while (parser->now.kind != TOKEN_UNLIST) {
		if (parser->now.kind != TOKEN_WORD) {
			parser_expected(parser, "an interface or ']'", SUBJECT_HELP);
			return false;
		}
		if (!read_interface(reader, number++))
			return false;
	}
	parser_advance(parser);
	return true;
}

static bool read_value(struct reader *reader, size_t i)
{
	const struct schema_condition *schema = schema_condition_find(
		schema_usb_conditions, setters[i].name, strlen(setters[i].name));
	struct schema_arg arg = schema->value;
	struct value value;

	arg.flags &= ~(uint32_t)SCHEMA_NO_EMPTY;
	if (!parse_value(&reader->parser, &arg, &value))
		return false;
	if (setters[i].set(reader->facts, &value))
		return true;
	diag_error(reader->parser.diags, value.at, SUBJECT_HELP, "'%s' is not what one device has",
		   value.text);
	return false;
}

static bool unknown_attribute(struct reader *reader)
{
	struct token token = reader->parser.now;
	struct suggestion nearest = suggest_begin(token.text, token.length);
	char help[HELP_MAX];

	if (token.kind != TOKEN_WORD) {
		parser_expected(&reader->parser, "an attribute", SUBJECT_HELP);
		return false;
	}
	for (size_t i = 0; i < SETTERS; i++)
		suggest_offer(&nearest, setters[i].name);
	diag_error(reader->parser.diags, token.at,
		   nearest.best ? parser_help_word(&nearest, help, sizeof(help)) : SUBJECT_HELP,
		   "'%.*s' is not an attribute of a USB device", (int)token.length, token.text);
	return false;
}

static bool read_attribute(struct reader *reader)
{
	for (size_t i = 0; i < SETTERS; i++) {
		if (!parser_is(&reader->parser, setters[i].name))
			continue;
		if (reader->given >> i & 1) {
			diag_error(reader->parser.diags, reader->parser.now.at,
				   "remove one of them", "'%s' stands twice", setters[i].name);
			return false;
		}
		reader->given |= UINT32_C(1) << i;
		parser_advance(&reader->parser);
		return setters[i].set ? read_value(reader, i) : read_interfaces(reader);
	}
	return unknown_attribute(reader);
}

int subject_parse_usb(const char *text, size_t length, struct diag_list *diags,
		      struct usb_facts *facts)
{
	struct arena *arena = arena_new();
	struct diag_list own = DIAG_LIST_INIT, *list = diags ? diags : &own;
	struct reader reader = { .facts = facts };
	size_t errors = list->errors;
	bool good = true;

	if (!arena)
		return -ENOMEM;
	*facts = (struct usb_facts){ .configurations = 1 };
	parser_begin(&reader.parser, text, length, list, arena);
	if (reader.parser.now.kind == TOKEN_END) {
		parser_expected(&reader.parser, "an attribute", SUBJECT_HELP);
		good = false;
	}
	while (good && reader.parser.now.kind != TOKEN_END)
		good = read_attribute(&reader);
	/* What the lexer did not like may stand in a comment, which no attribute sees. */
	good = good && list->errors == errors;
	arena_free(arena);
	diag_list_free(&own);
	if (reader.parser.no_memory)
		return -ENOMEM;
	return good ? 0 : -EINVAL;
}
