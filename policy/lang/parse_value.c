// SPDX-License-Identifier: GPL-2.0-or-later
/* Values where a type is expected: scalars, choices, date ranges, references. */
#include "policy/lang/parse.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "policy/lang/scalar.h"

#define HELP_MAX 512

/* "one of a, b or c", or the nearest of them. */
static const char *help_choice(const char *word, const char *const *choices, char *buffer,
			       size_t size)
{
	struct suggestion nearest = suggest_begin(word, strlen(word));
	size_t length = 0;

	suggest_offer_all(&nearest, choices);
	if (nearest.best)
		return parser_help_word(&nearest, buffer, size);
	for (size_t i = 0; choices[i] && length < size; i++) {
		const char *glue = i == 0 ? "write " : choices[i + 1] ? ", " : " or ";

		length +=
			(size_t)snprintf(buffer + length, size - length, "%s%s", glue, choices[i]);
	}
	return buffer;
}

static bool parse_choice(struct parser *parser, const struct schema_arg *arg, struct value *value)
{
	char help[HELP_MAX];

	if (parser->now.kind != TOKEN_WORD) {
		parser_expected(parser, "a word",
				help_choice("", arg->choices, help, sizeof(help)));
		return false;
	}
	for (size_t i = 0; arg->choices[i]; i++) {
		if (strcmp(arg->choices[i], value->text) != 0)
			continue;
		value->type = VALUE_CHOICE;
		value->number = i;
		return true;
	}
	diag_error(parser->diags, parser->now.at,
		   help_choice(value->text, arg->choices, help, sizeof(help)),
		   "'%s' is not possible here", value->text);
	return false;
}

/* Numbers as their type is written, for messages about limits. */
static const char *show_number(enum value_type type, uint64_t number, char *buffer, size_t size)
{
	static const struct {
		uint64_t factor;
		char letter;
	} sizes[] = { { UINT64_C(1) << 40, 'T' },
		      { 1 << 30, 'G' },
		      { 1 << 20, 'M' },
		      { 1 << 10, 'K' } },

	  times[] = { { 86400, 'd' }, { 3600, 'h' }, { 60, 'm' }, { 1, 's' } };

	for (size_t i = 0; i < 4 && type != VALUE_NUMBER; i++) {
		uint64_t factor = type == VALUE_SIZE ? sizes[i].factor : times[i].factor;

		if (number < factor || number % factor != 0)
			continue;
		snprintf(buffer, size, "%" PRIu64 "%c", number / factor,
			 type == VALUE_SIZE ? sizes[i].letter : times[i].letter);
		return buffer;
	}
	snprintf(buffer, size, "%" PRIu64, number);
	return buffer;
}

static bool check_number(struct parser *parser, const struct schema_arg *arg,
			 const struct value *value)
{
	char help[HELP_MAX], least[32], most[32];

	if (value->number >= arg->min && (arg->max == 0 || value->number <= arg->max))
		return true;
	show_number(value->type, arg->min, least, sizeof(least));
	show_number(value->type, arg->max, most, sizeof(most));
	if (arg->max == 0)
		snprintf(help, sizeof(help), "at least %s", least);
	else
		snprintf(help, sizeof(help), "from %s to %s", least, most);
	diag_error(parser->diags, value->at, help, "%s is out of range", value->text);
	return false;
}

static bool check_text(struct parser *parser, const struct schema_arg *arg,
		       const struct value *value)
{
	size_t length = strlen(value->text);

	if (length == 0 && (arg->flags & SCHEMA_NO_EMPTY)) {
		diag_error(parser->diags, value->at,
			   "for a device that has none, write 'absent' instead of the text",
			   "an empty text matches no device");
		return false;
	}
	if (length < arg->min) {
		diag_error(parser->diags, value->at, NULL, "the text is empty");
		return false;
	}
	if (arg->max != 0 && length > arg->max) {
		diag_error(parser->diags, value->at, NULL,
			   "the text has %zu bytes; at most %" PRIu64 " are permitted here", length,
			   arg->max);
		return false;
	}
	return true;
}

static bool check_address(struct parser *parser, const struct value *value)
{
	if (!address_prefix_has_host(&value->prefix))
		return true;
	diag_error(parser->diags, value->at, "clear the bits after the prefix, or lengthen it",
		   "'%s' has bits set beyond its prefix", value->text);
	return false;
}

static bool check_limits(struct parser *parser, const struct schema_arg *arg,
			 const struct value *value)
{
	switch (value->type) {
	case VALUE_NUMBER:
	case VALUE_DURATION:
	case VALUE_SIZE:
		return check_number(parser, arg, value);
	case VALUE_TEXT:
		return check_text(parser, arg, value);
	case VALUE_ADDRESS:
		return check_address(parser, value);
	default:
		return true;
	}
}

static bool parse_date(struct parser *parser, int64_t *second)
{
	const char *text;

	if (parser->now.kind != TOKEN_WORD) {
		parser_expected(parser, "a date", schema_type_help(VALUE_DATES));
		return false;
	}
	text = parser_text(parser, &parser->now);
	if (!text)
		return false;
	if (!scalar_date(text, second)) {
		diag_error(parser->diags, parser->now.at,
			   "write the year, month and day: 2026-12-01", "'%s' is not a date", text);
		return false;
	}
	parser_advance(parser);
	return true;
}

static bool parse_dates(struct parser *parser, struct value *value)
{
	if (!parse_date(parser, &value->dates.from))
		return false;
	if (parser->now.kind != TOKEN_RANGE) {
		parser_expected(parser, "'..'", schema_type_help(VALUE_DATES));
		return false;
	}
	parser_advance(parser);
	if (!parse_date(parser, &value->dates.to))
		return false;
	value->at = span_join(value->at, parser->before);
	value->type = VALUE_DATES;
	value->dates.to += 86399;
	if (value->dates.to > value->dates.from)
		return true;
	diag_error(parser->diags, value->at, "write the earlier day first",
		   "the last day is before the first");
	return false;
}

static bool parse_reference(struct parser *parser, struct value *value)
{
	if (parser->now.kind != TOKEN_REF) {
		parser_expected(parser, schema_type_name(VALUE_REF), schema_type_help(VALUE_REF));
		return false;
	}
	value->type = VALUE_REF;
	return true;
}

static bool parse_scalar(struct parser *parser, const struct schema_arg *arg, struct value *value)
{
	const char *noun = schema_type_name(arg->type);

	if (parser->now.kind != TOKEN_WORD && parser->now.kind != TOKEN_STRING) {
		parser_expected(parser, noun, schema_type_help(arg->type));
		return false;
	}
	if (!scalar_read(arg->type, parser->now.kind, value->text, value)) {
		bool quoted = parser->now.kind == TOKEN_STRING && arg->type != VALUE_HASH &&
			      arg->type != VALUE_HOURS;

		diag_error(parser->diags, parser->now.at,
			   quoted ? "write it without quotes" : schema_type_help(arg->type),
			   "'%s' is not %s", value->text, noun);
		return false;
	}
	return check_limits(parser, arg, value);
}

bool parse_value(struct parser *parser, const struct schema_arg *arg, struct value *value)
{
	bool good;

	*value = (struct value){ .at = parser->now.at };
	if (arg->type == VALUE_DATES)
		return parse_dates(parser, value);
	value->text = parser_text(parser, &parser->now);
	if (!value->text)
		return false;
	if (arg->type == VALUE_CHOICE)
		good = parse_choice(parser, arg, value);
	else if (arg->type == VALUE_REF)
		good = parse_reference(parser, value);
	else
		good = parse_scalar(parser, arg, value);
	if (good)
		parser_advance(parser);
	return good;
}
