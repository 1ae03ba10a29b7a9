// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/lang/schema.h"

#include <string.h>

#include "policy/transfer/batch.h"

const struct schema_document schema_documents[] = {
	{
		.kind = "airgap-policy",
		.version = 1,
		.blocks = schema_policy_blocks,
		.statements = schema_policy_statements,
		.help = "what the terminals of a unit may do",
	},
	{
		.kind = "airgap-trust",
		.version = 1,
		.blocks = schema_trust_blocks,
		.help = "whose signatures count, and for what",
	},
	{
		.kind = "airgap-terminal",
		.version = 1,
		.blocks = schema_terminal_blocks,
		.help = "which terminal this is",
	},
	{
		.kind = "airgap-table",
		.version = 1,
		.blocks = schema_table_blocks,
		.help = "media or terminals, one a line",
	},
	{
		.kind = "airgap-order",
		.version = 1,
		.blocks = schema_order_blocks,
		.help = "one thing to do on one terminal, once",
	},
	{
		.kind = "airgap-media",
		.version = 1,
		.blocks = schema_media_blocks,
		.help = "the registration record of one medium",
	},
	{
		.kind = "airgap-counter",
		.version = 1,
		.blocks = schema_counter_blocks,
		.help = "how often a medium was used",
	},
	{
		.kind = "airgap-manifest",
		.version = 1,
		.blocks = schema_manifest_blocks,
		.text_max = TRANSFER_TEXT_MAX,
		.help = "what exactly is to be transferred",
	},
	{
		.kind = "airgap-approval",
		.version = 1,
		.blocks = schema_approval_blocks,
		.help = "leave to transfer one batch, once",
	},
	{
		.kind = "airgap-slip",
		.version = 1,
		.blocks = schema_slip_blocks,
		.text_max = TRANSFER_TEXT_MAX,
		.help = "what a terminal wrote to a medium, from whom and for whom",
	},
	{
		.kind = "airgap-card",
		.version = 1,
		.blocks = schema_card_blocks,
		.help = "to whom files for a unit are encrypted",
	},
	{ 0 },
};

static const char *const operator_names[OP_COUNT] = {
	[OP_BARE] = "",		  [OP_IS] = "is",	    [OP_IN] = "in",
	[OP_NOT_IN] = "not-in",	  [OP_WITHIN] = "within",   [OP_EQUALS] = "equals",
	[OP_HAS_ANY] = "has-any", [OP_HAS_ALL] = "has-all", [OP_HAS_NONE] = "has-none",
	[OP_AT_MOST] = "at-most", [OP_TO] = "to",
};

static const struct {
	const char *noun;
	const char *help;
	const char *set; /* word for sets of this type, or NULL */
} types[VALUE_TYPE_COUNT] = {
	[VALUE_ABSENT] = { "a value", NULL, NULL },
	[VALUE_NAME] = { "a name", "a name has at most 64 letters, digits, '-', '_' and '.'",
			 NULL },
	[VALUE_CHOICE] = { "one of its words", NULL, NULL },
	[VALUE_TEXT] = { "a text", "write it between double quotes", "text" },
	[VALUE_NUMBER] = { "a number", "write it in decimal digits, without a leading zero", NULL },
	[VALUE_DURATION] = { "a duration", "write a number and s, m, h or d, such as 72h", NULL },
	[VALUE_SIZE] = { "a size", "write a number and K, M, G or T, such as 50M", NULL },
	[VALUE_DATES] = { "two dates", "write the first and the last day: 2026-12-01 .. 2027-05-31",
			  NULL },
	[VALUE_DATE] = { "a date", "write the year, month and day: 2026-12-01", NULL },
	[VALUE_FLAG] = { "yes or no", "write yes or no", NULL },
	[VALUE_USB_ID] = { "a USB id",
			   "write vendor:product in four hexadecimal digits each, such as "
			   "0951:1666, "
			   "or 0951:* for any product",
			   "usb" },
	[VALUE_USB_INTERFACE] = { "an interface type",
				  "write class:subclass:protocol in two hexadecimal digits each, "
				  "such as 08:06:50, 08:06:* or 08:*:*",
				  "interfaces" },
	[VALUE_USB_CLASS] = { "a USB class", "write two hexadecimal digits, such as 08", NULL },
	[VALUE_USB_PORT] = { "a USB port", "write it as the kernel names it, such as 1-2.3",
			     "usb-port" },
	[VALUE_HASH] = { "a hash", "write 32 bytes in base64 between double quotes", "hash" },
	[VALUE_RANDOM] = { "a random number", "write 32 digits 0-9 a-f", NULL },
	[VALUE_DIGEST] = { "a digest", "write 64 digits 0-9 a-f", NULL },
	[VALUE_HOURS] = { "hours of the week",
			  "write days and hours by local time between double quotes, such as "
			  "\"Mon-Fri 08:00-17:00\"; across midnight, write two of them",
			  NULL },
	[VALUE_TIME] = { "a time", "write day and time, UTC: 2026-12-01T09:30:00Z", NULL },
	[VALUE_ADDRESS] = { "an address", "write 10.20.0.5, 10.20.0.0/24 or fd12:7::/48",
			    "address" },
	[VALUE_LIST] = { "a list", "write its elements between [ and ]", NULL },
	[VALUE_REF] = { "a name of a set or table", "write '@' and the name", NULL },
};

const struct schema_document *schema_find(const char *kind)
{
	for (const struct schema_document *document = schema_documents; document->kind; document++)
		if (strcmp(document->kind, kind) == 0)
			return document;
	return NULL;
}

static bool same(const char *word, const char *name, size_t length)
{
	return strncmp(word, name, length) == 0 && word[length] == '\0';
}

const struct schema_block *schema_block_find(const struct schema_block *blocks, const char *name,
					     size_t length)
{
	for (; blocks && blocks->name; blocks++)
		if (same(blocks->name, name, length))
			return blocks;
	return NULL;
}

const struct schema_statement *schema_statement_find(const struct schema_statement *statements,
						     const char *keyword, size_t length)
{
	for (; statements && statements->keyword; statements++)
		if (same(statements->keyword, keyword, length))
			return statements;
	return NULL;
}

const struct schema_condition *schema_condition_find(const struct schema_condition *conditions,
						     const char *name, size_t length)
{
	for (; conditions && conditions->name; conditions++)
		if (same(conditions->name, name, length))
			return conditions;
	return NULL;
}

size_t schema_arg_count(const struct schema_statement *statement)
{
	size_t count = 0;

	while (count < SCHEMA_ARGS_MAX && statement->args[count].name)
		count++;
	return count;
}

const char *schema_operator_name(enum schema_op op)
{
	return operator_names[op];
}

const char *schema_type_name(enum value_type type)
{
	return types[type].noun;
}

const char *schema_type_help(enum value_type type)
{
	return types[type].help;
}

enum value_type schema_set_type(const char *kind)
{
	for (enum value_type type = 0; type < VALUE_TYPE_COUNT; type++)
		if (types[type].set && strcmp(types[type].set, kind) == 0)
			return type;
	return VALUE_ABSENT;
}
