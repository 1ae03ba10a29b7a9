// SPDX-License-Identifier: GPL-2.0-or-later
/* From the document's rules about transfers to sets and conditions that can be tested. */
#include "policy/decide/transfer_rules.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/decide/keyset.h"
#include "policy/decide/operand.h"
#include "policy/lang/arena.h"
#include "policy/lang/document.h"
#include "policy/lang/seen.h"

static const char *const attribute_names[TRANSFER_ATTRIBUTE_COUNT] = {
	[TRANSFER_ATTRIBUTE_DIRECTION] = "direction", [TRANSFER_ATTRIBUTE_MEDIUM] = "medium",
	[TRANSFER_ATTRIBUTE_TYPES] = "types",	      [TRANSFER_ATTRIBUTE_SIZE] = "size",
	[TRANSFER_ATTRIBUTE_LEVEL] = "level",	      [TRANSFER_ATTRIBUTE_UNIT] = "unit",
	[TRANSFER_ATTRIBUTE_LOGIN] = "login",	      [TRANSFER_ATTRIBUTE_TIME] = "time",
};

struct compiler {
	struct transfer_rules *out;
	struct arena *arena; /* for the time of compiling */
	struct seen named;   /* a named set is compiled once: its entry's data */
};

/* The elements of an operand, one or many. */
struct operand {
	const struct value *items;
	size_t count;
};

static const struct keyset *compile_keys(struct compiler *compiler, const struct condition *source,
					 struct operand operand)
{
	struct transfer_rules *out = compiler->out;
	struct seen_entry *entry = NULL;
	struct keyset *set;

	if (source->value.type == VALUE_REF)
		entry = operand_set(&compiler->named, source->value.text);
	if (entry && entry->data)
		return entry->data;
	set = keyset_new(operand.count);
	if (!set)
		return NULL;
	out->sets[out->set_count++] = set;
	for (size_t i = 0; i < operand.count; i++)
		if (keyset_add(set, operand.items[i].text, strlen(operand.items[i].text)))
			return NULL;
	if (entry)
		entry->data = set;
	return set;
}

static const struct week_hours *compile_hours(struct compiler *compiler, struct operand operand)
{
	struct week_hours *hours =
		arena_alloc(compiler->out->arena, (operand.count + 1) * sizeof(*hours));

	for (size_t i = 0; hours && i < operand.count; i++)
		hours[i] = operand.items[i].hours;
	return hours;
}

/* The schema's words stand in the order of the enumeration; of media, the first is 'any'. */
static int compile_operand(struct compiler *compiler, const struct condition *source,
			   struct transfer_condition *condition)
{
	const struct value *list = operand_elements(&compiler->named, source);
	struct operand operand = { &source->value, 1 };

	if (list)
		operand = (struct operand){ list->list.items, list->list.count };
	switch (condition->attribute) {
	case TRANSFER_ATTRIBUTE_DIRECTION:
	case TRANSFER_ATTRIBUTE_SIZE:
		condition->number = source->value.number;
		return 0;
	case TRANSFER_ATTRIBUTE_MEDIUM:
		condition->number = source->value.number + TRANSFER_MEDIUM_REGISTERED;
		return 0;
	case TRANSFER_ATTRIBUTE_LEVEL:
		condition->exact = source->op == OP_IS;
		if (strcmp(source->value.text, "terminal") != 0)
			condition->level = source->value.text;
		return 0;
	case TRANSFER_ATTRIBUTE_TIME:
		condition->hours = compile_hours(compiler, operand);
		condition->hour_count = operand.count;
		return condition->hours ? 0 : -ENOMEM;
	default:
		condition->keys = compile_keys(compiler, source, operand);
		return condition->keys ? 0 : -ENOMEM;
	}
}

static int attribute_find(const char *name)
{
	for (int i = 0; i < TRANSFER_ATTRIBUTE_COUNT; i++)
		if (strcmp(attribute_names[i], name) == 0)
			return i;
	return -1;
}

/* What says how, and not what: approvals, wait, scan, because. */
static void compile_term(const struct condition *source, struct transfer_rule *rule)
{
	const char *name = source->schema->name;

	if (strcmp(name, "because") == 0)
		rule->because = source->value.text;
	else if (strcmp(name, "wait") == 0)
		rule->wait_s = (uint32_t)source->value.number;
	else if (strcmp(name, "scan") == 0)
		rule->scan = 1;
	else if (strcmp(name, "approvals") == 0)
		for (uint32_t i = 0; i + 1 < source->value.list.count; i += 2) {
			const struct value *pair = &source->value.list.items[i];

			rule->approvals.duty[pair[0].number] = (uint32_t)pair[1].number;
		}
}

static int compile_condition(struct compiler *compiler, const struct condition *source,
			     struct transfer_rule *rule)
{
	int attribute = attribute_find(source->schema->name);
	struct transfer_condition *condition;

	if (attribute < 0) {
		compile_term(source, rule);
		return 0;
	}
	condition = &compiler->out->conditions[compiler->out->condition_count++];
	*condition = (struct transfer_condition){
		.attribute = (enum transfer_attribute)attribute,
		.inverted = source->op == OP_NOT_IN,
		.source = source,
	};
	rule->condition_count++;
	rule->names_medium = rule->names_medium || attribute == TRANSFER_ATTRIBUTE_MEDIUM;
	return compile_operand(compiler, source, condition);
}

static int compile_rule(struct compiler *compiler, const struct statement *source)
{
	struct transfer_rules *out = compiler->out;
	struct transfer_rule *rule = &out->rules[out->rule_count++];

	*rule = (struct transfer_rule){
		.name = source->name,
		.allow = strcmp(source->schema->keyword, "allow") == 0,
		.line = source->at.line,
		.column = source->at.column,
		.conditions = &out->conditions[out->condition_count],
	};
	for (size_t i = 0; i < source->condition_count; i++)
		if (compile_condition(compiler, &source->conditions[i], rule))
			return -ENOMEM;
	return 0;
}

static int compile_working_hours(struct compiler *compiler, const struct block *block)
{
	const struct value *list =
		statement_value(document_statement(block, "hours", NULL), "hours");
	struct transfer_rules *out = compiler->out;

	if (!list)
		return 0;
	out->hour_count = list->list.count;
	out->hours =
		compile_hours(compiler, (struct operand){ list->list.items, list->list.count });
	return out->hours ? 0 : -ENOMEM;
}

static int make_room(struct transfer_rules *out, const struct block *block)
{
	size_t rules = 0, conditions = 0;

	for (const struct statement *it = block->first; it; it = it->next) {
		rules += it->name != NULL;
		conditions += it->condition_count;
	}
	out->rules = calloc(rules + 1, sizeof(*out->rules));
	out->conditions = calloc(conditions + 1, sizeof(*out->conditions));
	out->sets = calloc(conditions + 1, sizeof(struct keyset *));
	return out->rules && out->conditions && out->sets ? 0 : -ENOMEM;
}

int transfer_rules_compile(const struct document *document, struct transfer_rules *rules)
{
	const struct block *block = document_block(document, "transfer");
	struct compiler compiler = { .out = rules };
	int ret;

	*rules = (struct transfer_rules){ .present = block != NULL };
	if (!block)
		return 0;
	rules->arena = arena_new();
	compiler.arena = compiler.named.arena = arena_new();
	ret = rules->arena && compiler.arena ? 0 : -ENOMEM;
	if (!ret)
		ret = operand_collect(&compiler.named, document);
	if (!ret)
		ret = make_room(rules, block);
	if (!ret)
		ret = compile_working_hours(&compiler, block);
	for (const struct statement *it = block->first; it && !ret; it = it->next)
		if (it->name)
			ret = compile_rule(&compiler, it);
	arena_free(compiler.arena);
	if (ret)
		transfer_rules_clear(rules);
	return ret;
}

void transfer_rules_clear(struct transfer_rules *rules)
{
	for (size_t i = 0; i < rules->set_count; i++)
		keyset_free(rules->sets[i]);
	free(rules->sets);
	free(rules->conditions);
	free(rules->rules);
	arena_free(rules->arena);
	*rules = (struct transfer_rules){ 0 };
}
