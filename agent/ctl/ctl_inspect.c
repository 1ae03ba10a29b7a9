// SPDX-License-Identifier: GPL-2.0-or-later
/* airgapctl inspect */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "agent/ctl/ctl_context.h"
#include "agent/ctl/ctl_files.h"
#include "agent/ctl/ctl_inspect_record.h"
#include "agent/ctl/ctl_output.h"
#include "agent/ctl/ctl_table.h"
#include "agent/inspect/inspect_html.h"
#include "agent/inspect/inspect_json.h"
#include "agent/inspect/inspect_last.h"
#include "agent/inspect/inspect_run.h"
#include "agent/lib/i18n.h"

static const enum ctl_style styles[INSPECT_RESULT_COUNT] = {
	[INSPECT_NOT_APPLICABLE] = CTL_DIM, [INSPECT_PASS] = CTL_FINE,
	[INSPECT_UNKNOWN] = CTL_WARN,	    [INSPECT_WARN] = CTL_WARN,
	[INSPECT_FAIL] = CTL_ALARM,
};

static int list_checks(const struct ctl *ctl)
{
	static const char *const headings[] = { "NO", "CHECK", "SEVERITY", "TERM", "WHAT", NULL };
	struct ctl_table *table = ctl_table_new(ctl, headings);
	char number[16];
	int r = -ENOMEM;

	for (const struct inspect_check *check = inspect_checks; table && check->name; check++) {
		snprintf(number, sizeof(number), "%u", check->number);
		ctl_table_row(table);
		ctl_table_cell(table, CTL_DIM, number);
		ctl_table_cell(table, CTL_STRONG, check->name);
		ctl_table_cell(table, CTL_PLAIN, inspect_severity_name(check->severity));
		ctl_table_cell(table, CTL_PLAIN, check->term);
		ctl_table_cell(table, CTL_PLAIN, _(check->title));
	}
	if (table)
		r = ctl_table_print(table);
	ctl_table_free(table);
	if (r < 0)
		ctl_error("%s", strerror(-r));
	return r < 0 ? INSPECT_EXIT_UNKNOWN : INSPECT_EXIT_GOOD;
}

static void explain(const struct ctl *ctl, const struct inspect_check *check)
{
	printf("%s%s%s (%s, %s)\n  %s\n  %s %s\n  %s %s\n", ctl_on(ctl, CTL_STRONG), check->name,
	       ctl_off(ctl, CTL_STRONG), check->term, inspect_severity_name(check->severity),
	       _(check->title), _("Demanded:"), _(check->rule), _("What to do:"), _(check->remedy));
}

/* "wifi,accounts" into names; NULL when one is no check, which has been said. */
static char **split_names(char *text, const struct ctl *ctl)
{
	size_t count = 0;
	char **names = calloc(strlen(text) / 2 + 2, sizeof(*names));
	char *name;

	while (names && (name = strsep(&text, ","))) {
		if (!*name)
			continue;
		if (!inspect_check_named(name)) {
			ctl_usage(ctl,
				  "there is no check '%s': 'airgapctl inspect --list' shows them",
				  name);
			free(names);
			return NULL;
		}
		names[count++] = name;
	}
	/* No check at all would be in order whatever the machine is like. */
	if (names && count == 0) {
		ctl_usage(ctl, "--only needs a check: 'airgapctl inspect --list' shows them");
		free(names);
		return NULL;
	}
	return names;
}

static void show_progress(void *data, const struct inspect_check *check, size_t done, size_t total)
{
	(void)data;
	/* One line that is written over. */
	fprintf(stderr, "\r\033[K%zu/%zu %s", done + 1, total, check->name);
	fflush(stderr);
}

static void show_findings(const struct ctl *ctl, struct ctl_table *table,
			  const struct inspect_outcome *outcome, bool all)
{
	(void)ctl;
	for (size_t i = 0; i < outcome->count; i++) {
		const struct inspect_finding *finding = &outcome->findings[i];
		bool quiet = finding->result <= INSPECT_PASS;
		char text[INSPECT_PLACE_SIZE + INSPECT_VALUE_SIZE + 4];

		/* What passed beside something that did not is no news. */
		if (quiet && !all && outcome->result > INSPECT_PASS)
			continue;
		snprintf(text, sizeof(text), "%s: %s", finding->place, finding->value);
		ctl_table_row(table);
		ctl_table_cell(table, styles[finding->result],
			       inspect_result_name(finding->result));
		ctl_table_cell(table, CTL_PLAIN,
			       finding->result == INSPECT_FAIL
				       ? inspect_severity_name(outcome->check->severity)
				       : "");
		ctl_table_cell(table, CTL_STRONG, outcome->check->name);
		ctl_table_cell(table, CTL_PLAIN, text);
	}
}

static void show_remedies(const struct inspect_report *report)
{
	bool first = true;

	for (size_t i = 0; i < report->count; i++) {
		const struct inspect_outcome *outcome = &report->outcomes[i];

		if (outcome->result < INSPECT_WARN)
			continue;
		printf("%s%s: %s\n", first ? "\n" : "", outcome->check->name,
		       _(outcome->check->remedy));
		first = false;
	}
}

static void show_line(const struct inspect_report *report, const char *terminal)
{
	static const char *const words[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };
	struct inspect_score score = inspect_score(report);

	printf("%s: %s%s%u of 100, %u pass, %u warn, %u fail (%u critical), %u unknown\n",
	       words[score.exit], terminal, *terminal ? ": " : "", score.points,
	       score.results[INSPECT_PASS], score.results[INSPECT_WARN],
	       score.results[INSPECT_FAIL], score.vetoes, score.results[INSPECT_UNKNOWN]);
}

static int show_table(const struct ctl *ctl, const struct inspect_report *report,
		      const char *terminal)
{
	static const char *const headings[] = { "RESULT", "SEVERITY", "CHECK", "EVIDENCE", NULL };
	struct ctl_table *table = ctl_table_new(ctl, headings);
	int r = -ENOMEM;

	for (size_t i = 0; table && i < report->count; i++)
		show_findings(ctl, table, &report->outcomes[i], ctl_option(ctl, "all") != NULL);
	if (table)
		r = ctl_table_print(table);
	ctl_table_free(table);
	if (r < 0)
		return r;
	if (ctl->no_legend)
		return 0;
	show_remedies(report);
	printf("\n");
	show_line(report, terminal);
	if (!report->as_root)
		printf("%s\n", _("Not everything could be read: run it as root for the whole."));
	return 0;
}

/* To a file that only its owner can read: it names what people have. */
static int write_page(const char *path, const struct inspect_report *report, const char *terminal)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), r;
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

	if (!file) {
		r = -errno;
		if (fd >= 0)
			close(fd);
		return r;
	}
	r = inspect_html(file, report, terminal);
	if (fclose(file) != 0 && r == 0)
		r = -errno;
	return r;
}

static void show_changes(const struct ctl *ctl, const json_t *list, const char *word,
			 enum ctl_style style)
{
	json_t *finding;
	size_t i;

	json_array_foreach(list, i, finding)
	{
		printf("%s%s%s  %s  ", ctl_on(ctl, style), word, ctl_off(ctl, style),
		       json_string_value(json_object_get(finding, "check")));
		ctl_print_clean(json_string_value(json_object_get(finding, "place")));
		printf(": ");
		ctl_print_clean(json_string_value(json_object_get(finding, "value")));
		printf("\n");
	}
}

/* What is new and what is gone since the last whole inspection. */
static int show_since(const struct ctl *ctl, const json_t *now)
{
	int error;
	json_t *last = inspect_last_load(ctl->root, &error), *changes;

	if (!last) {
		ctl_error(error == -ENOENT ? "there is no earlier inspection: run it once as root"
					   : "the earlier inspection cannot be read: %s",
			  strerror(-error));
		return error;
	}
	changes = inspect_last_compare(now, last);
	if (ctl->json) {
		json_object_set(changes, "since", json_object_get(last, "time"));
		error = ctl_print_json(changes) < 0 ? -EIO : 0;
	} else {
		show_changes(ctl, json_object_get(changes, "new"), "new ", CTL_ALARM);
		show_changes(ctl, json_object_get(changes, "gone"), "gone", CTL_FINE);
		if (!ctl->no_legend)
			printf(_("%zu new and %zu gone since %s.\n"),
			       json_array_size(json_object_get(changes, "new")),
			       json_array_size(json_object_get(changes, "gone")),
			       json_string_value(json_object_get(last, "time")));
		json_decref(changes);
	}
	json_decref(last);
	return error;
}

static int show(struct ctl *ctl, const struct inspect_report *report, const char *terminal,
		const json_t *json)
{
	const char *page = ctl_option(ctl, "html");
	int r = page ? write_page(page, report, terminal) : 0;

	if (r < 0) {
		ctl_error("cannot write %s: %s", page, strerror(-r));
		return r;
	}
	if (ctl_option(ctl, "since-last"))
		return show_since(ctl, json);
	if (ctl->json)
		return ctl_print_json(json_deep_copy(json)) < 0 ? -EIO : 0;
	if (ctl_option(ctl, "line") || page)
		show_line(report, terminal);
	else
		r = show_table(ctl, report, terminal);
	if (r < 0)
		ctl_error("%s", strerror(-r));
	return r;
}

/* A part of an inspection, or one that could not see everything, is no measure for the next. */
static void keep(const struct ctl *ctl, const struct inspect_report *report, bool whole,
		 const json_t *json)
{
	int r;

	if (!whole || !report->as_root)
		return;
	ctl_inspect_record(ctl, json);
	r = inspect_last_save(ctl->root, json);
	if (r < 0 && r != -ENOENT)
		ctl_error("this inspection could not be kept for '--since-last': %s", strerror(-r));
}

static int conclude(struct ctl *ctl, const struct inspect_report *report, bool whole,
		    const char *terminal)
{
	json_t *json = inspect_json(report, terminal);
	int code = INSPECT_EXIT_UNKNOWN;

	if (!json) {
		ctl_error("not enough memory");
		return code;
	}
	if (show(ctl, report, terminal, json) == 0)
		code = ctl_option(ctl, "exit-zero") ? INSPECT_EXIT_GOOD
						    : (int)inspect_score(report).exit;
	keep(ctl, report, whole, json);
	json_decref(json);
	return code;
}

static int inspect_now(struct ctl *ctl, const char *const *names)
{
	char reason[CTL_REASON_SIZE];
	struct ctl_context context;
	struct ctl_policy policy;
	struct inspect_report report;
	struct trust *trust = ctl_trust_load(ctl, reason);
	bool progress = !ctl->json && !ctl_option(ctl, "line") && ctl->terminal;
	const char *terminal;
	int code = INSPECT_EXIT_UNKNOWN, r;

	ctl_context_load(ctl, &context);
	ctl_policy_active(ctl, trust, &policy);
	terminal = context.context.terminal ? context.context.terminal : "";
	/* What nobody signed is no yardstick. */
	r = inspect_run(
		&(struct inspect_subject){ .root = ctl->root,
					   .policy = policy.signed_well ? policy.policy : NULL,
					   .context = &context.context,
					   .now = time(NULL) },
		names, progress ? show_progress : NULL, NULL, &report);
	if (progress)
		fprintf(stderr, "\r\033[K");
	if (r < 0) {
		ctl_error("cannot inspect: %s", strerror(-r));
	} else {
		code = conclude(ctl, &report, !names, terminal);
		inspect_report_free(&report);
	}
	ctl_policy_done(&policy);
	ctl_context_done(&context);
	trust_free(trust);
	return code;
}

int ctl_inspect(struct ctl *ctl)
{
	const char *only = ctl_option(ctl, "only"), *explained = ctl_option(ctl, "explain");
	char *text = NULL, **names = NULL;
	int code;

	if (ctl_option(ctl, "list"))
		return list_checks(ctl);
	if (explained) {
		if (!inspect_check_named(explained)) {
			ctl_usage(ctl,
				  "there is no check '%s': 'airgapctl inspect --list' shows them",
				  explained);
			return CTL_USAGE;
		}
		explain(ctl, inspect_check_named(explained));
		return INSPECT_EXIT_GOOD;
	}
	if (only) {
		text = strdup(only);
		names = text ? split_names(text, ctl) : NULL;
		if (!names) {
			free(text);
			return CTL_USAGE;
		}
	}
	code = inspect_now(ctl, (const char *const *)names);
	free(names);
	free(text);
	return code;
}
