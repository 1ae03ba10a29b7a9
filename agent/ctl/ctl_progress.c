// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/ctl/ctl_progress.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "agent/ctl/ctl_door.h"

void ctl_size(char *out, size_t size, uint64_t bytes)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB" };
	double value = (double)bytes;
	size_t unit = 0;

	while (value >= 1024 && unit + 1 < sizeof(units) / sizeof(units[0])) {
		value /= 1024;
		unit++;
	}
	snprintf(out, size, unit ? "%.1f %s" : "%.0f %s", value, units[unit]);
}

void ctl_progress_line(char *out, size_t size, const char *phase, uint64_t done, uint64_t total,
		       uint64_t rate)
{
	char have[32], all[32], each[32], left[48] = "";
	uint64_t seconds = rate && total > done ? (total - done + rate - 1) / rate : 0;

	ctl_size(have, sizeof(have), done);
	ctl_size(all, sizeof(all), total);
	ctl_size(each, sizeof(each), rate);
	if (seconds >= 120)
		snprintf(left, sizeof(left), "  %llu min left",
			 (unsigned long long)(seconds + 59) / 60);
	else if (seconds)
		snprintf(left, sizeof(left), "  %llu s left", (unsigned long long)seconds);
	if (rate)
		snprintf(out, size, "%s  %s of %s  %s/s%s", phase, have, all, each, left);
	else
		snprintf(out, size, "%s  %s of %s", phase, have, all);
}

static uint64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static void draw(struct ctl_progress *progress, const json_t *said)
{
	uint64_t done = (uint64_t)ctl_number(said, "done"), now = now_us(), rate = 0, took;
	const char *phase = ctl_text(said, "phase");
	char line[160];

	if (strcmp(phase, progress->phase) != 0 || done < progress->begin_done) {
		snprintf(progress->phase, sizeof(progress->phase), "%s", phase);
		progress->begin_us = now;
		progress->begin_done = done;
	}
	/* A rate over less than that is chance. */
	took = now - progress->begin_us;
	if (took > 200000)
		rate = (done - progress->begin_done) * 1000000 / took;
	ctl_progress_line(line, sizeof(line), phase, done, (uint64_t)ctl_number(said, "total"),
			  rate);
	fprintf(stderr, "\r\033[K%s", line);
	fflush(stderr);
	progress->drawn = true;
}

void ctl_progress_part(void *data, const json_t *part)
{
	struct ctl_progress *progress = data;
	const json_t *said = json_object_get(part, "progress");

	if (progress->ctl->json) {
		json_dumpf(part, stdout, JSON_COMPACT | JSON_ENSURE_ASCII);
		putchar('\n');
		fflush(stdout);
	} else if (said && isatty(STDERR_FILENO)) {
		draw(progress, said);
	}
}

void ctl_progress_end(struct ctl_progress *progress)
{
	if (progress->drawn)
		fputs("\r\033[K", stderr);
	progress->drawn = false;
}
