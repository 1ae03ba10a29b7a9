/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which of systemd's units start by themselves, as the links below /etc and /run say. */
#ifndef AIRGAP_INSPECT_UNITS_H
#define AIRGAP_INSPECT_UNITS_H

#include "agent/inspect/inspect.h"

/**
 * units_enabled - is a unit wanted or required by another one?
 * @name: "ssh.service"
 * @place: of INSPECT_PLACE_SIZE bytes: the link that says so
 */
bool units_enabled(struct inspect *inspect, const char *name, char *place);

/* units_masked - it cannot be started: a link to /dev/null */
bool units_masked(const struct inspect *inspect, const char *name);

/**
 * units_process - a process whose name is @name, as /proc shows it (the first 15 bytes)
 * @pid: set to one of them
 */
bool units_process(struct inspect *inspect, const char *name, unsigned int *pid);

#endif
