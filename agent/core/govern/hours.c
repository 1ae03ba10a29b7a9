// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/govern/hours.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "agent/core/govern/maintenance.h"
#include "agent/core/govern/orders.h"
#include "agent/lib/log.h"

/* A clock this much behind what was reached is being corrected, not turned back. */
#define CLOCK_TOLERANCE_S 300
#define CHARGE_EVERY_S	  600
#define DAY_S		  86400

int64_t hours_now(const struct govern *govern)
{
	int64_t now = time(NULL);

	return now > govern->state.time_floor ? now : govern->state.time_floor;
}

static uint64_t uncharged_s(const struct govern *govern)
{
	return (clock_boottime_us() - govern->charged_us) / 1000000;
}

uint64_t hours_powered(const struct govern *govern)
{
	return govern->state.powered_s + uncharged_s(govern);
}

static void save(const struct govern *govern)
{
	/* Nothing was accepted here yet: nothing to hold on to. */
	if (govern->state.policy_serial > 0 && state_save(govern->root, &govern->state) < 0)
		log_error("the state cannot be saved: time is not kept over a restart");
}

static void add_time(struct govern *govern, uint64_t seconds)
{
	govern->state.powered_s += seconds;
	govern->state.policy_powered_s += seconds;
}

void hours_begin(struct govern *govern)
{
	govern->charged_us = clock_boottime_us();
	if (govern->state.running)
		add_time(govern, CHARGE_EVERY_S);
	govern->state.running = true;
	save(govern);
}

void hours_charge(struct govern *govern)
{
	uint64_t elapsed_s = uncharged_s(govern);
	int64_t now = time(NULL);

	if (elapsed_s == 0 && now <= govern->state.time_floor)
		return;
	govern->charged_us += elapsed_s * 1000000;
	add_time(govern, elapsed_s);
	if (now > govern->state.time_floor)
		govern->state.time_floor = now;
	save(govern);
}

void hours_end(struct govern *govern)
{
	if (!govern->root)
		return;
	govern->state.running = false;
	hours_charge(govern);
	save(govern);
}

static void format_day(int64_t at, char out[static 16])
{
	struct tm tm;

	gmtime_r(&(time_t){ at }, &tm);
	strftime(out, 16, "%Y-%m-%d", &tm);
}

bool hours_clock_suspect(const struct govern *govern, char *why, size_t size)
{
	char day[16];

	if (time(NULL) + CLOCK_TOLERANCE_S >= govern->state.time_floor)
		return false;
	format_day(govern->state.time_floor, day);
	snprintf(why, size,
		 "The clock shows a time before %s, which was reached already: set it right", day);
	return true;
}

bool hours_expired(const struct govern *govern, char *why, size_t size)
{
	const struct policy *policy = govern->policy;
	uint64_t limit = policy_runtime_limit(policy);
	const char *what = NULL;

	if (hours_now(govern) > policy_valid_until(policy))
		what = "has reached its last day";
	else if (limit > 0 && govern->state.policy_powered_s >= limit)
		what = "has used up its powered-on hours";
	if (!what)
		return false;
	snprintf(why, size,
		 "Policy \"%s\" has expired (it %s): ask the security officer for its successor "
		 "and install it with 'airgapctl policy install FILE'",
		 policy_id(policy), what);
	return true;
}

static uint64_t monitoring_left(const struct govern *govern)
{
	uint64_t limit = policy_monitor_limit(govern->policy);

	if (policy_mode(govern->policy) != POLICY_MODE_MONITOR || govern->state.enforce ||
	    govern->state.policy_powered_s >= limit)
		return 0;
	return limit - govern->state.policy_powered_s;
}

bool hours_monitoring(const struct govern *govern, char *why, size_t size)
{
	uint64_t left = monitoring_left(govern);

	if (left == 0)
		return false;
	snprintf(why, size,
		 "Mode monitor: what the policy would refuse is let in and recorded, for another "
		 "%" PRIu64 " h %" PRIu64 " min of powered-on time; devices that lie are refused",
		 left / 3600, left / 60 % 60);
	return true;
}

void hours_announce(struct govern *govern)
{
	static const uint32_t days[] = { 1, 7, 14, 30 };
	int64_t left_s;

	if (!govern->policy)
		return;
	left_s = policy_valid_until(govern->policy) - hours_now(govern);
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		if (left_s < 0 || left_s > (int64_t)days[i] * DAY_S)
			continue;
		if (govern->state.expiry_told && govern->state.expiry_told <= days[i])
			return;
		govern->state.expiry_told = days[i];
		save(govern);
		log_warning("policy \"%s\" expires in %" PRId64 " days", policy_id(govern->policy),
			    left_s / DAY_S);
		recorder_note(govern->recorder, RECORD_KIND_ALARM, RECORD_GRADE_NONE, days[i],
			      "policy-expires", policy_id(govern->policy),
			      "it expires in %" PRId64 " days: ask the security officer for its "
			      "successor",
			      left_s / DAY_S);
		return;
	}
}

static uint64_t sooner(uint64_t a, uint64_t b)
{
	return b > 0 && b < a ? b : a;
}

uint64_t hours_next(const struct govern *govern)
{
	uint64_t next = CHARGE_EVERY_S, limit;
	int64_t until;

	if (!govern->policy)
		return next;
	until = policy_valid_until(govern->policy) - time(NULL);
	if (until >= 0)
		next = sooner(next, (uint64_t)until + 1);
	limit = policy_runtime_limit(govern->policy);
	if (limit > govern->state.policy_powered_s)
		next = sooner(next, limit - govern->state.policy_powered_s);
	next = sooner(next, orders_next(govern));
	next = sooner(next, maintenance_left(govern));
	return sooner(next, monitoring_left(govern));
}
