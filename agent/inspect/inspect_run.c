// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/inspect/inspect_run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "agent/inspect/inspect_child.h"

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Two lines of a file may say the same. */
static bool is_kept(const struct inspect_outcome *outcome, const struct inspect_finding *finding)
{
	for (size_t i = 0; i < outcome->count; i++)
		if (outcome->findings[i].result == finding->result &&
		    strcmp(outcome->findings[i].place, finding->place) == 0 &&
		    strcmp(outcome->findings[i].value, finding->value) == 0)
			return true;
	return false;
}

static void keep(struct inspect_outcome *outcome, const struct inspect_finding *finding)
{
	struct inspect_finding *grown;

	if (is_kept(outcome, finding))
		return;

	if (finding->result > outcome->result)
		outcome->result = finding->result;
	if (outcome->count >= INSPECT_FINDINGS_MAX) {
		outcome->more++;
		return;
	}
	grown = reallocarray(outcome->findings, outcome->count + 1, sizeof(*grown));
	if (!grown) {
		outcome->more++;
		return;
	}
	outcome->findings = grown;
	grown[outcome->count++] = *finding;
}

static void keep_unknown(struct inspect_outcome *outcome, const char *value)
{
	struct inspect_finding finding = { .result = INSPECT_UNKNOWN };

	snprintf(finding.place, sizeof(finding.place), "airgapctl inspect");
	snprintf(finding.value, sizeof(finding.value), "%s", value);
	keep(outcome, &finding);
}

/* The process has read what strangers wrote: nothing of it is believed to be as it should. */
static bool is_sound(struct inspect_finding *finding)
{
	finding->place[sizeof(finding->place) - 1] = 0;
	finding->value[sizeof(finding->value) - 1] = 0;
	return finding->result < INSPECT_RESULT_COUNT;
}

/* Returns 0 at the end, -ETIME, or -EPROTO. A pipe gives and takes this much whole. */
static int collect(int in, struct inspect_outcome *outcome)
{
	int64_t until = now_us() + (int64_t)INSPECT_SECONDS_MAX * 1000000;
	struct inspect_finding finding;
	struct pollfd waited = { .fd = in, .events = POLLIN };

	for (;;) {
		int64_t left = (until - now_us()) / 1000;
		ssize_t n;

		if (left <= 0)
			return -ETIME;
		n = poll(&waited, 1, (int)left);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n <= 0)
			continue;
		n = read(in, &finding, sizeof(finding));
		if (n == 0)
			return 0;
		if (n != sizeof(finding) || !is_sound(&finding))
			return -EPROTO;
		keep(outcome, &finding);
	}
}

static void conclude(struct inspect_outcome *outcome, int error, int status)
{
	char text[128];

	if (error == -ETIME)
		keep_unknown(outcome, "took too long and was ended; what it had found is here");
	else if (error < 0)
		keep_unknown(outcome, "what the check said could not be understood");
	else if (WIFSIGNALED(status)) {
		snprintf(text, sizeof(text), "died of signal %d (%s); what it had found is here",
			 WTERMSIG(status), strsignal(WTERMSIG(status)));
		keep_unknown(outcome, text);
	} else if (outcome->count == 0)
		keep_unknown(outcome, "looked at nothing");
}

static int run_one(const struct inspect_subject *subject, struct inspect_outcome *outcome)
{
	int ends[2], status = 0, r;
	pid_t child;

	/* A packet at a time: a finding is never torn (O_DIRECT of pipe2). */
	if (pipe2(ends, O_CLOEXEC | O_DIRECT) < 0)
		return -errno;
	child = fork();
	if (child < 0) {
		r = -errno;
		close(ends[0]);
		close(ends[1]);
		return r;
	}
	if (child == 0)
		inspect_child(subject, outcome->check, ends[1]);
	close(ends[1]);
	r = collect(ends[0], outcome);
	close(ends[0]);
	if (r < 0)
		kill(child, SIGKILL);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	conclude(outcome, r, status);
	return 0;
}

static bool is_wanted(const char *const *wanted, const char *name)
{
	for (; wanted && *wanted; wanted++)
		if (strcmp(*wanted, name) == 0)
			return true;
	return !wanted;
}

static size_t count_wanted(const char *const *wanted)
{
	size_t count = 0;

	for (const struct inspect_check *check = inspect_checks; check->name; check++)
		count += is_wanted(wanted, check->name);
	return count;
}

int inspect_run(const struct inspect_subject *subject, const char *const *wanted,
		void (*progress)(void *data, const struct inspect_check *check, size_t done,
				 size_t total),
		void *data, struct inspect_report *report)
{
	size_t total = count_wanted(wanted);
	int64_t started = now_us();
	int r = 0;

	*report = (struct inspect_report){ .started = subject->now, .as_root = geteuid() == 0 };
	report->outcomes = calloc(total ? total : 1, sizeof(*report->outcomes));
	if (!report->outcomes)
		return -ENOMEM;
	for (const struct inspect_check *check = inspect_checks; check->name && r == 0; check++) {
		if (!is_wanted(wanted, check->name))
			continue;
		if (progress)
			progress(data, check, report->count, total);
		report->outcomes[report->count].check = check;
		r = run_one(subject, &report->outcomes[report->count]);
		report->count += r == 0;
	}
	report->took_us = now_us() - started;
	if (r < 0)
		inspect_report_free(report);
	return r;
}

void inspect_report_free(struct inspect_report *report)
{
	for (size_t i = 0; i < report->count; i++)
		free(report->outcomes[i].findings);
	free(report->outcomes);
	*report = (struct inspect_report){ 0 };
}

static unsigned int share(const struct inspect_check *check)
{
	return (unsigned int)check->severity + 1;
}

static enum inspect_exit exit_of(const struct inspect_outcome *outcome)
{
	if (outcome->result == INSPECT_FAIL)
		return outcome->check->severity >= INSPECT_HIGH ? INSPECT_EXIT_CRITICAL
								: INSPECT_EXIT_WARNING;
	if (outcome->result == INSPECT_WARN)
		return INSPECT_EXIT_WARNING;
	return outcome->result == INSPECT_UNKNOWN ? INSPECT_EXIT_UNKNOWN : INSPECT_EXIT_GOOD;
}

struct inspect_score inspect_score(const struct inspect_report *report)
{
	/* Critical is worse than a warning, a warning than not knowing. */
	static const int weight[] = { [INSPECT_EXIT_GOOD] = 0,
				      [INSPECT_EXIT_UNKNOWN] = 1,
				      [INSPECT_EXIT_WARNING] = 2,
				      [INSPECT_EXIT_CRITICAL] = 3 };
	struct inspect_score score = { 0 };
	unsigned int all = 0, got = 0; /* halves */

	for (size_t i = 0; i < report->count; i++) {
		const struct inspect_outcome *outcome = &report->outcomes[i];
		enum inspect_exit code = exit_of(outcome);

		score.results[outcome->result]++;
		if (weight[code] > weight[score.exit])
			score.exit = code;
		score.vetoes += outcome->result == INSPECT_FAIL &&
				outcome->check->severity == INSPECT_CRITICAL;
		if (outcome->result == INSPECT_NOT_APPLICABLE)
			continue;
		all += 2 * share(outcome->check);
		got += outcome->result == INSPECT_PASS	 ? 2 * share(outcome->check)
		       : outcome->result == INSPECT_WARN ? share(outcome->check)
							 : 0;
	}
	score.points = all ? 100 * got / all : 100;
	if (score.vetoes && score.points > 59)
		score.points = 59;
	return score;
}
