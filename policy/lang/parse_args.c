// SPDX-License-Identifier: GPL-2.0-or-later
/* Arguments of a statement: those in place first to last, labelled ones anywhere between. */
#include "policy/lang/parse.h"

#include <string.h>

#define HELP_MAX 256

/* The argument that the present word labels, or -1. */
static int find_label(const struct parser *parser, const struct statement *statement)
{
	const struct schema_arg *args = statement->schema->args;

	for (size_t i = 0; i < statement->arg_count; i++)
		if ((args[i].flags & SCHEMA_LABEL) && parser_is(parser, args[i].name))
			return (int)i;
	return -1;
}

/* The next argument that stands without a label, or -1. */
static int find_place(const struct statement *statement)
{
	for (size_t i = 0; i < statement->arg_count; i++)
		if (!(statement->schema->args[i].flags & SCHEMA_LABEL) &&
		    statement->args[i].type == VALUE_ABSENT)
			return (int)i;
	return -1;
}

static void unexpected(struct parser *parser, const struct statement *statement)
{
	struct suggestion nearest = suggest_begin(parser->now.text, parser->now.length);
	char help[HELP_MAX];

	if (parser->now.kind != TOKEN_WORD) {
		parser_expected(parser, "the end of the line", "a statement ends with its line");
		return;
	}
	for (size_t i = 0; i < statement->arg_count; i++)
		if (statement->schema->args[i].flags & SCHEMA_LABEL)
			suggest_offer(&nearest, statement->schema->args[i].name);
	diag_error(parser->diags, parser->now.at, parser_help_word(&nearest, help, sizeof(help)),
		   "'%.*s' is too much for '%s'", (int)parser->now.length, parser->now.text,
		   statement->schema->keyword);
}

/* Elements of a set are of the type that its kind names. */
static bool parse_elements(struct parser *parser, struct statement *statement,
			   const struct schema_arg *arg, struct value *value)
{
	struct schema_arg typed = *arg;

	for (size_t i = 0; i < statement->arg_count; i++)
		if (statement->args[i].type == VALUE_CHOICE)
			typed.type = schema_set_type(statement->args[i].text);
	return parse_list(parser, &typed, value);
}

static bool parse_arg(struct parser *parser, struct statement *statement, size_t i)
{
	const struct schema_arg *arg = &statement->schema->args[i];
	struct value *value = &statement->args[i];
	struct value read;
	bool good;

	if (arg->type == VALUE_ABSENT) {
		good = parse_elements(parser, statement, arg, &read);
	} else if ((arg->flags & SCHEMA_OR_LIST) && parser->now.kind == TOKEN_LIST) {
		struct schema_arg element = *arg;

		element.type = arg->second;
		good = parse_list(parser, &element, &read);
	} else if (arg->flags & SCHEMA_BARE) {
		good = parse_pairs(parser, arg, &read);
	} else if (arg->flags & SCHEMA_LIST) {
		good = parse_list(parser, arg, &read);
	} else {
		good = parse_value(parser, arg, &read);
	}
	if (good)
		*value = read;
	return good;
}

static bool parse_next(struct parser *parser, struct statement *statement)
{
	int label = find_label(parser, statement);
	int i = label >= 0 ? label : find_place(statement);

	if (i < 0) {
		unexpected(parser, statement);
		return false;
	}
	if (label >= 0) {
		if (statement->args[i].type != VALUE_ABSENT) {
			diag_error(parser->diags, parser->now.at, "remove one of them",
				   "'%s' stands twice", statement->schema->args[i].name);
			return false;
		}
		parser_advance(parser);
	}
	return parse_arg(parser, statement, (size_t)i);
}

static bool check_missing(struct parser *parser, const struct statement *statement)
{
	bool good = true;

	for (size_t i = 0; i < statement->arg_count; i++) {
		const struct schema_arg *arg = &statement->schema->args[i];

		if ((arg->flags & SCHEMA_OPTIONAL) || statement->args[i].type != VALUE_ABSENT)
			continue;
		if (arg->flags & SCHEMA_LABEL)
			diag_error(parser->diags, statement->at, arg->help, "'%s' lacks '%s'",
				   statement->schema->keyword, arg->name);
		else
			diag_error(parser->diags, statement->at, arg->help, "'%s' lacks its %s",
				   statement->schema->keyword, arg->name);
		good = false;
	}
	return good;
}

bool parse_args(struct parser *parser, struct statement *statement)
{
	statement->arg_count = schema_arg_count(statement->schema);
	statement->args = parser_alloc(parser, statement->arg_count * sizeof(*statement->args));
	if (!statement->args)
		return false;
	while (!parser_at_line_end(parser))
		if (!parse_next(parser, statement))
			return false;
	return check_missing(parser, statement);
}
