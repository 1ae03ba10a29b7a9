/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Texts of a known beginning, some arbitrary bytes, and a known end: what a state machine reads
 * after it came into a state. The text ends where its array ends, so that a read beyond it is one
 * outside the array, whatever its length.
 */
#ifndef AIRGAP_TESTS_VERIFY_CONTEXT_H
#define AIRGAP_TESTS_VERIFY_CONTEXT_H

#include <__fc_builtin.h>
#include <stddef.h>
#include <string.h>

struct context {
	const char *before;
	const char *after;
};

#define CONTEXT_MAX 128

static char context_bytes[CONTEXT_MAX];

/* The place of the first of @arbitrary bytes; the caller fills them. */
static char *context_middle(const struct context *context, size_t arbitrary)
{
	size_t before = strlen(context->before), after = strlen(context->after);
	char *middle = context_bytes + CONTEXT_MAX - after - arbitrary;

	for (size_t i = 0; i < before; i++)
		*(middle - before + i) = context->before[i];
	for (size_t i = 0; i < after; i++)
		middle[arbitrary + i] = context->after[i];
	return middle;
}

static size_t context_length(const struct context *context, size_t arbitrary)
{
	return strlen(context->before) + arbitrary + strlen(context->after);
}

#endif
