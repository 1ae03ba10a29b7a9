// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/lang/print.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Columns that short texts reach as well, so that most blocks of a policy line up. */
#define KEYWORD_LEAST 11
#define ACTION_WIDTH  7
#define RULE_LEAST    12
#define NAME_LEAST    12
#define COMMENT_LEAST 41
/* Beyond this a line keeps its comment to itself, rather than push everyone else's away. */
#define COMMENT_MOST 64
/* A list shorter than this stays on one line, however long the statement. */
#define LIST_LEAST 60

struct printer {
	FILE *out;
	bool no_memory;
	/* of the block being printed */
	const struct block *block;
	unsigned int indent;
	unsigned int keyword;
	unsigned int rule;
	unsigned int comment;
	unsigned int name;
	const struct schema_statement *table;
	unsigned int widths[SCHEMA_STATEMENTS_MAX][SCHEMA_ARGS_MAX];
};

static unsigned int greater(unsigned int a, unsigned int b)
{
	return a > b ? a : b;
}

/* Columns that a value fills on one line; 0 when memory is short. */
static unsigned int value_width(struct printer *printer, const struct value *value, uint32_t flags)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	unsigned int width = 0;

	if (!out) {
		printer->no_memory = true;
		return 0;
	}
	value_print(out, value, flags, NULL, 0);
	if (fclose(out) == 0)
		width = print_width(text);
	free(text);
	return width;
}

static bool is_name(const struct schema_arg *arg)
{
	return arg->name && strcmp(arg->name, "name") == 0 && !(arg->flags & SCHEMA_LABEL);
}

static bool outside(const struct printer *printer)
{
	return !printer->block->schema;
}

/* Place of a statement's schema in its block's table. */
static size_t row_of(const struct printer *printer, const struct statement *statement)
{
	return (size_t)(statement->schema - printer->table);
}

/* Widest value of each argument, over the statements that line up. */
static void measure_arguments(struct printer *printer)
{
	memset(printer->widths, 0, sizeof(printer->widths));
	printer->name = outside(printer) ? NAME_LEAST - 2 : 0;
	for (const struct statement *it = printer->block->first; it; it = it->next) {
		unsigned int *widths = printer->widths[row_of(printer, it)];

		if (!(it->schema->flags & SCHEMA_MANY))
			continue;
		for (size_t i = 0; i < it->arg_count; i++) {
			unsigned int width;

			if (it->args[i].type == VALUE_LIST || it->args[i].type == VALUE_ABSENT)
				continue;
			width = value_width(printer, &it->args[i], it->schema->args[i].flags);
			widths[i] = greater(widths[i], width);
			if (i == 0 && is_name(&it->schema->args[0]))
				printer->name = greater(printer->name, width);
		}
	}
}

/* Names line up over all statements of a block, other arguments over those of one keyword. */
static unsigned int column_width(const struct printer *printer, const struct statement *statement,
				 size_t i)
{
	if (i == 0 && is_name(&statement->schema->args[0]))
		return printer->name;
	return printer->widths[row_of(printer, statement)][i];
}

static bool written_after(const struct statement *statement, size_t i)
{
	for (i++; i < statement->arg_count; i++)
		if (statement->args[i].type != VALUE_ABSENT)
			return true;
	return false;
}

static void print_arg(struct printer *printer, FILE *out, const struct statement *statement,
		      size_t i, const struct value *broken)
{
	const struct schema_arg *arg = &statement->schema->args[i];
	const struct value *value = &statement->args[i];
	bool label = arg->flags & SCHEMA_LABEL;
	unsigned int width;

	if (i > 0)
		fputs(label || outside(printer) ? "  " : " ", out);
	if (label)
		fprintf(out, "%s ", arg->name);
	value_print(out, value, arg->flags, broken, printer->indent);
	if (!(statement->schema->flags & SCHEMA_MANY) || value->type == VALUE_LIST ||
	    !written_after(statement, i))
		return;
	width = value_width(printer, value, arg->flags);
	if (label || outside(printer) || is_name(arg))
		fprintf(out, "%*s", (int)(column_width(printer, statement, i) - width), "");
}

static void print_args(struct printer *printer, FILE *out, const struct statement *statement,
		       const struct value *broken)
{
	size_t length = strlen(statement->schema->keyword);

	fputs(statement->schema->keyword, out);
	if (statement->arg_count > 0)
		fprintf(out, "%*s",
			(int)(printer->keyword > length ? printer->keyword - length : 1), "");
	for (size_t i = 0; i < statement->arg_count; i++)
		if (statement->args[i].type != VALUE_ABSENT)
			print_arg(printer, out, statement, i, broken);
}

static void print_rule(struct printer *printer, FILE *out, const struct statement *rule,
		       const struct value *broken)
{
	size_t length = strlen(rule->name) + 1;

	fprintf(out, "%-*s%s:%*s", ACTION_WIDTH, rule->schema->keyword, rule->name,
		(int)(printer->rule - length), "");
	for (size_t i = 0; i < rule->condition_count; i++) {
		if (i > 0)
			fputs(", ", out);
		condition_print(out, &rule->conditions[i], broken, printer->indent);
	}
}

/* The statement as it stands after its indent, or NULL. */
static char *statement_text_new(struct printer *printer, const struct statement *statement,
				const struct value *broken)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (out) {
		if (statement->name)
			print_rule(printer, out, statement, broken);
		else
			print_args(printer, out, statement, broken);
	}
	if (!out || fclose(out)) {
		printer->no_memory = true;
		free(text);
		return NULL;
	}
	return text;
}

static const struct value *longer(const struct value *a, const struct value *b)
{
	if (b->type != VALUE_LIST)
		return a;
	return !a || b->list.count > a->list.count ? b : a;
}

/* The list that is broken when a statement is too long. */
static const struct value *longest_list(const struct statement *statement)
{
	const struct value *longest = NULL;

	for (size_t i = 0; i < statement->arg_count; i++)
		if (!(statement->schema->args[i].flags & SCHEMA_BARE))
			longest = longer(longest, &statement->args[i]);
	for (size_t i = 0; i < statement->condition_count; i++)
		longest = longer(longest, &statement->conditions[i].value);
	return longest;
}

static char *render(struct printer *printer, const struct statement *statement)
{
	char *text = statement_text_new(printer, statement, NULL);
	const struct value *list = longest_list(statement);

	if (!text || strchr(text, '\n') || !list ||
	    print_width(text) + printer->indent <= PRINT_WIDTH ||
	    value_width(printer, list, 0) < LIST_LEAST)
		return text;
	free(text);
	return statement_text_new(printer, statement, list);
}

/* Columns that the last line of a text fills. */
static unsigned int last_width(const struct printer *printer, const char *text)
{
	const char *newline = strrchr(text, '\n');

	return newline ? print_width(newline + 1) : printer->indent + print_width(text);
}

/* Rules have columns of their own; beside them, keywords keep to the least one. */
static bool has_rules(const struct block *block)
{
	for (const struct statement *it = block->first; it; it = it->next)
		if (it->name)
			return true;
	return false;
}

static bool widens(const struct statement *statement)
{
	return !statement->name &&
	       !(statement->arg_count > 0 && statement->args[0].type == VALUE_LIST);
}

static unsigned int keyword_least(const struct document *document)
{
	if (strcmp(document->schema->kind, "airgap-policy") == 0)
		return KEYWORD_LEAST;
	/* Its columns are a list, which does not widen a block, and its longest keyword. */
	return strcmp(document->schema->kind, "airgap-table") == 0 ? sizeof("columns") + 1 : 0;
}

static void measure_columns(struct printer *printer, const struct document *document)
{
	unsigned int gap = outside(printer) ? 1 : 2;

	printer->keyword = outside(printer) ? 0 : keyword_least(document);
	printer->rule = RULE_LEAST;
	for (const struct statement *it = printer->block->first; it; it = it->next) {
		if (it->name)
			printer->rule = greater(printer->rule, (unsigned int)strlen(it->name) + 3);
		if (widens(it) && !has_rules(printer->block))
			printer->keyword = greater(printer->keyword,
						   (unsigned int)strlen(it->schema->keyword) + gap);
	}
}

/* Comments beside statements stand in one column. */
static void measure_comments(struct printer *printer)
{
	printer->comment = COMMENT_LEAST;
	for (const struct statement *it = printer->block->first; it; it = it->next) {
		char *text = it->after ? render(printer, it) : NULL;
		unsigned int width = text ? last_width(printer, text) + 2 : 0;

		if (width <= COMMENT_MOST)
			printer->comment = greater(printer->comment, width);
		free(text);
	}
}

static const struct comment *skip_blank(const struct comment *comments)
{
	while (comments && !comments->text)
		comments = comments->next;
	return comments;
}

static void print_statement(struct printer *printer, const struct statement *statement, bool first)
{
	char *text = render(printer, statement);
	unsigned int width;

	comments_print(printer->out, first ? skip_blank(statement->before) : statement->before,
		       printer->indent);
	if (!text)
		return;
	fprintf(printer->out, "%*s%s", (int)printer->indent, "", text);
	width = last_width(printer, text);
	if (statement->after)
		fprintf(printer->out, "%*s#%s",
			(int)(width + 2 > printer->comment ? 2 : printer->comment - width), "",
			statement->after);
	fputc('\n', printer->out);
	free(text);
}

/* Blank lines at the end say nothing. */
static void print_last(FILE *out, const struct comment *comments, unsigned int indent)
{
	bool blank = false;

	for (const struct comment *it = comments; it; it = it->next) {
		if (!it->text) {
			blank = true;
			continue;
		}
		if (blank)
			fputc('\n', out);
		fprintf(out, "%*s#%s\n", (int)indent, "", it->text);
		blank = false;
	}
}

static void print_block(struct printer *printer, const struct document *document,
			const struct block *block)
{
	FILE *out = printer->out;

	printer->block = block;
	printer->table = block->schema ? block->schema->statements : document->schema->statements;
	measure_arguments(printer);
	printer->indent = block->schema ? PRINT_INDENT : 0;
	measure_columns(printer, document);
	measure_comments(printer);
	comments_print(out, block->before, 0);
	if (block->schema) {
		fprintf(out, "%s {", block->schema->name);
		if (block->after_open)
			fprintf(out, "  #%s", block->after_open);
		fputc('\n', out);
	}
	for (const struct statement *it = block->first; it; it = it->next)
		print_statement(printer, it, block->schema && it == block->first);
	print_last(out, block->first ? block->last : skip_blank(block->last), printer->indent);
	if (!block->schema)
		return;
	fputc('}', out);
	if (block->after_close)
		fprintf(out, "  #%s", block->after_close);
	fputc('\n', out);
}

int document_print(const struct document *document, char **text, size_t *length)
{
	struct printer printer = { 0 };

	*text = NULL;
	printer.out = open_memstream(text, length);
	if (!printer.out)
		return -ENOMEM;
	comments_print(printer.out, skip_blank(document->before), 0);
	fprintf(printer.out, "%s %u", document->schema->kind, document->schema->version);
	if (document->after)
		fprintf(printer.out, "  #%s", document->after);
	fputc('\n', printer.out);
	for (const struct block *it = document->first; it; it = it->next)
		print_block(&printer, document, it);
	print_last(printer.out, document->last, 0);
	if (fclose(printer.out) == 0 && !printer.no_memory)
		return 0;
	free(*text);
	*text = NULL;
	return -ENOMEM;
}
