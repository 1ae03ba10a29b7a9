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

#define HELP_MAX 256

static void expect_line_end(struct parser *parser)
{
	if (parser_at_line_end(parser))
		return;
	parser_expected(parser, "the end of the line", "a statement ends with its line");
	parser_skip_line(parser);
}

/* At the end of a line: pass it, and return its comment. */
static const char *finish_line(struct parser *parser)
{
	const char *comment;

	if (parser->now.kind != TOKEN_NEWLINE)
		return parser_take_line_comment(parser);
	comment = parser_take_line_comment(parser);
	parser_advance(parser);
	return comment;
}

static void unknown_keyword(struct parser *parser, const char *block,
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
static struct statement *parse_statement(struct parser *parser,
					 const struct schema_statement *schema)
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
		expect_line_end(parser);
	else
		parser_skip_line(parser);
	statement->flawed = !good;
	statement->after = finish_line(parser);
	return statement;
}

static struct statement *first_of(const struct block *block, const struct schema_statement *schema)
{
	struct statement *statement = block->first;

	while (statement && statement->schema != schema)
		statement = statement->next;
	return statement;
}

static void check_once(struct parser *parser, const struct block *block,
		       const struct schema_statement *schema, struct span at)
{
	const struct statement *first = first_of(block, schema);

	if (first && !(schema->flags & SCHEMA_MANY))
		diag_error(parser->diags, at, "remove one of them",
			   "'%s' stands twice, first in line %u", schema->keyword, first->at.line);
}

static void check_required(struct parser *parser, const struct block *block)
{
	const struct schema_statement *schema;

	for (schema = block->schema->statements; schema->keyword; schema++)
		if ((schema->flags & SCHEMA_REQUIRED) && !first_of(block, schema))
			diag_error(parser->diags, block->at, schema->help, "block '%s' lacks '%s'",
				   block->schema->name, schema->keyword);
}

/* Statements of one keyword that say something of the same thing. */
static void check_unique(struct parser *parser, const struct block *block)
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
		parser_skip_line(parser);
		finish_line(parser);
		return !parser->no_memory;
	}
	schema = schema_statement_find(block->schema->statements, parser->now.text,
				       parser->now.length);
	if (!schema) {
		unknown_keyword(parser, block->schema->name, block->schema->statements, NULL);
		parser_advance(parser);
		parser_skip_line(parser);
		finish_line(parser);
		return !parser->no_memory;
	}
	check_once(parser, block, schema, parser->now.at);
	statement = parse_statement(parser, schema);
	if (!statement || parser->no_memory)
		return false;
	**tail = statement;
	*tail = &statement->next;
	return true;
}

static void parse_statements(struct parser *parser, struct block *block)
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
	expect_line_end(parser);
	block->after_close = finish_line(parser);
}

/* After an error: to the '}' that ends what began here. */
static void skip_block(struct parser *parser)
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
	finish_line(parser);
}

static struct block *add_block(struct parser *parser, const struct schema_block *schema)
{
	struct block *block = parser_alloc(parser, sizeof(*block));
	struct block **tail = &parser->document->first;

	if (!block)
		return NULL;
	block->schema = schema;
	block->at = parser->now.at;
	while (*tail)
		tail = &(*tail)->next;
	*tail = block;
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
		skip_block(parser);
		return;
	}
	parser_advance(parser);
	parser->block = schema;
	block->after_open = parser_take_line_comment(parser);
	if (parser->now.kind == TOKEN_NEWLINE)
		parser_advance(parser);
	parse_statements(parser, block);
	parser->block = NULL;
	check_required(parser, block);
	check_unique(parser, block);
}

/* Statements outside blocks that follow one another are kept as one block. */
static void parse_outside(struct parser *parser, const struct schema_statement *schema)
{
	struct block *last = parser->document->first;
	struct statement *statement, **tail;

	while (last && last->next)
		last = last->next;
	if (!last || last->schema)
		last = add_block(parser, NULL);
	if (!last)
		return;
	check_once(parser, last, schema, parser->now.at);
	statement = parse_statement(parser, schema);
	for (tail = &last->first; *tail;)
		tail = &(*tail)->next;
	*tail = statement;
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
		finish_line(parser);
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

		unknown_keyword(parser, NULL, schema->statements, schema->blocks);
		parser_advance(parser);
		if (opens)
			skip_block(parser);
		else
			parser_skip_line(parser), finish_line(parser);
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
	expect_line_end(parser);
	document->after = finish_line(parser);
	return true;
}

static bool check_size(struct parser *parser, size_t length)
{
	if (length <= LEX_TEXT_MAX)
		return true;
	diag_error(parser->diags, (struct span){ .line = 1, .column = 1 }, NULL,
		   "the text has %zu bytes; at most %d are permitted", length, LEX_TEXT_MAX);
	return false;
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
	parser_begin(&parser, text, length > LEX_TEXT_MAX ? 0 : length, diags, arena);
	parser.document = parser_alloc(&parser, sizeof(*parser.document));
	if (parser.document && check_size(&parser, length) && parse_header(&parser, kind)) {
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
