// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/network/guard.h"

#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/core/govern/maintenance.h"
#include "agent/core/network/guard_private.h"
#include "agent/core/network/links.h"
#include "agent/core/network/violations.h"
#include "agent/lib/log.h"
#include "policy/decide/net.h"

/* After a failure: soon enough for a link that vanished meanwhile, not a busy loop. */
#define AGAIN_US   20000
#define FAILING_US 1000000
/* While it is asked for all the time, rules are at work no more than a third of the time. */
#define REST_FACTOR 2
/* In a row, some seconds in all: then one copy of the rules is too little to leave links up. */
#define FAILURES_MAX 5

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

int guard_apply(struct network *network, bool restore)
{
	struct ruleset_plan plan;
	int r;

	fill_policy(network, &plan);
	r = links_plan(network, &plan);
	if (r == 0)
		r = restore ? ruleset_restore(network->guard->ruleset, &plan)
			    : ruleset_apply(network->guard->ruleset, &plan);
	network->guard->gated = r == 0 && links_gate(network, &plan);
	free((void *)(uintptr_t)plan.links);
	return r;
}

void guard_report_failure(struct network *network, int error)
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

/* Closed is the resting state: rules that cannot be set are not known to hold, either. */
static void shut(struct network *network, int error)
{
	network->guard->holds = false;
	links_shut(network);
	log_error("the packet filter cannot be set: all links are down until it can");
	if (network->recorder)
		recorder_note(network->recorder, RECORD_KIND_ALARM, RECORD_GRADE_V2, 0,
			      "links-shut", "network",
			      "the packet filter could not be set %u times (%s): all links are "
			      "down until it can",
			      FAILURES_MAX, strerror(-error));
}

static void reopen(struct network *network)
{
	bool was_shut = network->guard->failures >= FAILURES_MAX;

	network->guard->failures = 0;
	network->guard->holds = network->guard->renewed = true;
	if (!was_shut)
		return;
	log_notice("the packet filter is set again: links follow the policy");
	if (network->recorder)
		recorder_note(network->recorder, RECORD_KIND_ALARM, RECORD_GRADE_V1, 0,
			      "links-follow", "network",
			      "the packet filter is set again; links follow the policy");
}

static void count_failure(struct network *network, int error)
{
	if (error != -EAGAIN && ++network->guard->failures == FAILURES_MAX)
		shut(network, error);
	network->guard->dirty = true;
	schedule(network, error == -EAGAIN ? AGAIN_US : FAILING_US);
}

static int renew(struct network *network, bool restore)
{
	struct guard *guard = network->guard;
	uint64_t begin_us = clock_boottime_us(), end_us;
	bool altered, compared = guard->renewed;
	int r;

	guard->dirty = false;
	r = guard_apply(network, restore);
	/* Between the look and the writing, too: what was changed must not vanish without a word. */
	altered = ruleset_was_altered(guard->ruleset);
	if (altered && compared && !restore)
		report_tampering(network, true, r == -EAGAIN ? 0 : r);
	end_us = clock_boottime_us();
	guard->rest_until_us = end_us + REST_FACTOR * (end_us - begin_us);
	if (r < 0)
		guard_report_failure(network, r);
	else
		reopen(network);
	if (r == 0 && guard->synced && guard->gated)
		links_applied(network);
	if (r < 0)
		count_failure(network, r);
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
		guard_report_failure(network, r);
		guard->dirty = true;
	} else if (guard->who[0]) {
		report_tampering(network, false, 0);
	}
	guard->who[0] = 0;
}

int guard_on_timer(sd_event_source *source, uint64_t usec, void *data)
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

uint32_t guard_layers(const struct network *network)
{
	const struct guard *guard = network->guard;

	return (guard->holds && guard->error == 0 ? AGENT_LAYER_NFTABLES : 0) |
	       (ruleset_stood(guard->ruleset) ? AGENT_LAYER_EARLY : 0);
}

uint64_t guard_refused(struct network *network)
{
	uint64_t sum = 0;

	if (ruleset_counters(network->guard->ruleset, add, &sum) < 0)
		return 0;
	return sum;
}
