/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Diagnostics: what is wrong with a text, where, and what to write instead.
 *
 * Parsers collect all findings of a text in one list; the caller prints them, or takes the first.
 */
#ifndef AIRGAP_POLICY_DIAG_H
#define AIRGAP_POLICY_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* A piece of one line. Line and column count from 1; column and length count characters, not bytes. */
struct span {
	uint32_t offset; /* of the first byte in the text */
	uint32_t line;
	uint32_t column;
	uint32_t length;
};

enum diag_severity {
	DIAG_ERROR,
	DIAG_WARNING, /* a finding that does not stop the text from being used */
};

struct diag {
	enum diag_severity severity;
	struct span at;
	char *message; /* UTF-8 without control characters */
	char *help;    /* what to do, or NULL */
};

struct diag_list {
	struct diag *items;
	size_t count;
	size_t capacity;
	size_t errors;	/* how many are errors, those dropped included */
	size_t dropped; /* beyond DIAG_MAX, or no memory to keep them */
};

/* More than this many findings are counted, not kept. */
#define DIAG_MAX 10000

#define DIAG_LIST_INIT                                                                             \
	{                                                                                          \
		0                                                                                  \
	}

/** diag_list_free - forget all findings; the list can be used again */
void diag_list_free(struct diag_list *list);

/**
 * diag_error, diag_warning - add a finding
 * @help: what to write instead, or NULL; copied
 *
 * @list may be NULL: then nothing is kept.
 */
void diag_error(struct diag_list *list, struct span at, const char *help, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
void diag_warning(struct diag_list *list, struct span at, const char *help, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/** diag_sort - order by position; findings of one position keep their order */
void diag_sort(struct diag_list *list);

/**
 * diag_print - sort the findings and write them as DESIGN section 5 shows
 * @name: how the text is called in the messages, such as the path of its file
 * @text: the very bytes that were parsed, to show the lines; bytes that must not reach a terminal are
 *	  shown as U+FFFD
 */
void diag_print(FILE *out, const char *name, const char *text, size_t length,
		struct diag_list *list);

/**
 * diag_format_first - "NAME:LINE:COL: error: MESSAGE" of the first error, for a log line
 *
 * Leaves "" in @out when there is no error.
 */
void diag_format_first(struct diag_list *list, const char *name, char *out, size_t size);

#endif
