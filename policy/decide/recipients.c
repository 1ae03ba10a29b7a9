// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/decide/recipients.h"

#include <string.h>

#include "policy/decide/context.h"
#include "policy/lang/document.h"
#include "policy/lang/policy.h"

/* C2SP age.md: Bech32 of 32 bytes, with prefix, separator and checksum */
#define RECIPIENT_LENGTH 62

size_t policy_recipients(const struct policy *policy, struct policy_recipient *recipients,
			 size_t max)
{
	const struct block *block = document_block(policy_document(policy), "transfer");
	const struct statement *it = NULL;
	size_t count = 0;

	while ((it = document_statement(block, "recipients", it))) {
		const char *level = statement_text(it, "level");

		if (count++ >= max)
			continue;
		recipients[count - 1] = (struct policy_recipient){
			.unit = statement_text(it, "unit"),
			.level = level ? level : policy_level(policy),
			.recipient = statement_text(it, "recipient"),
			.epoch = (uint32_t)statement_number(it, "epoch", 0),
			.line = it->at.line,
		};
	}
	return count;
}

const char *policy_recovery(const struct policy *policy)
{
	return document_text(policy_document(policy), "transfer", "recovery", "recipient");
}

static bool same_group(const struct policy_recipient *a, const struct policy_recipient *b)
{
	return strcmp(a->unit, b->unit) == 0 && strcmp(a->level, b->level) == 0;
}

bool recipients_superseded(const struct policy_recipient *rows, size_t count,
			   const struct policy_recipient *row)
{
	for (size_t i = 0; i < count; i++)
		if (same_group(&rows[i], row) && rows[i].epoch > row->epoch)
			return true;
	return false;
}

static bool may_open(const struct policy_recipient *row, const char *level,
		     const struct policy_levels *levels)
{
	int of_data = policy_levels_rank(levels, level);
	int of_key = policy_levels_rank(levels, row->level);

	if (strcmp(row->level, level) == 0)
		return true;
	return of_data >= 0 && of_key > of_data;
}

static bool is_chosen(const struct policy_recipient *rows, const size_t *chosen, size_t count,
		      const char *recipient)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[chosen[i]].recipient, recipient) == 0)
			return true;
	return false;
}

size_t recipients_choose(const struct policy_recipient *rows, size_t count, const char *unit,
			 const char *level, const struct policy_levels *levels, size_t *chosen,
			 size_t max)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		if (strcmp(rows[i].unit, unit) != 0 || !may_open(&rows[i], level, levels) ||
		    recipients_superseded(rows, count, &rows[i]) ||
		    is_chosen(rows, chosen, found < max ? found : max, rows[i].recipient))
			continue;
		if (found < max)
			chosen[found] = i;
		found++;
	}
	return found;
}

bool recipients_form(const char *recipient)
{
	size_t length = strlen(recipient);

	return length == RECIPIENT_LENGTH && strncmp(recipient, "age1", 4) == 0 &&
	       strspn(recipient + 4, "023456789acdefghjklmnpqrstuvwxyz") == length - 4;
}
