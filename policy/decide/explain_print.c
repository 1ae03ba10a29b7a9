// SPDX-License-Identifier: GPL-2.0-or-later
/* An explanation for people, and the same for programs. */
#include "policy/decide/explain.h"

#include <jansson.h>

static const char *outcome_name(enum explain_outcome outcome)
{
	static const char *const names[] = {
		[EXPLAIN_FALSE] = "false",
		[EXPLAIN_TRUE] = "true",
		[EXPLAIN_MISSING] = "missing",
	};

	return names[outcome];
}

static const char *rule_outcome(const struct explain_rule *rule)
{
	if (!rule->matched)
		return "does not match";
	return rule->used_up ? "matches, but is used up" : "matches: all conditions hold";
}

static void print_interfaces(FILE *out, const struct explanation *explanation)
{
	const struct usb_facts *facts = &explanation->facts;

	for (uint32_t i = 0; i < facts->interface_count && i < USB_INTERFACES_MAX; i++) {
		const struct usb_interface *it = &facts->interfaces[i];

		fprintf(out, "  interface %u", it->number);
		if (facts->configurations > 1)
			fprintf(out, " of configuration %u", it->config);
		if (it->alternate > 0)
			fprintf(out, " alternate %u", it->alternate);
		fprintf(out, "  %02x:%02x:%02x  %s\n", it->class, it->subclass, it->protocol,
			policy_verdict_has(&explanation->verdict, i) ? "authorised"
								     : "not authorised");
	}
}

static void print_condition(FILE *out, const struct explain_rule *rule,
			    const struct explain_condition *condition)
{
	fprintf(out, "    %-7s %s", outcome_name(condition->outcome), condition->text);
	if (condition->outcome == EXPLAIN_MISSING)
		fprintf(out, "   (%s: %s in %s)", condition->note,
			condition->holds ? "true" : "false", rule->allow ? "an allow" : "a forbid");
	else if (condition->note)
		fprintf(out, "   (%s)", condition->note);
	if (condition->decided)
		fputs("   <- decided", out);
	fputc('\n', out);
}

static void print_rule(FILE *out, const char *name, const struct explain_rule *rule)
{
	fprintf(out, "\n%s %s %s: %s%s%s%s   (%s:%u:%u)\n", rule->named ? "*" : " ",
		rule->allow ? "allow" : "forbid", rule->name, rule->about ? "as to the " : "",
		rule->about ? rule->about : "", rule->about ? ", it " : "", rule_outcome(rule),
		name, rule->line, rule->column);
	for (size_t i = 0; i < rule->condition_count; i++)
		print_condition(out, rule, &rule->conditions[i]);
	if (rule->limit > 0)
		fprintf(out, "    at-most %u: %u in use\n", rule->limit, rule->in_use);
	if (rule->unmatched)
		fprintf(out, "    %s   <- decided\n", rule->unmatched);
}

void explain_print_rules(FILE *out, const char *name, const struct explain_rule *rules,
			 size_t count)
{
	for (size_t i = 0; i < count; i++)
		print_rule(out, name, &rules[i]);
}

void explanation_print(FILE *out, const char *name, const struct explanation *explanation)
{
	const struct policy_verdict *verdict = &explanation->verdict;

	fprintf(out, "%s by %s", policy_result_name(verdict->result),
		policy_cause_name(verdict->cause));
	if (verdict->rule[0])
		fprintf(out, " %s", verdict->rule);
	fprintf(out, ": %s", verdict->because);
	if (verdict->line > 0)
		fprintf(out, "   (%s:%u:%u)", name, verdict->line, verdict->column);
	fputc('\n', out);
	print_interfaces(out, explanation);
	explain_print_rules(out, name, explanation->rules, explanation->rule_count);
}

static json_t *json_interfaces(const struct explanation *explanation)
{
	const struct usb_facts *facts = &explanation->facts;
	json_t *array = json_array();

	for (uint32_t i = 0; array && i < facts->interface_count && i < USB_INTERFACES_MAX; i++) {
		const struct usb_interface *it = &facts->interfaces[i];
		char type[16];

		snprintf(type, sizeof(type), "%02x:%02x:%02x", it->class, it->subclass,
			 it->protocol);
		if (json_array_append_new(
			    array, json_pack("{s:i, s:i, s:i, s:s, s:b}", "configuration",
					     it->config, "number", it->number, "alternate",
					     it->alternate, "type", type, "authorised",
					     policy_verdict_has(&explanation->verdict, i)))) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *json_conditions(const struct explain_rule *rule)
{
	json_t *array = json_array();

	for (size_t i = 0; array && i < rule->condition_count; i++) {
		const struct explain_condition *it = &rule->conditions[i];

		if (json_array_append_new(array,
					  json_pack("{s:s, s:i, s:i, s:s, s:s*, s:b, s:b}", "text",
						    it->text, "line", (int)it->line, "column",
						    (int)it->column, "outcome",
						    outcome_name(it->outcome), "note", it->note,
						    "holds", it->holds, "decided", it->decided))) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *json_rule(const struct explain_rule *it)
{
	json_t *rule = json_pack("{s:s, s:s, s:s*, s:i, s:i, s:b, s:b, s:b, s:s*, s:o}", "name",
				 it->name, "action", it->allow ? "allow" : "forbid", "about",
				 it->about, "line", (int)it->line, "column", (int)it->column,
				 "matched", it->matched, "used_up", it->used_up, "named", it->named,
				 "unmatched", it->unmatched, "conditions", json_conditions(it));

	if (rule && it->limit > 0 &&
	    (json_object_set_new(rule, "at_most", json_integer(it->limit)) ||
	     json_object_set_new(rule, "in_use", json_integer(it->in_use)))) {
		json_decref(rule);
		return NULL;
	}
	return rule;
}

json_t *explain_rules_json(const struct explain_rule *rules, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; array && i < count; i++)
		if (json_array_append_new(array, json_rule(&rules[i]))) {
			json_decref(array);
			return NULL;
		}
	return array;
}

json_t *explanation_json(const char *name, const struct explanation *explanation)
{
	const struct policy_verdict *verdict = &explanation->verdict;

	return json_pack("{s:s, s:s, s:s, s:s*, s:s, s:i, s:i, s:o, s:o}", "policy", name, "result",
			 policy_result_name(verdict->result), "cause",
			 policy_cause_name(verdict->cause), "rule",
			 verdict->rule[0] ? verdict->rule : NULL, "because", verdict->because,
			 "line", (int)verdict->line, "column", (int)verdict->column, "interfaces",
			 json_interfaces(explanation), "rules",
			 explain_rules_json(explanation->rules, explanation->rule_count));
}
