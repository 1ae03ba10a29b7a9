/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Notice, without polling, that the wall clock was set or that the machine slept.
 *
 * A CLOCK_REALTIME timer with TFD_TIMER_CANCEL_ON_SET is cancelled by the kernel in both cases
 * (timerfd_create(2); timerfd_resume() in fs/timerfd.c). Sleep shows as CLOCK_BOOTTIME having
 * moved more than CLOCK_MONOTONIC.
 */
#ifndef AIRGAP_LIB_CLOCK_WATCH_H
#define AIRGAP_LIB_CLOCK_WATCH_H

#include <stdint.h>
#include <systemd/sd-event.h>

struct clock_watch;

/* @slept_us: how long the machine slept, 0 when only the clock was set */
typedef void (*clock_watch_fn)(void *data, uint64_t slept_us);

/* clock_watch_new - 0 or -errno */
int clock_watch_new(sd_event *event, clock_watch_fn changed, void *data,
		    struct clock_watch **watch);

void clock_watch_free(struct clock_watch *watch);

#endif
