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
	{ "never-matches", "nothing can meet all conditions of a rule" },
	{ "swallowed", "what an allow permits, forbids refuse" },
	{ "duplicate", "two rules match the same" },
	{ "redundant", "another rule matches all that this one does" },
	{ "unused", "nothing refers to a set or table" },
	{ "no-identity", "an allow asks neither id, serial number, hash nor table" },
	{ "wildcard", "an allow admits all products of a vendor, or all vendors" },
	{ "any-interface", "an allow says nothing of interfaces" },
	{ "part-of-device", "an allow admits one part of a device, whatever else it is" },
	{ "mixture", "an allow admits storage together with input or network" },
	{ "no-limit", "an allow of storage without at-most" },
	{ "no-link", "the network rules permit no link, so nothing else either" },
	{ "no-address", "flows are allowed, and no address is that they could come from" },
	{ "unregistered-link", "an allow admits links that are not registered" },
	{ "name-alone", "an allow takes a link by its name, whatever it is" },
	{ "radio", "an allow admits a radio or a telephone" },
	{ "any-address", "an allow admits every address" },
	{ "any-route", "an allow admits a route to everywhere" },
	{ "any-destination", "an allow lets flows go everywhere" },
	{ "public-destination", "an allow lets flows go to networks that are not private" },
	{ "camera", "an allow admits cameras, which are refused all the same" },
	{ "no-media", "storage is let in, and no medium may be used" },
	{ "no-storage", "media are permitted, and no storage is let in" },
	{ "any-unit", "an allow admits media of every unit" },
	{ "blocks-keyboard", "a keyboard in use is refused" },
	{ "blocks-in-use", "a device in use is refused" },
	{ "no-interface", "a device in use keeps only some of its interfaces" },
	{ "expired", "the validity has ended" },
	{ "expires-soon", "the validity ends within 30 days" },
	{ "one-person", "one person holds what two should" },
	{ "no-people", "a duty that nobody holds" },
	{ "monitor", "nothing is refused" },
	{ "placeholder", "the scope is not filled in" },
	{ "statutory-deadline", "a deadline gives more time than the law" },
	{ "deadline-order", "the office hears of it after the administration" },
	{ "escalation-order", "who answers last is told first" },
	{ "unknown-event", "a grade for something that nothing is called" },
	{ "office-address", "the office's address needs a name server" },
	{ "any-type", "an allow lets files of every type through" },
	{ "any-size", "an allow sets no limit to a transfer" },
	{ "no-scan", "files come in from foreign media without a virus scanner" },
	{ "no-approval", "files go out without anybody's approval" },
	{ "no-wait", "requests wait for their approvals for ever" },
	{ "too-few-officers", "an allow needs more approvals than there are officers" },
	{ "recipient-form", "a recipient that age cannot read" },
	{ "old-epoch", "a recipient that nothing is written to any more" },
	{ "shared-recipient", "units, or a unit and the office, share a key" },
	{ "no-recovery", "files may leave, and the office cannot open them" },
	{ 0 },
};

static void (*const runs[])(struct lint *lint) = {
	lint_never,	lint_swallowed,	    lint_duplicate,	lint_unused,	 lint_identity,
	lint_wildcard,	lint_any_interface, lint_partial,	lint_mixture,	 lint_limit,
	lint_in_use,	lint_validity,	    lint_people,	lint_monitor,	 lint_placeholder,
	lint_incidents, lint_network,	    lint_network_width, lint_recipients, lint_media,
	lint_transfer,
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
static void find_sources(const struct lint *lint, const char *name, size_t count,
			 const struct statement **sources)
{
	const struct block *block = document_block(lint->document, name);
	size_t i = 0;

	for (const struct statement *it = block ? block->first : NULL; it; it = it->next)
		if (it->name && i < count)
			sources[i++] = it;
}

static int prepare_network(struct lint *lint)
{
	size_t count = lint->network->rule_count;
	int ret = 0;

	lint->network_sources = calloc(count + 1, sizeof(struct statement *));
	lint->boxes = calloc(count + 1, sizeof(*lint->boxes));
	if (!lint->network_sources || !lint->boxes)
		return -ENOMEM;
	find_sources(lint, "network", count, lint->network_sources);
	for (size_t i = 0; !ret && i < count; i++)
		ret = net_box_of(&lint->network->rules[i], &lint->boxes[i]);
	return ret;
}

static void forget_network(struct lint *lint)
{
	for (size_t i = 0; lint->boxes && i < lint->network->rule_count; i++)
		net_box_clear(&lint->boxes[i]);
	free(lint->boxes);
	free(lint->network_sources);
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
	find_sources(lint, "usb", count, lint->sources);
	for (size_t i = 0; i < count; i++)
		lint->exact[i] =
			rule_region(&lint->space, &lint->rules->rules[i], &lint->regions[i]);
	return prepare_network(lint);
}

int lint_policy(const struct policy *policy, const struct policy_context *context,
		const struct inventory *inventory, struct finding_list *findings)
{
	struct lint lint = {
		.policy = policy,
		.document = policy_document(policy),
		.rules = policy_usb_rules(policy),
		.network = policy_net_rules(policy),
		.inventory = inventory,
		.context = context,
		.findings = findings,
	};
	int ret = prepare(&lint);

	for (size_t i = 0; !ret && i < sizeof(runs) / sizeof(runs[0]); i++)
		runs[i](&lint);
	if (!ret && (lint.space.no_memory || findings->no_memory))
		ret = -ENOMEM;
	forget_network(&lint);
	free(lint.sources);
	free(lint.regions);
	free(lint.exact);
	arena_free(lint.space.arena);
	return ret;
}
