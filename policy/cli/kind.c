// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/cli/cli.h"

#include <string.h>

#include "policy/lang/schema.h"

const char *cli_kind(const char *text, size_t length)
{
	for (const struct schema_document *schema = schema_documents; schema->kind; schema++) {
		size_t size = strlen(schema->kind);
		const char *found = memmem(text, length, schema->kind, size);

		while (found && found > text && found[-1] != '\n')
			found = memmem(found + 1, length - (size_t)(found + 1 - text), schema->kind,
				       size);
		if (found)
			return schema->kind;
	}
	return NULL;
}
