// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/lang/check_recipients.h"

#include <errno.h>
#include <stdio.h>

#include "policy/lang/seen.h"

int check_recipients(const struct document *document, struct diag_list *diags, struct arena *arena)
{
	const struct block *block = document_block(document, "transfer");
	struct seen recipients = { .arena = arena };
	const struct statement *it = NULL;

	while ((it = document_statement(block, "recipients", it))) {
		const char *unit = statement_text(it, "unit");
		const struct value *recipient = statement_value(it, "recipient");
		char key[2 * 128 + 2]; /* the schema's limits */
		struct seen_entry *entry;
		bool fresh;
		int length;

		if (!unit || !recipient)
			continue;
		length = snprintf(key, sizeof(key), "%s\n%s", unit, recipient->text);
		entry = seen_add(&recipients, key, (size_t)length, recipient->at, &fresh);
		if (!entry)
			return -ENOMEM;
		if (!fresh)
			diag_error(diags, recipient->at,
				   "each epoch and each level of a unit has a key of its own",
				   "this recipient of unit '%s' stands twice, first in line %u",
				   unit, entry->at.line);
	}
	return 0;
}
