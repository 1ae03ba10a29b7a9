/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Block transfer, compiled for deciding. Shared by the files of this folder, study/ and policy.c. */
#ifndef AIRGAP_POLICY_TRANSFER_RULES_H
#define AIRGAP_POLICY_TRANSFER_RULES_H

#include "policy/decide/context.h"
#include "policy/decide/decide.h"
#include "policy/decide/transfer.h"
#include "policy/lang/value.h"

struct arena;
struct condition;
struct document;
struct keyset;

enum transfer_attribute {
	TRANSFER_ATTRIBUTE_DIRECTION,
	TRANSFER_ATTRIBUTE_MEDIUM,
	TRANSFER_ATTRIBUTE_TYPES,
	TRANSFER_ATTRIBUTE_SIZE,
	TRANSFER_ATTRIBUTE_LEVEL,
	TRANSFER_ATTRIBUTE_UNIT,
	TRANSFER_ATTRIBUTE_LOGIN,
	TRANSFER_ATTRIBUTE_TIME,
	TRANSFER_ATTRIBUTE_COUNT,
};

struct transfer_condition {
	enum transfer_attribute attribute;
	bool inverted;		   /* not-in */
	bool exact;		   /* level: is, not at-most */
	uint64_t number;	   /* direction, medium: its enum; size: bytes */
	const char *level;	   /* NULL: the terminal's */
	const struct keyset *keys; /* types, unit, login */
	const struct week_hours *hours;
	size_t hour_count;
	const struct condition *source; /* in the document */
};

struct transfer_rule {
	const char *name;
	const char *because; /* or NULL */
	bool allow;
	bool names_medium;
	uint32_t line;
	uint32_t column;
	struct policy_need approvals;
	uint32_t wait_s;
	uint32_t scan;
	uint32_t condition_count;
	const struct transfer_condition *conditions;
};

struct transfer_rules {
	bool present; /* the policy has the block */
	struct transfer_rule *rules;
	size_t rule_count;
	struct transfer_condition *conditions; /* of all rules */
	size_t condition_count;
	struct keyset **sets;
	size_t set_count;
	const struct week_hours *hours; /* working hours */
	size_t hour_count;
	struct arena *arena; /* keeps hours */
};

/** transfer_rules_compile - 0 or -ENOMEM; the rules point into the document */
int transfer_rules_compile(const struct document *document, struct transfer_rules *rules);
void transfer_rules_clear(struct transfer_rules *rules);

/** policy_transfer_rules - the compiled block, empty when the policy has none (policy.c) */
const struct transfer_rules *policy_transfer_rules(const struct policy *policy);

/* What a rule is asked about. */
struct transfer_case {
	const struct transfer_facts *facts;
	const char *level; /* of the terminal */
	const struct policy_levels *levels;
};

struct transfer_case transfer_case(const struct policy *policy,
				   const struct policy_context *context,
				   const struct transfer_facts *facts);

/** transfer_rank - place of a level; where no order is known, 0 for the terminal's and -1 for all others */
int transfer_rank(const struct transfer_case *it, const char *level);

/**
 * transfer_condition_test - what a condition finds in an allow, or in a forbid
 * @note: set to what else there is to say, static; NULL when there is nothing
 */
enum explain_outcome transfer_condition_test(const struct transfer_condition *condition, bool allow,
					     const struct transfer_case *it, const char **note);

/** transfer_condition_holds - what an outcome counts as in an allow or a forbid */
static inline bool transfer_condition_holds(const struct transfer_rule *rule,
					    enum explain_outcome outcome)
{
	return outcome == EXPLAIN_TRUE || (outcome == EXPLAIN_MISSING && !rule->allow);
}

/** transfer_rule_matches - whether all conditions hold, and an allow is of such a medium */
bool transfer_rule_matches(const struct transfer_rule *rule, const struct transfer_case *it);

/** transfer_flaw - why the facts make no sense; NULL: they do */
const char *transfer_flaw(const struct transfer_facts *facts);

#endif
