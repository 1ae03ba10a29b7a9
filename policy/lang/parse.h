/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the files of the parser. Everyone else wants document.h. */
#ifndef AIRGAP_POLICY_PARSE_H
#define AIRGAP_POLICY_PARSE_H

#include <stdbool.h>

#include "policy/lang/arena.h"
#include "policy/lang/document.h"
#include "policy/lang/lex.h"
#include "policy/lang/suggest.h"

struct parser {
	struct lexer lexer;
	struct token
		now; /* never a comment; TOKEN_NEWLINE only at the end of a line with content */
	struct span before; /* the token before it */
	struct arena *arena;
	struct diag_list *diags;
	struct document *document;
	struct block *last_block;
	struct statement **outside_end;	  /* of the last block, when it is of outside statements */
	const struct schema_block *block; /* being parsed; NULL outside */
	struct comment *comments;	  /* whole-line comments and blank lines not yet attached */
	struct comment **comments_end;
	const char *line_comment; /* at the end of a line of content, not yet attached */
	unsigned int depth;	  /* open lists */
	bool runaway;		  /* a list was not closed: the next statement has begun already */
	bool line_empty;
	bool line_commented;
	bool no_memory;
	unsigned int rules;
};

/**
 * document_read - like document_parse(), but leaves what could be read even when there were errors,
 * so that later checks can report theirs too
 *
 * Returns 0 or -ENOMEM; @document is NULL when not even its kind could be read.
 */
int document_read(const char *kind, const char *text, size_t length, struct diag_list *diags,
		  struct document **document);

/* parse.c */
void parser_begin(struct parser *parser, const char *text, size_t length, struct diag_list *diags,
		  struct arena *arena);
void parser_advance(struct parser *parser);
bool parser_at_line_end(const struct parser *parser);
/** parser_is - whether the present token is this word */
bool parser_is(const struct parser *parser, const char *word);
struct token parser_peek(const struct parser *parser);
struct comment *parser_take_comments(struct parser *parser);
/** parser_push_comment - one more line to those not yet attached; @text NULL is a blank line */
void parser_push_comment(struct parser *parser, const char *text);
const char *parser_take_line_comment(struct parser *parser);
/** parser_skip_line - after an error: to the end of the statement */
void parser_skip_line(struct parser *parser);
/** parser_skip_list - after an error: to the ']' of the open list, or the end of the statement */
void parser_skip_list(struct parser *parser);
/** parser_begins_statement - whether the present word is a keyword here or the name of a block */
bool parser_begins_statement(const struct parser *parser);
void *parser_alloc(struct parser *parser, size_t size);
/** parser_text - what a word, string or reference says, ended by NUL; NULL when memory is short */
const char *parser_text(struct parser *parser, const struct token *token);
/** parser_expected - "X is expected, not 'y'"; says nothing about a token already reported */
void parser_expected(struct parser *parser, const char *what, const char *help);
/** parser_help_word - "did you mean 'x'?" in @buffer, or NULL */
const char *parser_help_word(const struct suggestion *suggestion, char *buffer, size_t size);
struct span span_join(struct span first, struct span last);

/*
 * parse_value.c, parse_list.c: each returns false after having reported. A list that was closed is passed even
 * then; otherwise the parser stands at what was wrong.
 */
bool parse_value(struct parser *parser, const struct schema_arg *arg, struct value *value);
bool parse_list(struct parser *parser, const struct schema_arg *arg, struct value *value);
bool parse_pairs(struct parser *parser, const struct schema_arg *arg, struct value *value);

/* parse_block.c */
/** parse_line_end - report and skip what still stands on the line */
void parse_line_end(struct parser *parser);
/** parse_finish_line - pass the end of the line; returns the comment beside it, or NULL */
const char *parse_finish_line(struct parser *parser);
/** parse_unknown_keyword - @block NULL: outside blocks, where @blocks may begin too */
void parse_unknown_keyword(struct parser *parser, const char *block,
			   const struct schema_statement *statements,
			   const struct schema_block *blocks);
struct statement *parse_statement(struct parser *parser, const struct schema_statement *schema);
/** parse_statements - up to and with the block's '}' */
void parse_statements(struct parser *parser, struct block *block);
/** parse_skip_block - after an error: to the '}' that ends what began here */
void parse_skip_block(struct parser *parser);
/** parse_check_... - report what stands twice or is missing */
void parse_check_once(struct parser *parser, const struct block *block,
		      const struct schema_statement *schema, struct span at);
void parse_check_required(struct parser *parser, const struct block *block);
void parse_check_unique(struct parser *parser, const struct block *block);

/* parse_args.c, parse_rule.c: what follows the keyword, up to the end of the line */
bool parse_args(struct parser *parser, struct statement *statement);
bool parse_rule(struct parser *parser, struct statement *statement);

#endif
