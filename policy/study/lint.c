// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/study/lint.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/lang/arena.h"
#include "policy/lang/policy.h"
#include "policy/study/lint_run.h"
#include "policy/study/rule_region.h"

const struct lint_check lint_checks[] = {
	{ "never-matches", "no device can meet all conditions of a rule" },
	{ "swallowed", "what an allow permits, forbids refuse" },
	{ "duplicate", "two rules match the same devices" },
	{ "redundant", "another rule matches all that this one does" },
	{ "unused", "nothing refers to a set or table" },
	{ "no-identity", "an allow asks neither id, serial number, hash nor table" },
	{ "wildcard", "an allow admits all products of a vendor, or all vendors" },
	{ "any-interface", "an allow says nothing of interfaces" },
	{ "part-of-device", "an allow admits one part of a device, whatever else it is" },
	{ "mixture", "an allow admits storage together with input or network" },
	{ "no-limit", "an allow of storage without at-most" },
	{ "blocks-keyboard", "a keyboard in use is refused" },
	{ "blocks-in-use", "a device in use is refused" },
	{ "no-interface", "a device in use keeps only some of its interfaces" },
	{ "expired", "the validity has ended" },
	{ "expires-soon", "the validity ends within 30 days" },
	{ "one-person", "one person holds what two should" },
	{ "no-people", "a duty that nobody holds" },
	{ "monitor", "nothing is refused" },
	{ "placeholder", "the scope is not filled in" },
	{ 0 },
};

static void (*const runs[])(struct lint *lint) = {
	lint_never,    lint_swallowed,	   lint_duplicate, lint_unused,	 lint_identity,
	lint_wildcard, lint_any_interface, lint_partial,   lint_mixture, lint_limit,
	lint_in_use,   lint_validity,	   lint_people,	   lint_monitor, lint_placeholder,
};

const struct usb_condition *lint_condition(const struct usb_rule *rule,
					   enum usb_attribute attribute)
{
	for (uint32_t i = 0; i < rule->condition_count; i++)
		if (rule->conditions[i].attribute == attribute)
			return &rule->conditions[i];
	return NULL;
}

/* The rules were compiled in the order of the text. */
static void find_sources(struct lint *lint)
{
	const struct block *block = document_block(lint->document, "usb");
	size_t i = 0;

	for (const struct statement *it = block ? block->first : NULL; it; it = it->next)
		if (it->name && i < lint->rules->rule_count)
			lint->sources[i++] = it;
}

static int prepare(struct lint *lint)
{
	size_t count = lint->rules->rule_count;

	lint->space.arena = arena_new();
	lint->sources = calloc(count + 1, sizeof(struct statement *));
	lint->regions = calloc(count + 1, sizeof(*lint->regions));
	lint->exact = calloc(count + 1, sizeof(*lint->exact));
	if (!lint->space.arena || !lint->sources || !lint->regions || !lint->exact)
		return -ENOMEM;
	find_sources(lint);
	for (size_t i = 0; i < count; i++)
		lint->exact[i] =
			rule_region(&lint->space, &lint->rules->rules[i], &lint->regions[i]);
	return 0;
}

int lint_policy(const struct policy *policy, const struct policy_context *context,
		const struct inventory *inventory, struct finding_list *findings)
{
	struct lint lint = {
		.policy = policy,
		.document = policy_document(policy),
		.rules = policy_usb_rules(policy),
		.inventory = inventory,
		.context = context,
		.findings = findings,
	};
	int ret = prepare(&lint);

	for (size_t i = 0; !ret && i < sizeof(runs) / sizeof(runs[0]); i++)
		runs[i](&lint);
	if (!ret && (lint.space.no_memory || findings->no_memory))
		ret = -ENOMEM;
	free(lint.sources);
	free(lint.regions);
	free(lint.exact);
	arena_free(lint.space.arena);
	return ret;
}
