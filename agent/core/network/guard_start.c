// SPDX-License-Identifier: GPL-2.0-or-later
/* The guard's first rules, before anything is known, and its end. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/network/guard_close.h"
#include "agent/core/network/guard_private.h"
#include "agent/core/network/links.h"
#include "agent/lib/log.h"

static void begin_closed(struct network *network)
{
	struct guard *guard = network->guard;

	guard->error = guard_close_all(network->kernel, guard->ruleset);
	guard->holds = guard->error == 0;
	if (guard->error < 0)
		log_error("the network could not be closed: %s: %s", strerror(-guard->error),
			  ruleset_problem(guard->ruleset));
}

int guard_new(struct network *network)
{
	struct guard *guard = calloc(1, sizeof(*guard));
	int r;

	if (!guard)
		return -ENOMEM;
	network->guard = guard;
	r = ruleset_new(&guard->ruleset);
	if (r < 0)
		return r;
	/* What stands there is closed but for what a policy permitted: whether it still does is known in a moment. */
	if (ruleset_left(guard->ruleset, &guard->left) < 0)
		begin_closed(network);
	return 0;
}

/* Written anew from the policy at once, whatever was found; nothing of it is taken over as it stands. */
static void take_over(struct network *network)
{
	struct guard *guard = network->guard;

	if (network->govern->policy && network->govern->mode != AGENT_MODE_LOCKDOWN)
		guard->inherits = links_inherit(network, guard->left) > 0;
	guard->holds = guard->inherits && guard_apply(network, false) == 0;
	if (!guard->holds) {
		guard->inherits = false;
		begin_closed(network);
	}
	free(guard->left);
	guard->left = NULL;
}

int guard_start(struct network *network)
{
	struct guard *guard = network->guard;
	int r, failed;

	r = sd_event_add_time_relative(network->event, &guard->timer, CLOCK_MONOTONIC, SOON_US,
				       1000, guard_on_timer, network);
	if (guard->left)
		take_over(network);
	failed = guard->error;
	if (r < 0)
		return r;
	if (failed) {
		guard->error = 0;
		guard_report_failure(network, failed);
		guard->error = failed;
	}
	/* Within the sandbox nftables has other words for the same rules: have it say them anew. */
	guard->dirty = true;
	return sd_event_source_set_enabled(guard->timer, SD_EVENT_ONESHOT);
}

void guard_free(struct guard *guard)
{
	if (!guard)
		return;
	sd_event_source_disable_unref(guard->timer);
	ruleset_free(guard->ruleset);
	free(guard->left);
	free(guard);
}
