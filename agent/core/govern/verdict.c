// SPDX-License-Identifier: GPL-2.0-or-later
/* The verdict under the mode that is in force: what lockdown, restriction and mode monitor make of
 * what the policy says. */
#include <stdio.h>
#include <string.h>

#include "agent/core/govern/govern.h"
#include "agent/core/govern/orders.h"
#include "policy/decide/decide.h"

static bool is_hub(const struct usb_facts *facts)
{
	if (facts->flaw != USB_SOUND || facts->class != 9 || facts->interface_count == 0)
		return false;
	for (uint32_t i = 0; i < facts->interface_count; i++)
		if (facts->interfaces[i].class != 9)
			return false;
	return true;
}

static void decide_lockdown(const struct govern *govern, const struct usb_facts *facts,
			    struct policy_verdict *verdict)
{
	*verdict = (struct policy_verdict){
		.result = POLICY_RESULT_REFUSE,
		.cause = POLICY_CAUSE_LOCKDOWN,
		.because = "lockdown: only hubs and the keyboards of the last good policy work",
	};
	if (is_hub(facts)) {
		verdict->result = POLICY_RESULT_PERMIT;
		verdict->cause = POLICY_CAUSE_BUILTIN;
		memset(verdict->interfaces, 0xff, sizeof(verdict->interfaces));
		snprintf(verdict->because, sizeof(verdict->because), "hub: carries no data itself");
	} else if (rescue_knows(&govern->rescue, facts) &&
		   rescue_interfaces(facts, verdict->interfaces) > 0) {
		verdict->result = POLICY_RESULT_PERMIT;
		verdict->cause = POLICY_CAUSE_RESCUE;
		snprintf(verdict->because, sizeof(verdict->because),
			 "lockdown: a keyboard that the last good policy permitted here");
	}
}

/* A camera gives and takes files past whoever mounts media: "read only" is nothing that it knows. */
static bool carries_files(const struct usb_verdict *verdict)
{
	for (uint32_t i = 0; i < verdict->facts.interface_count; i++)
		if (policy_verdict_has(&verdict->verdict, i) &&
		    verdict->facts.interfaces[i].class == 0x06)
			return true;
	return false;
}

static void grant_all(const struct usb_facts *facts, struct policy_verdict *verdict)
{
	verdict->result = POLICY_RESULT_PERMIT;
	for (uint32_t i = 0; i < facts->interface_count; i++)
		verdict->interfaces[i / 8] |= (uint8_t)(1u << (i % 8));
}

/* A signed order stands above the policy's rules, but lets in nothing that contradicts itself. */
static void let_in_by_order(const struct govern *govern, const struct usb_facts *facts,
			    struct policy_verdict *verdict)
{
	const struct order *order = orders_find(govern, facts);

	if (!order || verdict->result == POLICY_RESULT_PERMIT || facts->flaw != USB_SOUND)
		return;
	grant_all(facts, verdict);
	verdict->cause = POLICY_CAUSE_ORDER;
	verdict->line = 0;
	verdict->column = 0;
	snprintf(verdict->rule, sizeof(verdict->rule), "%s", order->id);
	snprintf(verdict->because, sizeof(verdict->because), "one-time permit: %.230s",
		 order->reason);
}

/* Mode monitor: what would be refused is let in whole, and says by what it would have been. */
static void let_in_and_record(const struct usb_facts *facts, struct policy_verdict *verdict)
{
	char because[POLICY_BECAUSE_SIZE];

	if (verdict->result == POLICY_RESULT_PERMIT || facts->flaw != USB_SOUND)
		return;
	snprintf(because, sizeof(because), "mode monitor; would be refused: %.200s",
		 verdict->because);
	memcpy(verdict->because, because, sizeof(because));
	grant_all(facts, verdict);
	verdict->cause = POLICY_CAUSE_MONITOR;
}

void govern_decide(const struct govern *govern, const struct usb_facts *facts,
		   const uint32_t *in_use, struct policy_verdict *verdict)
{
	struct usb_verdict both;

	if (govern->mode == AGENT_MODE_LOCKDOWN || !govern->policy) {
		decide_lockdown(govern, facts, verdict);
		return;
	}
	policy_decide_usb(govern->policy, &govern->context, facts, in_use, verdict);
	let_in_by_order(govern, facts, verdict);
	if (govern->mode == AGENT_MODE_MONITORING)
		let_in_and_record(facts, verdict);
	if (govern->mode != AGENT_MODE_RESTRICTED || verdict->result != POLICY_RESULT_PERMIT)
		return;
	both = (struct usb_verdict){ .facts = *facts, .verdict = *verdict };
	if (carries_files(&both)) {
		verdict->result = POLICY_RESULT_REFUSE;
		verdict->cause = POLICY_CAUSE_RESTRICT;
		memset(verdict->interfaces, 0, sizeof(verdict->interfaces));
		snprintf(verdict->because, sizeof(verdict->because), "restricted: %.200s",
			 govern->reason);
	}
}
