// SPDX-License-Identifier: GPL-2.0-or-later
/* What all of the parser leans on: tokens without comments, recovery, messages. */
#include "policy/lang/parse.h"

#include <stdio.h>
#include <string.h>

void *parser_alloc(struct parser *parser, size_t size)
{
	void *memory = arena_alloc(parser->arena, size);

	if (!memory)
		parser->no_memory = true;
	return memory;
}

const char *parser_text(struct parser *parser, const struct token *token)
{
	char *text = parser_alloc(parser, token->length + 1);

	if (!text)
		return NULL;
	if (token->kind == TOKEN_STRING)
		lex_unquote(token, text);
	else
		memcpy(text, token->text, token->length);
	return text;
}

void parser_push_comment(struct parser *parser, const char *text)
{
	struct comment *comment = parser_alloc(parser, sizeof(*comment));

	if (!comment)
		return;
	comment->text = text;
	*parser->comments_end = comment;
	parser->comments_end = &comment->next;
}

struct comment *parser_take_comments(struct parser *parser)
{
	struct comment *comments = parser->comments;

	parser->comments = NULL;
	parser->comments_end = &parser->comments;
	return comments;
}

const char *parser_take_line_comment(struct parser *parser)
{
	const char *comment = parser->line_comment;

	parser->line_comment = NULL;
	return comment;
}

/* Trailing spaces of a comment say nothing. */
static const char *comment_text(struct parser *parser, struct token token)
{
	while (token.length > 0 && strchr(" \t", token.text[token.length - 1]))
		token.length--;
	return parser_text(parser, &token);
}

static void keep_comment(struct parser *parser, const struct token *token)
{
	const char *text = comment_text(parser, *token);

	if (!text)
		return;
	if (parser->line_empty)
		parser_push_comment(parser, text);
	else
		parser->line_comment = text;
	parser->line_commented = true;
}

void parser_advance(struct parser *parser)
{
	struct token token;

	parser->before = parser->now.at;
	for (;;) {
		token = lex_next(&parser->lexer);
		if (token.kind == TOKEN_COMMENT) {
			keep_comment(parser, &token);
			continue;
		}
		if (token.kind != TOKEN_NEWLINE)
			break;
		if (!parser->line_empty) {
			parser->line_empty = true;
			parser->line_commented = false;
			parser->now = token;
			return;
		}
		if (!parser->line_commented)
			parser_push_comment(parser, NULL);
		parser->line_commented = false;
	}
	parser->line_empty = false;
	if (token.kind == TOKEN_LIST)
		parser->depth++;
	else if (token.kind == TOKEN_UNLIST && parser->depth > 0)
		parser->depth--;
	parser->now = token;
}

void parser_begin(struct parser *parser, const char *text, size_t length, struct diag_list *diags,
		  struct arena *arena)
{
	*parser = (struct parser){ .arena = arena, .diags = diags, .line_empty = true };
	parser->comments_end = &parser->comments;
	lex_init(&parser->lexer, text, length, diags);
	parser_advance(parser);
}

bool parser_at_line_end(const struct parser *parser)
{
	enum token_kind kind = parser->now.kind;

	return kind == TOKEN_NEWLINE || kind == TOKEN_END || kind == TOKEN_CLOSE;
}

bool parser_is(const struct parser *parser, const char *word)
{
	return parser->now.kind == TOKEN_WORD && strlen(word) == parser->now.length &&
	       memcmp(word, parser->now.text, parser->now.length) == 0;
}

struct token parser_peek(const struct parser *parser)
{
	struct lexer ahead = parser->lexer;

	ahead.diags = NULL;
	return lex_next(&ahead);
}

bool parser_begins_statement(const struct parser *parser)
{
	const struct schema_document *schema = parser->document->schema;
	const struct token *token = &parser->now;

	if (token->kind != TOKEN_WORD)
		return false;
	if (parser->block &&
	    schema_statement_find(parser->block->statements, token->text, token->length))
		return true;
	if (schema_statement_find(schema->statements, token->text, token->length))
		return true;
	return schema_block_find(schema->blocks, token->text, token->length) &&
	       parser_peek(parser).kind == TOKEN_OPEN;
}

void parser_skip_line(struct parser *parser)
{
	unsigned int braces = 0;

	while (!parser->runaway) {
		if (parser->now.kind == TOKEN_OPEN)
			braces++;
		if (parser->now.kind == TOKEN_END ||
		    (parser->now.kind == TOKEN_CLOSE && braces == 0))
			break;
		if (parser->now.kind == TOKEN_CLOSE)
			braces--;
		if (parser->now.kind == TOKEN_NEWLINE) {
			if (parser->depth == 0)
				break;
			parser_advance(parser);
			parser->runaway = parser_begins_statement(parser);
			continue;
		}
		parser_advance(parser);
	}
	parser->depth = 0;
}

void parser_skip_list(struct parser *parser)
{
	bool new_line = false;

	while (parser->now.kind != TOKEN_UNLIST) {
		if (parser->now.kind == TOKEN_END || parser->now.kind == TOKEN_CLOSE ||
		    (new_line && parser_begins_statement(parser)))
			return;
		new_line = parser->now.kind == TOKEN_NEWLINE;
		parser_advance(parser);
	}
}

void parser_expected(struct parser *parser, const char *what, const char *help)
{
	const struct token *token = &parser->now;
	const char *quote = token->kind == TOKEN_STRING ? "" : "'";
	struct span at = token->at;

	if (token->kind == TOKEN_BAD)
		return;
	if (token->kind != TOKEN_NEWLINE && token->kind != TOKEN_END) {
		diag_error(parser->diags, at, help, "%s is expected, not %s%.*s%s", what, quote,
			   (int)(token->length +
				 (token->kind == TOKEN_STRING ? 2 : token->kind == TOKEN_REF)),
			   token->kind == TOKEN_STRING || token->kind == TOKEN_REF ? token->text - 1
										   : token->text,
			   quote);
		return;
	}
	diag_error(parser->diags, at, help, "%s is expected before the end of the %s", what,
		   token->kind == TOKEN_END ? "text" : "line");
}

const char *parser_help_word(const struct suggestion *suggestion, char *buffer, size_t size)
{
	if (!suggestion->best)
		return NULL;
	snprintf(buffer, size, "did you mean '%s'?", suggestion->best);
	return buffer;
}

struct span span_join(struct span first, struct span last)
{
	if (first.line == last.line && last.column >= first.column)
		first.length = last.column + last.length - first.column;
	return first;
}
