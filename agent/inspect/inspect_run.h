/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Running checks, each in a process of its own, and what came of them. */
#ifndef AIRGAP_INSPECT_RUN_H
#define AIRGAP_INSPECT_RUN_H

#include "agent/inspect/inspect.h"

/* A check that takes longer is ended, and its result is unknown. */
#define INSPECT_SECONDS_MAX 120

struct inspect_outcome {
	const struct inspect_check *check;
	uint32_t result; /* enum inspect_result: of the gravest finding */
	size_t count;	 /* of findings kept */
	size_t more;	 /* of those that were too many */
	struct inspect_finding *findings;
};

struct inspect_report {
	size_t count;
	struct inspect_outcome *outcomes; /* in the order of inspect_checks */
	int64_t started;		  /* UNIX time */
	int64_t took_us;
	bool as_root; /* without, much is unknown */
};

/**
 * inspect_run - run checks
 * @wanted: names, ended by NULL; NULL: all. The caller made sure that each exists.
 * @progress: called before each check; may be NULL
 * @report: filled when 0 is returned; the caller's, to be freed with inspect_report_free()
 *
 * Returns 0 or -errno: only when not even the first process could be made. A check whose process dies or
 * takes too long has the result unknown, with what happened as its finding.
 */
int inspect_run(const struct inspect_subject *subject, const char *const *wanted,
		void (*progress)(void *data, const struct inspect_check *check, size_t done,
				 size_t total),
		void *data, struct inspect_report *report);

void inspect_report_free(struct inspect_report *report);

/* What a whole inspection comes to. */
enum inspect_exit {
	INSPECT_EXIT_GOOD = 0,
	INSPECT_EXIT_WARNING = 1,  /* a warning, or a failure of medium severity */
	INSPECT_EXIT_CRITICAL = 2, /* a failure of high or critical severity */
	INSPECT_EXIT_UNKNOWN = 3,  /* nothing worse, but something could not be looked at */
};

struct inspect_score {
	unsigned int results[INSPECT_RESULT_COUNT]; /* how many checks */
	unsigned int
		vetoes; /* failures of critical severity: none of them is outweighed by anything */
	unsigned int points; /* of 100; at most 59 with a veto */
	enum inspect_exit exit;
};

/**
 * inspect_score - count
 *
 * Points are those of the published self-assessment's manner: the checks that apply add to 100 by
 * severity (critical 3, high 2, medium 1); pass has all of its share, warn half, fail and unknown none.
 */
struct inspect_score inspect_score(const struct inspect_report *report);

#endif
