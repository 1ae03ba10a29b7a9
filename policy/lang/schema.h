/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The schema: one table of every kind of document, block, statement, argument and condition. The
 * parser, the checks and the printer walk it; nothing else in the program knows a keyword's place.
 */
#ifndef AIRGAP_POLICY_SCHEMA_H
#define AIRGAP_POLICY_SCHEMA_H

#include <stddef.h>
#include <stdint.h>

#include "policy/lang/value.h"

#define SCHEMA_ARGS_MAX 8
/* Kinds of statement in one block. */
#define SCHEMA_STATEMENTS_MAX 16

enum schema_flag {
	SCHEMA_LABEL = 1 << 0,	  /* argument: its name stands before it, in any order */
	SCHEMA_OPTIONAL = 1 << 1, /* argument: may be absent */
	SCHEMA_LIST = 1 << 2,	  /* argument, condition: elements between [ ] */
	SCHEMA_PAIRS = 1 << 3,	  /* elements are pairs: type, then second */
	SCHEMA_BARE = 1 << 4,	  /* argument: pairs without brackets, to the end of the line */
	SCHEMA_OR_LIST = 1 << 5,  /* argument: one of the choices, or a list of second */
	SCHEMA_REQUIRED = 1 << 6, /* block, statement: an error when it is missing */
	SCHEMA_MANY = 1 << 7,	  /* statement: may stand more than once */
	SCHEMA_RULE = 1 << 8,	  /* statement: name ":" conditions */
	SCHEMA_PRESENCE = 1 << 9, /* condition: may be 'absent' or 'present' instead of a value */
	SCHEMA_TABLE = 1 << 10,	  /* condition: @name is a table, not a set */
	SCHEMA_UNIQUE =
		1 << 11, /* statement: its first argument differs from all others in the block */
	SCHEMA_QUALIFIER =
		1 << 12,	   /* condition: says how, not what; a rule needs another one too */
	SCHEMA_ALLOW = 1 << 13,	   /* condition: of an allow only */
	SCHEMA_WIDE = 1 << 14,	   /* argument: the printer sets two spaces between elements */
	SCHEMA_REPEATS = 1 << 16,  /* list: an element may stand more than once */
	SCHEMA_NO_EMPTY = 1 << 15, /* condition on a text: "" is not what is meant */
};

struct schema_arg {
	const char *name;
	enum value_type type;
	uint32_t flags;
	enum value_type second;
	const char *const *choices; /* ended by NULL */
	uint64_t min;		    /* numbers, durations, sizes; a text's least length */
	uint64_t max; /* 0: no limit but the type's; a text's greatest length in bytes */
	const char *help;
};

enum schema_op {
	OP_BARE, /* the value follows the attribute */
	OP_IS,
	OP_IN,
	OP_NOT_IN,
	OP_WITHIN, /* every interface is in the list, and there is one */
	OP_EQUALS, /* the very interfaces of the list, each as often */
	OP_HAS_ANY,
	OP_HAS_ALL,
	OP_HAS_NONE,
	OP_AT_MOST,
	OP_TO,
	OP_COUNT,
};
#define OP_BIT(op) (1U << (op))

struct schema_condition {
	const char *name;
	uint32_t operators; /* OP_BIT of each that is permitted */
	struct schema_arg value;
	const char *const *words; /* what may follow 'is' */
	const char *help;
};

struct schema_statement {
	const char *keyword;
	uint32_t flags;
	struct schema_arg args[SCHEMA_ARGS_MAX]; /* ended by a NULL name */
	const char *help;
};

struct schema_block {
	const char *name;
	uint32_t flags;
	const struct schema_statement *statements; /* ended by a NULL keyword */
	const struct schema_condition *conditions; /* of its rules; NULL when it has none */
	const char *help;
};

struct schema_document {
	const char *kind; /* first word of the text */
	uint32_t version;
	const struct schema_block *blocks;	   /* ended by a NULL name */
	const struct schema_statement *statements; /* outside blocks, or NULL */
	size_t text_max; /* bytes; 0: LEX_TEXT_MAX */
	const char *help;
};

/* Tables of their own files, one a kind of document. */
extern const struct schema_block schema_policy_blocks[];
extern const struct schema_statement schema_policy_statements[];
extern const struct schema_block schema_trust_blocks[];
extern const struct schema_block schema_terminal_blocks[];
extern const struct schema_block schema_table_blocks[];
extern const struct schema_block schema_order_blocks[];
extern const struct schema_block schema_media_blocks[];
extern const struct schema_block schema_counter_blocks[];
extern const struct schema_block schema_manifest_blocks[];
extern const struct schema_block schema_approval_blocks[];
extern const struct schema_block schema_slip_blocks[];
extern const struct schema_block schema_card_blocks[];

/** schema_documents - every kind this program reads, ended by a NULL kind */
extern const struct schema_document schema_documents[];

/** schema_find - the kind of that name, or NULL */
const struct schema_document *schema_find(const char *kind);

/** schema_block_find, ... - the row of that name (@length bytes), or NULL; tables may be NULL */
const struct schema_block *schema_block_find(const struct schema_block *blocks, const char *name,
					     size_t length);
const struct schema_statement *schema_statement_find(const struct schema_statement *statements,
						     const char *keyword, size_t length);
const struct schema_condition *schema_condition_find(const struct schema_condition *conditions,
						     const char *name, size_t length);

/** schema_arg_count - arguments of a statement */
size_t schema_arg_count(const struct schema_statement *statement);

/** schema_operator_name - as written; "" for OP_BARE */
const char *schema_operator_name(enum schema_op op);

/** schema_type_name - for messages: "a number", "a date range" */
const char *schema_type_name(enum value_type type);

/** schema_type_help - how such a value is written, or NULL */
const char *schema_type_help(enum value_type type);

/** schema_set_type - type of a set's elements by its kind's word ("usb"), or VALUE_ABSENT */
enum value_type schema_set_type(const char *kind);

#endif
