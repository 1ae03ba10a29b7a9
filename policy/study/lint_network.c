// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules about the network that do nothing, alone or beside others. */
#include <errno.h>

#include "policy/study/lint_run.h"

/* Comparing every rule with every other: beyond this many, only the first are compared. */
#define COMPARED_MAX 512

static size_t compared(const struct lint *lint)
{
	size_t count = lint->network->rule_count;

	return count < COMPARED_MAX ? count : COMPARED_MAX;
}

static bool within(struct lint *lint, size_t inner, size_t outer)
{
	int ret = net_box_within(&lint->boxes[inner], &lint->boxes[outer]);

	if (ret == -ENOMEM)
		lint->space.no_memory = true;
	return ret == 1;
}

static void never(struct lint *lint)
{
	for (size_t i = 0; i < lint->network->rule_count; i++)
		if (net_box_empty(&lint->boxes[i]))
			lint_say(lint, "never-matches", lint->network_sources[i]->name_at,
				 "remove the rule, or the condition that contradicts the others",
				 "no %s can meet all conditions of '%s'",
				 net_subject_name(lint->network->rules[i].subject),
				 lint->network->rules[i].name);
}

/* A route's source may be missing, so a rule about addresses does not settle it. */
static bool stands_above(enum net_subject above, enum net_subject subject)
{
	if (above == NET_SUBJECT_ROUTE || subject == NET_SUBJECT_ROUTE)
		return above == subject || above == NET_SUBJECT_LINK;
	return above <= subject;
}

static bool swallows(struct lint *lint, size_t allow, size_t forbid)
{
	const struct net_rule *rules = lint->network->rules;

	return !rules[forbid].allow && stands_above(rules[forbid].subject, rules[allow].subject) &&
	       within(lint, allow, forbid);
}

static void swallowed(struct lint *lint)
{
	const struct net_rule *rules = lint->network->rules;

	for (size_t i = 0; i < compared(lint); i++) {
		if (!rules[i].allow || net_box_empty(&lint->boxes[i]))
			continue;
		for (size_t k = 0; k < compared(lint); k++) {
			if (!swallows(lint, i, k))
				continue;
			lint_say(lint, "swallowed", lint->network_sources[i]->name_at,
				 "narrow the forbid, or remove the allow",
				 "'%s' permits nothing: forbid '%s' in line %u refuses all that it "
				 "matches",
				 rules[i].name, rules[k].name, rules[k].line);
			break;
		}
	}
}

static bool comparable(const struct net_rule *a, const struct net_rule *b)
{
	return a->allow == b->allow && a->subject == b->subject;
}

static void duplicate(struct lint *lint)
{
	const struct net_rule *rules = lint->network->rules;

	for (size_t i = 0; i < compared(lint); i++)
		for (size_t k = 0; k < compared(lint); k++) {
			bool both;

			if (i == k || !comparable(&rules[i], &rules[k]) ||
			    net_box_empty(&lint->boxes[i]) || !within(lint, i, k))
				continue;
			both = within(lint, k, i);
			/* Of two alike, the second is the one too many. */
			if (both && i < k)
				continue;
			lint_say(lint, both ? "duplicate" : "redundant",
				 lint->network_sources[i]->name_at,
				 "remove it, or change one of them",
				 both ? "'%s' matches the same as '%s' in line %u"
				      : "all that '%s' matches, '%s' in line %u matches too",
				 rules[i].name, rules[k].name, rules[k].line);
			break;
		}
}

static const struct statement *first_allow(const struct lint *lint, enum net_subject subject)
{
	for (size_t i = 0; i < lint->network->rule_count; i++)
		if (lint->network->rules[i].allow && lint->network->rules[i].subject == subject)
			return lint->network_sources[i];
	return NULL;
}

/* Without a link nothing is permitted; without an address, no flow but of link-local ones. */
static void nothing_above(struct lint *lint)
{
	const struct block *block = document_block(lint->document, "network");
	const struct statement *flow = first_allow(lint, NET_SUBJECT_FLOW);
	bool link = first_allow(lint, NET_SUBJECT_LINK);
	bool address = first_allow(lint, NET_SUBJECT_ADDRESS);
	bool any = flow || address || first_allow(lint, NET_SUBJECT_ROUTE);

	if (any && !link)
		lint_say(lint, "no-link", block->at, "add 'allow lan: interface is registered'",
			 "the block allows no link, so nothing that its other rules allow is "
			 "permitted");
	if (flow && !address)
		lint_say(lint, "no-address", flow->name_at,
			 "add 'allow lan-addr: address is registered'",
			 "'%s' allows flows, and no rule allows an address that they could come "
			 "from",
			 flow->name);
}

void lint_network(struct lint *lint)
{
	never(lint);
	swallowed(lint);
	duplicate(lint);
	nothing_above(lint);
}
