// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/lang/check.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "policy/lang/arena.h"
#include "policy/lang/check_network.h"
#include "policy/lang/check_recipients.h"
#include "policy/lang/seen.h"
#include "policy/lang/suggest.h"

#define HELP_MAX 256
/* Names that a misspelt one is compared with: a text of nothing but errors must end soon, too. */
#define SUGGEST_AMONG 256

/* Rules by these names could be mistaken for what decides without any rule. */
static const char *const reserved[] = {
	"builtin", "default", "hub", "root-hub", "rescue", "lockdown", "none", "any", NULL,
};

/* A set or a table. */
struct name {
	const struct statement *statement;
	bool table;
	bool used;
};

struct checker {
	const struct document *document;
	struct diag_list *diags;
	struct arena *arena;
	struct seen names;
	bool no_memory;
};

static bool is_reserved(const char *name)
{
	for (size_t i = 0; reserved[i]; i++)
		if (strcmp(reserved[i], name) == 0)
			return true;
	return false;
}

/* Remembers a name; reports the second of its kind. */
static struct seen_entry *add_name(struct checker *checker, struct seen *seen, const char *what,
				   const char *name, struct span at)
{
	struct seen_entry *entry;
	bool fresh;

	if (is_reserved(name))
		diag_error(checker->diags, at, "choose another name", "'%s' is a reserved name",
			   name);
	entry = seen_add(seen, name, strlen(name), at, &fresh);
	if (!entry)
		checker->no_memory = true;
	else if (!fresh)
		diag_error(checker->diags, at,
			   strcmp(what, "key") == 0 ? "each person has a key of his own"
						    : "choose another name",
			   "%s '%s' stands twice, first in line %u", what, name, entry->at.line);
	return entry && fresh ? entry : NULL;
}

static void add_definition(struct checker *checker, const struct statement *statement)
{
	const struct value *value = statement_value(statement, "name");
	bool table = strcmp(statement->schema->keyword, "table") == 0;
	struct seen_entry *entry;
	struct name *name;

	if (!value)
		return;
	if (!table &&
	    (strcmp(value->text, "media") == 0 || strcmp(value->text, "terminals") == 0)) {
		diag_error(checker->diags, value->at, "choose another name",
			   "'%s' is the name of a table", value->text);
		/* Remembered all the same, so that its uses are not reported too. */
	}
	entry = add_name(checker, &checker->names, table ? "table" : "set", value->text, value->at);
	if (!entry)
		return;
	name = arena_alloc(checker->arena, sizeof(*name));
	if (!name) {
		checker->no_memory = true;
		return;
	}
	*name = (struct name){ .statement = statement, .table = table };
	entry->data = name;
}

static struct name *find_name(const struct checker *checker, const char *text)
{
	struct seen_entry *entry = seen_find(&checker->names, text, strlen(text));

	return entry ? entry->data : NULL;
}

static const struct statement *next_definition(const struct block **block,
					       const struct statement *statement)
{
	if (statement && statement->next)
		return statement->next;
	*block = statement ? (*block)->next : *block;
	while (*block && ((*block)->schema || !(*block)->first))
		*block = (*block)->next;
	return *block ? (*block)->first : NULL;
}

#define FOR_DEFINITIONS(document, block, statement)                                                \
	for ((block) = (document)->first, (statement) = next_definition(&(block), NULL);           \
	     (statement); (statement) = next_definition(&(block), (statement)))

static const char *nearest_name(const struct checker *checker, const char *text, bool table,
				char *help, size_t size)
{
	struct suggestion nearest = suggest_begin(text, strlen(text));
	const struct statement *statement;
	const struct block *block;
	unsigned int considered = 0;

	FOR_DEFINITIONS(checker->document, block, statement)
	{
		const char *name = statement_text(statement, "name");

		if (considered++ > SUGGEST_AMONG)
			break;
		if (name && table == (strcmp(statement->schema->keyword, "table") == 0))
			suggest_offer(&nearest, name);
	}
	if (nearest.best)
		snprintf(help, size, "did you mean '@%s'?", nearest.best);
	else if (table)
		snprintf(help, size, "add a statement 'table %s signed [ ... ]'", text);
	else
		snprintf(help, size, "add a statement 'set %s KIND [ ... ]'", text);
	return help;
}

/* The definition that a reference means, if it is of the right sort. */
static const struct statement *check_reference(struct checker *checker,
					       const struct condition *condition)
{
	bool table = condition->schema->value.flags & SCHEMA_TABLE;
	const struct value *value = &condition->value;
	struct name *name = find_name(checker, value->text);
	char help[HELP_MAX];
	const char *kind;

	if (name)
		name->used = true;
	if (!name) {
		diag_error(checker->diags, value->at,
			   nearest_name(checker, value->text, table, help, sizeof(help)),
			   "there is no %s '%s'", table ? "table" : "set", value->text);
		return NULL;
	}
	if (name->table != table) {
		diag_error(checker->diags, value->at, NULL, "'%s' needs a %s, and '%s' is a %s",
			   condition->schema->name, table ? "table" : "set", value->text,
			   name->table ? "table" : "set");
		return NULL;
	}
	if (table) {
		/* Devices and media stand in this one; terminals are asked for by 'registered'. */
		if (strcmp(value->text, "media") != 0)
			diag_error(checker->diags, value->at, "write '@media'",
				   "'%s' does not stand in table '%s'", condition->schema->name,
				   value->text);
		return name->statement;
	}
	kind = statement_text(name->statement, "kind");
	if (!kind || schema_set_type(kind) == condition->schema->value.type)
		return name->statement;
	diag_error(checker->diags, value->at, NULL,
		   "'%s' needs %s; set '%s' of line %u is of kind '%s'", condition->schema->name,
		   schema_type_name(condition->schema->value.type), value->text,
		   name->statement->at.line, kind);
	return NULL;
}

static void check_table_named(struct checker *checker, const char *table, struct span at)
{
	struct name *name = find_name(checker, table);

	if (name) {
		name->used = true;
		return;
	}
	diag_error(checker->diags, at, "add a statement 'table terminals signed [ security 1 ]'",
		   "'registered' needs the table '%s', which this policy does not have", table);
}

/* Elements of a list, written in place or by name. */
static const struct value *elements(const struct condition *condition,
				    const struct statement *definition)
{
	if (condition->value.type == VALUE_LIST)
		return &condition->value;
	return definition ? statement_value(definition, "elements") : NULL;
}

static void check_interfaces(struct checker *checker, const struct condition *condition,
			     const struct value *list)
{
	uint32_t most = condition->op == OP_EQUALS ? CHECK_EQUALS_MAX : CHECK_HAS_ALL_MAX;

	if (!list || (condition->op != OP_EQUALS && condition->op != OP_HAS_ALL))
		return;
	if (list->list.count > most)
		diag_error(checker->diags, condition->value.at, NULL,
			   "'%s' takes at most %u interface types, and here are %u",
			   schema_operator_name(condition->op), most, list->list.count);
	for (uint32_t i = 0; condition->op == OP_EQUALS && i < list->list.count; i++) {
		if (list->list.items[i].triple.fixed == 3)
			continue;
		diag_error(checker->diags, condition->value.at, "name each interface type in full",
			   "'equals' cannot take '%s'", list->list.items[i].text);
		return;
	}
}

static void check_rule(struct checker *checker, const struct block *block,
		       const struct statement *rule)
{
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers, so the size of one */
	const size_t size = (rule->condition_count + 1) * sizeof(const struct value *);
	const struct value **lists = arena_alloc(checker->arena, size);
	size_t errors = checker->diags ? checker->diags->errors : 0;

	if (!lists) {
		checker->no_memory = true;
		return;
	}
	for (size_t i = 0; i < rule->condition_count; i++) {
		const struct condition *condition = &rule->conditions[i];
		const struct statement *definition = NULL;

		if (condition->value.type == VALUE_REF)
			definition = check_reference(checker, condition);
		if (condition->op == OP_IS && condition->schema->words)
			check_table_named(checker, "terminals", condition->value.at);
		lists[i] = elements(condition, definition);
		if (condition->schema->value.type == VALUE_USB_INTERFACE)
			check_interfaces(checker, condition, lists[i]);
	}
	/* What a rule means as a whole can be told when each condition could be read. */
	if (strcmp(block->schema->name, "network") == 0 && !rule->flawed &&
	    (!checker->diags || checker->diags->errors == errors))
		check_network_rule(checker->diags, rule, lists);
}

static void check_block(struct checker *checker, const struct block *block)
{
	struct seen rules = { .arena = checker->arena };

	for (const struct statement *it = block->first; it; it = it->next) {
		if (!it->name)
			continue;
		add_name(checker, &rules, "rule", it->name, it->name_at);
		check_rule(checker, block, it);
	}
}

static void check_mode(struct checker *checker)
{
	const struct block *block = document_block(checker->document, "policy");
	const struct statement *mode = document_statement(block, "mode", NULL);
	const struct value *limit = statement_value(mode, "at-most");
	const char *word = statement_text(mode, "mode");

	if (!word || mode->flawed)
		return;
	if (strcmp(word, "monitor") == 0 && !limit)
		diag_error(checker->diags, mode->at,
			   "write 'mode monitor at-most 72h': powered-on hours",
			   "mode monitor needs an end");
	if (strcmp(word, "enforce") == 0 && limit)
		diag_error(checker->diags, limit->at, "remove 'at-most'",
			   "mode enforce has no end");
}

static void check_scope(struct checker *checker)
{
	const struct block *block = document_block(checker->document, "scope");
	const struct statement *terminals = document_statement(block, "terminals", NULL);
	const struct value *value = statement_value(terminals, "terminals");

	if (value && value->type == VALUE_CHOICE)
		check_table_named(checker, "terminals", value->at);
}

/* One key is one person's. */
static void check_people(struct checker *checker)
{
	const struct block *block = document_block(checker->document, "people");
	struct seen keys = { .arena = checker->arena };

	for (const struct statement *it = block ? block->first : NULL; it; it = it->next) {
		const struct value *key = statement_value(it, "key");

		if (key)
			add_name(checker, &keys, "key", key->text, key->at);
	}
}

static void check_unused(struct checker *checker)
{
	const struct statement *statement;
	const struct block *block;

	FOR_DEFINITIONS(checker->document, block, statement)
	{
		const struct value *value = statement_value(statement, "name");
		const struct name *name = value ? find_name(checker, value->text) : NULL;

		if (name && name->statement == statement && !name->used)
			diag_warning(checker->diags, value->at, "use it in a rule, or remove it",
				     "%s '%s' is not used", statement->schema->keyword,
				     value->text);
	}
}

int policy_check(const struct document *document, struct diag_list *diags)
{
	struct checker checker = { .document = document, .diags = diags, .arena = arena_new() };
	const struct statement *statement;
	const struct block *block;

	if (!checker.arena)
		return -ENOMEM;
	checker.names.arena = checker.arena;
	FOR_DEFINITIONS(document, block, statement)
	add_definition(&checker, statement);
	for (block = document->first; block; block = block->next)
		if (block->schema)
			check_block(&checker, block);
	check_mode(&checker);
	check_scope(&checker);
	check_people(&checker);
	if (check_recipients(document, diags, checker.arena) < 0)
		checker.no_memory = true;
	/* After an error, what uses a name may be what could not be read. */
	if (!diags || diags->errors == 0)
		check_unused(&checker);
	arena_free(checker.arena);
	return checker.no_memory ? -ENOMEM : 0;
}
