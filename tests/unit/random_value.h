/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values of every type at random. Shared by the files of random_document. */
#ifndef AIRGAP_TESTS_RANDOM_VALUE_H
#define AIRGAP_TESTS_RANDOM_VALUE_H

#include <stdint.h>
#include <stdio.h>

#include "policy/lang/schema.h"

/** roll - 0 to @sides - 1 */
unsigned int roll(uint64_t *state, unsigned int sides);

/** random_gap - between two tokens of a line */
void random_gap(uint64_t *state, FILE *out);

/** random_scalar - one value; values of different @distinct differ, as far as the type has so many */
void random_scalar(uint64_t *state, FILE *out, const struct schema_arg *arg, enum value_type type,
		   unsigned int distinct);

/** random_list - "[ ... ]" as the argument admits, with comments and broken lines */
void random_list(uint64_t *state, FILE *out, const struct schema_arg *arg, enum value_type type);

/** random_arg - a whole argument, without its label; @type: of a set's elements, else arg->type */
void random_arg(uint64_t *state, FILE *out, const struct schema_arg *arg, enum value_type type);

#endif
