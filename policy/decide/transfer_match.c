// SPDX-License-Identifier: GPL-2.0-or-later
/* One short function a kind of condition; every one is a pure function of the facts. */
#include "policy/decide/transfer_rules.h"

#include <string.h>

#include "policy/decide/hours.h"
#include "policy/decide/keyset.h"
#include "policy/lang/policy.h"

static const struct policy_context no_context;

struct transfer_case transfer_case(const struct policy *policy,
				   const struct policy_context *context,
				   const struct transfer_facts *facts)
{
	return (struct transfer_case){
		.facts = facts,
		.level = policy_level(policy),
		.levels = context ? &context->levels : &no_context.levels,
	};
}

int transfer_rank(const struct transfer_case *it, const char *level)
{
	if (it->levels->count == 0)
		return strcmp(level, it->level) == 0 ? 0 : -1;
	return policy_levels_rank(it->levels, level);
}

/* A text that fills its array would have no end. */
static bool ended(const char *text, size_t size)
{
	return memchr(text, '\0', size) != NULL;
}

const char *transfer_flaw(const struct transfer_facts *facts)
{
	if (facts->direction >= TRANSFER_DIRECTION_COUNT || facts->medium >= TRANSFER_MEDIUM_COUNT)
		return "its direction or its medium is none that there is";
	if (facts->files == 0)
		return "it has no files";
	if (facts->files > TRANSFER_FILES_MAX)
		return "it has more files than a batch may have";
	if (facts->type_count == 0 || facts->type_count > TRANSFER_TYPES_MAX)
		return "what types its files are is not known";
	for (uint32_t i = 0; i < facts->type_count; i++)
		if (!facts->types[i][0] || !ended(facts->types[i], TRANSFER_TYPE_SIZE))
			return "what types its files are is not known";
	if (!ended(facts->level, sizeof(facts->level)) ||
	    !ended(facts->unit, sizeof(facts->unit)) ||
	    !ended(facts->medium_level, sizeof(facts->medium_level)) ||
	    !ended(facts->login, sizeof(facts->login)))
		return "what is said of it has no end";
	return NULL;
}

static enum explain_outcome outcome(bool is)
{
	return is ? EXPLAIN_TRUE : EXPLAIN_FALSE;
}

static enum explain_outcome test_medium(const struct transfer_condition *condition, bool allow,
					const struct transfer_case *it, const char **note)
{
	if (it->facts->medium != TRANSFER_MEDIUM_ANY)
		return outcome(it->facts->medium == condition->number);
	*note = "no medium is chosen yet; it is asked again when one is";
	return outcome(allow);
}

/* In an allow of all types, in a forbid of any. */
static enum explain_outcome test_types(const struct transfer_condition *condition, bool allow,
				       const struct transfer_case *it)
{
	for (uint32_t i = 0; i < it->facts->type_count; i++) {
		const char *type = it->facts->types[i];
		bool is = keyset_has(condition->keys, type, strlen(type)) != condition->inverted;

		if (is != allow)
			return outcome(is);
	}
	return outcome(allow);
}

static enum explain_outcome test_level(const struct transfer_condition *condition,
				       const struct transfer_case *it, const char **note)
{
	const char *most = condition->level ? condition->level : it->level;
	int have = transfer_rank(it, it->facts->level), limit = transfer_rank(it, most);

	if (condition->exact)
		return outcome(strcmp(it->facts->level, most) == 0);
	*note = "the signers' list does not order these levels";
	if (have < 0 || limit < 0)
		return EXPLAIN_MISSING;
	*note = NULL;
	return outcome(have <= limit);
}

static enum explain_outcome test_text(const struct transfer_condition *condition, const char *text)
{
	if (!text[0])
		return EXPLAIN_MISSING;
	return outcome(keyset_has(condition->keys, text, strlen(text)) != condition->inverted);
}

static enum explain_outcome test_time(const struct transfer_condition *condition,
				      const struct transfer_case *it, const char **note)
{
	int64_t local_s = it->facts->local_s;

	*note = "what time it is is not known";
	if (local_s < 0)
		return EXPLAIN_MISSING;
	*note = NULL;
	return outcome(hours_contain(condition->hours, condition->hour_count, local_s) !=
		       condition->inverted);
}

enum explain_outcome transfer_condition_test(const struct transfer_condition *condition, bool allow,
					     const struct transfer_case *it, const char **note)
{
	*note = NULL;
	switch (condition->attribute) {
	case TRANSFER_ATTRIBUTE_DIRECTION:
		return outcome(it->facts->direction == condition->number);
	case TRANSFER_ATTRIBUTE_MEDIUM:
		return test_medium(condition, allow, it, note);
	case TRANSFER_ATTRIBUTE_TYPES:
		return test_types(condition, allow, it);
	case TRANSFER_ATTRIBUTE_SIZE:
		return outcome(it->facts->size <= condition->number);
	case TRANSFER_ATTRIBUTE_LEVEL:
		return test_level(condition, it, note);
	case TRANSFER_ATTRIBUTE_UNIT:
		return test_text(condition, it->facts->unit);
	case TRANSFER_ATTRIBUTE_LOGIN:
		return test_text(condition, it->facts->login);
	case TRANSFER_ATTRIBUTE_TIME:
		return test_time(condition, it, note);
	default:
		return EXPLAIN_MISSING;
	}
}

bool transfer_rule_matches(const struct transfer_rule *rule, const struct transfer_case *it)
{
	const char *note;

	if (rule->allow && !rule->names_medium && it->facts->medium == TRANSFER_MEDIUM_FOREIGN)
		return false;
	for (uint32_t i = 0; i < rule->condition_count; i++) {
		const struct transfer_condition *condition = &rule->conditions[i];

		if (!transfer_condition_holds(
			    rule, transfer_condition_test(condition, rule->allow, it, &note)))
			return false;
	}
	return true;
}
