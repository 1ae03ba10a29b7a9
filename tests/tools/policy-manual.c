// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reference sections of airgap-policy(5), in man(7), from the tables that the parser itself walks.
 *
 *	usage: policy-manual values | KIND | columns media | columns terminals | statuses
 *
 * KIND is the first word of a text: airgap-policy, airgap-trust, ... tests/policy/manual keeps the
 * page and this in agreement.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "policy/lang/schema.h"
#include "policy/table/table_column.h"

/* Text of ours inside a line: hyphens that can be copied, and nothing that troff acts on. */
static void put(const char *text)
{
	for (; *text; text++) {
		if (*text == '-')
			fputs("\\-", stdout);
		else if (*text == '\\')
			fputs("\\e", stdout);
		else
			putchar(*text);
	}
}

static void font(char letter, const char *text)
{
	printf("\\f%c", letter);
	put(text);
	fputs("\\fR", stdout);
}

/* A sentence of its own line: first letter large, a full stop. */
static void sentence(const char *text)
{
	char first[2] = { text[0], '\0' };

	if (first[0] >= 'a' && first[0] <= 'z')
		first[0] = (char)(first[0] - 'a' + 'A');
	if (first[0] == '.' || first[0] == '\'')
		fputs("\\&", stdout);
	put(first);
	put(text + 1);
	fputs(".\n", stdout);
}

/* How a value stands in a line, by its type. */
static const char *const places[VALUE_TYPE_COUNT] = {
	[VALUE_ABSENT] = "ELEMENT",	[VALUE_NAME] = "NAME",	       [VALUE_TEXT] = "TEXT",
	[VALUE_NUMBER] = "NUMBER",	[VALUE_DURATION] = "DURATION", [VALUE_SIZE] = "SIZE",
	[VALUE_DATES] = "DATES",	[VALUE_FLAG] = "FLAG",	       [VALUE_USB_ID] = "USB-ID",
	[VALUE_USB_INTERFACE] = "TYPE", [VALUE_USB_CLASS] = "CLASS",   [VALUE_USB_PORT] = "PORT",
	[VALUE_DATE] = "DATE",		[VALUE_RANDOM] = "RANDOM",     [VALUE_DIGEST] = "DIGEST",
	[VALUE_TIME] = "TIME",		[VALUE_HOURS] = "HOURS",
	[VALUE_HASH] = "HASH",		[VALUE_ADDRESS] = "ADDRESS",   [VALUE_REF] = "@TABLE",
};

static void words(const char *const *choices)
{
	bool several = choices[0] && choices[1];

	if (several)
		putchar('{');
	for (size_t i = 0; choices[i]; i++) {
		if (i > 0)
			fputs(" | ", stdout);
		font('B', choices[i]);
	}
	if (several)
		putchar('}');
}

static void one_value(const struct schema_arg *arg, enum value_type type)
{
	if (type == VALUE_CHOICE && arg->choices)
		words(arg->choices);
	else if (places[type])
		font('I', places[type]);
}

static void value(const struct schema_arg *arg)
{
	bool list = arg->flags & SCHEMA_LIST, pairs = arg->flags & SCHEMA_PAIRS;

	if (list)
		fputs("[ ", stdout);
	one_value(arg, arg->type);
	if (pairs) {
		putchar(' ');
		one_value(arg, arg->second);
	}
	if (list || pairs)
		fputs(" ...", stdout);
	if (list)
		fputs(" ]", stdout);
	if (arg->flags & SCHEMA_OR_LIST) {
		fputs(" | [ ", stdout);
		one_value(arg, arg->second);
		fputs(" ... ]", stdout);
	}
}

static void argument(const struct schema_arg *arg)
{
	putchar(' ');
	if (arg->flags & SCHEMA_OPTIONAL)
		putchar('[');
	if (arg->flags & SCHEMA_LABEL) {
		font('B', arg->name);
		putchar(' ');
	}
	value(arg);
	if (arg->flags & SCHEMA_OPTIONAL)
		putchar(']');
}

struct unit {
	uint64_t factor;
	const char *letter;
};

/* In the largest unit that divides a number. */
static void amount(enum value_type type, uint64_t number)
{
	static const struct unit plain[] = { { 1, "" } };
	static const struct unit durations[] = {
		{ 86400, "d" }, { 3600, "h" }, { 60, "m" }, { 1, "s" }
	};
	static const struct unit sizes[] = {
		{ 1u << 30, "G" }, { 1u << 20, "M" }, { 1u << 10, "K" }, { 1, "" }
	};
	const struct unit *unit = type == VALUE_DURATION ? durations
				  : type == VALUE_SIZE	 ? sizes
							 : plain;

	while (number % unit->factor)
		unit++;
	printf("%" PRIu64 "%s", number / unit->factor, unit->letter);
}

/* Bounds of a value, and of which one. */
static void limits(const char *name, const struct schema_arg *arg)
{
	enum value_type type = arg->flags & SCHEMA_PAIRS ? arg->second : arg->type;
	bool text = type == VALUE_TEXT;
	bool number = type == VALUE_DURATION || type == VALUE_SIZE || type == VALUE_NUMBER;

	/* The bound of all numbers is none that anyone meets. */
	if ((!text && !number) || (text && arg->max == 0) ||
	    (number && ((arg->min == 0 && arg->max == 0) || arg->max == UINT32_MAX)))
		return;
	font('I', name);
	fputs(": ", stdout);
	if (text) {
		printf("at most %" PRIu64 " bytes.\n", arg->max);
		return;
	}
	fputs(arg->max ? "from " : "at least ", stdout);
	amount(type, arg->min);
	if (arg->max) {
		fputs(" to ", stdout);
		amount(type, arg->max);
	}
	fputs(".\n", stdout);
}

static void statement(const struct schema_statement *it)
{
	fputs(".TP\n", stdout);
	font('B', it->keyword);
	if (it->flags & SCHEMA_RULE)
		fputs(" \\fINAME\\fR: \\fICONDITION\\fR, ...", stdout);
	for (size_t i = 0; i < schema_arg_count(it); i++)
		argument(&it->args[i]);
	putchar('\n');
	sentence(it->help);
	for (size_t i = 0; i < schema_arg_count(it); i++)
		limits(it->args[i].name, &it->args[i]);
	if (it->flags & SCHEMA_REQUIRED)
		fputs("Required.\n", stdout);
	if (it->flags & SCHEMA_MANY)
		fputs("May stand more than once.\n", stdout);
}

static void operators(const struct schema_condition *it)
{
	uint32_t named = it->operators & ~OP_BIT(OP_BARE);
	bool bare = named != it->operators, first = true;
	bool one = (named & (named - 1)) == 0;

	if (!named)
		return;
	fputs(bare ? " [" : one ? " " : " {", stdout);
	for (int op = OP_BARE + 1; op < OP_COUNT; op++) {
		if (!(it->operators & OP_BIT(op)))
			continue;
		fputs(first ? "" : " | ", stdout);
		font('B', schema_operator_name((enum schema_op)op));
		first = false;
	}
	fputs(bare ? "]" : one ? "" : "}", stdout);
}

static void condition(const struct schema_condition *it)
{
	fputs(".TP\n", stdout);
	font('B', it->name);
	operators(it);
	putchar(' ');
	value(&it->value);
	if (it->words) {
		fputs(" | ", stdout);
		words(it->words);
	}
	if (it->value.flags & SCHEMA_PRESENCE)
		fputs(" | \\fBabsent\\fR | \\fBpresent\\fR", stdout);
	putchar('\n');
	sentence(it->help);
	limits(it->name, &it->value);
	if (it->value.flags & SCHEMA_ALLOW)
		fputs("In an allow only.\n", stdout);
}

static void block(const struct schema_block *it)
{
	printf(".SS \"Block ");
	put(it->name);
	fputs("\"\n", stdout);
	sentence(it->help);
	if (it->flags & SCHEMA_REQUIRED)
		fputs("Required.\n", stdout);
	for (const struct schema_statement *row = it->statements; row->keyword; row++)
		statement(row);
	if (!it->conditions)
		return;
	fputs(".PP\nConditions of its rules:\n", stdout);
	for (const struct schema_condition *row = it->conditions; row->name; row++)
		condition(row);
}

static int kind(const char *name)
{
	const struct schema_document *document = schema_find(name);

	if (!document)
		return 2;
	if (document->statements) {
		fputs(".SS \"Outside blocks\"\nThese stand between the blocks.\n", stdout);
		for (const struct schema_statement *it = document->statements; it->keyword; it++)
			statement(it);
	}
	for (const struct schema_block *it = document->blocks; it->name; it++)
		block(it);
	return 0;
}

static int values(void)
{
	for (int type = 0; type < VALUE_TYPE_COUNT; type++) {
		if (!places[type] || !schema_type_help((enum value_type)type))
			continue;
		fputs(".TP\n", stdout);
		font('I', places[type]);
		putchar('\n');
		sentence(schema_type_name((enum value_type)type));
		sentence(schema_type_help((enum value_type)type));
	}
	return 0;
}

static int columns(const char *name)
{
	enum table_kind which = strcmp(name, table_kind_name(TABLE_KIND_MEDIA)) == 0
					? TABLE_KIND_MEDIA
					: TABLE_KIND_TERMINALS;

	if (strcmp(name, table_kind_name(which)) != 0)
		return 2;
	for (const struct table_column *it = table_columns(which); it->name; it++) {
		fputs(".TP\n", stdout);
		font('B', it->name);
		putchar('\n');
		sentence(it->help);
		sentence(column_type_help(it->type));
		if (it->max > 0)
			printf("At most %u bytes.\n", it->max);
		if (it->flags & COLUMN_LIST)
			printf("One, or up to %d between [ and ].\n", TABLE_LIST_MAX);
		if (it->flags & COLUMN_REQUIRED)
			fputs("The head must name this column.\n", stdout);
		if (it->flags & COLUMN_EMPTY)
			fputs("May be empty: \\fB\\-\\fR.\n", stdout);
	}
	return 0;
}

static int statuses(void)
{
	for (int status = 0; status < TABLE_STATUS_COUNT; status++) {
		fputs(".TP\n", stdout);
		font('B', table_statuses[status]);
		putchar('\n');
		sentence(table_status_help((enum table_status)status));
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "values") == 0)
		return values();
	if (argc == 2 && strcmp(argv[1], "statuses") == 0)
		return statuses();
	if (argc == 2)
		return kind(argv[1]);
	if (argc == 3 && strcmp(argv[1], "columns") == 0)
		return columns(argv[2]);
	fputs("usage: policy-manual values | KIND | columns TABLE | statuses\n", stderr);
	return 2;
}
