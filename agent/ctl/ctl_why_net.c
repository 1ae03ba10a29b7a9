// SPDX-License-Identifier: GPL-2.0-or-later
/* airgapctl why link NAME, and why flow to ADDRESS ... [via NAME] */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/ctl/ctl_context.h"
#include "agent/ctl/ctl_door.h"
#include "agent/ctl/ctl_files.h"
#include "agent/ctl/ctl_network.h"
#include "agent/ctl/ctl_output.h"
#include "agent/ctl/ctl_why_net.h"
#include "agent/lib/net_json.h"
#include "policy/decide/net.h"
#include "policy/decide/subject.h"

#define SUBJECT_MAX 512

struct why_net {
	struct ctl *ctl;
	struct ctl_network network;
	struct ctl_policy active;
	struct ctl_context tables;
	struct net_question question; /* of a flow: all but its link */
	json_t *json;		      /* answers, or NULL */
};

static const char *advice(const struct why_net *why, bool permit, const char *state)
{
	if (permit && strcmp(state, "open") != 0 && state[0])
		return "The policy permits it, but it is not open: 'airgapctl status' and the "
		       "journal tell what it waits for.";
	if (permit)
		return "";
	if (why->question.subject == NET_SUBJECT_LINK)
		return "Unplug it. If it is this terminal's own connection, ask the security "
		       "officer to register it.";
	return "If it is needed for work, ask the security officer to name the destination in "
	       "the policy.";
}

static void print_link(const struct ctl *ctl, const struct net_link *link)
{
	char mac[3 * NET_LLADDR_MAX];

	printf("\n%s", ctl_on(ctl, CTL_STRONG));
	ctl_print_clean(link->name);
	printf("%s  %s\n  address  %s\n  place    ", ctl_off(ctl, CTL_STRONG),
	       net_kind_name(link->kind),
	       link->permanent_length ? net_json_mac(mac, link->permanent, link->permanent_length)
				      : "(no permanent one)");
	ctl_print_clean(link->path[0] ? link->path : "(on no bus)");
	putchar('\n');
}

static void print_now(const struct ctl *ctl, const json_t *outcome)
{
	const json_t *verdict = json_object_get(outcome, "verdict");
	bool permit = strcmp(ctl_text(verdict, "result"), "permit") == 0;

	printf("\nairgapd: %s%s%s (", ctl_on(ctl, permit ? CTL_FINE : CTL_ALARM),
	       permit ? "permitted" : "refused", ctl_off(ctl, permit ? CTL_FINE : CTL_ALARM));
	ctl_print_clean(ctl_text(outcome, "state"));
	printf("): ");
	ctl_print_clean(ctl_text(verdict, "because"));
	putchar('\n');
}

static void print_answer(const struct why_net *why, const json_t *outcome,
			 const struct net_link *link, const struct net_explanation *explanation,
			 const char *what_to_do)
{
	print_link(why->ctl, link);
	if (why->question.subject == NET_SUBJECT_LINK)
		print_now(why->ctl, outcome);
	if (explanation) {
		printf("\n%sRule by rule:%s\n", ctl_on(why->ctl, CTL_STRONG),
		       ctl_off(why->ctl, CTL_STRONG));
		net_explanation_print(stdout, why->active.name, explanation);
	} else {
		printf("\nThe rules cannot be shown: %s\n", why->active.reason);
	}
	if (*what_to_do)
		printf("\n%s\n", what_to_do);
}

/* CTL_GOOD: permitted; CTL_BAD: refused; CTL_UNREACHABLE: nobody could say. */
static int explain_over(struct why_net *why, const json_t *outcome)
{
	const char *state = ctl_text(outcome, "state"), *what_to_do;
	struct net_explanation *explanation = NULL;
	struct net_question question = why->question;
	bool permit = false, known = false;

	if (net_json_read_link(json_object_get(outcome, "link"), &question.link) < 0)
		return CTL_UNREACHABLE;
	question.flow.index = question.link.index;
	if (why->active.policy)
		policy_explain_net(why->active.policy, &why->tables.context, &question,
				   &explanation);
	if (question.subject == NET_SUBJECT_LINK) {
		const json_t *verdict = json_object_get(outcome, "verdict");

		/* What airgapd decided counts; what the policy alone would say is the explanation. */
		permit = strcmp(ctl_text(verdict, "result"), "permit") == 0;
		known = true;
	} else if (explanation) {
		permit = explanation->verdict.result == POLICY_RESULT_PERMIT;
		known = true;
	}
	what_to_do = known ? advice(why, permit, state) : "";
	if (why->json)
		json_array_append_new(
			why->json,
			json_pack("{s:O, s:o, s:s}", "outcome", outcome, "explanation",
				  explanation ? net_explanation_json(why->active.name, explanation)
					      : json_null(),
				  "advice", what_to_do));
	else
		print_answer(why, outcome, &question.link, explanation, what_to_do);
	net_explanation_free(explanation);
	return !known ? CTL_UNREACHABLE : permit ? CTL_GOOD : CTL_BAD;
}

/* Over the link of that name; without a name over every one but lo, and the best answer counts. */
static int explain_links(struct why_net *why, const char *name)
{
	int best = -1;
	size_t i;
	json_t *it;

	json_array_foreach(why->network.lists[CTL_NETWORK_LINKS], i, it)
	{
		const json_t *link = json_object_get(it, "link");
		int code;

		if (!json_is_null(json_object_get(link, "namespace")) ||
		    (name ? strcmp(ctl_text(link, "name"), name) != 0
			  : strcmp(ctl_text(link, "kind"), "loopback") == 0))
			continue;
		code = explain_over(why, it);
		best = best < 0 || code < best ? code : best;
	}
	if (best >= 0)
		return best;
	if (name)
		ctl_error("no link is named '%s'; 'airgapctl network' shows them", name);
	else
		ctl_error("there is no link but loopback");
	return CTL_BAD;
}

/* The operands as one subject, but for "via NAME". */
static int read_flow(const struct ctl *ctl, struct net_question *question, const char **via)
{
	struct diag_list diags = DIAG_LIST_INIT;
	char text[SUBJECT_MAX] = "";
	int r;

	*via = NULL;
	for (int i = 1; i < ctl->count; i++) {
		size_t used = strlen(text);

		if (strcmp(ctl->operands[i], "via") == 0 && i + 1 < ctl->count) {
			*via = ctl->operands[++i];
			continue;
		}
		if (used + strlen(ctl->operands[i]) + 2 > sizeof(text))
			return ctl_usage(ctl, "the flow is too long");
		snprintf(text + used, sizeof(text) - used, "%s%s", used ? " " : "",
			 ctl->operands[i]);
	}
	if (!text[0])
		return ctl_usage(ctl,
				 "'why flow' needs a flow, such as: to 10.20.0.5 protocol tcp port "
				 "8443");
	r = subject_parse_net(text, strlen(text), NET_SUBJECT_FLOW, &diags, question);
	diag_print(stderr, "flow", text, strlen(text), &diags);
	diag_list_free(&diags);
	return r ? CTL_USAGE : CTL_GOOD;
}

static int explain(struct why_net *why, const char *name)
{
	int code;

	if (ctl_network_load(why->ctl, &why->network) < 0) {
		ctl_error("%s", why->network.note);
		ctl_network_free(&why->network);
		return CTL_UNREACHABLE;
	}
	ctl_policy_active(why->ctl, NULL, &why->active);
	ctl_context_load(why->ctl, &why->tables);
	code = explain_links(why, name);
	if (!why->network.current)
		ctl_error("shown is the last known state. %s", why->network.note);
	if (why->json && ctl_print_json(json_pack("{s:O}", "answers", why->json)) < 0)
		code = CTL_UNREACHABLE;
	ctl_context_done(&why->tables);
	ctl_policy_done(&why->active);
	ctl_network_free(&why->network);
	return code;
}

int ctl_why_net(struct ctl *ctl)
{
	struct why_net why = { .ctl = ctl };
	const char *name = ctl->operands[1];
	int code = CTL_GOOD;

	if (strcmp(ctl->operands[0], "flow") == 0)
		code = read_flow(ctl, &why.question, &name);
	else if (ctl->count != 2)
		return ctl_usage(ctl, "'why link' needs the name of one link");
	if (code != CTL_GOOD)
		return code;
	why.json = ctl->json ? json_array() : NULL;
	code = explain(&why, name);
	json_decref(why.json);
	return code;
}
