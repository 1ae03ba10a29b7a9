/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Single values: how each type is spelled, and what makes two of them equal. */
#ifndef AIRGAP_POLICY_SCALAR_H
#define AIRGAP_POLICY_SCALAR_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/lang/lex.h"
#include "policy/lang/value.h"

/* No scalar is longer: texts are bounded by the lexer. */
#define SCALAR_KEY_MAX (LEX_STRING_MAX + 1)

/**
 * scalar_read - set type and content of @value from a word's or string's text
 *
 * Returns false when it is not of that type. Choices, lists, references and ranges of dates are
 * the parser's.
 */
bool scalar_read(enum value_type type, enum token_kind token, const char *text,
		 struct value *value);

/** scalar_date - first second of the day YYYY-MM-DD, UTC; false when there is no such day */
bool scalar_date(const char *text, int64_t *first_second);

/** address_prefix_has_host - whether bits beyond the prefix are set */
bool address_prefix_has_host(const struct address_prefix *prefix);

/**
 * scalar_key - bytes that are equal for equal values of one type
 *
 * For ids and interface types a wildcard's key is a prefix of the keys that it covers. Returns the
 * length.
 */
size_t scalar_key(const struct value *value, uint8_t key[static SCALAR_KEY_MAX]);

#endif
