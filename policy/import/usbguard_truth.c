// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Conditions. Constants are known; 'allowed-matches' of the rule's own devices is our at-most; time,
 * chance and history are not facts about a device, and USBGuard looks at them only at insertion.
 */
#include "policy/import/usbguard_rule.h"

#include <string.h>

const char *usbguard_condition_note(const char *name)
{
	static const struct {
		const char *name;
		const char *note;
	} notes[] = {
		{ "localtime", "USBGuard takes UTC for local time, and looks only at insertion" },
		{ "rule-applied", "USBGuard's rule-applied does nothing" },
		{ "rule-evaluated", "USBGuard's rule-evaluated does nothing" },
		{ "random", "USBGuard throws its dice only at insertion" },
		{ "allowed-matches", "USBGuard looks at other devices only at insertion" },
	};

	for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); i++)
		if (strcmp(notes[i].name, name) == 0)
			return notes[i].note;
	return "USBGuard looks at conditions only at insertion";
}

static bool same_set(const struct usbguard_set *a, const struct usbguard_set *b)
{
	if (a->given != b->given || a->count != b->count || (a->given && a->op != b->op))
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(a->values[i].text, b->values[i].text) != 0)
			return false;
	return true;
}

/* Whether allowed-matches asks for the very devices that the rule itself matches. */
static bool asks_for_itself(struct translation *translation, const struct usbguard_rule *rule,
			    const struct usbguard_condition *condition)
{
	struct usbguard_rule query;

	if (!condition->parameter ||
	    !usbguard_parse_query(translation->space.arena, condition->parameter, &query) ||
	    query.condition_count > 0)
		return false;
	for (int i = 0; i < USBGUARD_LABEL; i++)
		if (!same_set(&rule->sets[i], &query.sets[i]))
			return false;
	return true;
}

static enum truth negate(enum truth truth)
{
	switch (truth) {
	case TRUTH_TRUE:
		return TRUTH_FALSE;
	case TRUTH_FALSE:
		return TRUTH_TRUE;
	default:
		return TRUTH_UNKNOWN;
	}
}

static enum truth truth_of(struct translation *translation, const struct usbguard_rule *rule,
			   const struct usbguard_condition *condition)
{
	enum truth truth = TRUTH_UNKNOWN;

	if (strcmp(condition->name, "true") == 0)
		truth = TRUTH_TRUE;
	else if (strcmp(condition->name, "false") == 0)
		truth = TRUTH_FALSE;
	else if (strcmp(condition->name, "allowed-matches") == 0 && condition->negated &&
		 asks_for_itself(translation, rule, condition))
		return TRUTH_ONCE;
	return condition->negated ? negate(truth) : truth;
}

/* All of them. */
static enum truth both(enum truth a, enum truth b)
{
	if (a == TRUTH_FALSE || b == TRUTH_FALSE)
		return TRUTH_FALSE;
	if (a == TRUTH_TRUE)
		return b;
	return b == TRUTH_TRUE || a == b ? a : TRUTH_UNKNOWN;
}

enum truth usbguard_conditions(struct translation *translation, const struct usbguard_rule *rule)
{
	bool any =
		rule->conditions_op == USBGUARD_ONE_OF || rule->conditions_op == USBGUARD_NONE_OF;
	enum truth all = TRUTH_TRUE, none = TRUTH_TRUE;

	if (rule->condition_count == 0)
		return TRUTH_TRUE;
	/* Of conditions, match-all is not documented. */
	if (rule->conditions_op == USBGUARD_MATCH_ALL)
		return TRUTH_UNKNOWN;
	for (size_t i = 0; i < rule->condition_count; i++) {
		enum truth truth = truth_of(translation, rule, &rule->conditions[i]);

		all = both(all, truth);
		none = both(none, negate(truth));
	}
	if (!any)
		return all;
	return rule->conditions_op == USBGUARD_NONE_OF ? none
	       : rule->condition_count == 1	       ? all
						       : negate(none);
}
