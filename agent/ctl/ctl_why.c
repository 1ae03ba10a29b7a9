// SPDX-License-Identifier: GPL-2.0-or-later
/* airgapctl why DEVICE */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/ctl/ctl_context.h"
#include "agent/ctl/ctl_files.h"
#include "agent/ctl/ctl_list.h"
#include "agent/ctl/ctl_output.h"
#include "agent/ctl/ctl_why_net.h"
#include "agent/lib/usb_json.h"
#include "policy/decide/decide.h"

struct why {
	struct ctl *ctl;
	const struct ctl_list *list;
	const struct ctl_policy *active;
	const struct policy_context *context;
};

/* What to do about a refusal, by what refused. */
static const char *const advice[POLICY_CAUSE_COUNT] = {
	[POLICY_CAUSE_DEFAULT] = "Unplug it. If it is needed for work, ask the security officer to "
				 "add it to the policy.",
	[POLICY_CAUSE_FORBID] =
		"Unplug it. The policy forbids such devices; if you think that it should "
		"not, ask the security officer.",
	[POLICY_CAUSE_LIMIT] =
		"Unplug the other device that the same rule permits, then plug this one "
		"in again.",
	[POLICY_CAUSE_FLAW] =
		"Unplug it and bring it to the security officer: what it says of itself "
		"contradicts itself.",
	[POLICY_CAUSE_LOCKDOWN] =
		"The terminal is in lockdown. 'airgapctl status' tells why and what "
		"ends it.",
	[POLICY_CAUSE_RESTRICT] =
		"The policy has expired or the clock is doubtful. 'airgapctl status' "
		"tells what ends it.",
	[POLICY_CAUSE_UNREADY] =
		"The agent could not do its part: 'airgapctl status' tells which. Plug "
		"the device in again once that is repaired.",
};

static const char *advice_of(const struct policy_verdict *verdict)
{
	const char *text = verdict->cause < POLICY_CAUSE_COUNT ? advice[verdict->cause] : NULL;

	return verdict->result == POLICY_RESULT_PERMIT ? ""
	       : text				       ? text
						       : "Ask the security officer.";
}

/* The other authorised devices use up limits; this one must not stand in its own way. */
static uint32_t *count_others(const struct why *why, const struct ctl_device *device)
{
	const struct policy *policy = why->active->policy;
	size_t rules = policy_usb_rule_count(policy);
	uint32_t *in_use = calloc(rules ? rules : 1, sizeof(*in_use));

	for (size_t i = 0; in_use && i < why->list->count; i++) {
		const struct ctl_device *other = &why->list->devices[i];

		if (other != device && other->outcome.state == USB_STATE_AUTHORISED)
			policy_count_usb(policy, why->context, &other->outcome.decided.facts,
					 in_use);
	}
	return in_use;
}

static struct explanation *explain(const struct why *why, const struct ctl_device *device)
{
	struct explanation *explanation = NULL;
	uint32_t *in_use;

	if (!why->active->policy)
		return NULL;
	in_use = count_others(why, device);
	if (in_use)
		policy_explain_usb(why->active->policy, why->context,
				   &device->outcome.decided.facts, in_use, &explanation);
	free(in_use);
	return explanation;
}

static void print_device(const struct ctl *ctl, const struct ctl_device *device)
{
	const struct usb_facts *facts = &device->outcome.decided.facts;
	char name[2 * USB_STRING_SIZE], interfaces[USB_INTERFACES_MAX * 9 + 1];

	ctl_device_name(device, name, sizeof(name));
	ctl_device_interfaces(device, interfaces, sizeof(interfaces));
	printf("%s%s%s  %04x:%04x  ", ctl_on(ctl, CTL_STRONG), facts->port,
	       ctl_off(ctl, CTL_STRONG), facts->vendor, facts->product);
	ctl_print_clean(name);
	printf("\n  serial      ");
	ctl_print_clean(facts->serial[0] ? facts->serial : "(none)");
	printf("\n  interfaces  %s\n", interfaces[0] ? interfaces : "(none)");
	if (facts->flaw)
		printf("  flaw        %s\n", policy_usb_flaw_text((enum usb_flaw)facts->flaw));
}

static void print_verdict(const struct ctl *ctl, const char *who,
			  const struct policy_verdict *verdict)
{
	bool permit = verdict->result == POLICY_RESULT_PERMIT;
	enum ctl_style style = permit ? CTL_FINE : CTL_ALARM;

	printf("\n%s: %s%s%s", who, ctl_on(ctl, style), permit ? "permitted" : "refused",
	       ctl_off(ctl, style));
	if (verdict->rule[0]) {
		printf(" by rule '");
		ctl_print_clean(verdict->rule);
		printf("'");
	}
	if (verdict->line)
		printf(" at line %u of the policy", verdict->line);
	if (verdict->because[0]) {
		printf(": ");
		ctl_print_clean(verdict->because);
	}
	putchar('\n');
}

static void print_outcome(const struct ctl *ctl, const struct ctl_device *device, bool current)
{
	print_verdict(ctl, current ? "airgapd" : "airgapd, when last heard",
		      &device->outcome.decided.verdict);
	if (device->outcome.state == USB_STATE_FAILED)
		printf("%sThe kernel did not do as told: %s.%s\n", ctl_on(ctl, CTL_ALARM),
		       strerror(abs(device->outcome.error)), ctl_off(ctl, CTL_ALARM));
	if (device->outcome.state == USB_STATE_PENDING)
		printf("It works as soon as its journal entry is on the disk.\n");
}

static void print_one(const struct why *why, const struct ctl_device *device,
		      const struct explanation *explanation, const struct policy_verdict *verdict)
{
	const struct ctl *ctl = why->ctl;

	print_device(ctl, device);
	if (why->list->decided)
		print_outcome(ctl, device, why->list->current);
	else if (!explanation)
		printf("\nNo verdict: airgapd does not answer, and there is no policy to ask.\n");
	if (explanation) {
		printf("\n%sRule by rule:%s\n", ctl_on(ctl, CTL_STRONG), ctl_off(ctl, CTL_STRONG));
		explanation_print(stdout, why->active->name, explanation);
	} else {
		printf("\nThe rules cannot be shown: %s\n", why->active->reason);
	}
	if (verdict && *advice_of(verdict))
		printf("\n%s\n", advice_of(verdict));
}

static json_t *one_json(const struct why *why, const struct ctl_device *device,
			const struct explanation *explanation, const struct policy_verdict *verdict)
{
	return json_pack("{s:o, s:o, s:s}", "device", ctl_device_json(device, why->list->decided),
			 "explanation",
			 explanation ? explanation_json(why->active->name, explanation)
				     : json_null(),
			 "advice", verdict ? advice_of(verdict) : "");
}

/* CTL_GOOD: permitted; CTL_BAD: refused; CTL_UNREACHABLE: nobody could say. */
static int explain_one(const struct why *why, const struct ctl_device *device, json_t *list)
{
	struct explanation *explanation = explain(why, device);
	const struct policy_verdict *verdict = explanation ? &explanation->verdict : NULL;
	int code = CTL_UNREACHABLE;

	/* What airgapd decided counts; what the policy alone would say is the explanation. */
	if (why->list->decided)
		verdict = &device->outcome.decided.verdict;
	if (verdict)
		code = verdict->result == POLICY_RESULT_PERMIT ? CTL_GOOD : CTL_BAD;
	if (list)
		json_array_append_new(list, one_json(why, device, explanation, verdict));
	else
		print_one(why, device, explanation, verdict);
	explanation_free(explanation);
	return code;
}

static int explain_matches(const struct why *why, const char *word, json_t *json)
{
	int worst = CTL_GOOD, count = 0;

	for (size_t i = 0; why->list->devices && i < why->list->count; i++) {
		const struct ctl_device *device = &why->list->devices[i];
		int code;

		if (!ctl_device_matches(device, word))
			continue;
		if (count++ && !json)
			printf("\n");
		code = explain_one(why, device, json);
		worst = code > worst ? code : worst;
	}
	return count ? worst : -1;
}

int ctl_why(struct ctl *ctl)
{
	struct ctl_list list;
	struct ctl_policy active;
	struct ctl_context tables;
	struct why why = { ctl, &list, &active, &tables.context };
	json_t *json = ctl->json ? json_array() : NULL;
	int code;

	if (strcmp(ctl->operands[0], "link") == 0 || strcmp(ctl->operands[0], "flow") == 0) {
		json_decref(json);
		return ctl_why_net(ctl);
	}
	if (ctl->count > 1) {
		json_decref(json);
		return ctl_usage(ctl, "'why' explains one device at a time");
	}
	if (ctl_list_load(ctl, &list) < 0) {
		ctl_list_free(&list);
		json_decref(json);
		return CTL_UNREACHABLE;
	}
	ctl_policy_active(ctl, NULL, &active);
	ctl_context_load(ctl, &tables);
	code = explain_matches(&why, ctl->operands[0], json);
	if (code < 0) {
		ctl_error(
			"no present device has that port, id or serial number; 'airgapctl devices "
			"--all' shows them");
		code = CTL_BAD;
	} else if (!list.current) {
		ctl_error("%s", list.note);
	}
	if (json && ctl_print_json(json_pack("{s:O}", "devices", json)) < 0)
		code = CTL_UNREACHABLE;
	json_decref(json);
	ctl_context_done(&tables);
	ctl_policy_done(&active);
	ctl_list_free(&list);
	return code;
}
