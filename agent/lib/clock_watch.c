// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/clock_watch.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

/* Reading the two clocks one after the other is not exact. */
#define SLEEP_LEAST_US 1000

struct clock_watch {
	int fd;
	sd_event_source *source;
	uint64_t asleep_us; /* since boot */
	clock_watch_fn changed;
	void *data;
};

static uint64_t read_clock(clockid_t id)
{
	struct timespec now = { 0 };

	clock_gettime(id, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static uint64_t time_asleep(void)
{
	uint64_t monotonic = read_clock(CLOCK_MONOTONIC);

	return read_clock(CLOCK_BOOTTIME) - monotonic;
}

static int arm(int fd)
{
	const struct itimerspec never = { .it_value.tv_sec = INT64_MAX / 1000000000 };

	if (timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL) < 0)
		return -errno;
	return 0;
}

static int on_cancelled(sd_event_source *source, int fd, uint32_t events, void *data)
{
	struct clock_watch *watch = data;
	uint64_t ticks, asleep = time_asleep(), slept = 0;

	(void)source;
	(void)events;
	if (read(fd, &ticks, sizeof(ticks)) < 0 && errno == EAGAIN)
		return 0;
	if (asleep > watch->asleep_us + SLEEP_LEAST_US) {
		slept = asleep - watch->asleep_us;
		watch->asleep_us = asleep;
	}
	watch->changed(watch->data, slept);
	return arm(fd);
}

int clock_watch_new(sd_event *event, clock_watch_fn changed, void *data,
		    struct clock_watch **out)
{
	struct clock_watch *watch = calloc(1, sizeof(*watch));
	int r;

	if (!watch)
		return -ENOMEM;
	watch->changed = changed;
	watch->data = data;
	watch->asleep_us = time_asleep();
	watch->fd = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
	r = watch->fd < 0 ? -errno : arm(watch->fd);
	if (r == 0)
		r = sd_event_add_io(event, &watch->source, watch->fd, EPOLLIN, on_cancelled, watch);
	if (r < 0) {
		clock_watch_free(watch);
		return r;
	}
	*out = watch;
	return 0;
}

void clock_watch_free(struct clock_watch *watch)
{
	if (!watch)
		return;
	sd_event_source_disable_unref(watch->source);
	if (watch->fd >= 0)
		close(watch->fd);
	free(watch);
}
