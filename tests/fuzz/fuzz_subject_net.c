// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The text of a link, address, route or flow for `why`: facts in range, and an explanation that says
 * what was decided. The first word is the subject, as in the golden files.
 */
#include "tests/fuzz/fuzz.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/decide/decide.h"
#include "policy/decide/net.h"
#include "policy/decide/subject.h"

static void rules_hold(const struct net_explanation *explanation)
{
	bool named = false;

	for (size_t i = 0; i < explanation->rule_count; i++) {
		const struct explain_rule *rule = &explanation->rules[i];

		MUST(!rule->named || (rule->matched && !named));
		named |= rule->named;
		for (size_t k = 0; k < rule->condition_count; k++)
			MUST(!rule->matched || rule->conditions[k].holds);
	}
	MUST(named == (explanation->verdict.line > 0));
}

static void prefix_holds(const struct net_prefix *prefix)
{
	MUST(prefix->family < NET_FAMILY_COUNT);
	MUST(prefix->bits <= (prefix->family == NET_FAMILY_IPV4	  ? 32
			      : prefix->family == NET_FAMILY_IPV6 ? 128
								  : 0));
}

static void question_holds(const struct net_question *question)
{
	const struct net_link *link = &question->link;

	MUST(ENDED(link->name) && ENDED(link->info_kind) && ENDED(link->path));
	MUST(fuzz_shown(link->name) && fuzz_shown(link->path));
	MUST(link->kind < NET_KIND_COUNT && link->flaw == NET_SOUND && link->nsid == -1);
	MUST(link->mac_length <= NET_LLADDR_MAX && link->permanent_length <= NET_LLADDR_MAX);
	MUST(question->flow.protocol < NET_PROTOCOL_COUNT);
	prefix_holds(&question->address.local);
	prefix_holds(&question->route.to);
	prefix_holds(&question->route.gateway);
	prefix_holds(&question->route.source);
	prefix_holds(&question->flow.to);
	prefix_holds(&question->flow.from);
}

/* What is refused above is refused below. */
static void steps_hold(const struct net_explanation *explanation)
{
	for (unsigned int i = 0; i < (unsigned int)explanation->subject; i++)
		MUST(!explanation->asked[i] ||
		     explanation->steps[i].result == POLICY_RESULT_PERMIT ||
		     explanation->verdict.result == POLICY_RESULT_REFUSE);
}

static void explain(const struct net_question *question)
{
	struct net_explanation *explanation = NULL;
	struct net_verdict verdict;
	char *text = NULL;
	size_t size = 0;
	json_t *json;
	FILE *out;

	policy_decide_net(fuzz_policy(), NULL, question, &verdict);
	MUST(ENDED(verdict.rule) && ENDED(verdict.because) && verdict.because[0]);
	MUST(policy_explain_net(fuzz_policy(), NULL, question, &explanation) == 0);
	MUST(memcmp(&verdict, &explanation->verdict, sizeof(verdict)) == 0);
	rules_hold(explanation);
	steps_hold(explanation);
	out = open_memstream(&text, &size);
	MUST(out);
	net_explanation_print(out, "policy", explanation);
	fclose(out);
	MUST(size > 0 && strlen(text) == size);
	free(text);
	json = net_explanation_json("policy", explanation);
	MUST(json);
	json_decref(json);
	net_explanation_free(explanation);
}

/* The subject that a text names, and what follows; without one it is a flow. */
static enum net_subject subject_of(const char **text, size_t *size)
{
	for (unsigned int i = 0; i < NET_SUBJECT_COUNT; i++) {
		size_t length = strlen(net_subject_name(i));

		if (*size <= length || memcmp(*text, net_subject_name(i), length) != 0)
			continue;
		*text += length;
		*size -= length;
		return (enum net_subject)i;
	}
	return NET_SUBJECT_FLOW;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct net_question question;
	struct diag_list diags = DIAG_LIST_INIT;
	const char *text = (const char *)data;
	enum net_subject subject;
	int result;

	if (size == 0)
		return 0;
	subject = subject_of(&text, &size);
	memset(&question, 0xff, sizeof(question));
	result = subject_parse_net(text, size, subject, &diags, &question);
	fuzz_diags_hold(&diags, text, size, result);
	diag_list_free(&diags);
	if (result < 0)
		return 0;
	MUST(question.subject == subject);
	question_holds(&question);
	explain(&question);
	return 0;
}
