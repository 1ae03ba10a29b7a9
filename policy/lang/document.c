// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/lang/document.h"

#include <errno.h>
#include <string.h>

#include "policy/lang/arena.h"
#include "policy/lang/parse.h"

size_t document_text_length(const char *bytes, size_t length)
{
	static const char mark[] = DOCUMENT_SIGNATURE_LINE;
	const size_t size = sizeof(mark) - 1;
	size_t line = 0;

	while (line < length) {
		const char *newline = memchr(bytes + line, '\n', length - line);
		size_t end = newline ? (size_t)(newline - bytes) : length;

		if (end - line == size && memcmp(bytes + line, mark, size) == 0)
			return line;
		line = end + 1;
	}
	return length;
}

int document_parse(const char *kind, const char *text, size_t length, struct diag_list *diags,
		   struct document **document)
{
	struct diag_list own = DIAG_LIST_INIT;
	struct diag_list *list = diags ? diags : &own;
	size_t errors = list->errors;
	int ret;

	ret = document_read(kind, text, length, list, document);
	if (!ret && list->errors > errors)
		ret = -EINVAL;
	if (ret) {
		document_free(*document);
		*document = NULL;
	}
	diag_list_free(&own);
	return ret;
}

void document_free(struct document *document)
{
	if (document)
		arena_free(document->arena);
}

const struct block *document_block(const struct document *document, const char *name)
{
	for (const struct block *block = document->first; block; block = block->next)
		if (block->schema && strcmp(block->schema->name, name) == 0)
			return block;
	return NULL;
}

const struct statement *document_statement(const struct block *block, const char *keyword,
					   const struct statement *after)
{
	const struct statement *statement = after ? after->next : block ? block->first : NULL;

	while (statement && strcmp(statement->schema->keyword, keyword) != 0)
		statement = statement->next;
	return statement;
}

const struct value *statement_value(const struct statement *statement, const char *name)
{
	for (size_t i = 0; statement && i < statement->arg_count; i++)
		if (strcmp(statement->schema->args[i].name, name) == 0)
			return statement->args[i].type == VALUE_ABSENT ? NULL : &statement->args[i];
	return NULL;
}

const char *statement_text(const struct statement *statement, const char *name)
{
	const struct value *value = statement_value(statement, name);

	return value ? value->text : NULL;
}

uint64_t statement_number(const struct statement *statement, const char *name, uint64_t absent)
{
	const struct value *value = statement_value(statement, name);

	return value ? value->number : absent;
}

const char *document_text(const struct document *document, const char *block, const char *keyword,
			  const char *name)
{
	const struct block *found = document_block(document, block);

	return statement_text(document_statement(found, keyword, NULL), name);
}

uint64_t document_number(const struct document *document, const char *block, const char *keyword,
			 const char *name, uint64_t absent)
{
	const struct block *found = document_block(document, block);

	return statement_number(document_statement(found, keyword, NULL), name, absent);
}
