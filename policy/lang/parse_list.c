// SPDX-License-Identifier: GPL-2.0-or-later
/* Lists between brackets, and pairs to the end of the line. */
#include "policy/lang/parse.h"

#include <string.h>

#include "policy/lang/scalar.h"
#include "policy/lang/seen.h"

/* The type of the i-th element: of pairs, the first and the second in turn. */
static struct schema_arg element_arg(const struct schema_arg *arg, uint32_t i)
{
	struct schema_arg element = *arg;

	if (!(arg->flags & SCHEMA_PAIRS))
		return element;
	if (i % 2 == 1)
		element.type = arg->second;
	else
		element.min = element.max = 0;
	return element;
}

struct builder {
	struct value *items;
	uint32_t count;
	uint32_t capacity;
};

static struct value *builder_add(struct parser *parser, struct builder *builder)
{
	struct value *items;
	uint32_t capacity = builder->capacity ? 2 * builder->capacity : 4;

	if (builder->count == builder->capacity) {
		items = parser_alloc(parser, capacity * sizeof(*items));
		if (!items)
			return NULL;
		if (builder->count > 0)
			memcpy(items, builder->items, builder->count * sizeof(*items));
		builder->items = items;
		builder->capacity = capacity;
	}
	return &builder->items[builder->count++];
}

static bool finish_pairs(struct parser *parser, const struct schema_arg *arg,
			 const struct builder *builder)
{
	if (!(arg->flags & SCHEMA_PAIRS) || builder->count % 2 == 0)
		return true;
	diag_error(parser->diags, builder->items[builder->count - 1].at,
		   schema_type_help(arg->second), "%s is missing after '%s'",
		   schema_type_name(arg->second), builder->items[builder->count - 1].text);
	return false;
}

/* What stands twice was written by mistake; of pairs, the first halves differ. */
static bool check_repeats(struct parser *parser, const struct schema_arg *arg,
			  const struct builder *builder)
{
	struct seen seen = { .arena = parser->arena };
	uint32_t step = arg->flags & SCHEMA_PAIRS ? 2 : 1;
	uint8_t key[SCALAR_KEY_MAX];
	bool good = true;

	if (arg->flags & SCHEMA_REPEATS)
		return true;
	for (uint32_t i = 0; i < builder->count; i += step) {
		const struct value *item = &builder->items[i];
		struct seen_entry *entry;
		bool fresh;

		entry = seen_add(&seen, key, scalar_key(item, key), item->at, &fresh);
		if (!entry) {
			parser->no_memory = true;
			return false;
		}
		if (fresh)
			continue;
		diag_error(parser->diags, item->at, "remove one of them",
			   "'%s' stands twice in this list, first in line %u", item->text,
			   entry->at.line);
		good = false;
	}
	return good;
}

/* Between elements: newlines, and the comments that they carry. */
static void skip_newlines(struct parser *parser, struct builder *builder)
{
	while (parser->now.kind == TOKEN_NEWLINE) {
		const char *comment = parser_take_line_comment(parser);

		if (comment && builder->count > 0)
			builder->items[builder->count - 1].after = comment;
		else if (comment)
			parser_push_comment(parser, comment);
		parser_advance(parser);
	}
}

/*
 * A list that nobody closed must not swallow the statements after it. Among bare names a keyword
 * proves nothing: it may be a name.
 */
static bool list_runs_away(const struct parser *parser, const struct schema_arg *arg, bool new_line)
{
	bool names = arg->type == VALUE_NAME && !(arg->flags & SCHEMA_PAIRS);

	switch (parser->now.kind) {
	case TOKEN_END:
	case TOKEN_OPEN:
	case TOKEN_CLOSE:
	case TOKEN_LIST:
		return true;
	case TOKEN_WORD:
		return new_line && !names && parser_begins_statement(parser);
	default:
		return false;
	}
}

/* True when the comma seems to belong to the rule: then the ']' is missing. */
static bool comma_ends_list(const struct parser *parser)
{
	struct token next = parser_peek(parser);

	return parser->block && next.kind == TOKEN_WORD &&
	       schema_condition_find(parser->block->conditions, next.text, next.length);
}

static bool list_not_closed(struct parser *parser, struct span open)
{
	diag_error(parser->diags, open, "end it with ']'", "the list is not closed");
	parser->depth = 0;
	parser->runaway = parser->now.at.line != parser->before.line;
	return false;
}

/* One element, or what stands in its place; false ends the list. */
static bool parse_element(struct parser *parser, const struct schema_arg *arg,
			  struct builder *builder, bool *good)
{
	struct schema_arg element = element_arg(arg, builder->count);
	struct comment *comments = parser_take_comments(parser);
	struct value value;

	if (parser->now.kind == TOKEN_COMMA) {
		if (*good)
			diag_error(parser->diags, parser->now.at, "separate elements by spaces",
				   "a comma inside a list");
		*good = false;
		parser_advance(parser);
		return true;
	}
	if (parse_value(parser, &element, &value)) {
		struct value *item = builder_add(parser, builder);

		if (!item)
			return false;
		*item = value;
		item->before = comments;
		return true;
	}
	*good = false;
	if (parser->no_memory)
		return false;
	if (arg->flags & SCHEMA_PAIRS) {
		parser_skip_list(parser);
		return false;
	}
	parser_advance(parser);
	return true;
}

bool parse_list(struct parser *parser, const struct schema_arg *arg, struct value *value)
{
	struct builder builder = { 0 };
	struct span open = parser->now.at;
	bool good = true, more = true;

	if (parser->now.kind != TOKEN_LIST) {
		parser_expected(parser, "'['", schema_type_help(VALUE_LIST));
		return false;
	}
	parser_advance(parser);
	while (more) {
		bool new_line = parser->now.kind == TOKEN_NEWLINE;

		skip_newlines(parser, &builder);
		if (parser->now.kind == TOKEN_UNLIST)
			break;
		if (list_runs_away(parser, arg, new_line) ||
		    (parser->now.kind == TOKEN_COMMA && comma_ends_list(parser)))
			return list_not_closed(parser, open);
		more = parse_element(parser, arg, &builder, &good);
	}
	if (parser->now.kind != TOKEN_UNLIST)
		return false;
	*value = (struct value){
		.type = VALUE_LIST,
		.at = span_join(open, parser->now.at),
		.text = "[",
		.before = parser_take_comments(parser),
	};
	value->list.items = builder.items;
	value->list.count = builder.count;
	if (good && builder.count == 0) {
		diag_error(parser->diags, value->at,
			   "name at least one element, or remove the line", "the list is empty");
		good = false;
	}
	if (good)
		good = finish_pairs(parser, arg, &builder) && check_repeats(parser, arg, &builder);
	parser_advance(parser);
	return good;
}

bool parse_pairs(struct parser *parser, const struct schema_arg *arg, struct value *value)
{
	struct builder builder = { 0 };
	struct span open = parser->now.at;

	while (!parser_at_line_end(parser)) {
		struct schema_arg element = element_arg(arg, builder.count);
		struct value *item = builder_add(parser, &builder);

		if (!item || !parse_value(parser, &element, item))
			return false;
	}
	*value = (struct value){ .type = VALUE_LIST,
				 .at = span_join(open, parser->before),
				 .text = "" };
	value->list.items = builder.items;
	value->list.count = builder.count;
	return finish_pairs(parser, arg, &builder) && check_repeats(parser, arg, &builder);
}
