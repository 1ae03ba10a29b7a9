// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules that do nothing, alone or beside others. */
#include "policy/study/lint_run.h"

#include <stdio.h>
#include <string.h>

/* Comparing every rule with every other: beyond this many, only the first are compared. */
#define COMPARED_MAX 512
/* Pieces of what forbids leave of an allow; with more, something is left for sure. */
#define LEFT_MAX 64

void lint_never(struct lint *lint)
{
	for (size_t i = 0; i < lint->rules->rule_count; i++)
		if (lint->regions[i].empty)
			lint_say(lint, "never-matches", lint->sources[i]->name_at,
				 "remove the rule, or the condition that contradicts the others",
				 "no device can meet all conditions of '%s'",
				 lint->rules->rules[i].name);
}

/* Whether all of the first is in the second; false when that cannot be told. */
static bool covered(struct lint *lint, size_t inner, size_t outer)
{
	struct regions left = { 0 };
	bool none;

	if (!lint->exact[outer] || lint->regions[inner].empty)
		return false;
	region_subtract(&lint->space, &lint->regions[inner], &lint->regions[outer], REGION_LARGER,
			&left);
	none = left.count == 0;
	regions_free(&left);
	return none;
}

static size_t compared(const struct lint *lint)
{
	size_t count = lint->rules->rule_count;

	return count < COMPARED_MAX ? count : COMPARED_MAX;
}

/* What of an allow no forbid takes. */
static void take_forbids(struct lint *lint, size_t allow, struct regions *left)
{
	struct regions next = { 0 };

	*left = (struct regions){ 0 };
	if (regions_add(left, &lint->regions[allow]))
		lint->space.no_memory = true;
	for (size_t k = 0; k < compared(lint) && left->count > 0 && left->count < LEFT_MAX; k++) {
		if (lint->rules->rules[k].allow || !lint->exact[k])
			continue;
		for (size_t i = 0; i < left->count; i++)
			region_subtract(&lint->space, &left->items[i], &lint->regions[k],
					REGION_LARGER, &next);
		regions_free(left);
		*left = next;
		next = (struct regions){ 0 };
	}
}

static bool swallowed_by_one(struct lint *lint, size_t allow)
{
	for (size_t k = 0; k < compared(lint); k++) {
		const struct usb_rule *forbid = &lint->rules->rules[k];

		if (forbid->allow || !covered(lint, allow, k))
			continue;
		lint_say(lint, "swallowed", lint->sources[allow]->name_at,
			 "narrow the forbid, or remove the allow",
			 "'%s' permits nothing: forbid '%s' in line %u refuses all that it matches",
			 lint->rules->rules[allow].name, forbid->name, forbid->line);
		return true;
	}
	return false;
}

void lint_swallowed(struct lint *lint)
{
	struct regions left;

	for (size_t i = 0; i < compared(lint); i++) {
		const struct usb_rule *rule = &lint->rules->rules[i];

		if (!rule->allow || lint->regions[i].empty || swallowed_by_one(lint, i))
			continue;
		take_forbids(lint, i, &left);
		if (left.count == 0)
			lint_say(
				lint, "swallowed", lint->sources[i]->name_at,
				"narrow the forbids, or remove the allow",
				"'%s' permits nothing: forbids together refuse all that it matches",
				rule->name);
		regions_free(&left);
	}
}

/* An allow that authorises the interfaces of a list only is not made needless by one of another. */
static bool authorises_part(const struct usb_rule *rule)
{
	for (uint32_t i = 0; i < rule->condition_count; i++)
		if (rule->conditions[i].op == OP_HAS_ANY || rule->conditions[i].op == OP_HAS_ALL)
			return true;
	return false;
}

static bool comparable(const struct usb_rule *a, const struct usb_rule *b)
{
	return a->allow == b->allow && a->limit == b->limit && (!a->allow || !authorises_part(b));
}

void lint_duplicate(struct lint *lint)
{
	for (size_t i = 0; i < compared(lint); i++)
		for (size_t k = 0; k < compared(lint); k++) {
			const struct usb_rule *rule = &lint->rules->rules[i];
			const struct usb_rule *other = &lint->rules->rules[k];
			bool both;

			if (i == k || !comparable(rule, other) || !covered(lint, i, k))
				continue;
			both = covered(lint, k, i) && !(rule->allow && authorises_part(rule));
			/* Of two alike, the second is the one too many. */
			if (both && i < k)
				continue;
			lint_say(lint, both ? "duplicate" : "redundant", lint->sources[i]->name_at,
				 "remove it, or change one of them",
				 both ? "'%s' matches the same devices as '%s' in line %u"
				      : "all that '%s' matches, '%s' in line %u matches too",
				 rule->name, other->name, other->line);
			break;
		}
}
