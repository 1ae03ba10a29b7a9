// SPDX-License-Identifier: GPL-2.0-or-later
/* Deciding over the network once more, slowly, and keeping what every rule and condition said. */
#include "policy/decide/net.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>

#include "policy/decide/explain.h"
#include "policy/decide/net_rules.h"
#include "policy/lang/document.h"

struct explainer {
	const struct policy *policy;
	const struct policy_context *context;
	const struct net_question *question;
	struct net_case it;
	struct net_explanation *out;
};

static int explain_condition(const struct net_rule *rule, const struct net_condition *condition,
			     const struct net_case *it, struct explain_condition *out)
{
	*out = (struct explain_condition){
		.text = explain_condition_text(condition->source),
		.line = condition->source->at.line,
		.column = condition->source->at.column,
	};
	out->outcome = net_condition_test(condition, it, &out->note);
	if (out->outcome == EXPLAIN_MISSING && !out->note)
		out->note = "there is none";
	out->holds = net_condition_holds(rule, out->outcome);
	return out->text ? 0 : -ENOMEM;
}

static int explain_rule(const struct explainer *explainer, const struct net_rule *rule,
			struct explain_rule *out)
{
	const struct net_verdict *verdict = &explainer->out->verdict;

	*out = (struct explain_rule){
		.name = rule->name,
		.about = net_subject_name(rule->subject),
		.allow = rule->allow,
		.matched = net_rule_matches(rule, &explainer->it),
		.named = verdict->line == rule->line && verdict->column == rule->column,
		.line = rule->line,
		.column = rule->column,
		.conditions = calloc(rule->condition_count + 1, sizeof(*out->conditions)),
	};
	if (!out->conditions)
		return -ENOMEM;
	for (uint32_t i = 0; i < rule->condition_count; i++) {
		out->condition_count++;
		if (explain_condition(rule, &rule->conditions[i], &explainer->it,
				      &out->conditions[i]))
			return -ENOMEM;
	}
	explain_mark_decided(out, "the route has a gateway, and the rule names none");
	return 0;
}

/* A local address as a subject of its own. */
static void decide_address_alone(struct explainer *explainer, const struct net_prefix *local)
{
	const struct net_address address = { .local = *local };

	if (local->family == NET_FAMILY_NONE)
		return;
	explainer->out->asked[NET_SUBJECT_ADDRESS] = true;
	policy_decide_address(explainer->policy, explainer->context, &explainer->question->link,
			      &address, &explainer->out->steps[NET_SUBJECT_ADDRESS]);
}

static void set_case(struct explainer *explainer)
{
	const struct net_question *question = explainer->question;

	explainer->it = net_case(explainer->policy, explainer->context, &question->link);
	switch (question->subject) {
	case NET_SUBJECT_ADDRESS:
		net_case_address(&explainer->it, &question->address.local);
		return;
	case NET_SUBJECT_ROUTE:
		net_case_route(&explainer->it, &question->route);
		decide_address_alone(explainer, &question->route.source);
		return;
	case NET_SUBJECT_FLOW:
		net_case_flow(&explainer->it, &question->flow);
		decide_address_alone(explainer, &question->flow.from);
		return;
	default:
		return;
	}
}

static void decide_steps(struct explainer *explainer)
{
	struct net_explanation *out = explainer->out;
	const struct net_question *question = explainer->question;

	out->subject = question->subject;
	out->asked[NET_SUBJECT_LINK] = out->asked[question->subject] = true;
	set_case(explainer);
	policy_decide_net(explainer->policy, explainer->context, question, &out->verdict);
	policy_decide_link(explainer->policy, explainer->context, &question->link,
			   &out->steps[NET_SUBJECT_LINK]);
	out->steps[question->subject] = out->verdict;
}

/* Of what the built-in rules or a flaw settle, no rule was asked. */
static bool asks_rules(const struct explainer *explainer, const struct net_rule *rule)
{
	const struct net_verdict *link = &explainer->out->steps[NET_SUBJECT_LINK];

	if (link->cause == POLICY_CAUSE_FLAW || link->cause == POLICY_CAUSE_BUILTIN)
		return false;
	if (rule->subject == NET_SUBJECT_ADDRESS && net_exempt(&explainer->it.address))
		return false;
	return explainer->out->asked[rule->subject];
}

static int explain_rules(struct explainer *explainer)
{
	const struct net_rules *rules = explainer->it.rules;
	struct net_explanation *out = explainer->out;

	out->rules = calloc(rules->rule_count + 1, sizeof(*out->rules));
	if (!out->rules)
		return -ENOMEM;
	for (size_t i = 0; i < rules->rule_count; i++) {
		if (!asks_rules(explainer, &rules->rules[i]))
			continue;
		if (explain_rule(explainer, &rules->rules[i], &out->rules[out->rule_count++]))
			return -ENOMEM;
	}
	return 0;
}

int policy_explain_net(const struct policy *policy, const struct policy_context *context,
		       const struct net_question *question, struct net_explanation **explanation)
{
	struct explainer explainer = {
		.policy = policy,
		.context = context,
		.question = question,
		.out = calloc(1, sizeof(*explainer.out)),
	};
	int ret;

	*explanation = NULL;
	if (!explainer.out)
		return -ENOMEM;
	decide_steps(&explainer);
	ret = explain_rules(&explainer);
	if (ret) {
		net_explanation_free(explainer.out);
		return ret;
	}
	*explanation = explainer.out;
	return 0;
}

void net_explanation_free(struct net_explanation *explanation)
{
	if (!explanation)
		return;
	explain_rules_free(explanation->rules, explanation->rule_count);
	free(explanation);
}

static void print_verdict(FILE *out, const char *name, const struct net_verdict *verdict)
{
	fprintf(out, "%s by %s", policy_result_name(verdict->result),
		policy_cause_name(verdict->cause));
	if (verdict->rule[0])
		fprintf(out, " %s", verdict->rule);
	fprintf(out, ": %s", verdict->because);
	if (verdict->line > 0)
		fprintf(out, "   (%s:%u:%u)", name, verdict->line, verdict->column);
	fputc('\n', out);
}

void net_explanation_print(FILE *out, const char *name, const struct net_explanation *explanation)
{
	print_verdict(out, name, &explanation->verdict);
	for (unsigned int i = 0; i < (unsigned int)explanation->subject; i++) {
		if (!explanation->asked[i])
			continue;
		fprintf(out, "  its %-8s ", net_subject_name(i));
		print_verdict(out, name, &explanation->steps[i]);
	}
	explain_print_rules(out, name, explanation->rules, explanation->rule_count);
}

static json_t *verdict_json(const struct net_verdict *verdict)
{
	return json_pack("{s:s, s:s, s:s*, s:s, s:i, s:i}", "result",
			 policy_result_name(verdict->result), "cause",
			 policy_cause_name(verdict->cause), "rule",
			 verdict->rule[0] ? verdict->rule : NULL, "because", verdict->because,
			 "line", (int)verdict->line, "column", (int)verdict->column);
}

static json_t *steps_json(const struct net_explanation *explanation)
{
	json_t *steps = json_object();

	for (unsigned int i = 0; steps && i < (unsigned int)explanation->subject; i++)
		if (explanation->asked[i] &&
		    json_object_set_new(steps, net_subject_name(i),
					verdict_json(&explanation->steps[i]))) {
			json_decref(steps);
			return NULL;
		}
	return steps;
}

json_t *net_explanation_json(const char *name, const struct net_explanation *explanation)
{
	json_t *json = verdict_json(&explanation->verdict);

	if (json && (json_object_set_new(json, "policy", json_string(name)) ||
		     json_object_set_new(json, "subject",
					 json_string(net_subject_name(explanation->subject))) ||
		     json_object_set_new(json, "above", steps_json(explanation)) ||
		     json_object_set_new(
			     json, "rules",
			     explain_rules_json(explanation->rules, explanation->rule_count)))) {
		json_decref(json);
		return NULL;
	}
	return json;
}
