// SPDX-License-Identifier: GPL-2.0-or-later
/* The head: a document of its own, which the schema describes. Only the columns are typed here. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "policy/lang/document.h"
#include "policy/lang/suggest.h"
#include "policy/table/table_model.h"

#define HELP_SIZE 160

/*
 * The brace that closes the head. Where there is none, the head ends with the line of the first ']',
 * which is that of the columns: the rows must not be read as statements of a head without end.
 */
size_t table_head_length(const char *text, size_t length)
{
	size_t bound = length < LEX_TEXT_MAX ? length : LEX_TEXT_MAX, found = 0;
	struct lexer lexer;
	struct token token;
	const char *newline;

	lex_init(&lexer, text, bound, NULL);
	do {
		token = lex_next(&lexer);
		if (token.kind == TOKEN_CLOSE || (token.kind == TOKEN_UNLIST && !found))
			found = lexer.offset;
	} while (token.kind != TOKEN_CLOSE && token.kind != TOKEN_END);
	if (!found)
		return bound;
	newline = memchr(text + found, '\n', length - found);
	return newline ? (size_t)(newline - text) + 1 : length;
}

static bool is_word(const struct token *token, const char *word)
{
	return token->kind == TOKEN_WORD && token->length == strlen(word) &&
	       memcmp(token->text, word, token->length) == 0;
}

static enum table_kind kind_of_word(const struct token *token)
{
	enum table_kind kind;

	for (kind = TABLE_KIND_MEDIA; kind < TABLE_KIND_COUNT; kind++)
		if (is_word(token, table_kind_name(kind)))
			break;
	return kind;
}

enum table_kind table_kind_of(const char *text, size_t length)
{
	struct lexer lexer;
	struct token token;
	bool begins = true;

	lex_init(&lexer, text, length < LEX_TEXT_MAX ? length : LEX_TEXT_MAX, NULL);
	for (token = lex_next(&lexer); token.kind != TOKEN_END && token.kind != TOKEN_CLOSE;
	     token = lex_next(&lexer)) {
		if (begins && is_word(&token, "name")) {
			token = lex_next(&lexer);
			return kind_of_word(&token);
		}
		begins = token.kind == TOKEN_NEWLINE || token.kind == TOKEN_OPEN;
	}
	return TABLE_KIND_COUNT;
}

static const char *column_help(enum table_kind kind, const char *name, char *help, size_t size)
{
	const struct table_column *columns = table_columns(kind);
	struct suggestion nearest = suggest_begin(name, strlen(name));
	size_t used = 0;

	for (size_t i = 0; columns[i].name; i++)
		suggest_offer(&nearest, columns[i].name);
	if (nearest.best) {
		snprintf(help, size, "did you mean '%s'?", nearest.best);
		return help;
	}
	used = (size_t)snprintf(help, size, "its columns are");
	for (size_t i = 0; columns[i].name && used < size; i++)
		used += (size_t)snprintf(help + used, size - used, " %s", columns[i].name);
	return help;
}

static void add_column(struct table *table, const struct value *name, struct diag_list *diags)
{
	const struct table_column *columns = table_columns(table->kind);
	char help[HELP_SIZE];

	for (uint8_t i = 0; columns[i].name; i++) {
		if (strcmp(columns[i].name, name->text) != 0)
			continue;
		/* Names that stand twice in a list are the parser's finding. */
		if (table->place_of[i] != TABLE_NO_COLUMN)
			return;
		table->place_of[i] = table->column_count;
		table->column_at[table->column_count++] = i;
		return;
	}
	diag_error(diags, name->at, column_help(table->kind, name->text, help, sizeof(help)),
		   "table '%s' has no column '%s'", table_name(table), name->text);
}

static void check_required(const struct table *table, const struct value *list,
			   struct diag_list *diags)
{
	const struct table_column *columns = table_columns(table->kind);

	for (size_t i = 0; columns[i].name; i++)
		if ((columns[i].flags & COLUMN_REQUIRED) && table->place_of[i] == TABLE_NO_COLUMN)
			diag_error(diags, list->at, columns[i].help, "table '%s' needs column '%s'",
				   table_name(table), columns[i].name);
}

static void read_columns(struct table *table, const struct document *document,
			 struct diag_list *diags)
{
	const struct statement *statement =
		document_statement(document_block(document, "table"), "columns", NULL);
	const struct value *list = statement_value(statement, "columns");
	size_t errors = diags->errors;

	memset(table->place_of, TABLE_NO_COLUMN, sizeof(table->place_of));
	for (uint32_t i = 0; i < list->list.count; i++)
		add_column(table, &list->list.items[i], diags);
	/* A misspelt column is not missing as well. */
	if (diags->errors == errors)
		check_required(table, list, diags);
}

int table_head_read(struct table *table, const char *text, size_t length, struct diag_list *diags)
{
	struct document *document = NULL;
	size_t errors = diags->errors;
	const char *name;
	int ret;

	ret = document_parse("airgap-table", text, length, diags, &document);
	if (ret)
		return ret;
	name = document_text(document, "table", "name", "name");
	table->kind = strcmp(name, table_kind_name(TABLE_KIND_MEDIA)) == 0 ? TABLE_KIND_MEDIA
									   : TABLE_KIND_TERMINALS;
	table->number = document_number(document, "table", "number", "number", 0);
	read_columns(table, document, diags);
	document_free(document);
	return diags->errors > errors ? -EINVAL : 0;
}
