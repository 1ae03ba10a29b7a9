// SPDX-License-Identifier: GPL-2.0-or-later
/* What one allow of block transfer lets out or in, and who would have to approve it. */
#include <string.h>

#include "policy/decide/transfer_rules.h"
#include "policy/lang/policy.h"
#include "policy/study/lint_run.h"

static const struct transfer_condition *find(const struct transfer_rule *rule,
					     enum transfer_attribute attribute)
{
	for (uint32_t i = 0; i < rule->condition_count; i++)
		if (rule->conditions[i].attribute == attribute)
			return &rule->conditions[i];
	return NULL;
}

static bool goes(const struct transfer_rule *rule, enum transfer_direction direction)
{
	const struct transfer_condition *it = find(rule, TRANSFER_ATTRIBUTE_DIRECTION);

	return !it || it->number == (uint64_t)direction;
}

static bool is_foreign(const struct transfer_rule *rule)
{
	const struct transfer_condition *it = find(rule, TRANSFER_ATTRIBUTE_MEDIUM);

	return it && it->number == TRANSFER_MEDIUM_FOREIGN;
}

static void lint_width(struct lint *lint, const struct transfer_rule *rule, struct span at)
{
	const struct transfer_condition *types = find(rule, TRANSFER_ATTRIBUTE_TYPES);

	if (is_foreign(rule) && !goes(rule, TRANSFER_IN))
		lint_say(lint, "never-matches", at, "write 'direction in', or remove the rule",
			 "rule '%s' never matches: nothing goes out to a foreign medium",
			 rule->name);
	if (!types || types->inverted)
		lint_say(lint, "any-type", at, "name the types with 'types in [ ... ]'",
			 "rule '%s' lets files of every type through, programs among them",
			 rule->name);
	if (!find(rule, TRANSFER_ATTRIBUTE_SIZE))
		lint_say(lint, "any-size", at, "add 'size at-most ...'",
			 "rule '%s' sets no limit to what is transferred at once", rule->name);
	if (is_foreign(rule) && goes(rule, TRANSFER_IN) && !rule->scan)
		lint_say(lint, "no-scan", at, "add 'scan required'",
			 "rule '%s' lets files in from foreign media without a virus scanner",
			 rule->name);
}

static uint32_t holders(const struct policy *policy, const char *duty)
{
	const struct policy_person *people;
	uint32_t holders = 0;
	size_t count;

	people = policy_people(policy, &count);
	for (size_t i = 0; i < count; i++)
		holders += people[i].role == POLICY_ROLE_OFFICER && people[i].duty &&
			   strcmp(people[i].duty, duty) == 0;
	return holders;
}

static void lint_approvals(struct lint *lint, const struct transfer_rule *rule, struct span at)
{
	static const char *const duties[POLICY_DUTY_COUNT] = {
		[POLICY_DUTY_SECURITY] = "security",
		[POLICY_DUTY_APPROVAL] = "approval",
	};
	uint32_t sum = 0;

	for (size_t i = 0; i < POLICY_DUTY_COUNT; i++) {
		uint32_t need = rule->approvals.duty[i], have = holders(lint->policy, duties[i]);

		sum += need;
		if (need > have)
			lint_say(lint, "too-few-officers", at,
				 "name more officers in block people, or ask for fewer",
				 "rule '%s' needs %u approvals of duty %s; block people has %u of "
				 "that duty",
				 rule->name, need, duties[i], have);
	}
	if (sum == 0 && goes(rule, TRANSFER_OUT) && !is_foreign(rule))
		lint_say(lint, "no-approval", at, "add 'approvals [ ... ]'",
			 "rule '%s' lets files out without anybody's approval", rule->name);
	if (sum > 0 && rule->wait_s == 0)
		lint_say(lint, "no-wait", at, "add 'wait at-most ...'",
			 "rule '%s' lets requests wait for ever: staged copies are kept as long",
			 rule->name);
}

void lint_transfer(struct lint *lint)
{
	const struct transfer_rules *rules = policy_transfer_rules(lint->policy);
	const struct block *block = document_block(lint->document, "transfer");
	size_t i = 0;

	for (const struct statement *it = block ? block->first : NULL; it; it = it->next) {
		if (!it->name || i == rules->rule_count)
			continue;
		if (rules->rules[i].allow) {
			lint_width(lint, &rules->rules[i], it->name_at);
			lint_approvals(lint, &rules->rules[i], it->name_at);
		}
		i++;
	}
}
