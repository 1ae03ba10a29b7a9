// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/network/guard.h"

#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/core/govern/maintenance.h"
#include "agent/core/network/guard_close.h"
#include "agent/core/network/links.h"
#include "agent/core/network/ruleset.h"
#include "agent/core/network/violations.h"
#include "agent/lib/log.h"
#include "policy/decide/net.h"

/* A burst of events is over by then; people do not see it. */
#define SOON_US 5000
/* After a failure: soon enough for a link that vanished meanwhile, not a busy loop. */
#define AGAIN_US   20000
#define FAILING_US 1000000
/* While it is asked for all the time, rules are at work no more than a third of the time. */
#define REST_FACTOR 2

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
	bool inherits; /* of that, what the policy permits stays open until all has been read */
	bool scanning; /* after a loss, or for the first time */
	int error;     /* of the last apply */
	uint64_t rest_until_us;
	uint64_t due_us; /* of the timer, when it is on */
};

static void schedule(struct network *network, uint64_t delay_us)
{
	struct guard *guard = network->guard;
	uint64_t now_us = clock_boottime_us();

	if (!guard->timer)
		return;
	if (guard->rest_until_us > now_us + delay_us)
		delay_us = guard->rest_until_us - now_us;
	if (sd_event_source_get_enabled(guard->timer, NULL) > 0 &&
	    guard->due_us <= now_us + delay_us)
		return;
	guard->due_us = now_us + delay_us;
	sd_event_source_set_time_relative(guard->timer, delay_us);
	sd_event_source_set_enabled(guard->timer, SD_EVENT_ONESHOT);
}

void guard_renew(struct network *network)
{
	network->guard->dirty = true;
	schedule(network, SOON_US);
}

/* Closed while nothing governs; lockdown has a policy, maybe, but opens nothing. */
static void fill_policy(const struct network *network, struct ruleset_plan *plan)
{
	const struct govern *govern = network->govern;

	*plan = (struct ruleset_plan){ .filter = policy_net_filter };
	if (govern->mode == AGENT_MODE_LOCKDOWN ||
	    (!network->guard->synced && !network->guard->inherits))
		return;
	plan->policy = govern->policy;
	plan->context = &govern->context;
	plan->watch = govern->mode == AGENT_MODE_MONITORING;
}

static int apply(struct network *network, bool restore)
{
	struct ruleset_plan plan;
	int r;

	fill_policy(network, &plan);
	r = links_plan(network, &plan);
	if (r == 0)
		r = restore ? ruleset_restore(network->guard->ruleset, &plan)
			    : ruleset_apply(network->guard->ruleset, &plan);
	free((void *)(uintptr_t)plan.links);
	return r;
}

static void report_failure(struct network *network, int error)
{
	/* Told once for many tries; what the kernel held before stays there. */
	if (error == network->guard->error || error == -EAGAIN)
		return;
	log_error("the packet filter could not be set: %s%s%s", strerror(-error),
		  ruleset_problem(network->guard->ruleset)[0] ? ": " : "",
		  ruleset_problem(network->guard->ruleset));
	if (network->recorder)
		recorder_note(network->recorder, RECORD_KIND_ALARM, RECORD_GRADE_V2, 0,
			      "rules-failed", "network",
			      "the packet filter could not be set (%s): %.600s", strerror(-error),
			      ruleset_problem(network->guard->ruleset));
}

static void report_tampering(struct network *network, bool ours, int error)
{
	struct net_violation violation = {
		.kind = NET_VIOLATION_RULESET_TAMPERED,
		.evidence = NET_EVIDENCE_WEAK,
		.remedy = error	 ? NET_REMEDY_FAILED
			  : ours ? NET_REMEDY_RULESET_RESTORED
				 : NET_REMEDY_NONE,
		.error = error,
		.link.nsid = -1,
		.actor.uid = UINT32_MAX,
	};

	snprintf(violation.text, sizeof(violation.text), "%s%s%.120s",
		 ours ? "the guard's rules were changed"
		      : "nftables was changed; the guard's rules are whole",
		 network->guard->who[0] ? ", by " : "", network->guard->who);
	violations_found(network, &violation);
}

static int renew(struct network *network, bool restore)
{
	struct guard *guard = network->guard;
	uint64_t begin_us = clock_boottime_us(), end_us;
	bool altered, compared = guard->renewed;
	int r;

	guard->dirty = false;
	r = apply(network, restore);
	/* Between the look and the writing, too: what was changed must not vanish without a word. */
	altered = ruleset_was_altered(guard->ruleset);
	if (altered && compared && !restore)
		report_tampering(network, true, r == -EAGAIN ? 0 : r);
	end_us = clock_boottime_us();
	guard->rest_until_us = end_us + REST_FACTOR * (end_us - begin_us);
	if (r < 0)
		report_failure(network, r);
	else
		guard->holds = guard->renewed = true;
	if (r == 0 && guard->synced)
		links_applied(network);
	if (r < 0) {
		guard->dirty = true;
		schedule(network, r == -EAGAIN ? AGAIN_US : FAILING_US);
	}
	if (r != guard->error && r != -EAGAIN) {
		guard->error = r;
		network->handler->changed(network->data);
	}
	return r;
}

/* The monitor hears this program's own changes as well; anyone may bear its name, none its number. */
static bool is_self(const char *who)
{
	char self[32];

	snprintf(self, sizeof(self), "airgapd[%d]", getpid());
	return strcmp(who, self) == 0;
}

static void verify(struct network *network)
{
	struct guard *guard = network->guard;
	int r = ruleset_verify(guard->ruleset);

	guard->touched = false;
	if (r == -ESTALE) {
		report_tampering(network, true, renew(network, true));
	} else if (r == -EAGAIN || r == -ENODATA) {
		guard->dirty = true;
	} else if (r < 0) {
		report_failure(network, r);
		guard->dirty = true;
	} else if (guard->who[0]) {
		report_tampering(network, false, 0);
	}
	guard->who[0] = 0;
}

static int on_timer(sd_event_source *source, uint64_t usec, void *data)
{
	struct network *network = data;

	(void)source;
	(void)usec;
	/* Before they are made anew as well: what somebody changed must not vanish without a word. */
	if (network->guard->renewed && (network->guard->touched || network->guard->dirty))
		verify(network);
	if (network->guard->dirty)
		renew(network, false);
	/* libnftables takes megabytes for a moment; the heap would keep them for good. */
	malloc_trim(0);
	return 0;
}

void guard_touched(struct network *network, const char *who)
{
	struct guard *guard = network->guard;

	guard->touched = true;
	if (!is_self(who)) {
		snprintf(guard->who, sizeof(guard->who), "%s", who);
		/* No rest: until they are whole again, one copy of the rules may be all there is. */
		guard->rest_until_us = 0;
	}
	schedule(network, 0);
}

static bool is_loss(enum msg_scan_cause cause)
{
	return cause == MSG_SCAN_CAUSE_OVERRUN || cause == MSG_SCAN_CAUSE_GAP ||
	       cause == MSG_SCAN_CAUSE_RESUME || cause == MSG_SCAN_CAUSE_CONGESTED;
}

void guard_scan_begin(struct network *network, enum msg_scan_cause cause)
{
	if (network->guard->synced && !is_loss(cause))
		return;
	network->guard->scanning = true;
	network->handler->changed(network->data);
}

void guard_scan_end(struct network *network)
{
	struct guard *guard = network->guard;

	guard->touched = true;
	guard->dirty = true;
	guard->synced = true;
	guard->scanning = false;
	schedule(network, SOON_US);
	network->handler->changed(network->data);
}

void guard_lost(struct network *network)
{
	network->guard->scanning = true;
	network->handler->changed(network->data);
}

enum network_state guard_state(const struct network *network, int *error)
{
	const struct guard *guard = network->guard;

	*error = guard->error;
	if (network->govern && network->govern->mode == AGENT_MODE_LOCKDOWN)
		return NETWORK_STATE_LOCKDOWN;
	if (!guard->synced)
		return guard->scanning ? NETWORK_STATE_SYNC : NETWORK_STATE_BOOT_DENY;
	if (guard->scanning)
		return NETWORK_STATE_RESYNC;
	return network->govern && maintenance_runs(network->govern) ? NETWORK_STATE_MAINTENANCE
								    : NETWORK_STATE_ENFORCING;
}

static int add(void *data, const struct ruleset_count *count)
{
	uint64_t *sum = data;

	*sum += count->packets;
	return 0;
}

bool guard_holds(const struct network *network)
{
	return network->guard->holds;
}

uint64_t guard_refused(struct network *network)
{
	uint64_t sum = 0;

	if (ruleset_counters(network->guard->ruleset, add, &sum) < 0)
		return 0;
	return sum;
}

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
	guard->holds = guard->inherits && apply(network, false) == 0;
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
				       1000, on_timer, network);
	if (guard->left)
		take_over(network);
	failed = guard->error;
	if (r < 0)
		return r;
	if (failed) {
		guard->error = 0;
		report_failure(network, failed);
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
