// SPDX-License-Identifier: GPL-2.0-or-later
/* Statements, and the block that they stand in. */
#include "policy/lang/parse.h"

#include <stdio.h>
#include <string.h>

#include "policy/lang/seen.h"

#define HELP_MAX 256

void parse_line_end(struct parser *parser)
{
	if (parser_at_line_end(parser) || parser->runaway)
		return;
	parser_expected(parser, "the end of the line", "a statement ends with its line");
	parser_skip_line(parser);
}

/* At the end of a line: pass it, and return its comment. */
const char *parse_finish_line(struct parser *parser)
{
	const char *comment;

	parser->runaway = false;
	if (parser->now.kind != TOKEN_NEWLINE)
		return parser_take_line_comment(parser);
	comment = parser_take_line_comment(parser);
	parser_advance(parser);
	return comment;
}

void parse_unknown_keyword(struct parser *parser, const char *block,
			   const struct schema_statement *statements,
			   const struct schema_block *blocks)
{
	struct suggestion nearest = suggest_begin(parser->now.text, parser->now.length);
	char help[HELP_MAX];

	for (; statements && statements->keyword; statements++)
		suggest_offer(&nearest, statements->keyword);
	for (; blocks && blocks->name; blocks++)
		suggest_offer(&nearest, blocks->name);
	if (block)
		diag_error(parser->diags, parser->now.at,
			   parser_help_word(&nearest, help, sizeof(help)),
			   "'%.*s' is not a statement of '%s'", (int)parser->now.length,
			   parser->now.text, block);
	else
		diag_error(parser->diags, parser->now.at,
			   parser_help_word(&nearest, help, sizeof(help)),
			   "'%.*s' is not a block or statement of an %s", (int)parser->now.length,
			   parser->now.text, parser->document->schema->kind);
}

/* What stands after the keyword; the statement is kept even with errors, for the checks that follow. */
struct statement *parse_statement(struct parser *parser, const struct schema_statement *schema)
{
	struct statement *statement = parser_alloc(parser, sizeof(*statement));
	bool good;

	if (!statement)
		return NULL;
	statement->schema = schema;
	statement->at = parser->now.at;
	statement->before = parser_take_comments(parser);
	parser->depth = 0;
	parser->runaway = false;
	parser_advance(parser);
	good = schema->flags & SCHEMA_RULE ? parse_rule(parser, statement)
					   : parse_args(parser, statement);
	if (good)
		parse_line_end(parser);
	else
		parser_skip_line(parser);
	statement->flawed = !good;
	statement->after = parse_finish_line(parser);
	return statement;
}

static struct statement *first_of(const struct block *block, const struct schema_statement *schema)
{
	struct statement *statement = block->first;

	while (statement && statement->schema != schema)
		statement = statement->next;
	return statement;
}

void parse_check_once(struct parser *parser, const struct block *block,
		      const struct schema_statement *schema, struct span at)
{
	const struct statement *first =
		schema->flags & SCHEMA_MANY ? NULL : first_of(block, schema);

	if (first)
		diag_error(parser->diags, at, "remove one of them",
			   "'%s' stands twice, first in line %u", schema->keyword, first->at.line);
}

void parse_check_required(struct parser *parser, const struct block *block)
{
	const struct schema_statement *schema;

	for (schema = block->schema->statements; schema->keyword; schema++)
		if ((schema->flags & SCHEMA_REQUIRED) && !first_of(block, schema))
			diag_error(parser->diags, block->at, schema->help, "block '%s' lacks '%s'",
				   block->schema->name, schema->keyword);
}

/* Statements of one keyword that say something of the same thing. */
void parse_check_unique(struct parser *parser, const struct block *block)
{
	struct seen seen = { .arena = parser->arena };

	for (const struct statement *it = block->first; it; it = it->next) {
		char key[HELP_MAX];
		struct seen_entry *entry;
		bool fresh;

		if (!(it->schema->flags & SCHEMA_UNIQUE) || it->arg_count == 0 ||
		    it->args[0].type == VALUE_ABSENT)
			continue;
		snprintf(key, sizeof(key), "%s %s", it->schema->keyword, it->args[0].text);
		entry = seen_add(&seen, key, strlen(key), it->at, &fresh);
		if (!entry)
			parser->no_memory = true;
		else if (!fresh)
			diag_error(parser->diags, it->args[0].at, "remove one of them",
				   "'%s' stands twice, first in line %u", key, entry->at.line);
	}
}

/* A block's name and '{' inside a block: its '}' was forgotten. */
static bool at_other_block(const struct parser *parser)
{
	return parser->now.kind == TOKEN_WORD && parser_peek(parser).kind == TOKEN_OPEN &&
	       schema_block_find(parser->document->schema->blocks, parser->now.text,
				 parser->now.length);
}

static bool parse_in_block(struct parser *parser, struct block *block, struct statement ***tail)
{
	const struct schema_statement *schema;
	struct statement *statement;

	if (parser->now.kind != TOKEN_WORD) {
		parser_expected(parser, "a statement or '}'", NULL);
		/* Whatever it is, it must be passed, or it would be reported for ever. */
		parser_advance(parser);
		parser_skip_line(parser);
		parse_finish_line(parser);
		return !parser->no_memory;
	}
	schema = schema_statement_find(block->schema->statements, parser->now.text,
				       parser->now.length);
	if (!schema) {
		parse_unknown_keyword(parser, block->schema->name, block->schema->statements, NULL);
		parser_advance(parser);
		parser_skip_line(parser);
		parse_finish_line(parser);
		return !parser->no_memory;
	}
	parse_check_once(parser, block, schema, parser->now.at);
	statement = parse_statement(parser, schema);
	if (!statement || parser->no_memory)
		return false;
	**tail = statement;
	*tail = &statement->next;
	return true;
}

void parse_statements(struct parser *parser, struct block *block)
{
	struct statement **tail = &block->first;

	while (parser->now.kind != TOKEN_CLOSE) {
		if (parser->now.kind == TOKEN_END || at_other_block(parser)) {
			diag_error(parser->diags, block->at, "end it with '}'",
				   "block '%s' is not closed", block->schema->name);
			return;
		}
		if (!parse_in_block(parser, block, &tail))
			return;
	}
	block->last = parser_take_comments(parser);
	parser_advance(parser);
	parse_line_end(parser);
	block->after_close = parse_finish_line(parser);
}

/* After an error: to the '}' that ends what began here. */
void parse_skip_block(struct parser *parser)
{
	unsigned int braces = parser->now.kind == TOKEN_OPEN ? 0 : 1;

	while (parser->now.kind != TOKEN_END && !(braces == 1 && at_other_block(parser))) {
		if (parser->now.kind == TOKEN_OPEN)
			braces++;
		if (parser->now.kind == TOKEN_CLOSE && --braces == 0)
			break;
		parser_advance(parser);
	}
	if (parser->now.kind == TOKEN_CLOSE)
		parser_advance(parser);
	parser_skip_line(parser);
	parse_finish_line(parser);
}
