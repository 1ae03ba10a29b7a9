// SPDX-License-Identifier: GPL-2.0-or-later
/* From the document's rules about the network to sets and conditions that can be tested. */
#include "policy/decide/net_rules.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/decide/keyset.h"
#include "policy/decide/operand.h"
#include "policy/lang/arena.h"
#include "policy/lang/document.h"
#include "policy/lang/seen.h"

static const char *const attribute_names[NET_ATTRIBUTE_COUNT] = {
	[NET_ATTRIBUTE_INTERFACE] = "interface", [NET_ATTRIBUTE_KIND] = "kind",
	[NET_ATTRIBUTE_ADDRESS] = "address",	 [NET_ATTRIBUTE_GATEWAY] = "gateway",
	[NET_ATTRIBUTE_ROUTE] = "route",	 [NET_ATTRIBUTE_EGRESS] = "egress",
	[NET_ATTRIBUTE_PROTOCOL] = "protocol",	 [NET_ATTRIBUTE_PORT] = "port",
};

struct compiler {
	struct net_rules *out;
	struct arena *arena; /* for the time of compiling */
	struct seen named;   /* a named set is compiled once: its entry's data */
};

/* The elements of an operand, one or many. */
struct operand {
	const struct value *items;
	size_t count;
};

int net_attribute_find(const char *name)
{
	for (int i = 0; i < NET_ATTRIBUTE_COUNT; i++)
		if (strcmp(attribute_names[i], name) == 0)
			return i;
	return -1;
}

enum net_subject net_subject_of(uint32_t attributes)
{
	const uint32_t flow = NET_ATTRIBUTE_BIT(NET_ATTRIBUTE_EGRESS) |
			      NET_ATTRIBUTE_BIT(NET_ATTRIBUTE_PROTOCOL) |
			      NET_ATTRIBUTE_BIT(NET_ATTRIBUTE_PORT);
	const uint32_t route =
		NET_ATTRIBUTE_BIT(NET_ATTRIBUTE_GATEWAY) | NET_ATTRIBUTE_BIT(NET_ATTRIBUTE_ROUTE);

	if (attributes & flow)
		return NET_SUBJECT_FLOW;
	if (attributes & route)
		return NET_SUBJECT_ROUTE;
	if (attributes & NET_ATTRIBUTE_BIT(NET_ATTRIBUTE_ADDRESS))
		return NET_SUBJECT_ADDRESS;
	return NET_SUBJECT_LINK;
}

struct net_prefix net_prefix_of(const struct address_prefix *prefix)
{
	struct net_prefix out = {
		.family = prefix->family == 4 ? NET_FAMILY_IPV4 : NET_FAMILY_IPV6,
		.bits = prefix->bits,
	};

	memcpy(out.bytes, prefix->bytes, sizeof(out.bytes));
	return out;
}

static struct net_addresses *new_addresses(struct net_rules *out)
{
	struct net_addresses *addresses, **sets;

	if (out->set_count == out->set_room) {
		size_t room = out->set_room ? 2 * out->set_room : 16;

		sets = reallocarray(out->sets, room, sizeof(struct net_addresses *));
		if (!sets)
			return NULL;
		out->sets = sets;
		out->set_room = room;
	}
	addresses = arena_alloc(out->arena, sizeof(*addresses));
	if (!addresses)
		return NULL;
	addresses->trie = prefix_trie_new();
	if (addresses->trie)
		out->sets[out->set_count++] = addresses;
	return addresses->trie ? addresses : NULL;
}

static struct net_addresses *compile_addresses(struct compiler *compiler, struct operand operand)
{
	struct net_addresses *out = new_addresses(compiler->out);

	for (size_t i = 0; out && i < operand.count; i++) {
		struct net_prefix prefix = net_prefix_of(&operand.items[i].prefix);

		if (prefix_trie_add(out->trie, &prefix) || prefix_list_add(&out->list, &prefix))
			return NULL;
	}
	if (out)
		prefix_list_sort(&out->list);
	return out;
}

static const struct net_addresses *
compile_set(struct compiler *compiler, const struct condition *source, struct operand operand)
{
	struct seen_entry *entry = NULL;

	if (source->value.type == VALUE_REF)
		entry = operand_set(&compiler->named, source->value.text);
	if (!entry)
		return compile_addresses(compiler, operand);
	if (!entry->data)
		entry->data = compile_addresses(compiler, operand);
	return entry->data;
}

static const struct keyset *compile_names(struct compiler *compiler, struct operand operand)
{
	struct keyset *set = keyset_new(operand.count);

	if (!set)
		return NULL;
	compiler->out->names[compiler->out->name_count++] = set;
	for (size_t i = 0; i < operand.count; i++)
		if (keyset_add(set, operand.items[i].text, strlen(operand.items[i].text)))
			return NULL;
	return set;
}

/* The schema's words stand in the order of the enumeration, from @first on. */
static uint32_t compile_words(struct operand operand, unsigned int first)
{
	uint32_t mask = 0;

	for (size_t i = 0; i < operand.count; i++)
		mask |= 1U << (operand.items[i].number + first);
	return mask;
}

static int by_number(const void *a, const void *b)
{
	const struct net_ports *one = a, *other = b;

	return (one->first > other->first) - (one->first < other->first);
}

static int compile_ports(struct compiler *compiler, struct operand operand,
			 struct net_condition *condition)
{
	struct net_ports *ports =
		arena_alloc(compiler->out->arena, (operand.count + 1) * sizeof(*ports));
	size_t count = 0;

	if (!ports)
		return -ENOMEM;
	for (size_t i = 0; i < operand.count; i++)
		ports[i].first = ports[i].last = (uint16_t)operand.items[i].number;
	qsort(ports, operand.count, sizeof(*ports), by_number);
	for (size_t i = 0; i < operand.count; i++)
		if (count > 0 && ports[i].first <= ports[count - 1].last + 1)
			ports[count - 1].last = ports[i].last;
		else
			ports[count++] = ports[i];
	condition->ports = ports;
	condition->port_count = count;
	return 0;
}

static int compile_operand(struct compiler *compiler, const struct condition *source,
			   struct net_condition *condition)
{
	const struct value *list = operand_elements(&compiler->named, source);
	struct operand operand = { &source->value, 1 };

	if (list)
		operand = (struct operand){ list->list.items, list->list.count };
	if (condition->registered)
		return 0;
	switch (condition->attribute) {
	case NET_ATTRIBUTE_INTERFACE:
		condition->names = compile_names(compiler, operand);
		return condition->names ? 0 : -ENOMEM;
	case NET_ATTRIBUTE_KIND:
		condition->mask = compile_words(operand, NET_KIND_ETHERNET);
		return 0;
	case NET_ATTRIBUTE_PROTOCOL:
		condition->mask = compile_words(operand, NET_PROTOCOL_TCP);
		return 0;
	case NET_ATTRIBUTE_PORT:
		return compile_ports(compiler, operand, condition);
	default:
		condition->addresses = compile_set(compiler, source, operand);
		return condition->addresses ? 0 : -ENOMEM;
	}
}

static int compile_condition(struct compiler *compiler, const struct condition *source,
			     struct net_rule *rule)
{
	int attribute = net_attribute_find(source->schema->name);
	struct net_condition *condition;

	if (strcmp(source->schema->name, "because") == 0)
		rule->because = source->value.text;
	if (attribute < 0)
		return 0;
	condition = &compiler->out->conditions[compiler->out->condition_count++];
	*condition = (struct net_condition){
		.attribute = (enum net_attribute)attribute,
		.inverted = source->op == OP_NOT_IN,
		.registered = source->op == OP_IS,
		.source = source,
	};
	rule->condition_count++;
	rule->attributes |= NET_ATTRIBUTE_BIT(attribute);
	return compile_operand(compiler, source, condition);
}

static int compile_rule(struct compiler *compiler, const struct statement *source)
{
	struct net_rules *out = compiler->out;
	struct net_rule *rule = &out->rules[out->rule_count++];

	*rule = (struct net_rule){
		.name = source->name,
		.allow = strcmp(source->schema->keyword, "allow") == 0,
		.line = source->at.line,
		.column = source->at.column,
		.conditions = &out->conditions[out->condition_count],
	};
	for (size_t i = 0; i < source->condition_count; i++)
		if (compile_condition(compiler, &source->conditions[i], rule))
			return -ENOMEM;
	rule->subject = net_subject_of(rule->attributes);
	return 0;
}

static int make_room(struct net_rules *out, const struct block *block)
{
	size_t rules = 0, conditions = 0;

	for (const struct statement *it = block->first; it; it = it->next) {
		rules += it->name != NULL;
		conditions += it->condition_count;
	}
	out->rules = calloc(rules + 1, sizeof(*out->rules));
	out->conditions = calloc(conditions + 1, sizeof(*out->conditions));
	out->names = calloc(conditions + 1, sizeof(struct keyset *));
	return out->rules && out->conditions && out->names ? 0 : -ENOMEM;
}

int net_rules_compile(const struct document *document, struct net_rules *rules)
{
	const struct block *block = document_block(document, "network");
	struct compiler compiler = { .out = rules };
	int ret;

	*rules = (struct net_rules){ .present = block != NULL };
	if (!block)
		return 0;
	rules->arena = arena_new();
	compiler.arena = compiler.named.arena = arena_new();
	ret = rules->arena && compiler.arena ? 0 : -ENOMEM;
	if (!ret)
		ret = operand_collect(&compiler.named, document);
	if (!ret)
		ret = make_room(rules, block);
	for (const struct statement *it = block->first; it && !ret; it = it->next)
		if (it->name)
			ret = compile_rule(&compiler, it);
	arena_free(compiler.arena);
	if (ret)
		net_rules_clear(rules);
	return ret;
}

void net_rules_clear(struct net_rules *rules)
{
	for (size_t i = 0; i < rules->set_count; i++) {
		prefix_trie_free(rules->sets[i]->trie);
		prefix_list_clear(&rules->sets[i]->list);
	}
	for (size_t i = 0; i < rules->name_count; i++)
		keyset_free(rules->names[i]);
	free(rules->sets);
	free(rules->names);
	free(rules->conditions);
	free(rules->rules);
	arena_free(rules->arena);
	*rules = (struct net_rules){ 0 };
}
