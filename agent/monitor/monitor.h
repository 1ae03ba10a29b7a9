/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * airgap-monitord: hears the kernel, parses what devices say of themselves, states facts.
 *
 * It decides nothing and may do nothing: it has no rights beyond reading sysfs and the kernel's
 * events. Whatever is lost on the way is answered by reading everything anew.
 */
#ifndef AIRGAP_MONITOR_MONITOR_H
#define AIRGAP_MONITOR_MONITOR_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/lib/daemon.h"
#include "agent/lib/link.h"

struct monitor {
	struct daemon daemon;
	struct link *core;
	uid_t core_uid;
	/* The core took facts too slowly and some were dropped: read all again once it has caught up. */
	bool congested;
};

/**
 * monitor_send - state something to the core
 *
 * When the core is away nothing is sent: at its return it gets everything. When it is slow, the
 * message is dropped and a full reading follows.
 */
void monitor_send(struct monitor *monitor, enum msg_type type, const void *body);

/* monitor_has_room - the core keeps up: whoever can wait states more only then */
bool monitor_has_room(const struct monitor *monitor);

#endif
