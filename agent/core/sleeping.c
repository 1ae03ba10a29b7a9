// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/sleeping.h"

#include "agent/core/core.h"
#include "agent/lib/log.h"

/* Looking whether all is unmounted; logind waits for five seconds. */
#define LOOK_US	  50000
#define LOOKS_MAX 80
/* Whoever says that the machine will sleep, and it does not, stops nobody from working for long. */
#define AWAKE_US 60000000

static int on_timer(sd_event_source *source, uint64_t usec, void *data);

static void wait_for(struct core *core, uint64_t us)
{
	struct sleeping *sleeping = &core->sleeping;

	sleeping->timer = sd_event_source_disable_unref(sleeping->timer);
	if (sd_event_add_time_relative(core->daemon.event, &sleeping->timer, CLOCK_MONOTONIC, us, 0,
				       on_timer, core) < 0)
		log_error("no timer: after a sleep media are read anew, else at the next plug-in");
}

static void look(struct core *core)
{
	struct sleeping *sleeping = &core->sleeping;

	if (media_is_busy(core->handling.media) && ++sleeping->looks < LOOKS_MAX) {
		wait_for(core, LOOK_US);
		return;
	}
	sleeping->looks = LOOKS_MAX;
	devices_sleep(core->devices);
	link_send(core->monitor, MSG_SLEEP_READY, NULL, -1, NULL);
	wait_for(core, AWAKE_US);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *data)
{
	struct core *core = data;

	(void)source;
	(void)usec;
	if (core->sleeping.looks < LOOKS_MAX)
		look(core);
	else
		sleeping_end(core, "the machine did not sleep");
	return 0;
}

void sleeping_begin(struct core *core)
{
	if (core->sleeping.begun)
		return;
	core->sleeping = (struct sleeping){ .begun = true, .timer = core->sleeping.timer };
	log_info("the machine is going to sleep: media are unmounted, storage is shut off");
	media_pause(core->handling.media, "the machine is going to sleep");
	look(core);
}

void sleeping_end(struct core *core, const char *why)
{
	if (!core->sleeping.begun)
		return;
	core->sleeping.begun = false;
	core->sleeping.timer = sd_event_source_disable_unref(core->sleeping.timer);
	media_restart(core->handling.media, why);
	core_policy_changed(core);
}

void sleeping_done(struct core *core)
{
	core->sleeping.timer = sd_event_source_disable_unref(core->sleeping.timer);
}
