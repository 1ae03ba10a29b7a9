// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/monitor/lateness.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "agent/lib/daemon.h"
#include "agent/lib/path.h"

uint64_t lateness_queued(const char *text)
{
	uint64_t queued;
	char *end;

	/* Nanoseconds that it ran, that it waited to run, and how often it was let run. */
	text += strcspn(text, " ");
	errno = 0;
	queued = strtoull(text, &end, 10);
	return errno || end == text || !strchr(" \n", *end) ? UINT64_MAX : queued / 1000;
}

static uint64_t read_queued(const struct lateness *lateness)
{
	char text[128];
	ssize_t length;

	if (lateness->fd < 0 || lseek(lateness->fd, 0, SEEK_SET) < 0)
		return UINT64_MAX;
	length = read(lateness->fd, text, sizeof(text) - 1);
	if (length <= 0)
		return UINT64_MAX;
	text[length] = 0;
	return lateness_queued(text);
}

/* Of this turn of the event loop. */
static uint64_t awake_us(sd_event *event)
{
	struct timespec now;
	uint64_t begun_us, now_us;

	clock_gettime(CLOCK_MONOTONIC, &now);
	now_us = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
	if (sd_event_now(event, CLOCK_MONOTONIC, &begun_us) < 0 || begun_us > now_us)
		return 0;
	return now_us - begun_us;
}

void lateness_turn(struct lateness *lateness, sd_event *event)
{
	lateness->busy_us += awake_us(event);
}

void lateness_empty(struct lateness *lateness, sd_event *event)
{
	lateness->empty_us = clock_boottime_us();
	lateness->queued_us = read_queued(lateness);
	/* What this turn took so far is over, and will be counted with the rest of it. */
	lateness->busy_us = -awake_us(event);
}

uint64_t lateness_bound(const struct lateness *lateness, sd_event *event)
{
	uint64_t now_us = clock_boottime_us(), queued_us = read_queued(lateness), late_us;

	if (queued_us == UINT64_MAX || lateness->queued_us == UINT64_MAX)
		return lateness->empty_us;
	late_us = lateness->busy_us + awake_us(event) + queued_us - lateness->queued_us;
	if (late_us > now_us || now_us - late_us < lateness->empty_us)
		return lateness->empty_us;
	return now_us - late_us;
}

void lateness_open(struct lateness *lateness, const char *root)
{
	char path[PATH_MAX];

	*lateness = (struct lateness){ .fd = -1, .queued_us = UINT64_MAX };
	if (path_join(path, root, "/proc/self/schedstat") == 0)
		lateness->fd = open(path, O_RDONLY | O_CLOEXEC);
}

void lateness_close(struct lateness *lateness)
{
	if (lateness->fd >= 0)
		close(lateness->fd);
	lateness->fd = -1;
}
