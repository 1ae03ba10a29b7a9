/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When can it have happened at the earliest, what is read only now?
 *
 * The log of refused packets bears no time of its own for what goes out, and this program may be late: it was
 * busy with other events, or others had the processor. Both are known. While it sleeps in its event loop a packet
 * wakes it, so that a packet is no older than what it was awake since its log was empty, time on the run queue
 * (/proc/PID/schedstat, Documentation/scheduler/sched-stats.rst) included. Only root can make it late unseen, by
 * stopping it.
 */
#ifndef AIRGAP_MONITOR_LATENESS_H
#define AIRGAP_MONITOR_LATENESS_H

#include <stdint.h>
#include <systemd/sd-event.h>

struct lateness {
	int fd;		    /* schedstat; -1: it is not there, and only the empty log counts */
	uint64_t empty_us;  /* CLOCK_BOOTTIME, when nothing waited to be read */
	uint64_t queued_us; /* on the run queue in all, then */
	uint64_t busy_us;   /* awake since then, in turns of the event loop that are over */
};

/* lateness_open - before the sandbox closes */
void lateness_open(struct lateness *lateness, const char *root);
void lateness_close(struct lateness *lateness);

/* lateness_turn - this turn of the event loop is over; it waits next */
void lateness_turn(struct lateness *lateness, sd_event *event);

/* lateness_empty - nothing waits: what comes from here on happens from here on */
void lateness_empty(struct lateness *lateness, sd_event *event);

/* lateness_bound - what waits now happened no earlier: microseconds of CLOCK_BOOTTIME */
uint64_t lateness_bound(const struct lateness *lateness, sd_event *event);

/* lateness_queued - of the text of schedstat: microseconds on the run queue; UINT64_MAX: it says nothing */
uint64_t lateness_queued(const char *text);

#endif
