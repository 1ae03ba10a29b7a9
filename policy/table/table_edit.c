// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/table/table_edit.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/lang/document.h"
#include "policy/lang/print.h"
#include "policy/table/table_cell.h"

struct editor {
	FILE *out;
	const struct table *table;
	const struct table_edit *edit;
	const char *text;
	size_t length;
	size_t head;
	size_t done; /* bytes of the text that are copied or replaced */
};

static void copy_to(struct editor *editor, size_t end)
{
	fwrite(editor->text + editor->done, 1, end - editor->done, editor->out);
	editor->done = end;
}

/* Texts are quoted, everything else is a bare word. */
static void put_cell(FILE *out, const struct table_column *column, const char *word)
{
	if (!word || !*word)
		fputc('-', out);
	else if (column->type == COLUMN_TEXT)
		quoted_print(out, word);
	else
		fputs(word, out);
}

static int edit_number(struct editor *editor)
{
	const struct statement *statement;
	struct document *document = NULL;
	struct span at;
	int ret;

	if (!editor->edit->number)
		return 0;
	ret = document_parse("airgap-table", editor->text, editor->head, NULL, &document);
	if (ret)
		return ret;
	statement = document_statement(document_block(document, "table"), "number", NULL);
	at = statement_value(statement, "number")->at;
	copy_to(editor, at.offset);
	fprintf(editor->out, "%" PRIu64, editor->edit->number);
	editor->done = at.offset + at.length;
	document_free(document);
	return 0;
}

/* A cell of table media is one token: it has no lists. */
static void edit_row(struct editor *editor, uint32_t line)
{
	const struct table_column *columns = table_columns(TABLE_KIND_MEDIA);
	const char *at = editor->text;
	struct lexer lexer;

	for (uint32_t i = 1; i < line; i++)
		at = (const char *)memchr(at, '\n', editor->length - (size_t)(at - editor->text)) +
		     1;
	lex_init(&lexer, editor->text, editor->length, NULL);
	lexer.offset = (size_t)(at - editor->text);
	for (uint8_t place = 0; place < editor->table->column_count; place++) {
		struct token token = lex_next(&lexer);
		uint8_t column = editor->table->column_at[place];
		const char *word = editor->edit->cells[column];

		if (!word || column == MEDIA_COLUMN_ID)
			continue;
		copy_to(editor, token.at.offset);
		put_cell(editor->out, &columns[column], word);
		editor->done = token.at.offset + token.at.length;
	}
	copy_to(editor, editor->length);
}

static void add_row(struct editor *editor)
{
	const struct table_column *columns = table_columns(TABLE_KIND_MEDIA);

	copy_to(editor, editor->length);
	if (editor->length > 0 && editor->text[editor->length - 1] != '\n')
		fputc('\n', editor->out);
	for (uint8_t place = 0; place < editor->table->column_count; place++) {
		uint8_t column = editor->table->column_at[place];

		fputs(place ? "  " : "", editor->out);
		if (column == MEDIA_COLUMN_ID)
			for (size_t i = 0; i < TABLE_MEDIA_ID; i++)
				fprintf(editor->out, "%02x", editor->edit->id[i]);
		else
			put_cell(editor->out, &columns[column], editor->edit->cells[column]);
	}
	fputc('\n', editor->out);
}

/* No word of somebody's making becomes two cells, or a comment. */
static bool words_are_bare(const struct table_edit *edit)
{
	const struct table_column *columns = table_columns(TABLE_KIND_MEDIA);

	for (unsigned int i = 0; columns[i].name; i++)
		if (columns[i].type != COLUMN_TEXT && edit->cells[i] &&
		    strspn(edit->cells[i], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					   "0123456789-_.:") != strlen(edit->cells[i]))
			return false;
	return true;
}

static bool has_columns(const struct table *table, const struct table_edit *edit)
{
	for (unsigned int i = 0; table_columns(TABLE_KIND_MEDIA)[i].name; i++)
		if (edit->cells[i] && edit->cells[i][0] && table->place_of[i] == TABLE_NO_COLUMN)
			return false;
	return true;
}

static int edit(struct editor *editor)
{
	struct table_media row;
	int ret = edit_number(editor);

	if (ret)
		return ret;
	if (table_media_find_id(editor->table, editor->edit->id, &row))
		edit_row(editor, row.line);
	else
		add_row(editor);
	return 0;
}

int table_edit_media(const char *text, size_t length, const struct table_edit *wanted,
		     struct diag_list *diags, char **out, size_t *out_length)
{
	struct table *table = NULL, *result = NULL;
	struct editor editor = { .edit = wanted, .text = text };
	int ret = table_parse(text, length, diags, &table);

	*out = NULL;
	if (!ret && (table_kind(table) != TABLE_KIND_MEDIA || !words_are_bare(wanted)))
		ret = -EINVAL;
	if (!ret && !has_columns(table, wanted))
		ret = -ENODATA;
	if (ret)
		goto out;
	editor.table = table;
	editor.length = document_text_length(text, length);
	editor.head = table_head_length(text, editor.length);
	editor.out = open_memstream(out, out_length);
	if (!editor.out) {
		ret = -ENOMEM;
		goto out;
	}
	ret = edit(&editor);
	if (fclose(editor.out))
		ret = -ENOMEM;
	if (!ret)
		ret = table_parse(*out, *out_length, diags, &result);
out:
	if (ret) {
		free(*out);
		*out = NULL;
	}
	table_free(result);
	table_free(table);
	return ret;
}
