// SPDX-License-Identifier: GPL-2.0-or-later
/* Deciding once more, slowly, and keeping what every rule and condition said. */
#include "policy/decide/explain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/decide/usb_rules.h"
#include "policy/lang/document.h"
#include "policy/lang/print.h"

char *explain_condition_text(const struct condition *condition)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	condition_print(out, condition, NULL, 0);
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}

static int explain_condition(const struct usb_rule *rule, const struct usb_condition *condition,
			     const struct usb_case *it, struct explain_condition *out)
{
	*out = (struct explain_condition){
		.text = explain_condition_text(condition->source),
		.line = condition->source->at.line,
		.column = condition->source->at.column,
		.outcome = usb_condition_test(condition, it),
	};
	if (condition->attribute == USB_ATTRIBUTE_DEVICE)
		usb_device_test(it, &out->note);
	else if (out->outcome == EXPLAIN_MISSING)
		out->note = "the device has none";
	out->holds = usb_condition_holds(rule, out->outcome);
	return out->text ? 0 : -ENOMEM;
}

void explain_mark_decided(struct explain_rule *rule, const char *otherwise)
{
	for (size_t i = 0; i < rule->condition_count; i++) {
		if (rule->conditions[i].holds)
			continue;
		rule->conditions[i].decided = true;
		return;
	}
	rule->unmatched = rule->matched ? NULL : otherwise;
}

static int explain_rule(const struct usb_rule *rule, const struct usb_case *it, uint32_t in_use,
			struct explain_rule *out)
{
	*out = (struct explain_rule){
		.name = rule->name,
		.allow = rule->allow,
		.matched = usb_rule_matches(rule, it, NULL),
		.line = rule->line,
		.column = rule->column,
		.in_use = in_use,
		.limit = rule->limit,
	};
	out->used_up = out->matched && rule->limit > 0 && in_use >= rule->limit;
	out->conditions = calloc(rule->condition_count + 1, sizeof(*out->conditions));
	if (!out->conditions)
		return -ENOMEM;
	for (uint32_t i = 0; i < rule->condition_count; i++) {
		out->condition_count++;
		if (explain_condition(rule, &rule->conditions[i], it, &out->conditions[i]))
			return -ENOMEM;
	}
	explain_mark_decided(out, "no interface has all its alternate settings in the list");
	return 0;
}

static int explain_rules(const struct usb_rules *rules, const struct usb_case *it,
			 const uint32_t *in_use, struct explanation *explanation)
{
	const struct policy_verdict *verdict = &explanation->verdict;

	explanation->rules = calloc(rules->rule_count + 1, sizeof(*explanation->rules));
	if (!explanation->rules)
		return -ENOMEM;
	for (size_t i = 0; i < rules->rule_count; i++) {
		struct explain_rule *rule = &explanation->rules[i];

		explanation->rule_count++;
		if (explain_rule(&rules->rules[i], it, in_use ? in_use[i] : 0, rule))
			return -ENOMEM;
		rule->named = verdict->line == rule->line && verdict->column == rule->column;
	}
	return 0;
}

int policy_explain_usb(const struct policy *policy, const struct policy_context *context,
		       const struct usb_facts *facts, const uint32_t *in_use,
		       struct explanation **explanation)
{
	const struct usb_case it = usb_case(policy, context, facts);
	struct explanation *new = calloc(1, sizeof(*new));
	int ret = 0;

	*explanation = NULL;
	if (!new)
		return -ENOMEM;
	new->facts = *facts;
	policy_decide_usb(policy, context, facts, in_use, &new->verdict);
	/* Of a device that lies, no rule was asked. */
	if (usb_facts_flaw(facts) == USB_SOUND)
		ret = explain_rules(policy_usb_rules(policy), &it, in_use, new);
	if (ret) {
		explanation_free(new);
		return ret;
	}
	*explanation = new;
	return 0;
}

void explain_rules_free(struct explain_rule *rules, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < rules[i].condition_count; k++)
			free(rules[i].conditions[k].text);
		free(rules[i].conditions);
	}
	free(rules);
}

void explanation_free(struct explanation *explanation)
{
	if (!explanation)
		return;
	explain_rules_free(explanation->rules, explanation->rule_count);
	free(explanation);
}
