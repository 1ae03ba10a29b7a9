// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Recursive descent over the schema. The grammar, with words of the schema in capitals:
 *
 *	document   = KIND number EOL { outside | block } ;
 *	outside    = KEYWORD arguments EOL ;
 *	block      = BLOCK "{" EOL { statement } "}" EOL ;
 *	statement  = KEYWORD arguments EOL | RULE EOL ;
 *	arguments  = { [ LABEL ] value } ;           labelled ones in any order
 *	rule       = ( "allow" | "forbid" ) name ":" condition { "," condition } ;
 *	condition  = ATTRIBUTE [ OPERATOR ] ( value | "absent" | "present" ) ;
 *	value      = word | string | list | reference | word ".." word ;
 *	list       = "[" value { value } "]" ;
 *	reference  = "@" name ;
 *	EOL        = newline | end of text ;         also assumed before "}"
 *
 * Elements of a list are separated by spaces or newlines: inside [ ] a newline is a space, everywhere
 * else it ends the statement. "#" begins a comment that lasts to the end of its line.
 *
 * After an error the parser goes on at the next condition, statement or block, so that one run
 * reports all errors of a text.
 */
#include "policy/lang/parse.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "policy/lang/seen.h"
#include "policy/transfer/batch.h"

#define HELP_MAX 256
/* No text of any kind is longer. */
#define TEXT_MAX ((size_t)TRANSFER_TEXT_MAX)

static struct block *add_block(struct parser *parser, const struct schema_block *schema)
{
	struct block *block = parser_alloc(parser, sizeof(*block));

	if (!block)
		return NULL;
	block->schema = schema;
	block->at = parser->now.at;
	if (parser->last_block)
		parser->last_block->next = block;
	else
		parser->document->first = block;
	parser->last_block = block;
	parser->outside_end = schema ? NULL : &block->first;
	return block;
}

static void parse_block(struct parser *parser, const struct schema_block *schema)
{
	const struct block *first = document_block(parser->document, schema->name);
	struct block *block = add_block(parser, schema);

	if (!block)
		return;
	if (first)
		diag_error(parser->diags, block->at, "put all of it in one block",
			   "block '%s' stands twice, first in line %u", schema->name,
			   first->at.line);
	block->before = parser_take_comments(parser);
	parser_advance(parser);
	if (parser->now.kind != TOKEN_OPEN) {
		parser_expected(parser, "'{'", "a block is NAME { ... }");
		parse_skip_block(parser);
		return;
	}
	parser_advance(parser);
	parser->block = schema;
	block->after_open = parser_take_line_comment(parser);
	if (parser->now.kind == TOKEN_NEWLINE)
		parser_advance(parser);
	parse_statements(parser, block);
	parser->block = NULL;
	parse_check_required(parser, block);
	parse_check_unique(parser, block);
}

/* Statements outside blocks that follow one another are kept as one block. */
static void parse_outside(struct parser *parser, const struct schema_statement *schema)
{
	struct statement *statement;

	if (!parser->outside_end && !add_block(parser, NULL))
		return;
	parse_check_once(parser, parser->last_block, schema, parser->now.at);
	statement = parse_statement(parser, schema);
	if (!statement)
		return;
	*parser->outside_end = statement;
	parser->outside_end = &statement->next;
}

static void parse_top(struct parser *parser)
{
	const struct schema_document *schema = parser->document->schema;
	const struct schema_statement *statement;
	const struct schema_block *block;

	if (parser->now.kind != TOKEN_WORD) {
		if (parser->now.kind == TOKEN_CLOSE)
			diag_error(parser->diags, parser->now.at, NULL,
				   "'}' without a block before it");
		else
			parser_expected(parser, "a block", NULL);
		parser_advance(parser);
		parser_skip_line(parser);
		parse_finish_line(parser);
		return;
	}
	block = schema_block_find(schema->blocks, parser->now.text, parser->now.length);
	statement = schema_statement_find(schema->statements, parser->now.text, parser->now.length);
	if (block) {
		parse_block(parser, block);
	} else if (statement) {
		parse_outside(parser, statement);
	} else {
		bool opens = parser_peek(parser).kind == TOKEN_OPEN;

		parse_unknown_keyword(parser, NULL, schema->statements, schema->blocks);
		parser_advance(parser);
		if (opens)
			parse_skip_block(parser);
		else
			parser_skip_line(parser), parse_finish_line(parser);
	}
}

static void check_blocks(struct parser *parser)
{
	const struct schema_document *schema = parser->document->schema;

	for (const struct schema_block *block = schema->blocks; block->name; block++) {
		char help[HELP_MAX];

		if (!(block->flags & SCHEMA_REQUIRED) ||
		    document_block(parser->document, block->name))
			continue;
		snprintf(help, sizeof(help), "add '%s { ... }': %s", block->name, block->help);
		diag_error(parser->diags, parser->document->at, help, "block '%s' is missing",
			   block->name);
	}
}

static const struct schema_document *find_kind(struct parser *parser, const char *kind)
{
	struct suggestion nearest = suggest_begin(parser->now.text, parser->now.length);
	char help[HELP_MAX];

	for (const struct schema_document *schema = schema_documents; schema->kind; schema++) {
		if (kind && strcmp(schema->kind, kind) != 0)
			continue;
		if (parser_is(parser, schema->kind))
			return schema;
		suggest_offer(&nearest, schema->kind);
	}
	if (parser->now.kind == TOKEN_BAD)
		return NULL;
	snprintf(help, sizeof(help), "its first line is '%s 1'", kind ? kind : "airgap-policy");
	if (parser->now.kind == TOKEN_WORD && nearest.best)
		parser_help_word(&nearest, help, sizeof(help));
	diag_error(parser->diags, parser->now.at, help, "this is not an %s",
		   kind ? kind : "airgap text");
	return NULL;
}

/* KIND VERSION; false when what follows cannot be understood. */
static bool parse_header(struct parser *parser, const char *kind)
{
	static const struct schema_arg version = { .name = "version", .type = VALUE_NUMBER };
	struct document *document = parser->document;
	struct value value;

	document->schema = find_kind(parser, kind);
	if (!document->schema)
		return false;
	document->before = parser_take_comments(parser);
	document->at = parser->now.at;
	parser_advance(parser);
	if (!parse_value(parser, &version, &value))
		return false;
	if (value.number != document->schema->version) {
		diag_error(parser->diags, value.at,
			   "the text is for another release of this program",
			   "version %" PRIu64 " of %s is not known here, only version %u",
			   value.number, document->schema->kind, document->schema->version);
		return false;
	}
	parse_line_end(parser);
	document->after = parse_finish_line(parser);
	return true;
}

/* What a kind may have; of any kind, what the largest may. */
static size_t text_max(const struct schema_document *schema)
{
	if (!schema)
		return TEXT_MAX;
	return schema->text_max ? schema->text_max : LEX_TEXT_MAX;
}

static bool check_size(struct parser *parser, size_t length, size_t most)
{
	if (length <= most)
		return true;
	diag_error(parser->diags, (struct span){ .line = 1, .column = 1 }, NULL,
		   "the text has %zu bytes; at most %zu are permitted", length, most);
	return false;
}

/* Of a text of any kind, how long it may be is known when its first line has been read. */
static bool parse_beginning(struct parser *parser, const char *kind, size_t length)
{
	if (!check_size(parser, length, text_max(kind ? schema_find(kind) : NULL)))
		return false;
	return parse_header(parser, kind) &&
	       check_size(parser, length, text_max(parser->document->schema));
}

int document_read(const char *kind, const char *text, size_t length, struct diag_list *diags,
		  struct document **document)
{
	struct arena *arena = arena_new();
	struct parser parser;

	*document = NULL;
	if (!arena)
		return -ENOMEM;
	length = document_text_length(text, length);
	parser_begin(&parser, text, length > TEXT_MAX ? 0 : length, diags, arena);
	parser.document = parser_alloc(&parser, sizeof(*parser.document));
	if (parser.document && parse_beginning(&parser, kind, length)) {
		while (parser.now.kind != TOKEN_END && !parser.no_memory)
			parse_top(&parser);
		parser.document->last = parser_take_comments(&parser);
		check_blocks(&parser);
		parser.document->arena = arena;
		*document = parser.document;
	}
	if (parser.no_memory || !*document) {
		arena_free(arena);
		*document = NULL;
	}
	return parser.no_memory ? -ENOMEM : 0;
}
