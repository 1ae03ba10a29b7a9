// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/decide/operand.h"

#include <errno.h>
#include <string.h>

#include "policy/lang/document.h"
#include "policy/lang/seen.h"

int operand_collect(struct seen *named, const struct document *document)
{
	for (const struct block *block = document->first; block; block = block->next)
		for (const struct statement *it = block->first; it && !block->schema;
		     it = it->next) {
			const char *name = statement_text(it, "name");
			struct seen_entry *entry;
			bool fresh;

			if (strcmp(it->schema->keyword, "set") != 0)
				continue;
			entry = seen_add(named, name, strlen(name), it->at, &fresh);
			if (!entry)
				return -ENOMEM;
			entry->source = it;
		}
	return 0;
}

struct seen_entry *operand_set(const struct seen *named, const char *name)
{
	return seen_find(named, name, strlen(name));
}

const struct value *operand_elements(const struct seen *named, const struct condition *condition)
{
	const struct value *value = &condition->value;
	struct seen_entry *entry;

	if (value->type == VALUE_LIST)
		return value;
	if (value->type != VALUE_REF)
		return NULL;
	entry = operand_set(named, value->text);
	return entry ? statement_value(entry->source, "elements") : NULL;
}
