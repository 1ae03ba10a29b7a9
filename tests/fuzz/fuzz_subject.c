// SPDX-License-Identifier: GPL-2.0-or-later
/* The text of a device for `why`: facts in range, and an explanation that says what was decided. */
#include "tests/fuzz/fuzz.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/decide/decide.h"
#include "policy/decide/subject.h"

static void rules_hold(const struct explanation *explanation)
{
	bool forbidden = false, named = false;

	for (size_t i = 0; i < explanation->rule_count; i++) {
		const struct explain_rule *rule = &explanation->rules[i];

		forbidden |= rule->matched && !rule->allow;
		MUST(!rule->named || (rule->matched && !named));
		named |= rule->named;
		for (size_t k = 0; k < rule->condition_count; k++)
			MUST(!rule->matched || rule->conditions[k].holds);
	}
	MUST(forbidden == (explanation->verdict.cause == POLICY_CAUSE_FORBID));
	MUST(named == (explanation->verdict.cause == POLICY_CAUSE_FORBID ||
		       explanation->verdict.cause == POLICY_CAUSE_ALLOW));
}

static void explain(const struct usb_facts *facts)
{
	static struct policy_verdict verdict;
	struct explanation *explanation = NULL;
	char *text = NULL;
	size_t size = 0;
	json_t *json;
	FILE *out;

	policy_decide_usb(fuzz_policy(), NULL, facts, NULL, &verdict);
	fuzz_verdict_holds(facts, &verdict);
	MUST(policy_explain_usb(fuzz_policy(), NULL, facts, NULL, &explanation) == 0);
	MUST(memcmp(&verdict, &explanation->verdict, sizeof(verdict)) == 0);
	rules_hold(explanation);
	out = open_memstream(&text, &size);
	MUST(out);
	explanation_print(out, "policy", explanation);
	fclose(out);
	MUST(size > 0 && strlen(text) == size);
	free(text);
	json = explanation_json("policy", explanation);
	MUST(json);
	json_decref(json);
	explanation_free(explanation);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct usb_facts facts;
	struct diag_list diags = DIAG_LIST_INIT;
	const char *text = (const char *)data;
	int result;

	memset(&facts, 0xff, sizeof(facts));
	result = subject_parse_usb(text, size, &diags, &facts);
	fuzz_diags_hold(&diags, text, size, result);
	diag_list_free(&diags);
	if (result < 0)
		return 0;
	fuzz_facts_hold(&facts);
	MUST(facts.flaw == USB_SOUND && facts.configurations == 1);
	MUST(fuzz_shown(facts.serial) && fuzz_shown(facts.name) && fuzz_shown(facts.manufacturer));
	explain(&facts);
	return 0;
}
