// SPDX-License-Identifier: GPL-2.0-or-later
/* What a policy asks of the program that enforces it. */
#include "policy/lang/policy.h"

#include <string.h>

#include "policy/lang/document.h"

static const struct {
	const char *block;
	enum policy_feature feature;
} block_features[] = {
	{ "policy", POLICY_FEATURE_POLICY },	   { "scope", POLICY_FEATURE_SCOPE },
	{ "people", POLICY_FEATURE_PEOPLE },	   { "usb", POLICY_FEATURE_USB },
	{ "media", POLICY_FEATURE_MEDIA },	   { "network", POLICY_FEATURE_NETWORK },
	{ "transfer", POLICY_FEATURE_TRANSFER },   { "report", POLICY_FEATURE_REPORT },
	{ "incidents", POLICY_FEATURE_INCIDENTS }, { "inspect", POLICY_FEATURE_INSPECT },
	{ "failure", POLICY_FEATURE_FAILURE },
};

/* Statements that ask for more than their block does; word NULL is any. */
static const struct {
	const char *block; /* NULL: outside blocks */
	const char *keyword;
	const char *word;
	enum policy_feature feature;
	const char *name;
} statement_features[] = {
	{ NULL, "set", NULL, POLICY_FEATURE_SET, "set" },
	{ NULL, "table", NULL, POLICY_FEATURE_TABLE, "table" },
	{ "policy", "runtime", NULL, POLICY_FEATURE_RUNTIME, "runtime" },
	{ "policy", "mode", "monitor", POLICY_FEATURE_MONITOR, "mode monitor" },
	{ "policy", "class", "emergency", POLICY_FEATURE_EMERGENCY, "class emergency" },
	{ "report", "spool", NULL, POLICY_FEATURE_SPOOL, "spool" },
	{ "scope", "terminals", "registered", POLICY_FEATURE_REGISTERED, "terminals registered" },
};

struct collector {
	uint64_t supported;
	struct policy_gap *gaps;
	size_t max;
	size_t count;
};

static void collect(struct collector *collector, enum policy_feature feature, const char *name,
		    struct span at)
{
	if (collector->supported & POLICY_FEATURE_BIT(feature))
		return;
	if (collector->count < collector->max)
		collector->gaps[collector->count] = (struct policy_gap){
			.feature = feature,
			.name = name,
			.line = at.line,
			.column = at.column,
		};
	collector->count++;
}

static bool same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static void collect_statement(struct collector *collector, const struct block *block,
			      const struct statement *statement)
{
	const char *block_name = block->schema ? block->schema->name : NULL;
	const char *word = statement->arg_count > 0 ? statement->args[0].text : NULL;

	for (size_t i = 0; i < sizeof(statement_features) / sizeof(statement_features[0]); i++)
		if (same(statement_features[i].block, block_name) &&
		    same(statement_features[i].keyword, statement->schema->keyword) &&
		    (!statement_features[i].word || same(statement_features[i].word, word)))
			collect(collector, statement_features[i].feature,
				statement_features[i].name, statement->at);
	for (size_t i = 0; i < statement->condition_count; i++)
		if (same(block_name, "usb") &&
		    same(statement->conditions[i].schema->name, "device"))
			collect(collector, POLICY_FEATURE_USB_TABLE, "device in a table",
				statement->conditions[i].at);
}

static bool block_enforced(struct collector *collector, const struct block *block)
{
	for (size_t i = 0; i < sizeof(block_features) / sizeof(block_features[0]); i++) {
		if (strcmp(block->schema->name, block_features[i].block) != 0)
			continue;
		collect(collector, block_features[i].feature, block->schema->name, block->at);
		return collector->supported & POLICY_FEATURE_BIT(block_features[i].feature);
	}
	return true;
}

size_t policy_unenforced(const struct policy *policy, uint64_t supported, struct policy_gap *gaps,
			 size_t max)
{
	struct collector collector = { .supported = supported, .gaps = gaps, .max = max };

	for (const struct block *it = policy_document(policy)->first; it; it = it->next) {
		/* Of a block that is not enforced, one gap says all. */
		if (it->schema && !block_enforced(&collector, it))
			continue;
		for (const struct statement *st = it->first; st; st = st->next)
			collect_statement(&collector, it, st);
	}
	return collector.count;
}
