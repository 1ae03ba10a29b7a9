// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/random_document.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/random_value.h"

#define REPEATS_MAX    6
#define CONDITIONS_MAX 6

struct writer {
	struct random_document *random;
	uint64_t *state;
	FILE *out;
	unsigned int serial; /* tells rules and statements apart */
};

static void line_end(struct writer *writer)
{
	static const char *const ends[] = { "\n",
					    "\n",
					    "\n",
					    "\n",
					    "\n\n",
					    " # beside\n",
					    "\n# above the next\n",
					    "\n\n   # \xe4\xb8\x8a\n\n" };

	fputs(ends[roll(writer->state, 8)], writer->out);
}

static void written(struct writer *writer, const char *name)
{
	if (writer->random->written)
		writer->random->written(writer->random->data, name);
}

/* The type of a set's elements hangs on the kind just chosen. */
static void write_arg(struct writer *writer, const struct schema_statement *schema, size_t i,
		      unsigned int *kind)
{
	const struct schema_arg *arg = &schema->args[i];
	enum value_type type = arg->type;

	random_gap(writer->state, writer->out);
	if (arg->flags & SCHEMA_LABEL) {
		fputs(arg->name, writer->out);
		random_gap(writer->state, writer->out);
	}
	if (strcmp(arg->name, "kind") == 0 && arg->type == VALUE_CHOICE) {
		fputs(arg->choices[*kind], writer->out);
		return;
	}
	if (arg->type == VALUE_ABSENT)
		for (size_t k = 0; k < i; k++)
			if (schema->args[k].type == VALUE_CHOICE && schema->args[k].choices)
				type = schema_set_type(schema->args[k].choices[*kind]);
	/* What stands first in a statement that may repeat is what must differ. */
	if (i == 0 && (schema->flags & SCHEMA_UNIQUE))
		random_scalar(writer->state, writer->out, arg, type, writer->serial++);
	else
		random_arg(writer->state, writer->out, arg, type);
}

static unsigned int choose_kind(struct writer *writer, const struct schema_statement *schema)
{
	unsigned int count = 0;

	for (size_t i = 0; schema->args[i].name; i++)
		if (strcmp(schema->args[i].name, "kind") == 0 && schema->args[i].choices)
			while (schema->args[i].choices[count])
				count++;
	return count ? roll(writer->state, count) : 0;
}

static void write_args(struct writer *writer, const struct schema_statement *schema)
{
	unsigned int kind = choose_kind(writer, schema);

	for (size_t i = 0; i < SCHEMA_ARGS_MAX && schema->args[i].name; i++) {
		if ((schema->args[i].flags & SCHEMA_OPTIONAL) && roll(writer->state, 2))
			continue;
		write_arg(writer, schema, i, &kind);
	}
}

static enum schema_op choose_op(struct writer *writer, const struct schema_condition *schema)
{
	for (;;) {
		enum schema_op op = (enum schema_op)roll(writer->state, OP_COUNT);

		if (schema->operators & OP_BIT(op))
			return op;
	}
}

static void write_operand(struct writer *writer, const struct schema_condition *schema,
			  enum schema_op op)
{
	const struct schema_arg *arg = &schema->value;
	bool single =
		(op == OP_BARE && !(arg->flags & SCHEMA_LIST)) || op == OP_AT_MOST || op == OP_IS;

	if (op == OP_BARE && (arg->flags & SCHEMA_PRESENCE) && roll(writer->state, 3) == 0)
		fputs(roll(writer->state, 2) ? "absent" : "present", writer->out);
	else if (op == OP_IS && schema->words)
		fputs(schema->words[0], writer->out);
	else if (single)
		random_scalar(writer->state, writer->out, arg, arg->type, roll(writer->state, 3));
	else if (arg->type == VALUE_REF ||
		 (!(arg->flags & SCHEMA_LIST) && roll(writer->state, 4) == 0))
		fputs("@some-name", writer->out);
	else
		random_list(writer->state, writer->out, arg, arg->type);
}

static void write_condition(struct writer *writer, const struct schema_condition *schema,
			    enum schema_op op)
{
	written(writer, schema->name);
	fputs(schema->name, writer->out);
	if (op != OP_BARE) {
		random_gap(writer->state, writer->out);
		fputs(schema_operator_name(op), writer->out);
	}
	random_gap(writer->state, writer->out);
	write_operand(writer, schema, op);
}

static size_t count_conditions(const struct schema_condition *conditions)
{
	size_t count = 0;

	while (conditions[count].name)
		count++;
	return count;
}

/* The first says which things; an attribute stands once. */
static void write_conditions(struct writer *writer, const struct schema_condition *conditions,
			     bool allow)
{
	size_t count = count_conditions(conditions), done = 0;
	unsigned int wanted = 1 + roll(writer->state, CONDITIONS_MAX);
	uint64_t used = 0;

	for (unsigned int tries = 0; done < wanted && tries < 100; tries++) {
		size_t i = roll(writer->state, (unsigned int)count);
		uint32_t flags = conditions[i].value.flags;

		if (used >> i & 1 || (done == 0 && (flags & SCHEMA_QUALIFIER)) ||
		    (!allow && (flags & SCHEMA_ALLOW)))
			continue;
		used |= UINT64_C(1) << i;
		if (done++)
			fputs(roll(writer->state, 2) ? ", " : " ,\t", writer->out);
		write_condition(writer, &conditions[i], choose_op(writer, &conditions[i]));
	}
}

static void write_statement(struct writer *writer, const struct schema_block *block,
			    const struct schema_statement *schema)
{
	written(writer, schema->keyword);
	fputs(schema->keyword, writer->out);
	if (schema->flags & SCHEMA_RULE) {
		random_gap(writer->state, writer->out);
		fprintf(writer->out, "%s%u%s", roll(writer->state, 2) ? "r" : "a-long.name_",
			writer->serial++, roll(writer->state, 3) ? ": " : " : ");
		write_conditions(writer, block->conditions, strcmp(schema->keyword, "allow") == 0);
	} else {
		write_args(writer, schema);
	}
	line_end(writer);
}

static void write_statements(struct writer *writer, const struct schema_block *block,
			     const struct schema_statement *statements)
{
	for (const struct schema_statement *it = statements; it && it->keyword; it++) {
		unsigned int count = it->flags & SCHEMA_REQUIRED ? 1 : roll(writer->state, 2);

		if (it->flags & SCHEMA_MANY)
			count += roll(writer->state, REPEATS_MAX);
		/* What must differ, and can differ only so often. */
		if ((it->flags & SCHEMA_UNIQUE) && it->args[0].type == VALUE_CHOICE && count > 1)
			count = 1;
		while (count-- > 0)
			write_statement(writer, block, it);
	}
}

static void write_block(struct writer *writer, const struct schema_block *block)
{
	fprintf(writer->out, "%s {", block->name);
	line_end(writer);
	write_statements(writer, block, block->statements);
	fputs("}", writer->out);
	line_end(writer);
}

char *random_document(struct random_document *random, size_t *length)
{
	char *text = NULL;
	struct writer writer = { .random = random, .state = &random->state };
	const struct schema_document *schema = random->schema;

	writer.out = open_memstream(&text, length);
	if (!writer.out)
		abort();
	fputs(roll(writer.state, 3) ? "" : "# first\n\n", writer.out);
	fprintf(writer.out, "%s %u", schema->kind, schema->version);
	line_end(&writer);
	for (const struct schema_block *it = schema->blocks; it && it->name; it++) {
		if ((it->flags & SCHEMA_REQUIRED) || roll(writer.state, 3))
			write_block(&writer, it);
		write_statements(&writer, NULL, roll(writer.state, 3) ? NULL : schema->statements);
	}
	if (fclose(writer.out))
		abort();
	return text;
}
