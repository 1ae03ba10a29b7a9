/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A parsed text of any kind: blocks, their statements, their typed values, each with its position.
 *
 *	airgap-trust 1                  document, kind and version
 *	keys {                          block
 *	    key so-7a duty security     statement; argument "name" is so-7a, argument "duty" security
 *	}
 */
#ifndef AIRGAP_POLICY_DOCUMENT_H
#define AIRGAP_POLICY_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/lang/diag.h"
#include "policy/lang/schema.h"
#include "policy/lang/value.h"

/* A line that begins the first signature; a signed text ends before it. */
#define DOCUMENT_SIGNATURE_LINE "-----BEGIN SSH SIGNATURE-----"

#define DOCUMENT_RULES_MAX 4096
#define DOCUMENT_NAME_MAX  64

/* Comment lines and blank lines above something; text NULL is one blank line. */
struct comment {
	const char *text;
	struct comment *next;
};

struct condition {
	const struct schema_condition *schema;
	enum schema_op op;
	struct span at;	    /* from the attribute to the end of the value */
	struct value value; /* VALUE_ABSENT with presence set: 'absent' or 'present' */
	enum { CONDITION_VALUE, CONDITION_ABSENT, CONDITION_PRESENT } presence;
};

struct statement {
	const struct schema_statement *schema;
	struct span at;	    /* the keyword */
	struct value *args; /* as many as the schema has; VALUE_ABSENT where not written */
	size_t arg_count;
	const char *name; /* of a rule; else NULL */
	struct span name_at;
	struct condition *conditions; /* of a rule */
	size_t condition_count;
	bool flawed; /* had errors: arguments or conditions may be absent */
	struct comment *before;
	const char *after;
	struct statement *next;
};

struct block {
	const struct schema_block *schema; /* NULL: statements outside blocks (set, table) */
	struct span at;
	struct statement *first;
	struct comment *before;
	struct comment *last;	/* above the closing brace */
	const char *after_open; /* comment beside { */
	const char *after_close;
	struct block *next;
};

struct document {
	const struct schema_document *schema;
	struct span at;
	struct block
		*first; /* in the order of the text; a run of outside statements is one block */
	struct comment *before;
	struct comment *last; /* at the end of the text */
	const char *after;    /* comment beside the kind */
	struct arena *arena;  /* owns all of the above */
};

/**
 * document_text_length - bytes of the text proper: all before the first line that is exactly
 * DOCUMENT_SIGNATURE_LINE, or all when there is none
 *
 * What is signed and what is parsed must be the same bytes, so everyone asks here.
 */
size_t document_text_length(const char *bytes, size_t length);

/**
 * document_parse - parse and type a text
 * @kind: "airgap-trust" and so on; another kind is an error. NULL: any kind of the schema.
 * @text: need not be ended by NUL; signatures after it are ignored; not kept
 * @diags: receives what is wrong; may be NULL
 * @document: on success the caller's, to be freed with document_free(); else NULL
 *
 * Checks all that the schema can tell: grammar, types, ranges, required and repeated statements,
 * unknown names. What a kind means beyond that is its reader's to check.
 *
 * Returns 0; -EINVAL when there were errors; -ENOMEM.
 */
int document_parse(const char *kind, const char *text, size_t length, struct diag_list *diags,
		   struct document **document);

/** document_free - accepts NULL */
void document_free(struct document *document);

/** document_block - the block of that name, or NULL */
const struct block *document_block(const struct document *document, const char *name);

/**
 * document_statement - the next statement of a keyword
 * @block: may be NULL: then there is none
 * @after: NULL for the first one, else the one found before
 */
const struct statement *document_statement(const struct block *block, const char *keyword,
					   const struct statement *after);

/** statement_value - argument by its name in the schema; NULL when it was not written */
const struct value *statement_value(const struct statement *statement, const char *name);

/** statement_text - text of a name, choice or text argument; NULL when it was not written */
const char *statement_text(const struct statement *statement, const char *name);

/** statement_number - number of an argument, or @absent when it was not written */
uint64_t statement_number(const struct statement *statement, const char *name, uint64_t absent);

/** document_text, document_number - the same, for a statement that stands once in its block */
const char *document_text(const struct document *document, const char *block, const char *keyword,
			  const char *name);
uint64_t document_number(const struct document *document, const char *block, const char *keyword,
			 const char *name, uint64_t absent);

#endif
