/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * airgapctl: a table of verbs. A verb is one row in ctl_verbs.c and one function; command line, help,
 * manual check and completion are all read from the row.
 */
#ifndef AIRGAP_CTL_H
#define AIRGAP_CTL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* What the shell is told; airgapctl(1) promises these. */
enum ctl_exit {
	CTL_GOOD = 0,
	CTL_BAD = 1,	     /* an answer, and a bad one: refused, not valid, a problem */
	CTL_USAGE = 2,	     /* the command line makes no sense */
	CTL_UNREACHABLE = 3, /* the daemon or a file that was needed could not be had */
};

#define CTL_OPTIONS_MAX 8

struct ctl_option {
	const char *name;     /* "follow", for --follow; NULL ends a table */
	char letter;	      /* 'f' for -f, or 0 */
	const char *argument; /* "N", for -n N; NULL: takes none */
	const char *help;
};

struct ctl;

struct ctl_verb {
	const char *name;     /* one word or two: "status", "policy install" */
	const char *operands; /* for the usage line: "FILE", "[PATTERN]"; "" for none */
	int least;	      /* operands */
	int most;
	bool pager; /* its output may be long */
	const char *summary;
	const char *help; /* further lines of --help */
	struct ctl_option options[CTL_OPTIONS_MAX + 1];
	int (*run)(struct ctl *ctl); /* returns enum ctl_exit */
};

/* One call of the program. */
struct ctl {
	const char *root;
	bool json, no_pager, no_legend;
	bool help, version;
	bool terminal; /* standard output is one */
	bool colour;
	int width; /* of the terminal, columns; 0: none */
	const struct ctl_verb *verb;
	const char *options[CTL_OPTIONS_MAX]; /* by place in verb->options; "" for a flag given */
	int count;
	char **operands;
};

/* ctl_verbs, ctl_globals - ended by a NULL name */
extern const struct ctl_verb ctl_verbs[];
extern const struct ctl_option ctl_globals[];

/**
 * ctl_parse - read the command line
 * @argv: operands are moved to its front
 *
 * Returns 0, or CTL_USAGE after a message that suggests the nearest word.
 */
int ctl_parse(struct ctl *ctl, int argc, char *argv[]);

/* ctl_option - value of one of the verb's options, "" for a flag; NULL when it was not given */
const char *ctl_option(const struct ctl *ctl, const char *name);

/* ctl_help - of the verb, or of the program when there is none */
void ctl_help(const struct ctl *ctl);

/* ctl_error - "airgapctl: MESSAGE" on standard error */
void ctl_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ctl_usage - the same, and where help is; returns CTL_USAGE */
int ctl_usage(const struct ctl *ctl, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The verbs, each in its own file. */
int ctl_status(struct ctl *ctl);
int ctl_devices(struct ctl *ctl);
int ctl_network(struct ctl *ctl);
int ctl_why(struct ctl *ctl);
int ctl_log(struct ctl *ctl);
int ctl_log_verify(struct ctl *ctl);
int ctl_log_show(struct ctl *ctl);
int ctl_policy_show(struct ctl *ctl);
int ctl_policy_install(struct ctl *ctl);
int ctl_policy_verify(struct ctl *ctl);
int ctl_rescan(struct ctl *ctl);
int ctl_maintenance_end(struct ctl *ctl);
int ctl_report_status(struct ctl *ctl);
int ctl_report_enrol(struct ctl *ctl);
int ctl_report_request(struct ctl *ctl);
int ctl_report_export(struct ctl *ctl);
int ctl_report_import(struct ctl *ctl);
int ctl_media_prepare(struct ctl *ctl);
int ctl_media_enroll(struct ctl *ctl);
int ctl_media_verify(struct ctl *ctl);
int ctl_media_list(struct ctl *ctl);
int ctl_media_issue(struct ctl *ctl);
int ctl_media_return(struct ctl *ctl);
int ctl_media_recall(struct ctl *ctl);
int ctl_media_lost(struct ctl *ctl);
int ctl_media_found(struct ctl *ctl);
int ctl_media_destroy(struct ctl *ctl);
int ctl_media_repair(struct ctl *ctl);
int ctl_inspect(struct ctl *ctl);
int ctl_transfer_request_verb(struct ctl *ctl);
int ctl_transfer_approve(struct ctl *ctl);
int ctl_transfer_export(struct ctl *ctl);
int ctl_transfer_import(struct ctl *ctl);
int ctl_transfer_list(struct ctl *ctl);
int ctl_transfer_show(struct ctl *ctl);
int ctl_transfer_open_verb(struct ctl *ctl);
int ctl_transfer_cancel(struct ctl *ctl);
int ctl_transfer_media(struct ctl *ctl);
int ctl_transfer_recipient(struct ctl *ctl);
int ctl_help_verb(struct ctl *ctl);

#endif
