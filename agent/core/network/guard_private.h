/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What guard.c (rules in step with decisions) and guard_start.c (the first and the last of it) share; nobody else's. */
#ifndef AIRGAP_CORE_NETWORK_GUARD_PRIVATE_H
#define AIRGAP_CORE_NETWORK_GUARD_PRIVATE_H

#include "agent/core/network/guard.h"
#include "agent/core/network/ruleset.h"

/* A burst of events is over by then; people do not see it. */
#define SOON_US 5000

struct guard {
	struct ruleset *ruleset;
	sd_event_source *timer;
	bool dirty;    /* a plan is to be applied */
	bool touched;  /* somebody changed nftables: verify */
	char who[128]; /* did */
	bool holds;    /* rules were put into the kernel, and read back */
	bool renewed; /* since the start; what was read back before the sandbox is told otherwise */
	bool synced;  /* a first full reading is complete */
	char *left;   /* by an earlier run, until it is known who governs; NULL: closed */
	bool inherits;	   /* of that, what the policy permits stays open until all has been read */
	bool gated;	   /* the kernel module knows the last plan, and lets it open */
	bool scanning;	   /* after a loss, or for the first time */
	int error;	   /* of the last apply */
	uint32_t failures; /* in a row; -EAGAIN is none */
	uint64_t rest_until_us;
	uint64_t due_us; /* of the timer, when it is on */
};

/* guard_apply - put the plan of the moment into the kernel; @restore: with every table made anew. As ruleset_apply(). */
int guard_apply(struct network *network, bool restore);

/* guard_report_failure - to the log and the journal, once for each error in a row */
void guard_report_failure(struct network *network, int error);

int guard_on_timer(sd_event_source *source, uint64_t usec, void *data);

#endif
