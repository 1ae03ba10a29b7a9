/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the agent's programs share at start and stop: options, event loop, readiness, watchdog. */
#ifndef AIRGAP_LIB_DAEMON_H
#define AIRGAP_LIB_DAEMON_H

#include <stdint.h>
#include <systemd/sd-event.h>

#include "agent/lib/sandbox.h"

struct daemon {
	const char *name; /* of the program */
	const char *root; /* of --root; "/" by default */
	sd_event *event;
	uint32_t sandbox; /* MSG_SANDBOX_… in force, after daemon_confine() */
};

/**
 * daemon_init - options, signals, limits, event loop
 * @summary: one sentence for --help
 *
 * Understands --root DIR, --help and --version. SIGTERM and SIGINT end the loop. Core files are
 * switched off and the process cannot be traced by its own user. Returns 0; 1 when all that was
 * asked has been done (--help); -errno after a message.
 */
int daemon_init(struct daemon *daemon, const char *name, const char *summary, int argc,
		char *argv[]);

/* daemon_confine - enter the sandbox; -errno after a message, then the program must end. */
int daemon_confine(struct daemon *daemon, const struct sandbox *sandbox);

/**
 * daemon_run - report READY=1 and serve until a signal or sd_event_exit()
 *
 * The watchdog of the unit, when there is one, is fed from this very loop. Returns what main()
 * should return.
 */
int daemon_run(struct daemon *daemon);

/* daemon_status - one line for `systemctl status`; told only when it has changed */
void daemon_status(const char *format, ...) __attribute__((format(printf, 1, 2)));

void daemon_done(struct daemon *daemon);

/* clock_boottime_us - microseconds since boot, time asleep included */
uint64_t clock_boottime_us(void);

#endif
