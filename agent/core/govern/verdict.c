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

/*
 * Still image: cameras and phones (PTP, MTP). They give and take files by a protocol of their own, past
 * whoever mounts media and past block transfer; only an order lets one in, and that is on record.
 */
static bool is_camera(const struct usb_facts *facts, const struct policy_verdict *verdict)
{
	for (uint32_t i = 0; i < facts->interface_count; i++)
		if (policy_verdict_has(verdict, i) && facts->interfaces[i].class == 0x06)
			return true;
	return false;
}

static void refuse_camera(const struct usb_facts *facts, struct policy_verdict *verdict)
{
	if (verdict->result != POLICY_RESULT_PERMIT || !is_camera(facts, verdict))
		return;
	*verdict = (struct policy_verdict){
		.result = POLICY_RESULT_REFUSE,
		.cause = POLICY_CAUSE_BUILTIN,
		.rule = "camera",
		.because =
			"cameras and phones (PTP, MTP) move files past block transfer; bring the "
			"files on a memory card",
	};
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
	if (govern->mode == AGENT_MODE_LOCKDOWN || !govern->policy) {
		decide_lockdown(govern, facts, verdict);
		return;
	}
	policy_decide_usb(govern->policy, &govern->context, facts, in_use, verdict);
	refuse_camera(facts, verdict);
	let_in_by_order(govern, facts, verdict);
	/* What is restricted is what may be done with media: verdict_media.c. */
	if (govern->mode == AGENT_MODE_MONITORING)
		let_in_and_record(facts, verdict);
}
