// SPDX-License-Identifier: GPL-2.0-or-later
/* Deciding over a transfer once more, slowly, and keeping what every rule and condition said. */
#include "policy/decide/transfer.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

#include "policy/decide/explain.h"
#include "policy/decide/transfer_rules.h"
#include "policy/lang/document.h"

static int explain_condition(const struct transfer_rule *rule,
			     const struct transfer_condition *condition,
			     const struct transfer_case *it, struct explain_condition *out)
{
	*out = (struct explain_condition){
		.text = explain_condition_text(condition->source),
		.line = condition->source->at.line,
		.column = condition->source->at.column,
	};
	out->outcome = transfer_condition_test(condition, rule->allow, it, &out->note);
	if (out->outcome == EXPLAIN_MISSING && !out->note)
		out->note = "it is not known";
	out->holds = transfer_condition_holds(rule, out->outcome);
	return out->text ? 0 : -ENOMEM;
}

static int explain_rule(const struct transfer_rule *rule, const struct transfer_case *it,
			const struct policy_verdict *verdict, struct explain_rule *out)
{
	*out = (struct explain_rule){
		.name = rule->name,
		.allow = rule->allow,
		.matched = transfer_rule_matches(rule, it),
		.named = verdict->line == rule->line && verdict->column == rule->column,
		.line = rule->line,
		.column = rule->column,
		.conditions = calloc(rule->condition_count + 1, sizeof(*out->conditions)),
	};
	if (!out->conditions)
		return -ENOMEM;
	for (uint32_t i = 0; i < rule->condition_count; i++) {
		out->condition_count++;
		if (explain_condition(rule, &rule->conditions[i], it, &out->conditions[i]))
			return -ENOMEM;
	}
	explain_mark_decided(out, "it does not say 'medium foreign'");
	return 0;
}

/* What was refused before any rule asked none. */
static bool asked_rules(const struct policy_verdict *verdict)
{
	return verdict->cause != POLICY_CAUSE_FLAW && verdict->cause != POLICY_CAUSE_BUILTIN;
}

static int explain_rules(const struct transfer_rules *rules, const struct transfer_case *it,
			 struct transfer_explanation *out)
{
	out->rules = calloc(rules->rule_count + 1, sizeof(*out->rules));
	if (!out->rules)
		return -ENOMEM;
	for (size_t i = 0; i < rules->rule_count; i++) {
		out->rule_count++;
		if (explain_rule(&rules->rules[i], it, &out->verdict.verdict, &out->rules[i]))
			return -ENOMEM;
	}
	return 0;
}

int policy_explain_transfer(const struct policy *policy, const struct policy_context *context,
			    const struct transfer_facts *facts,
			    struct transfer_explanation **explanation)
{
	const struct transfer_case it = transfer_case(policy, context, facts);
	struct transfer_explanation *new = calloc(1, sizeof(*new));
	int ret = 0;

	*explanation = NULL;
	if (!new)
		return -ENOMEM;
	policy_decide_transfer(policy, context, facts, &new->verdict);
	if (asked_rules(&new->verdict.verdict))
		ret = explain_rules(policy_transfer_rules(policy), &it, new);
	if (ret) {
		transfer_explanation_free(new);
		return ret;
	}
	*explanation = new;
	return 0;
}

void transfer_explanation_free(struct transfer_explanation *explanation)
{
	if (!explanation)
		return;
	explain_rules_free(explanation->rules, explanation->rule_count);
	free(explanation);
}

static void print_terms(FILE *out, const struct transfer_verdict *verdict)
{
	static const char *const duties[POLICY_DUTY_COUNT] = {
		[POLICY_DUTY_SECURITY] = "security",
		[POLICY_DUTY_APPROVAL] = "approval",
	};

	for (size_t i = 0; i < POLICY_DUTY_COUNT; i++)
		if (verdict->approvals.duty[i])
			fprintf(out, "  needs     %u of duty %s\n", verdict->approvals.duty[i],
				duties[i]);
	if (verdict->scan)
		fputs("  needs     a virus scanner that found nothing\n", out);
	if (verdict->wait_s)
		fprintf(out, "  waits     %us\n", verdict->wait_s);
}

void transfer_explanation_print(FILE *out, const char *name,
				const struct transfer_explanation *explanation)
{
	const struct policy_verdict *verdict = &explanation->verdict.verdict;

	fprintf(out, "%s by %s", policy_result_name(verdict->result),
		policy_cause_name(verdict->cause));
	if (verdict->rule[0])
		fprintf(out, " %s", verdict->rule);
	fprintf(out, ": %s", verdict->because);
	if (verdict->line > 0)
		fprintf(out, "   (%s:%u:%u)", name, verdict->line, verdict->column);
	fputc('\n', out);
	print_terms(out, &explanation->verdict);
	explain_print_rules(out, name, explanation->rules, explanation->rule_count);
}

json_t *transfer_explanation_json(const char *name, const struct transfer_explanation *explanation)
{
	const struct transfer_verdict *verdict = &explanation->verdict;
	const struct policy_verdict *it = &verdict->verdict;
	json_t *rules = explain_rules_json(explanation->rules, explanation->rule_count);

	if (!rules)
		return NULL;
	return json_pack("{s:s, s:s, s:s*, s:s, s:i, s:i, s:s, s:{s:i, s:i}, s:i, s:b, s:o}",
			 "result", policy_result_name(it->result), "cause",
			 policy_cause_name(it->cause), "rule", it->rule[0] ? it->rule : NULL,
			 "because", it->because, "line", (int)it->line, "column", (int)it->column,
			 "policy", name, "approvals", "security",
			 (int)verdict->approvals.duty[POLICY_DUTY_SECURITY], "approval",
			 (int)verdict->approvals.duty[POLICY_DUTY_APPROVAL], "wait",
			 (int)verdict->wait_s, "scan", (int)verdict->scan, "rules", rules);
}
