// SPDX-License-Identifier: GPL-2.0-or-later
/* The lexer, from any bytes in each of its states, to the end of the text. */
#include <stdarg.h>

#include "policy/lang/lex.h"
#include "tests/verify/context.h"

/*
 * Bytes that the lexer treats alike. Each class is followed on its own, so that a byte is still what
 * it was when the lexer looks at it again; together they are all bytes.
 */
static const struct {
	unsigned char first;
	unsigned char last;
} classes[] = {
	{ 0x00, 0x08 }, { '\t', '\t' }, { '\n', '\n' }, { 0x0b, 0x0c }, { '\r', '\r' },
	{ 0x0e, 0x1f }, { ' ', ' ' },	{ '!', '!' },	{ '"', '"' },	{ '#', '#' },
	{ '$', ')' },	{ '*', '+' },	{ ',', ',' },	{ '-', '-' },	{ '.', '.' },
	{ '/', ':' },	{ ';', '<' },	{ '=', '=' },	{ '>', '?' },	{ '@', '@' },
	{ 'A', 'Z' },	{ '[', '[' },	{ '\\', '\\' }, { ']', ']' },	{ '^', '^' },
	{ '_', '_' },	{ '`', '`' },	{ 'a', 'z' },	{ '{', '{' },	{ '|', '|' },
	{ '}', '}' },	{ '~', '~' },	{ 0x7f, 0x7f }, { 0x80, 0xc1 }, { 0xc2, 0xdf },
	{ 0xe0, 0xef }, { 0xf0, 0xf4 }, { 0xf5, 0xff },
};
#define CLASSES ((int)(sizeof(classes) / sizeof(classes[0])))

static const struct context contexts[] = {
	{ "", "" },	  { "\"", "" },	    { "\"", "\"\n" }, { "\"\\", "\"\n" }, { "# ", "\n" },
	{ "@", "" },	  { "a", " " },	    { ".", "" },      { "\r", "" },	  { "a \xe7\xa7", "" },
	{ "[ 1", " ]\n" },
};
#define CONTEXTS ((int)(sizeof(contexts) / sizeof(contexts[0])))

static char copy[CONTEXT_MAX + 1];

/* Keeps nothing, but reads all that it would print; the lexer's only text is a piece of its input. */
void diag_error(struct diag_list *list, struct span at, const char *help, const char *format, ...)
{
	va_list args;

	(void)list;
	(void)help;
	//@ assert place: at.offset <= CONTEXT_MAX && at.line >= 1 && at.column >= 1;
	if (format[0] != '\'' || format[1] != '%' || format[2] != '.')
		return;
	va_start(args, format);
	int length = va_arg(args, int);
	const char *text = va_arg(args, const char *);
	//@ assert piece: 0 <= length <= CONTEXT_MAX;
	for (int i = 0; i < length; i++)
		copy[i] = text[i];
	va_end(args);
}

static char any_of(int class)
{
	return (char)Frama_C_unsigned_char_interval(classes[class].first, classes[class].last);
}

int main(void)
{
	int which = Frama_C_interval(0, CONTEXTS - 1);
	int one = Frama_C_interval(0, CLASSES - 1), two = Frama_C_interval(0, CLASSES - 1);
	size_t arbitrary = Frama_C_size_t_interval(0, 2), length, before;
	struct lexer lexer;
	struct token token;
	char *middle;

	//@ split which;
	//@ split arbitrary;
	middle = context_middle(&contexts[which], arbitrary);
	length = context_length(&contexts[which], arbitrary);
	if (arbitrary > 0) {
		//@ split one;
		middle[0] = any_of(one);
	}
	if (arbitrary > 1) {
		//@ split two;
		middle[1] = any_of(two);
	}
	lex_init(&lexer, context_bytes + CONTEXT_MAX - length, length, NULL);
	do {
		before = lexer.offset;
		token = lex_next(&lexer);
		//@ assert kind: 0 <= token.kind <= TOKEN_BAD;
		//@ assert within: lexer.offset <= length;
		//@ assert progress: token.kind == TOKEN_END || lexer.offset > before;
		//@ assert inside: token.length <= length;
		for (size_t i = 0; i < token.length; i++)
			copy[i] = token.text[i];
		if (token.kind == TOKEN_STRING)
			lex_unquote(&token, copy);
	} while (token.kind != TOKEN_END);
	return 0;
}
