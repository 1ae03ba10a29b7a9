// SPDX-License-Identifier: GPL-2.0-or-later
/* One cell: tokens to the number that a row keeps. */
#include <stdio.h>
#include <string.h>

#include "policy/lang/suggest.h"
#include "policy/table/table_cell.h"

#define HELP_SIZE 160

bool cell_ends_row(const struct token *token)
{
	return token->kind == TOKEN_NEWLINE || token->kind == TOKEN_COMMENT ||
	       token->kind == TOKEN_END;
}

static void advance(struct cell_reader *reader)
{
	reader->now = lex_next(reader->lexer);
}

static void report_status(struct cell_reader *reader, const char *word)
{
	struct suggestion nearest = suggest_begin(word, strlen(word));
	char help[HELP_SIZE], list[HELP_SIZE] = "";
	size_t used = 0;

	suggest_offer_all(&nearest, table_statuses);
	for (size_t i = 0; table_statuses[i]; i++)
		used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s", i ? ", " : "",
					 table_statuses[i]);
	if (nearest.best)
		snprintf(help, sizeof(help), "did you mean '%s'?", nearest.best);
	else
		snprintf(help, sizeof(help), "one of: %s", list);
	diag_error(reader->lexer->diags, reader->now.at, help, "'%s' is not a status", word);
}

/* A token that the lexer has reported needs no second word. */
static void report_cell(struct cell_reader *reader, const struct table_column *column)
{
	struct token *now = &reader->now;
	char word[CELL_WORD_SIZE];

	if (now->kind == TOKEN_BAD)
		return;
	if (column->type == COLUMN_STATUS && now->kind == TOKEN_WORD && cell_word(now, word))
		report_status(reader, word);
	else
		diag_error(reader->lexer->diags, now->at, column_type_help(column->type),
			   "'%.*s' cannot stand in column '%s'",
			   (int)(now->length < 100 ? now->length : 100), now->text, column->name);
}

static bool text_fits(struct cell_reader *reader, const struct table_column *column,
		      const char *word)
{
	struct diag_list *diags = reader->lexer->diags;

	if (!word[0]) {
		diag_error(diags, reader->now.at,
			   column->flags & COLUMN_EMPTY ? "write '-' for nothing" : NULL,
			   "an empty text in column '%s'", column->name);
		return false;
	}
	if (column->max && strlen(word) > column->max) {
		diag_error(diags, reader->now.at, NULL,
			   "column '%s' takes at most %u bytes, and here are %zu", column->name,
			   column->max, strlen(word));
		return false;
	}
	return true;
}

/* The present token as a scalar of the column; the parser stays where it is. */
static bool read_scalar(struct cell_reader *reader, const struct table_column *column,
			char word[static CELL_WORD_SIZE], struct cell_scalar *scalar)
{
	bool good = cell_word(&reader->now, word);

	*scalar = (struct cell_scalar){ .column = column, .token = reader->now.kind, .word = word };
	if (!good || !cell_scalar(scalar)) {
		report_cell(reader, column);
		return false;
	}
	return !scalar->is_text || text_fits(reader, column, word);
}

static bool is_dash(const struct token *token)
{
	return token->kind == TOKEN_WORD && token->length == 1 && token->text[0] == '-';
}

static bool keep_scalar(struct cell_reader *reader, const struct cell_scalar *scalar,
			uint32_t *cell)
{
	bool shared = (scalar->column->flags & (COLUMN_SHARED | COLUMN_LIST)) == COLUMN_SHARED;

	if (scalar->is_text)
		*cell = shared ? pool_add_shared(reader, scalar->word)
			       : pool_add_text(reader, scalar->word);
	else if (scalar->length > 0)
		*cell = pool_add(reader, scalar->bytes, scalar->length);
	else
		*cell = scalar->cell;
	return !reader->no_memory;
}

static bool read_element(struct cell_reader *reader, const struct table_column *column,
			 uint32_t *count)
{
	char word[CELL_WORD_SIZE];
	struct cell_scalar scalar;
	uint32_t place;

	if (*count == TABLE_LIST_MAX) {
		diag_error(reader->lexer->diags, reader->now.at, NULL,
			   "a list has at most %d elements", TABLE_LIST_MAX);
		return false;
	}
	if (!read_scalar(reader, column, word, &scalar) || !keep_scalar(reader, &scalar, &place))
		return false;
	++*count;
	advance(reader);
	return true;
}

/* Elements up to ']'. */
static bool read_elements(struct cell_reader *reader, const struct table_column *column,
			  uint32_t *count)
{
	struct span open = reader->now.at;

	advance(reader);
	while (reader->now.kind != TOKEN_UNLIST) {
		if (cell_ends_row(&reader->now)) {
			diag_error(reader->lexer->diags, open, "end it with ']' on the same line",
				   "the list is not closed");
			return false;
		}
		if (!read_element(reader, column, count))
			return false;
	}
	advance(reader);
	if (*count == 0)
		diag_error(reader->lexer->diags, open, "write '-' for nothing", "an empty list");
	return *count > 0;
}

static bool read_list(struct cell_reader *reader, const struct table_column *column, uint32_t *cell)
{
	uint32_t count = 0, place = pool_add(reader, &(uint8_t){ 0 }, 1);
	bool good;

	if (!place)
		return false;
	if (reader->now.kind == TOKEN_LIST)
		good = read_elements(reader, column, &count);
	else
		good = read_element(reader, column, &count);
	reader->table->pool[place] = (uint8_t)count;
	*cell = place;
	return good;
}

bool cell_read(struct cell_reader *reader, const struct table_column *column, uint32_t *cell)
{
	char word[CELL_WORD_SIZE];
	struct cell_scalar scalar;

	*cell = 0;
	if (is_dash(&reader->now)) {
		if (column->flags & COLUMN_EMPTY) {
			advance(reader);
			return true;
		}
		diag_error(reader->lexer->diags, reader->now.at, column_type_help(column->type),
			   "column '%s' cannot be empty", column->name);
		return false;
	}
	if (column->flags & COLUMN_LIST) {
		if (read_list(reader, column, cell))
			return true;
		*cell = 0;
		return false;
	}
	if (!read_scalar(reader, column, word, &scalar) || !keep_scalar(reader, &scalar, cell))
		return false;
	advance(reader);
	return true;
}
