/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading cells; for table_read.c and table_print.c. */
#ifndef AIRGAP_POLICY_TABLE_CELL_H
#define AIRGAP_POLICY_TABLE_CELL_H

#include "policy/table/table_model.h"

/* What one token can say, and its NUL. */
#define CELL_WORD_SIZE (LEX_STRING_MAX + 1)

/** cell_read - one cell, a list if it is one; false after having reported, and @cell is then 0 */
bool cell_read(struct cell_reader *reader, const struct table_column *column, uint32_t *cell);

/** cell_ends_row - whether a token stands where a row ends */
bool cell_ends_row(const struct token *token);

/** cell_word - what a word or a string says; false when the token is neither, or too long */
bool cell_word(const struct token *token, char word[static CELL_WORD_SIZE]);

/* A single value: the first three tell what is written, the others what it means. */
struct cell_scalar {
	const struct table_column *column;
	enum token_kind token;
	const char *word;
	bool is_text;  /* the word itself is the value */
	size_t length; /* of bytes; 0: the value is cell, or the word */
	uint32_t cell;
	uint8_t bytes[sizeof(struct address_prefix)];
};

/** cell_scalar - understand a value by the column's type; false when it is none */
bool cell_scalar(struct cell_scalar *scalar);

/** cell_spell - the one spelling, among those that mean the same, that the printer uses */
void cell_spell(const struct table_column *column, const struct token *token, char *out,
		size_t size);

#endif
