// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/table/table_print.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "policy/lang/document.h"
#include "policy/lang/print.h"
#include "policy/table/table_cell.h"

/* Twice a word, for the case that each of its characters needs a backslash. */
#define SPELL_SIZE (2 * CELL_WORD_SIZE + 3)

struct printer {
	FILE *out;
	const struct table *table;
	struct lexer lexer;
	struct token now;
	bool blank; /* blank lines wait for something to follow */
};

static void advance(struct printer *printer)
{
	printer->now = lex_next(&printer->lexer);
}

static void print_blank(struct printer *printer)
{
	if (printer->blank)
		fputc('\n', printer->out);
	printer->blank = false;
}

static void print_comment(struct printer *printer)
{
	size_t length = printer->now.length;

	while (length > 0 &&
	       (printer->now.text[length - 1] == ' ' || printer->now.text[length - 1] == '\t'))
		length--;
	fprintf(printer->out, "#%.*s", (int)length, printer->now.text);
	advance(printer);
}

static void print_scalar(struct printer *printer, const struct table_column *column)
{
	char text[SPELL_SIZE];

	cell_spell(column, &printer->now, text, sizeof(text));
	fputs(text, printer->out);
	advance(printer);
}

static void print_cell(struct printer *printer, const struct table_column *column)
{
	if (printer->now.kind != TOKEN_LIST) {
		print_scalar(printer, column);
		return;
	}
	fputs("[ ", printer->out);
	for (advance(printer); printer->now.kind != TOKEN_UNLIST; fputc(' ', printer->out))
		print_scalar(printer, column);
	fputs("]", printer->out);
	advance(printer);
}

static void print_row(struct printer *printer)
{
	const struct table_column *columns = table_columns(printer->table->kind);

	for (uint8_t place = 0; place < printer->table->column_count; place++) {
		fputs(place ? "  " : "", printer->out);
		print_cell(printer, &columns[printer->table->column_at[place]]);
	}
	if (printer->now.kind == TOKEN_COMMENT) {
		fputs("  ", printer->out);
		print_comment(printer);
	}
}

/* The table has no errors: each token is where it should be. */
static void print_rows(struct printer *printer)
{
	for (advance(printer); printer->now.kind != TOKEN_END; advance(printer)) {
		if (printer->now.kind == TOKEN_NEWLINE) {
			printer->blank = true;
			continue;
		}
		print_blank(printer);
		if (printer->now.kind == TOKEN_COMMENT)
			print_comment(printer);
		else
			print_row(printer);
		fputc('\n', printer->out);
		if (printer->now.kind == TOKEN_END)
			return;
	}
}

static int print_head(FILE *out, const char *text, size_t length)
{
	struct document *document = NULL;
	size_t printed_length = 0;
	char *printed = NULL;
	int ret;

	ret = document_parse("airgap-table", text, length, NULL, &document);
	if (!ret)
		ret = document_print(document, &printed, &printed_length);
	if (!ret)
		fwrite(printed, 1, printed_length, out);
	free(printed);
	document_free(document);
	return ret;
}

int table_print(const char *text, size_t length, struct diag_list *diags, char **out,
		size_t *out_length)
{
	struct printer printer = { 0 };
	struct table *table = NULL;
	size_t head;
	int ret;

	*out = NULL;
	ret = table_parse(text, length, diags, &table);
	if (ret)
		return ret;
	length = document_text_length(text, length);
	head = table_head_length(text, length);
	printer.table = table;
	printer.out = open_memstream(out, out_length);
	if (!printer.out) {
		ret = -ENOMEM;
		goto out;
	}
	ret = print_head(printer.out, text, head);
	lex_init(&printer.lexer, text, length, NULL);
	printer.lexer.offset = head;
	if (!ret)
		print_rows(&printer);
	if (fclose(printer.out))
		ret = -ENOMEM;
out:
	if (ret) {
		free(*out);
		*out = NULL;
	}
	table_free(table);
	return ret;
}
