// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/govern/maintenance.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "agent/core/govern/hours.h"
#include "agent/core/govern/orders.h"
#include "agent/lib/log.h"

/* The recorder's tags are shared: devices count from one, links do so beside the highest bit. */
#define MAINTENANCE_TAG (UINT64_C(1) << 62)

static void keep(struct state *state, const struct order *order, uint64_t until_s)
{
	state->maintenance = (struct state_maintenance){ .until_s = until_s };
	memcpy(state->maintenance.order, order->id, sizeof(state->maintenance.order));
	memcpy(state->maintenance.digest, order->digest, sizeof(state->maintenance.digest));
}

static void save(struct govern *govern, const struct state *state)
{
	int r = state_save(govern->root, state);

	/* In memory it holds all the same. */
	if (r < 0)
		log_error("the end of maintenance could not be saved: %s", strerror(-r));
	govern->state = *state;
}

static bool is_open(const struct govern *govern)
{
	return govern->maintenance.runs || govern->maintenance.waits;
}

int maintenance_accept(const struct govern *govern, const struct order *order, struct state *state,
		       char *text, size_t size)
{
	if (order->kind == ORDER_KIND_END_MAINTENANCE) {
		if (!is_open(govern)) {
			snprintf(text, size, "there is no maintenance that could end");
			return -ENOENT;
		}
		state->maintenance = (struct state_maintenance){ 0 };
		snprintf(text, size, "order \"%s\": maintenance has ended; what was left is undone",
			 order->id);
		return 0;
	}
	if (govern->mode == AGENT_MODE_LOCKDOWN) {
		snprintf(text, size,
			 "the terminal is in lockdown, under which no maintenance begins: "
			 "'airgapctl status' tells what ends it");
		return -EPERM;
	}
	if (!recorder_ready(govern->recorder)) {
		snprintf(text, size,
			 "the journal cannot be written now, so nothing is loosened: 'airgapctl "
			 "status' tells why. Install the order again once that is repaired");
		return -EAGAIN;
	}
	keep(state, order, state->powered_s + order->duration_s);
	snprintf(text, size,
		 "order \"%s\": maintenance for %" PRIu64 " h %" PRIu64 " min of powered-on time; "
		 "addresses, routes and settings that the policy does not name are recorded and "
		 "stay until then",
		 order->id, order->duration_s / 3600, order->duration_s / 60 % 60);
	return 0;
}

uint64_t maintenance_await(struct govern *govern, const struct order *order)
{
	struct maintenance *maintenance = &govern->maintenance;

	maintenance->next = *order;
	maintenance->next_until_s = govern->state.maintenance.until_s;
	maintenance->waits = true;
	return MAINTENANCE_TAG | ++maintenance->asked;
}

/* What two officers signed is no alarm that asks something of the office; it is written down as such. */
static void end_as(struct govern *govern, enum record_kind kind, enum record_grade grade,
		   const char *why)
{
	struct maintenance *maintenance = &govern->maintenance;

	maintenance->runs = false;
	snprintf(maintenance->ended, sizeof(maintenance->ended), "%s", why);
	log_notice("maintenance by order \"%s\" has ended: %s", maintenance->order.id, why);
	recorder_note(govern->recorder, kind, grade, 0, "maintenance-ends", maintenance->order.id,
		      "%s; what was left is undone now", why);
}

static void end_running(struct govern *govern, const char *why)
{
	if (govern->maintenance.runs)
		end_as(govern, RECORD_KIND_POLICY, RECORD_GRADE_NONE, why);
}

static void begin(struct govern *govern, const char *event)
{
	const struct maintenance *maintenance = &govern->maintenance;
	uint64_t left_s = maintenance_left(govern);

	log_notice("maintenance by order \"%s\" for %" PRIu64 " s", maintenance->order.id, left_s);
	recorder_note(govern->recorder, RECORD_KIND_POLICY, RECORD_GRADE_NONE, 0, event,
		      maintenance->order.id,
		      "for %" PRIu64 " h %" PRIu64 " min of powered-on time network settings that "
		      "the policy does not name are recorded and stay; reason given: %s",
		      left_s / 3600, left_s / 60 % 60, maintenance->order.reason);
}

static void take_over(struct govern *govern)
{
	struct maintenance *maintenance = &govern->maintenance;
	char why[128];

	snprintf(why, sizeof(why), "order \"%s\" took its place", maintenance->next.id);
	end_running(govern, why);
	maintenance->order = maintenance->next;
	maintenance->until_s = maintenance->next_until_s;
	maintenance->runs = true;
	begin(govern, "maintenance-begins");
}

/* Without its entry it does not begin; the one that runs goes on. */
static void give_up(struct govern *govern, int error)
{
	const struct maintenance *maintenance = &govern->maintenance;
	struct state state = govern->state;

	state.maintenance = (struct state_maintenance){ 0 };
	if (maintenance->runs)
		keep(&state, &maintenance->order, maintenance->until_s);
	save(govern, &state);
	log_error("maintenance by order \"%s\" does not begin, for it could not be recorded: %s",
		  maintenance->next.id, strerror(-error));
	recorder_note(govern->recorder, RECORD_KIND_ALARM, RECORD_GRADE_V1, 0,
		      "maintenance-not-begun", maintenance->next.id,
		      "it could not be recorded in time (%s): give another order",
		      strerror(-error));
}

bool maintenance_recorded(struct govern *govern, uint64_t tag, int error)
{
	struct maintenance *maintenance = &govern->maintenance;

	if (tag >> 62 != MAINTENANCE_TAG >> 62)
		return false;
	if (!maintenance->waits || tag != (MAINTENANCE_TAG | maintenance->asked))
		return true;
	maintenance->waits = false;
	if (error < 0)
		give_up(govern, error);
	else
		take_over(govern);
	maintenance_check(govern);
	return true;
}

void maintenance_load(struct govern *govern)
{
	const struct state_maintenance *kept = &govern->state.maintenance;
	struct maintenance *maintenance = &govern->maintenance;
	struct state state;
	int r;

	if (!kept->order[0])
		return;
	r = orders_read(govern, kept->digest, kept->order, &maintenance->order);
	if (r == 0 && (maintenance->order.kind != ORDER_KIND_MAINTENANCE ||
		       kept->until_s > govern->state.powered_s + maintenance->order.duration_s))
		r = -EBADMSG;
	maintenance->until_s = kept->until_s;
	maintenance->runs = r == 0;
	if (maintenance_runs(govern)) {
		begin(govern, "maintenance-continues");
		return;
	}
	if (r < 0) {
		state = govern->state;
		snprintf(maintenance->order.id, sizeof(maintenance->order.id), "%s", kept->order);
		end_as(govern, RECORD_KIND_ALARM, RECORD_GRADE_V2,
		       "its order cannot be read again, or counts no longer");
		state.maintenance = (struct state_maintenance){ 0 };
		save(govern, &state);
	}
}

void maintenance_end(struct govern *govern, const char *why)
{
	struct maintenance *maintenance = &govern->maintenance;
	struct state state = govern->state;

	if (!is_open(govern))
		return;
	maintenance->waits = false;
	end_running(govern, why);
	state.maintenance = (struct state_maintenance){ 0 };
	save(govern, &state);
}

void maintenance_end_by(struct govern *govern, const struct order *order)
{
	char why[128];

	snprintf(why, sizeof(why), "order \"%s\" ended it", order->id);
	maintenance_end(govern, why);
}

void maintenance_check(struct govern *govern)
{
	if (govern->mode == AGENT_MODE_LOCKDOWN)
		maintenance_end(govern, "the terminal went into lockdown");
	else if (govern->maintenance.runs && !maintenance_runs(govern)) {
		if (govern->maintenance.waits)
			end_running(govern, "its time is over");
		else
			maintenance_end(govern, "its time is over");
	}
}

uint64_t maintenance_left(const struct govern *govern)
{
	const struct maintenance *maintenance = &govern->maintenance;
	int64_t days_s = maintenance->order.until - hours_now(govern) + 1;
	uint64_t now_s = hours_powered(govern), left_s;

	if (!maintenance->runs || govern->mode == AGENT_MODE_LOCKDOWN || days_s <= 0 ||
	    now_s >= maintenance->until_s)
		return 0;
	left_s = maintenance->until_s - now_s;
	return left_s < (uint64_t)days_s ? left_s : (uint64_t)days_s;
}

void maintenance_status(const struct govern *govern, struct agent_status *status)
{
	const struct order *order = &govern->maintenance.order;
	uint64_t left_s = maintenance_left(govern);

	if (left_s == 0)
		return;
	status->maintenance_until_us = clock_boottime_us() + left_s * 1000000;
	snprintf(status->maintenance_order, sizeof(status->maintenance_order), "%s", order->id);
	snprintf(status->maintenance_reason, sizeof(status->maintenance_reason), "%s",
		 order->reason);
}
