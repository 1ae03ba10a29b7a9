/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lexer: bytes to tokens with line and column. It is total: any bytes give tokens up to LEX_END,
 * and what is wrong with them goes to the diagnostics.
 */
#ifndef AIRGAP_POLICY_LEX_H
#define AIRGAP_POLICY_LEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/lang/diag.h"

/* A text may be this long; one byte more is an error of the whole. */
#define LEX_TEXT_MAX (256 * 1024)
/* Bytes of one quoted text, its quotes and escapes not counted. */
#define LEX_STRING_MAX 1024

enum token_kind {
	TOKEN_END,
	TOKEN_NEWLINE,
	TOKEN_WORD,   /* bare: letters, digits and - _ . : / * + = */
	TOKEN_STRING, /* between double quotes; \" and \\ are the only escapes */
	TOKEN_REF,    /* @name; the text is the name */
	TOKEN_RANGE,  /* .. */
	TOKEN_COMMA,
	TOKEN_OPEN,    /* { */
	TOKEN_CLOSE,   /* } */
	TOKEN_LIST,    /* [ */
	TOKEN_UNLIST,  /* ] */
	TOKEN_COMMENT, /* # to the end of the line; the text begins after # */
	TOKEN_BAD,     /* already reported; the parser says nothing more of it */
};

struct token {
	enum token_kind kind;
	struct span at;
	const char
		*text; /* into the lexed bytes, for words, references, comments and raw strings */
	size_t length; /* bytes of text */
};

struct lexer {
	const char *text;
	size_t length;
	size_t offset;
	uint32_t line;
	uint32_t column;
	uint32_t bad_line;  /* last line whose bytes were reported */
	bool crlf_reported; /* one message about line ends is enough */
	struct diag_list *diags;
};

/** lex_init - start at the first byte of @text, which must outlive the lexer and its tokens */
void lex_init(struct lexer *lexer, const char *text, size_t length, struct diag_list *diags);

/** lex_next - the next token; after the last one TOKEN_END for ever */
struct token lex_next(struct lexer *lexer);

/**
 * lex_unquote - the content of a TOKEN_STRING
 * @out: room for token->length + 1 bytes; ended by NUL
 *
 * Returns the length of the content. Escapes were checked by the lexer.
 */
size_t lex_unquote(const struct token *token, char *out);

#endif
