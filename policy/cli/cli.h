/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * airgap-policy: a table of verbs. A verb is one function and one row in verbs.c; options, help and
 * the count of operands are read from the row.
 */
#ifndef AIRGAP_POLICY_CLI_H
#define AIRGAP_POLICY_CLI_H

#include <stddef.h>
#include <stdio.h>

enum cli_exit {
	CLI_GOOD = 0,
	CLI_FINDINGS = 1,
	CLI_USAGE = 2,
};

#define CLI_OPTIONS_MAX 8

struct cli_option {
	const char *name;     /* "json", for --json; NULL ends the table */
	char letter;	      /* 'w' for -w, or 0 */
	const char *argument; /* "LIST", for --trust LIST; NULL: takes none */
	const char *help;
};

struct cli_args;

struct cli_verb {
	const char *name;
	const char *operands; /* "FILE...", for the usage line */
	int least;	      /* operands */
	int most;	      /* -1: any number */
	const char *summary;  /* one line */
	const char *help;     /* further lines of `VERB --help`, or NULL */
	struct cli_option options[CLI_OPTIONS_MAX + 1];
	int (*run)(const struct cli_args *args); /* returns enum cli_exit */
};

struct cli_args {
	const struct cli_verb *verb;
	const char *options
		[CLI_OPTIONS_MAX]; /* by place in verb->options; NULL: not given, "" for a flag */
	int count;
	char **operands;
};

/** cli_verbs - ended by a NULL name; in verbs.c */
extern const struct cli_verb cli_verbs[];

/** cli_usage_error - "airgap-policy VERB: MESSAGE" and where help is; returns CLI_USAGE */
int cli_usage_error(const struct cli_args *args, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** cli_error - "airgap-policy: MESSAGE" on standard error */
void cli_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* More than any text with its signatures has: a table has up to 32 MiB. */
#define CLI_FILE_MAX (33 * 1024 * 1024)

/**
 * cli_read - a whole file, "-" being standard input
 * @bytes: the caller's, to be freed; a NUL follows the content
 *
 * Returns 0 or -errno (-EFBIG beyond CLI_FILE_MAX), having said why on standard error.
 */
int cli_read(const char *path, char **bytes, size_t *length);

/**
 * cli_write - replace a file's content, or create it with mode 0644, in one step
 *
 * A reader sees the old content or the new; after an error the old. Keeps the file's mode. Returns 0
 * or -errno, having said why.
 */
int cli_write(const char *path, const char *bytes, size_t length);

/** cli_kind - "airgap-policy", ...: what a text's first word says that it is; NULL: nothing known */
const char *cli_kind(const char *text, size_t length);

/* The verbs, each in its own file. */
int cli_check(const struct cli_args *args);
int cli_fmt(const struct cli_args *args);
int cli_why(const struct cli_args *args);
int cli_text(const struct cli_args *args);
int cli_sign(const struct cli_args *args);
int cli_attach(const struct cli_args *args);
int cli_verify(const struct cli_args *args);
int cli_impact(const struct cli_args *args);

#endif
