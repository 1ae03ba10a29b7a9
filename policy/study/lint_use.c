// SPDX-License-Identifier: GPL-2.0-or-later
/* What an inventory shows in use, decided as a rescan would: one after the other, with counts. */
#include <stdlib.h>

#include "policy/decide/decide.h"
#include "policy/study/lint_run.h"

#define TITLE_SIZE (USB_PORT_SIZE + USB_STRING_SIZE + 16)

static bool is_keyboard(const struct usb_facts *facts)
{
	for (uint32_t i = 0; i < facts->interface_count; i++)
		if (facts->interfaces[i].class == 0x03 && facts->interfaces[i].protocol == 0x01)
			return true;
	return false;
}

/* The rule that refused, or the block when none did. */
static struct span place(const struct lint *lint, const struct policy_verdict *verdict)
{
	const struct block *block = document_block(lint->document, "usb");

	for (size_t i = 0; i < lint->rules->rule_count; i++)
		if (verdict->line && lint->rules->rules[i].line == verdict->line &&
		    lint->rules->rules[i].column == verdict->column)
			return lint->sources[i]->name_at;
	return block ? block->at : lint->document->at;
}

static bool all_interfaces(const struct usb_facts *facts, const struct policy_verdict *verdict)
{
	for (uint32_t i = 0; i < facts->interface_count; i++)
		if (!policy_verdict_has(verdict, i))
			return false;
	return true;
}

/* Without the table nobody can tell whether a device stands in it. */
static bool depends_on_table(const struct lint *lint, const struct usb_facts *facts)
{
	const struct usb_case it = usb_case(lint->policy, lint->context, facts);

	for (size_t i = 0; i < lint->rules->rule_count && !lint->context->media; i++) {
		const struct usb_rule *rule = &lint->rules->rules[i];
		bool asks = false, rest = rule->allow;

		for (uint32_t k = 0; k < rule->condition_count; k++) {
			const struct usb_condition *condition = &rule->conditions[k];

			if (condition->attribute == USB_ATTRIBUTE_DEVICE)
				asks = true;
			else
				rest &= usb_condition_holds(rule,
							    usb_condition_test(condition, &it));
		}
		if (asks && rest)
			return true;
	}
	return false;
}

static void judge(struct lint *lint, const struct usb_facts *facts,
		  const struct policy_verdict *verdict)
{
	bool keyboard = is_keyboard(facts);
	char title[TITLE_SIZE];

	inventory_title(facts, title, sizeof(title));
	if (verdict->result == POLICY_RESULT_REFUSE)
		lint_say(lint, keyboard ? "blocks-keyboard" : "blocks-in-use", place(lint, verdict),
			 "allow it, or take it out of use first",
			 "%s'%s' is in use and would be refused: %s",
			 keyboard ? "the keyboard " : "", title, verdict->because);
	else if (!all_interfaces(facts, verdict))
		lint_say(lint, "no-interface", place(lint, verdict),
			 "list the other interfaces, or take it out of use first",
			 "'%s' is in use and would keep only some of its interfaces", title);
}

void lint_in_use(struct lint *lint)
{
	uint32_t *in_use;

	if (!lint->inventory)
		return;
	in_use = calloc(lint->rules->rule_count + 1, sizeof(*in_use));
	if (!in_use) {
		lint->space.no_memory = true;
		return;
	}
	for (size_t i = 0; i < lint->inventory->count; i++) {
		const struct inventory_device *device = &lint->inventory->devices[i];
		struct policy_verdict verdict;

		if (!device->in_use)
			continue;
		policy_decide_usb(lint->policy, lint->context, &device->facts, in_use, &verdict);
		if (verdict.cause != POLICY_CAUSE_DEFAULT ||
		    !depends_on_table(lint, &device->facts))
			judge(lint, &device->facts, &verdict);
		if (verdict.result == POLICY_RESULT_PERMIT)
			policy_count_usb(lint->policy, lint->context, &device->facts, in_use);
	}
	free(in_use);
}
