// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/lang/lex.h"

#include <stdbool.h>
#include <string.h>

#include "policy/lang/utf8.h"

void lex_init(struct lexer *lexer, const char *text, size_t length, struct diag_list *diags)
{
	*lexer = (struct lexer){
		.text = text,
		.length = length,
		.line = 1,
		.column = 1,
		.diags = diags,
	};
}

static struct span here(const struct lexer *lexer)
{
	return (struct span){
		.offset = (uint32_t)lexer->offset,
		.line = lexer->line,
		.column = lexer->column,
		.length = 1,
	};
}

static int peek(const struct lexer *lexer)
{
	if (lexer->offset >= lexer->length)
		return -1;
	return (unsigned char)lexer->text[lexer->offset];
}

static bool is_word(int byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9') || (byte > 0 && strchr("-_.:/*+=", byte));
}

/* CR before LF: the file came from another system. The line still ends where it seems to. */
static bool at_crlf(const struct lexer *lexer)
{
	return peek(lexer) == '\r' && lexer->offset + 1 < lexer->length &&
	       lexer->text[lexer->offset + 1] == '\n';
}

/* A line is reported once, however many bad bytes it has. */
static void report_bytes(struct lexer *lexer, size_t size, uint32_t character)
{
	if (lexer->bad_line == lexer->line)
		return;
	lexer->bad_line = lexer->line;
	if (size == 0)
		diag_error(lexer->diags, here(lexer), "save the file as UTF-8",
			   "byte 0x%02x is not UTF-8", (unsigned int)peek(lexer));
	else if (character == 0xfeff && lexer->offset == 0)
		diag_error(lexer->diags, here(lexer), "save the file as UTF-8 without it",
			   "the file begins with a byte order mark");
	else
		diag_error(lexer->diags, here(lexer), "remove it",
			   "control character U+%04X is not permitted", character);
}

/* Pass one character; false when it may not stand in a text. */
static bool take(struct lexer *lexer, uint32_t *character)
{
	size_t size;
	bool good;

	*character = 0;
	size = utf8_decode(lexer->text + lexer->offset, lexer->length - lexer->offset, character);
	good = size > 0 && (*character == '\t' || !utf8_is_control(*character));
	if (!good)
		report_bytes(lexer, size, *character);
	lexer->offset += size ? size : 1;
	lexer->column++;
	return good;
}

static struct token finish(const struct lexer *lexer, struct token token, enum token_kind kind)
{
	token.kind = kind;
	token.at.length = lexer->column - token.at.column;
	if (!token.text) {
		token.text = lexer->text + token.at.offset;
		token.length = lexer->offset - token.at.offset;
	}
	return token;
}

static struct token lex_newline(struct lexer *lexer, struct token token)
{
	if (peek(lexer) == '\r') {
		if (!lexer->crlf_reported)
			diag_error(lexer->diags, here(lexer),
				   "convert the file: lines end with LF alone",
				   "the line ends with CR LF");
		lexer->crlf_reported = true;
		lexer->offset++;
	}
	lexer->offset++;
	token.kind = TOKEN_NEWLINE;
	token.text = "";
	lexer->line++;
	lexer->column = 1;
	return token;
}

static struct token lex_comment(struct lexer *lexer, struct token token)
{
	uint32_t character;

	take(lexer, &character);
	token.text = lexer->text + lexer->offset;
	while (peek(lexer) != -1 && peek(lexer) != '\n' && !at_crlf(lexer))
		take(lexer, &character);
	token.length = lexer->offset - (size_t)(token.text - lexer->text);
	return finish(lexer, token, TOKEN_COMMENT);
}

/* After a backslash: only what needs one may follow it. */
static bool take_escape(struct lexer *lexer)
{
	struct span at = here(lexer);
	uint32_t character;
	int next;

	take(lexer, &character);
	next = peek(lexer);
	if (next == '"' || next == '\\')
		return take(lexer, &character);
	at.length = 2;
	diag_error(lexer->diags, at, "only \\\" and \\\\ may follow a backslash",
		   "unknown escape in a text");
	return false;
}

/* Texts are shown in messages and tables, and no device's name that holds a tab is believed. */
static bool tab_in_string(struct lexer *lexer)
{
	if (lexer->bad_line != lexer->line)
		diag_error(lexer->diags, here(lexer), "write a space", "a tab inside a text");
	lexer->bad_line = lexer->line;
	return false;
}

static struct token lex_string(struct lexer *lexer, struct token token)
{
	uint32_t character;
	bool good = true;

	take(lexer, &character);
	token.text = lexer->text + lexer->offset;
	while (peek(lexer) != '"') {
		if (peek(lexer) == -1 || peek(lexer) == '\n' || at_crlf(lexer)) {
			token.at.length = lexer->column - token.at.column;
			diag_error(lexer->diags, token.at, "end it with '\"' on the same line",
				   "the text is not closed");
			return finish(lexer, token, TOKEN_BAD);
		}
		if (peek(lexer) == '\t')
			good = tab_in_string(lexer) && good;
		good = (peek(lexer) == '\\' ? take_escape(lexer) : take(lexer, &character)) && good;
	}
	token.length = lexer->offset - (size_t)(token.text - lexer->text);
	take(lexer, &character);
	token = finish(lexer, token, good ? TOKEN_STRING : TOKEN_BAD);
	if (good && token.length > LEX_STRING_MAX) {
		diag_error(lexer->diags, token.at, NULL,
			   "the text has %zu bytes; at most %d are permitted", token.length,
			   LEX_STRING_MAX);
		token.kind = TOKEN_BAD;
	}
	return token;
}

static bool at_range(const struct lexer *lexer)
{
	return lexer->offset + 1 < lexer->length && lexer->text[lexer->offset] == '.' &&
	       lexer->text[lexer->offset + 1] == '.';
}

static void take_word(struct lexer *lexer)
{
	while (is_word(peek(lexer)) && !at_range(lexer)) {
		lexer->offset++;
		lexer->column++;
	}
}

static struct token lex_reference(struct lexer *lexer, struct token token)
{
	lexer->offset++;
	lexer->column++;
	token.text = lexer->text + lexer->offset;
	take_word(lexer);
	token.length = lexer->offset - (size_t)(token.text - lexer->text);
	if (token.length > 0)
		return finish(lexer, token, TOKEN_REF);
	diag_error(lexer->diags, token.at, "write '@' and the name of a set or table",
		   "'@' without a name");
	return finish(lexer, token, TOKEN_BAD);
}

/* Anything that no token begins with; neighbours of its kind are reported together. */
static struct token lex_stray(struct lexer *lexer, struct token token)
{
	uint32_t character;
	bool good = take(lexer, &character);

	while (good && peek(lexer) >= 0x80)
		good = take(lexer, &character);
	token = finish(lexer, token, TOKEN_BAD);
	if (good)
		diag_error(lexer->diags, token.at,
			   "a text stands between double quotes; outside them only letters, digits "
			   "and "
			   "- _ . : / * + = are used",
			   "'%.*s' means nothing here", (int)token.length, token.text);
	return token;
}

static enum token_kind punctuation(int byte)
{
	switch (byte) {
	case ',':
		return TOKEN_COMMA;
	case '{':
		return TOKEN_OPEN;
	case '}':
		return TOKEN_CLOSE;
	case '[':
		return TOKEN_LIST;
	case ']':
		return TOKEN_UNLIST;
	default:
		return TOKEN_END;
	}
}

static struct token lex_mark(struct lexer *lexer, struct token token, enum token_kind kind,
			     uint32_t size)
{
	lexer->offset += size;
	lexer->column += size;
	return finish(lexer, token, kind);
}

/* A byte order mark, or a CR inside a line, was meant as nothing at all: report it, and go on. */
static bool at_meant_nothing(const struct lexer *lexer)
{
	static const char mark[] = "\xef\xbb\xbf";

	if (peek(lexer) == '\r')
		return !at_crlf(lexer);
	return lexer->offset == 0 && lexer->length >= 3 && memcmp(lexer->text, mark, 3) == 0;
}

static void skip_space(struct lexer *lexer)
{
	uint32_t character;

	for (;;) {
		if (at_meant_nothing(lexer)) {
			take(lexer, &character);
		} else if (peek(lexer) == ' ' || peek(lexer) == '\t') {
			lexer->offset++;
			lexer->column++;
		} else {
			return;
		}
	}
}

struct token lex_next(struct lexer *lexer)
{
	struct token token;
	int byte;

	skip_space(lexer);
	token = (struct token){ .at = here(lexer) };
	byte = peek(lexer);
	if (byte == -1) {
		token.text = "";
		return token;
	}
	if (byte == '\n' || at_crlf(lexer))
		return lex_newline(lexer, token);
	if (byte == '#')
		return lex_comment(lexer, token);
	if (byte == '"')
		return lex_string(lexer, token);
	if (byte == '@')
		return lex_reference(lexer, token);
	if (at_range(lexer))
		return lex_mark(lexer, token, TOKEN_RANGE, 2);
	if (punctuation(byte) != TOKEN_END)
		return lex_mark(lexer, token, punctuation(byte), 1);
	if (!is_word(byte))
		return lex_stray(lexer, token);
	take_word(lexer);
	return finish(lexer, token, TOKEN_WORD);
}

size_t lex_unquote(const struct token *token, char *out)
{
	size_t length = 0;

	for (size_t i = 0; i < token->length; i++) {
		if (token->text[i] == '\\' && i + 1 < token->length)
			i++;
		out[length++] = token->text[i];
	}
	out[length] = '\0';
	return length;
}
