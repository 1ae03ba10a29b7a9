/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Findings of the studying tools: diagnostics with a name that does not change, so that a finding can
 * be looked up, counted and compared.
 */
#ifndef AIRGAP_POLICY_FINDING_H
#define AIRGAP_POLICY_FINDING_H

#include <stddef.h>
#include <stdio.h>

#include "policy/lang/diag.h"

struct json_t;

struct finding {
	const char *name; /* "too-wide"; static */
	enum diag_severity severity;
	struct span at;
	char *why;
	char *what; /* to do about it, or NULL */
};

struct finding_list {
	struct finding *items;
	size_t count;
	size_t capacity;
	size_t errors;
	bool no_memory; /* one could not be kept */
};

#define FINDING_LIST_INIT                                                                          \
	{                                                                                          \
		0                                                                                  \
	}

/** finding_list_free - forget all; the list can be used again */
void finding_list_free(struct finding_list *list);

/**
 * finding_add - add a finding
 * @name: static
 * @what: what to do about it, or NULL; copied
 *
 * The rest says why it is one.
 */
void finding_add(struct finding_list *list, enum diag_severity severity, const char *name,
		 struct span at, const char *what, const char *format, ...)
	__attribute__((format(printf, 6, 7)));

/** finding_sort - by position; findings of one position keep their order */
void finding_sort(struct finding_list *list);

/**
 * finding_print - sorted, as diagnostics, the name at the end of each message
 *
 * The rest is as for diag_print(). Returns 0 or -ENOMEM.
 */
int finding_print(FILE *out, const char *name, const char *text, size_t length,
		  struct finding_list *list);

/** finding_json - sorted: a new array, or NULL when memory is short */
struct json_t *finding_json(struct finding_list *list);

#endif
