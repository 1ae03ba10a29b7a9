// SPDX-License-Identifier: GPL-2.0-or-later
/* Whom transfers are encrypted to: keys that cannot be, are not used any more, or are somebody else's. */
#include "policy/study/lint_run.h"

#include <stdlib.h>
#include <string.h>

#include "policy/decide/recipients.h"
#include "policy/lang/policy.h"

static void check_form(struct lint *lint, const struct value *recipient)
{
	if (recipient && !recipients_form(recipient->text))
		lint_say(lint, "recipient-form", recipient->at,
			 "write what age-keygen -y prints: age1 and 58 characters",
			 "'%s' is no age recipient: nothing can be encrypted to it",
			 recipient->text);
}

static void check_one(struct lint *lint, const struct statement *it,
		      const struct policy_recipient *rows, size_t count, size_t i)
{
	const struct policy_recipient *row = &rows[i];
	const char *recovery = policy_recovery(lint->policy);
	const struct value *recipient = statement_value(it, "recipient");

	check_form(lint, recipient);
	if (recipients_superseded(rows, count, row))
		lint_say(lint, "old-epoch", it->at,
			 "remove it; terminals keep the identities that open older files",
			 "nothing is written to epoch %u any more: unit '%s' has a higher one at "
			 "this level",
			 row->epoch, row->unit);
	if (recovery && strcmp(recovery, row->recipient) == 0)
		lint_say(lint, "shared-recipient", recipient->at, "give the unit a key of its own",
			 "this is also the office's recovery key");
	for (size_t j = 0; j < i; j++)
		if (strcmp(rows[j].recipient, row->recipient) == 0) {
			lint_say(lint, "shared-recipient", recipient->at,
				 "give each unit a key of its own",
				 "unit '%s' of line %u has the same key", rows[j].unit,
				 rows[j].line);
			break;
		}
}

static bool lets_out(const struct block *block)
{
	const struct statement *it = NULL;

	while ((it = document_statement(block, "allow", it))) {
		bool in_only = false;

		for (size_t i = 0; i < it->condition_count; i++)
			in_only |= strcmp(it->conditions[i].schema->name, "direction") == 0 &&
				   it->conditions[i].value.text &&
				   strcmp(it->conditions[i].value.text, "in") == 0;
		if (!in_only)
			return true;
	}
	return false;
}

void lint_recipients(struct lint *lint)
{
	const struct block *block = document_block(lint->document, "transfer");
	size_t count = policy_recipients(lint->policy, NULL, 0), i = 0;
	struct policy_recipient *rows = calloc(count + 1, sizeof(*rows));
	const struct statement *it = NULL;

	if (!rows) {
		lint->findings->no_memory = true;
		return;
	}
	policy_recipients(lint->policy, rows, count);
	while ((it = document_statement(block, "recipients", it)))
		check_one(lint, it, rows, count, i++);
	it = document_statement(block, "recovery", NULL);
	check_form(lint, statement_value(it, "recipient"));
	if (block && !it && lets_out(block))
		lint_say(lint, "no-recovery", block->at,
			 "add 'recovery \"age1...\"' with the recipient of the office's recovery "
			 "key",
			 "files may leave, and the office could not open them if their receiver "
			 "loses his key");
	free(rows);
}
