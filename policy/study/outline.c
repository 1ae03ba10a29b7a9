// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/study/outline.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/lang/arena.h"
#include "policy/lang/print.h"

/* Comments are no part of what a policy means. */
static struct value plain(struct arena *arena, const struct value *value)
{
	struct value copy = *value;

	copy.before = NULL;
	copy.after = NULL;
	if (value->type != VALUE_LIST)
		return copy;
	copy.list.items = arena_alloc(arena, (value->list.count + 1) * sizeof(copy));
	copy.list.count = copy.list.items ? value->list.count : 0;
	for (uint32_t i = 0; i < copy.list.count; i++)
		copy.list.items[i] = plain(arena, &value->list.items[i]);
	return copy;
}

static void put_condition(struct arena *arena, FILE *out, const struct condition *condition)
{
	struct condition copy = *condition;

	copy.value = plain(arena, &condition->value);
	condition_print(out, &copy, NULL, 0);
}

static void put_statement(struct arena *arena, FILE *out, const struct statement *it)
{
	fputs(it->schema->keyword, out);
	if (it->name)
		fprintf(out, " %s:", it->name);
	for (size_t i = 0; i < it->arg_count; i++) {
		struct value value = plain(arena, &it->args[i]);

		if (value.type == VALUE_ABSENT)
			continue;
		putc(' ', out);
		if (it->schema->args[i].flags & SCHEMA_LABEL)
			fprintf(out, "%s ", it->schema->args[i].name);
		value_print(out, &value, it->schema->args[i].flags, NULL, 0);
	}
	for (size_t i = 0; i < it->condition_count; i++) {
		fputs(i ? ", " : " ", out);
		put_condition(arena, out, &it->conditions[i]);
	}
}

static const char *text_of(struct arena *arena, const struct statement *it)
{
	char *text = NULL, *copy = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	put_statement(arena, out, it);
	if (fclose(out) == 0)
		copy = arena_text(arena, text, size);
	free(text);
	return copy;
}

/* What names a statement among its likes: a rule's or set's name; of those that may repeat, all of it. */
static const char *key_of(struct arena *arena, const struct block *block,
			  const struct statement *it, const char *text)
{
	const char *where = block->schema ? block->schema->name : "";
	const char *name = block->schema ? it->name : statement_text(it, "name");
	char *key = NULL;
	const char *copy = NULL;
	int length;

	if (name)
		length = asprintf(&key, "%s %s %s", where, it->name ? "rule" : it->schema->keyword,
				  name);
	else
		length = asprintf(&key, "%s %s", where,
				  it->schema->flags & SCHEMA_MANY ? text : it->schema->keyword);
	if (length >= 0)
		copy = arena_text(arena, key, (size_t)length);
	free(key);
	return copy;
}

static size_t count_statements(const struct document *document)
{
	size_t count = 0;

	for (const struct block *block = document->first; block; block = block->next)
		for (const struct statement *it = block->first; it; it = it->next)
			count++;
	return count;
}

int outline_document(struct arena *arena, const struct document *document, struct outline *outline)
{
	outline->count = 0;
	outline->entries =
		arena_alloc(arena, (count_statements(document) + 1) * sizeof(*outline->entries));
	if (!outline->entries)
		return -ENOMEM;
	for (const struct block *block = document->first; block; block = block->next)
		for (const struct statement *it = block->first; it; it = it->next) {
			struct outline_entry *entry = &outline->entries[outline->count++];

			entry->statement = it;
			entry->rule = it->name != NULL;
			entry->set = !block->schema && strcmp(it->schema->keyword, "set") == 0;
			entry->text = text_of(arena, it);
			entry->key = entry->text ? key_of(arena, block, it, entry->text) : NULL;
			if (!entry->key)
				return -ENOMEM;
		}
	return 0;
}
