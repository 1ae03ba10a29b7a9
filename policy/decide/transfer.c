// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is asked: the steps in transfer.h.
 *
 * What is done: what no rule can change first; then one pass over the rules keeps the first forbid and the
 * best allow. Sets are looked up, so the time does not depend on their size.
 */
#include "policy/decide/transfer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "policy/decide/hours.h"
#include "policy/decide/transfer_rules.h"

static void set_reason(struct transfer_verdict *verdict, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void set_reason(struct transfer_verdict *verdict, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(verdict->verdict.because, sizeof(verdict->verdict.because), format, args);
	va_end(args);
}

static bool refuse(struct transfer_verdict *verdict, const char *rule, const char *because)
{
	verdict->verdict.cause = POLICY_CAUSE_BUILTIN;
	snprintf(verdict->verdict.rule, sizeof(verdict->verdict.rule), "%s", rule);
	set_reason(verdict, "%s", because);
	return true;
}

/* Terminal >= medium >= data; what is of the highest level lies apart. */
static bool refused_by_medium(const struct transfer_case *it, int level,
			      struct transfer_verdict *verdict)
{
	const struct transfer_facts *facts = it->facts;
	int medium = transfer_rank(it, facts->medium_level);

	if (facts->medium == TRANSFER_MEDIUM_FOREIGN && facts->direction == TRANSFER_OUT)
		return refuse(verdict, "one-way",
			      "nothing goes out to a medium that is not registered");
	if (facts->medium != TRANSFER_MEDIUM_REGISTERED)
		return false;
	if (medium < 0)
		return refuse(verdict, "medium-level",
			      "the medium has no level that the signers' list declares");
	if (medium > transfer_rank(it, it->level))
		return refuse(verdict, "medium-level",
			      "the medium's level is above the terminal's");
	if (level > medium)
		return refuse(verdict, "medium-level", "its level is above the medium's");
	if (it->levels->count > 1 && medium == (int)it->levels->count - 1 && level < medium)
		return refuse(verdict, "medium-level",
			      "a medium of the highest level holds nothing of a lower one");
	return false;
}

static bool refused_by_level(const struct transfer_case *it, struct transfer_verdict *verdict)
{
	int level = transfer_rank(it, it->facts->level);

	if (!it->facts->level[0])
		return refuse(verdict, "no-level", "its author has not stated its level");
	if (level < 0)
		return refuse(verdict, "no-level",
			      "the signers' list does not declare the level that it has");
	if (level > transfer_rank(it, it->level))
		return refuse(verdict, "terminal-level", "its level is above the terminal's");
	return refused_by_medium(it, level, verdict);
}

static uint32_t approvals_of(const struct transfer_rule *rule)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < POLICY_DUTY_COUNT; i++)
		sum += rule->approvals.duty[i];
	return sum;
}

/* Whether to take @rule rather than @than, which stands before it. */
static bool better(const struct transfer_rule *rule, const struct transfer_rule *than)
{
	uint32_t needs = approvals_of(rule), other = approvals_of(than);

	if (needs != other)
		return needs < other;
	if (rule->scan != than->scan)
		return rule->scan < than->scan;
	/* 0 is without end */
	return rule->wait_s != than->wait_s && than->wait_s != 0 &&
	       (rule->wait_s == 0 || rule->wait_s > than->wait_s);
}

static const struct transfer_rule *find_rule(const struct transfer_rules *rules,
					     const struct transfer_case *it)
{
	const struct transfer_rule *best = NULL;

	for (size_t i = 0; i < rules->rule_count; i++) {
		const struct transfer_rule *rule = &rules->rules[i];

		if (!transfer_rule_matches(rule, it))
			continue;
		if (!rule->allow)
			return rule;
		if (!best || better(rule, best))
			best = rule;
	}
	return best;
}

static void name_rule(const struct transfer_rules *rules, const struct transfer_rule *rule,
		      const struct transfer_facts *facts, struct transfer_verdict *verdict)
{
	struct policy_verdict *out = &verdict->verdict;

	out->result = rule->allow ? POLICY_RESULT_PERMIT : POLICY_RESULT_REFUSE;
	out->cause = rule->allow ? POLICY_CAUSE_ALLOW : POLICY_CAUSE_FORBID;
	out->line = rule->line;
	out->column = rule->column;
	out->rule_index = rule->allow ? (uint32_t)(rule - rules->rules) : 0;
	snprintf(out->rule, sizeof(out->rule), "%s", rule->name);
	set_reason(verdict, "%s",
		   rule->because ? rule->because
		   : rule->allow ? "the policy allows it"
				 : "the policy forbids it");
	if (!rule->allow)
		return;
	verdict->approvals = rule->approvals;
	verdict->wait_s = rule->wait_s;
	verdict->scan = rule->scan;
	verdict->wait_clock_s =
		hours_pass(rules->hours, rules->hour_count, facts->local_s, rule->wait_s);
}

void policy_decide_transfer(const struct policy *policy, const struct policy_context *context,
			    const struct transfer_facts *facts, struct transfer_verdict *verdict)
{
	const struct transfer_rules *rules = policy_transfer_rules(policy);
	const struct transfer_case it = transfer_case(policy, context, facts);
	const char *flaw = transfer_flaw(facts);
	const struct transfer_rule *rule;

	memset(verdict, 0, sizeof(*verdict));
	if (flaw) {
		verdict->verdict.cause = POLICY_CAUSE_FLAW;
		set_reason(verdict, "%s", flaw);
		return;
	}
	if (refused_by_level(&it, verdict))
		return;
	rule = find_rule(rules, &it);
	if (rule) {
		name_rule(rules, rule, facts, verdict);
		return;
	}
	verdict->verdict.cause = POLICY_CAUSE_DEFAULT;
	set_reason(verdict,
		   rules->present ? "no rule allows it" : "the policy has no block transfer");
}

bool policy_has_transfer(const struct policy *policy)
{
	return policy_transfer_rules(policy)->present;
}

static bool lets_foreign_in(const struct transfer_rule *rule)
{
	bool foreign = false;

	for (uint32_t i = 0; i < rule->condition_count; i++) {
		const struct transfer_condition *condition = &rule->conditions[i];

		if (condition->attribute == TRANSFER_ATTRIBUTE_MEDIUM)
			foreign = condition->number == TRANSFER_MEDIUM_FOREIGN;
		if (condition->attribute == TRANSFER_ATTRIBUTE_DIRECTION &&
		    condition->number == TRANSFER_OUT)
			return false;
	}
	return foreign && rule->allow;
}

bool policy_transfer_foreign(const struct policy *policy)
{
	const struct transfer_rules *rules = policy_transfer_rules(policy);

	for (size_t i = 0; i < rules->rule_count; i++)
		if (lets_foreign_in(&rules->rules[i]))
			return true;
	return false;
}

const char *transfer_direction_name(uint32_t direction)
{
	return direction == TRANSFER_IN ? "in" : direction == TRANSFER_OUT ? "out" : "unknown";
}

const char *transfer_medium_name(uint32_t medium)
{
	static const char *const names[TRANSFER_MEDIUM_COUNT] = {
		[TRANSFER_MEDIUM_ANY] = "any",
		[TRANSFER_MEDIUM_REGISTERED] = "registered",
		[TRANSFER_MEDIUM_FOREIGN] = "foreign",
	};

	return medium < TRANSFER_MEDIUM_COUNT ? names[medium] : "unknown";
}
