/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Before the machine sleeps, media are given up and storage devices shut off: what is plugged in when it wakes
 * may be another one. Afterwards all begins anew.
 */
#ifndef AIRGAP_CORE_SLEEPING_H
#define AIRGAP_CORE_SLEEPING_H

#include <stdbool.h>
#include <systemd/sd-event.h>

struct core;

struct sleeping {
	bool begun;
	unsigned int looks; /* at media that are still being unmounted */
	sd_event_source *timer;
};

/* sleeping_begin - logind says that it will sleep; the monitor is told when it may */
void sleeping_begin(struct core *core);

/* sleeping_end - it has slept, or will not */
void sleeping_end(struct core *core, const char *why);

void sleeping_done(struct core *core);

#endif
