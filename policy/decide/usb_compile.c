// SPDX-License-Identifier: GPL-2.0-or-later
/* From the document's rules to sets and conditions that can be tested without a look at it. */
#include "policy/decide/usb_rules.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/decide/keyset.h"
#include "policy/decide/operand.h"
#include "policy/lang/arena.h"
#include "policy/lang/document.h"
#include "policy/lang/scalar.h"
#include "policy/lang/seen.h"

static const char *const attribute_names[USB_ATTRIBUTE_COUNT] = {
	[USB_ATTRIBUTE_ID] = "id",	   [USB_ATTRIBUTE_SERIAL] = "serial",
	[USB_ATTRIBUTE_NAME] = "name",	   [USB_ATTRIBUTE_MANUFACTURER] = "manufacturer",
	[USB_ATTRIBUTE_HASH] = "hash",	   [USB_ATTRIBUTE_PARENT_HASH] = "parent-hash",
	[USB_ATTRIBUTE_PORT] = "port",	   [USB_ATTRIBUTE_CONNECT_TYPE] = "connect-type",
	[USB_ATTRIBUTE_CLASS] = "class",   [USB_ATTRIBUTE_INTERFACES] = "interfaces",
	[USB_ATTRIBUTE_DEVICE] = "device",
};

struct compiler {
	struct usb_rules *out;
	struct arena *arena;
	struct seen named; /* a named set is compiled once: its entry's data is the keyset */
};

const char *usb_attribute_name(enum usb_attribute attribute)
{
	return attribute_names[attribute];
}

static struct keyset *new_set(struct compiler *compiler, size_t expected)
{
	struct usb_rules *out = compiler->out;
	struct keyset **sets, *set;

	if (out->set_count == out->set_room) {
		size_t room = out->set_room ? 2 * out->set_room : 16;

		sets = reallocarray(out->sets, room, sizeof(struct keyset *));
		if (!sets)
			return NULL;
		out->sets = sets;
		out->set_room = room;
	}
	set = keyset_new(expected);
	if (set)
		out->sets[out->set_count++] = set;
	return set;
}

static int add_value(struct keyset *set, const struct value *value)
{
	uint8_t key[SCALAR_KEY_MAX];

	return keyset_add(set, key, scalar_key(value, key));
}

static struct keyset *compile_values(struct compiler *compiler, const struct value *values,
				     size_t count)
{
	struct keyset *set = new_set(compiler, count);

	for (size_t i = 0; set && i < count; i++)
		if (add_value(set, &values[i]))
			return NULL;
	return set;
}

static const struct keyset *compile_named(struct compiler *compiler, const char *name)
{
	struct seen_entry *entry = operand_set(&compiler->named, name);
	const struct value *list;

	if (!entry)
		return NULL;
	if (!entry->data) {
		list = statement_value(entry->source, "elements");
		entry->data = compile_values(compiler, list->list.items, list->list.count);
	}
	return entry->data;
}

static const struct keyset *compile_operand(struct compiler *compiler,
					    const struct condition *condition)
{
	const struct value *value = &condition->value;

	if (condition->schema->value.flags & SCHEMA_TABLE)
		return new_set(compiler, 0);
	switch (value->type) {
	case VALUE_ABSENT:
		return new_set(compiler, 0);
	case VALUE_REF:
		return compile_named(compiler, value->text);
	case VALUE_LIST:
		return compile_values(compiler, value->list.items, value->list.count);
	default:
		return compile_values(compiler, value, 1);
	}
}

static int find_attribute(const char *name)
{
	for (int i = 0; i < USB_ATTRIBUTE_COUNT; i++)
		if (strcmp(attribute_names[i], name) == 0)
			return i;
	return -1;
}

static int compile_condition(struct compiler *compiler, const struct condition *source,
			     struct usb_rule *rule)
{
	int attribute = find_attribute(source->schema->name);
	struct usb_condition *condition;

	if (strcmp(source->schema->name, "because") == 0)
		rule->because = source->value.text;
	if (strcmp(source->schema->name, "at-most") == 0)
		rule->limit = (uint32_t)source->value.number;
	if (attribute < 0)
		return 0;
	condition = &compiler->out->conditions[compiler->out->condition_count++];
	*condition = (struct usb_condition){
		.attribute = (enum usb_attribute)attribute,
		.op = source->op,
		.presence = source->presence != CONDITION_VALUE,
		.present = source->presence == CONDITION_PRESENT,
		.set = compile_operand(compiler, source),
		.elements = operand_elements(&compiler->named, source),
		.source = source,
	};
	rule->condition_count++;
	return condition->set ? 0 : -ENOMEM;
}

static int compile_rule(struct compiler *compiler, const struct statement *source)
{
	struct usb_rules *out = compiler->out;
	struct usb_rule *rule = &out->rules[out->rule_count++];

	*rule = (struct usb_rule){
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

static int make_room(struct usb_rules *out, const struct block *block)
{
	size_t rules = 0, conditions = 0;

	for (const struct statement *it = block->first; it; it = it->next) {
		rules += it->name != NULL;
		conditions += it->condition_count;
	}
	out->rules = calloc(rules + 1, sizeof(*out->rules));
	out->conditions = calloc(conditions + 1, sizeof(*out->conditions));
	return out->rules && out->conditions ? 0 : -ENOMEM;
}

static bool hubs_by_rule(const struct document *document)
{
	const char *hubs = document_text(document, "usb", "hubs", "hubs");

	return hubs && strcmp(hubs, "by-rule") == 0;
}

int usb_rules_compile(const struct document *document, struct usb_rules *rules)
{
	const struct block *block = document_block(document, "usb");
	struct compiler compiler = { .out = rules, .arena = arena_new() };
	int ret = -ENOMEM;

	*rules = (struct usb_rules){ 0 };
	compiler.named.arena = compiler.arena;
	if (!compiler.arena)
		return ret;
	ret = operand_collect(&compiler.named, document);
	if (!ret && block)
		ret = make_room(rules, block);
	rules->hubs_by_rule = hubs_by_rule(document);
	for (const struct statement *it = block ? block->first : NULL; it && !ret; it = it->next)
		if (it->name)
			ret = compile_rule(&compiler, it);
	arena_free(compiler.arena);
	if (ret)
		usb_rules_clear(rules);
	return ret;
}

void usb_rules_clear(struct usb_rules *rules)
{
	for (size_t i = 0; i < rules->set_count; i++)
		keyset_free(rules->sets[i]);
	free(rules->sets);
	free(rules->conditions);
	free(rules->rules);
	*rules = (struct usb_rules){ 0 };
}
