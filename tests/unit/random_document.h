/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Valid documents at random, made from the schema's tables: what a row admits, some document has. A new
 * row needs nothing here.
 */
#ifndef AIRGAP_TESTS_RANDOM_DOCUMENT_H
#define AIRGAP_TESTS_RANDOM_DOCUMENT_H

#include <stddef.h>
#include <stdint.h>

#include "policy/lang/schema.h"

struct random_document {
	uint64_t state; /* of the generator: the same state gives the same text */
	const struct schema_document *schema;
	/* How often each statement and condition was written, by its place in a table of the caller. */
	void (*written)(void *data, const char *name);
	void *data;
};

/** random_document - a text that document_parse() accepts, to be freed; ended by NUL */
char *random_document(struct random_document *random, size_t *length);

#endif
