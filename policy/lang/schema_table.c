// SPDX-License-Identifier: GPL-2.0-or-later
/* The head of a signed table. Its rows are no statements: policy/table reads them. */
#include "policy/lang/schema.h"

#define WORDS(...)                                                                                 \
	(const char *const[])                                                                      \
	{                                                                                          \
		__VA_ARGS__, NULL                                                                  \
	}

static const struct schema_statement table_block[] = {
	{ "name",
	  SCHEMA_REQUIRED,
	  { { "name", VALUE_CHOICE, .choices = WORDS("media", "terminals") } },
	  "which table it is" },
	{ "number",
	  SCHEMA_REQUIRED,
	  { { "number", VALUE_NUMBER, .min = 1, .max = UINT32_MAX } },
	  "number of this edition; only goes up" },
	{ "columns",
	  SCHEMA_REQUIRED,
	  { { "columns", VALUE_NAME, SCHEMA_LIST, .help = "names of the columns" } },
	  "what the cells of a row are, in their order" },
	{ 0 },
};

const struct schema_block schema_table_blocks[] = {
	{ "table", SCHEMA_REQUIRED, table_block, NULL, "the head; rows follow it" },
	{ 0 },
};
