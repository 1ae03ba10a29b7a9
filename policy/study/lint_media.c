// SPDX-License-Identifier: GPL-2.0-or-later
/* Block media beside block usb: what is let in and yet of no use, and what is permitted and never let in. */
#include "policy/study/lint_run.h"

#include <string.h>

/* An allow that says nothing of interfaces admits these, too; "any-interface" points that out. */
static bool admits(struct lint *lint, const struct usb_rule *rule, const char *pattern)
{
	const struct usb_condition *it = lint_condition(rule, USB_ATTRIBUTE_INTERFACES);

	return it && it->op != OP_HAS_NONE && lint_names_class(lint, it, pattern);
}

static void check_cameras(struct lint *lint)
{
	for (size_t i = 0; i < lint->rules->rule_count; i++) {
		const struct usb_rule *rule = &lint->rules->rules[i];

		if (rule->allow && admits(lint, rule, "06:*:*"))
			lint_say(lint, "camera", lint->sources[i]->name_at,
				 "leave class 06 out; bring the files on a memory card",
				 "'%s' admits cameras and phones, and airgapd refuses these all "
				 "the same: their files would pass by block transfer",
				 rule->name);
	}
}

/* The first allow that admits storage, as its place among the rules; the count: none does. */
static size_t find_storage(struct lint *lint)
{
	size_t i = 0;

	while (i < lint->rules->rule_count &&
	       !(lint->rules->rules[i].allow &&
		 (admits(lint, &lint->rules->rules[i], "08:*:*") ||
		  !lint_condition(&lint->rules->rules[i], USB_ATTRIBUTE_INTERFACES))))
		i++;
	return i;
}

static bool asks_table(const struct statement *rule)
{
	for (size_t i = 0; i < rule->condition_count; i++)
		if (strcmp(rule->conditions[i].schema->name, "medium") == 0)
			return true;
	return false;
}

static void check_rules(struct lint *lint, const struct block *block)
{
	const struct statement *rule = NULL;

	while ((rule = document_statement(block, "allow", rule)))
		if (!asks_table(rule))
			lint_say(lint, "any-unit", rule->name_at, "add 'medium in @media'",
				 "'%s' admits registered media of every unit", rule->name);
}

void lint_media(struct lint *lint)
{
	const struct block *block = document_block(lint->document, "media");
	const struct statement *allow = document_statement(block, "allow", NULL);
	size_t storage = find_storage(lint);

	check_cameras(lint);
	check_rules(lint, block);
	if (!block && storage < lint->rules->rule_count &&
	    admits(lint, &lint->rules->rules[storage], "08:*:*"))
		lint_say(lint, "no-media", lint->sources[storage]->name_at,
			 "add block media, or remove the rule",
			 "'%s' lets storage in, and without block media no medium may be used",
			 lint->rules->rules[storage].name);
	if (block && allow && storage == lint->rules->rule_count)
		lint_say(lint, "no-storage", block->at, "allow storage in block usb",
			 "media are permitted, and no rule of block usb lets a storage device in");
}
