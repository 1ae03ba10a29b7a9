// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is asked (DESIGN section 5): the union of what allows permit, minus the union of what forbids
 * refuse, else the default; what a device lacks makes an allow false and a forbid true.
 *
 * What is done: one pass over the rules keeps the first forbid, the first allow with room left, the
 * first allow without, and the union of the interfaces of all allows with room. No rule can change
 * what another one found, so the pass could take them in any order; only the name that is shown
 * depends on it.
 */
#include "policy/decide/decide.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "policy/decide/context.h"
#include "policy/decide/usb_rules.h"
#include "policy/lang/policy.h"

struct findings {
	const struct usb_rule *forbid;
	const struct usb_rule *allow;
	const struct usb_rule *used_up;
	struct interface_bits bits;
};

size_t policy_usb_rule_count(const struct policy *policy)
{
	return policy_usb_rules(policy)->rule_count;
}

const char *policy_usb_rule_name(const struct policy *policy, size_t rule_index)
{
	const struct usb_rules *rules = policy_usb_rules(policy);

	return rule_index < rules->rule_count ? rules->rules[rule_index].name : NULL;
}

static const struct policy_context no_context;

struct usb_case usb_case(const struct policy *policy, const struct policy_context *context,
			 const struct usb_facts *facts)
{
	return (struct usb_case){
		.context = context ? context : &no_context,
		.unit = policy_unit(policy),
		.level = policy_level(policy),
		.facts = facts,
	};
}

static void find_rules(const struct usb_rules *rules, const struct usb_case *it,
		       const uint32_t *in_use, struct findings *found)
{
	struct interface_bits bits = { 0 };

	for (size_t i = 0; i < rules->rule_count; i++) {
		const struct usb_rule *rule = &rules->rules[i];

		if (!usb_rule_matches(rule, it, &bits))
			continue;
		if (!rule->allow) {
			found->forbid = found->forbid ? found->forbid : rule;
			continue;
		}
		if (rule->limit > 0 && in_use && in_use[i] >= rule->limit) {
			found->used_up = found->used_up ? found->used_up : rule;
			continue;
		}
		found->allow = found->allow ? found->allow : rule;
		for (size_t k = 0; k < sizeof(bits.bytes); k++)
			found->bits.bytes[k] |= bits.bytes[k];
	}
}

static void set_reason(struct policy_verdict *verdict, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void set_reason(struct policy_verdict *verdict, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(verdict->because, sizeof(verdict->because), format, args);
	va_end(args);
}

static void name_rule(struct policy_verdict *verdict, const struct usb_rules *rules,
		      const struct usb_rule *rule)
{
	snprintf(verdict->rule, sizeof(verdict->rule), "%s", rule->name);
	verdict->line = rule->line;
	verdict->column = rule->column;
	verdict->rule_index = rule->allow ? (uint32_t)(rule - rules->rules) : 0;
}

static void permit_all(struct policy_verdict *verdict, const struct usb_facts *facts)
{
	for (uint32_t i = 0; i < facts->interface_count; i++)
		verdict->interfaces[i / 8] |= (uint8_t)(1U << (i % 8));
}

static void decide_found(const struct usb_rules *rules, const struct usb_facts *facts,
			 const struct findings *found, struct policy_verdict *verdict)
{
	const struct usb_rule *rule;

	if (found->forbid) {
		rule = found->forbid;
		verdict->cause = POLICY_CAUSE_FORBID;
		name_rule(verdict, rules, rule);
		set_reason(verdict, "%s", rule->because ? rule->because : "the policy forbids it");
	} else if (found->allow) {
		rule = found->allow;
		verdict->result = POLICY_RESULT_PERMIT;
		verdict->cause = POLICY_CAUSE_ALLOW;
		name_rule(verdict, rules, rule);
		set_reason(verdict, "%s", rule->because ? rule->because : "the policy allows it");
		memcpy(verdict->interfaces, found->bits.bytes, sizeof(verdict->interfaces));
	} else if (rules->hubs_by_rule ? usb_facts_root_hub(facts) : usb_facts_hub(facts)) {
		verdict->result = POLICY_RESULT_PERMIT;
		verdict->cause = POLICY_CAUSE_BUILTIN;
		snprintf(verdict->rule, sizeof(verdict->rule), "%s",
			 usb_facts_root_hub(facts) ? "root-hub" : "hub");
		set_reason(verdict,
			   "a hub carries nothing itself; each device behind it is decided alone");
		permit_all(verdict, facts);
	} else if (found->used_up) {
		rule = found->used_up;
		verdict->cause = POLICY_CAUSE_LIMIT;
		name_rule(verdict, rules, rule);
		set_reason(verdict,
			   "rule '%s' permits at most %u at a time; unplug another one first",
			   rule->name, rule->limit);
	} else {
		verdict->cause = POLICY_CAUSE_DEFAULT;
		set_reason(verdict, "no rule allows it");
	}
}

void policy_decide_usb(const struct policy *policy, const struct policy_context *context,
		       const struct usb_facts *facts, const uint32_t *in_use,
		       struct policy_verdict *verdict)
{
	const struct usb_case it = usb_case(policy, context, facts);
	const struct usb_rules *rules = policy_usb_rules(policy);
	enum usb_flaw flaw = usb_facts_flaw(facts);
	struct findings found = { 0 };

	memset(verdict, 0, sizeof(*verdict));
	if (flaw != USB_SOUND) {
		verdict->cause = POLICY_CAUSE_FLAW;
		set_reason(verdict, "%s", policy_usb_flaw_text(flaw));
		return;
	}
	find_rules(rules, &it, in_use, &found);
	decide_found(rules, facts, &found, verdict);
}

void policy_count_usb(const struct policy *policy, const struct policy_context *context,
		      const struct usb_facts *facts, uint32_t *in_use)
{
	const struct usb_case it = usb_case(policy, context, facts);
	const struct usb_rules *rules = policy_usb_rules(policy);

	if (usb_facts_flaw(facts) != USB_SOUND)
		return;
	for (size_t i = 0; i < rules->rule_count; i++) {
		const struct usb_rule *rule = &rules->rules[i];

		if (rule->allow && rule->limit > 0 && usb_rule_matches(rule, &it, NULL))
			in_use[i]++;
	}
}
