/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A document as text, in its normal form: parsing that gives the same document again. */
#ifndef AIRGAP_POLICY_PRINT_H
#define AIRGAP_POLICY_PRINT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "policy/lang/document.h"

/* Lines are broken beyond this where a list allows it. */
#define PRINT_WIDTH  100
#define PRINT_INDENT 4

/**
 * document_print - the normal form
 *
 * Arguments stand in the schema's order, columns are aligned within a block, long lists are broken,
 * comments stay with what they stood at, of several blank lines one is left.
 *
 * Returns 0 and text that the caller frees, or -ENOMEM.
 */
int document_print(const struct document *document, char **text, size_t *length);

/**
 * value_print - one value
 * @flags: of its schema argument, for the spaces of a list
 * @broken: the list that is to be broken over lines, or NULL; lists with comments always are
 * @indent: of the statement that it belongs to
 */
void value_print(FILE *out, const struct value *value, uint32_t flags, const struct value *broken,
		 unsigned int indent);

/** condition_print - one condition of a rule; the rest as above */
void condition_print(FILE *out, const struct condition *condition, const struct value *broken,
		     unsigned int indent);

/** comments_print - whole lines of comments and blank lines, each comment indented */
void comments_print(FILE *out, const struct comment *comments, unsigned int indent);

/** quoted_print - a text between quotes, with its escapes */
void quoted_print(FILE *out, const char *text);

/** print_width - columns that a text fills on a terminal */
unsigned int print_width(const char *text);

#endif
