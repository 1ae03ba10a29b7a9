// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/network/violations.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/govern/maintenance.h"
#include "agent/core/grade.h"
#include "agent/lib/log.h"
#include "agent/lib/net_json.h"
#include "policy/decide/net.h"

/* Kinds times links that repeat at the same time; beyond it the oldest one's count is written down. */
#define REPEATS_MAX 128

/* One kind on one link, within one window. */
struct repeat {
	bool used;
	uint32_t kind;
	uint32_t index;
	int32_t nsid;
	uint32_t recorded;
	uint64_t begin_us;
	uint64_t counted; /* since the last entry */
	struct net_violation last;
};

struct violations {
	struct repeat repeats[REPEATS_MAX];
	struct net_violation shown[VIOLATIONS_SHOWN];
	uint64_t found; /* entries; the next one's place in shown */
	uint64_t total;
	sd_event_source *timer;
};

static enum notice_event notice_of(const struct net_violation *violation)
{
	switch (violation->kind) {
	case NET_VIOLATION_IFACE_UNKNOWN:
	case NET_VIOLATION_IFACE_IDENTITY_MISMATCH:
	case NET_VIOLATION_NEIGHBOUR_ON_UNKNOWN:
		return violation->link.kind == NET_KIND_USB || violation->link.kind == NET_KIND_WWAN
			       ? NOTICE_PHONE_REFUSED
		       : violation->link.kind == NET_KIND_WIFI ||
				       violation->link.kind == NET_KIND_BLUETOOTH
			       ? NOTICE_RADIO_REFUSED
			       : NOTICE_LINK_REFUSED;
	case NET_VIOLATION_RFKILL_UNBLOCKED:
		return NOTICE_RADIO_REFUSED;
	case NET_VIOLATION_EGRESS_BLOCKED:
		return NOTICE_EGRESS_REFUSED;
	case NET_VIOLATION_ADDR_ILLEGAL:
		return NOTICE_ADDRESS_REMOVED;
	case NET_VIOLATION_ROUTE_ILLEGAL:
		return NOTICE_ROUTE_REMOVED;
	default:
		return NOTICE_COUNT;
	}
}

static void fill_subject(const struct net_violation *violation, char *out, size_t size)
{
	char prefix[NET_JSON_PREFIX_SIZE];

	switch (violation->kind) {
	case NET_VIOLATION_EGRESS_BLOCKED:
		net_json_prefix(prefix, &violation->flow.to);
		if (violation->flow.port)
			snprintf(out, size, "%s port %u", prefix, violation->flow.port);
		else
			snprintf(out, size, "%s", prefix);
		return;
	case NET_VIOLATION_ADDR_ILLEGAL:
		snprintf(out, size, "%s", net_json_prefix(prefix, &violation->address.local));
		return;
	case NET_VIOLATION_ROUTE_ILLEGAL:
		snprintf(out, size, "%s", net_json_prefix(prefix, &violation->route.to));
		return;
	default:
		snprintf(out, size, "%s", violation->link.name);
	}
}

static void notify(struct network *network, const struct net_violation *violation)
{
	struct msg_notice notice = { .event = notice_of(violation), .uid = UINT32_MAX };

	/* What was only noticed, in mode monitor say, hinders nobody. */
	if (notice.event == NOTICE_COUNT || violation->remedy == NET_REMEDY_NONE ||
	    violation->remedy == NET_REMEDY_LEFT)
		return;
	/* More than can be told apart: of the first ones he has been told one by one. */
	if (violation->kind == NET_VIOLATION_EGRESS_BLOCKED &&
	    violation->flow.to.family == NET_FAMILY_NONE)
		return;
	if (violation->actor.confidence != NET_CONFIDENCE_NONE)
		notice.uid = violation->actor.uid;
	fill_subject(violation, notice.subject, sizeof(notice.subject));
	snprintf(notice.because, sizeof(notice.because), "%s", violation->verdict.because);
	snprintf(notice.rule, sizeof(notice.rule), "%s", violation->verdict.rule);
	network->handler->notice(network->data, &notice);
}

static void record(struct network *network, const struct net_violation *violation, bool habit)
{
	enum record_grade grade = grade_net(network->govern->policy, violation, habit);
	struct violations *violations = network->violations;

	violations->shown[violations->found++ % VIOLATIONS_SHOWN] = *violation;
	recorder_net(network->recorder,
		     grade == RECORD_GRADE_NONE ? RECORD_KIND_DEVICE : RECORD_KIND_VIOLATION, grade,
		     violation);
	network->handler->violation(network->data, violation);
}

static void write_count(struct network *network, struct repeat *repeat)
{
	if (repeat->counted == 0)
		return;
	repeat->last.count = repeat->counted;
	repeat->counted = 0;
	record(network, &repeat->last, false);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *data)
{
	struct network *network = data;
	uint64_t now_us = clock_boottime_us();
	bool more = false;

	(void)usec;
	for (size_t i = 0; i < REPEATS_MAX; i++) {
		struct repeat *repeat = &network->violations->repeats[i];

		if (!repeat->used)
			continue;
		if (now_us - repeat->begin_us >= VIOLATIONS_WINDOW_US) {
			write_count(network, repeat);
			repeat->used = false;
		}
		more = more || repeat->used;
	}
	if (more && (sd_event_source_set_time_relative(source, VIOLATIONS_WINDOW_US / 4) < 0 ||
		     sd_event_source_set_enabled(source, SD_EVENT_ONESHOT) < 0))
		log_error("repeats are written down late: the timer cannot be set");
	return 0;
}

static struct repeat *find_repeat(struct network *network, const struct net_violation *violation)
{
	struct repeat *repeats = network->violations->repeats, *place = &repeats[0];

	for (size_t i = 0; i < REPEATS_MAX; i++) {
		if (repeats[i].used && repeats[i].kind == violation->kind &&
		    repeats[i].index == violation->link.index &&
		    repeats[i].nsid == violation->link.nsid)
			return &repeats[i];
		if (place->used && (!repeats[i].used || repeats[i].begin_us < place->begin_us))
			place = &repeats[i];
	}
	if (place->used)
		write_count(network, place);
	*place = (struct repeat){ .used = true,
				  .kind = violation->kind,
				  .index = violation->link.index,
				  .nsid = violation->link.nsid,
				  .begin_us = violation->first_us };
	/* Never put off: who keeps beginning new ones must not keep the old from being written. */
	if (sd_event_source_get_enabled(network->violations->timer, NULL) == 0) {
		sd_event_source_set_time_relative(network->violations->timer, VIOLATIONS_WINDOW_US);
		sd_event_source_set_enabled(network->violations->timer, SD_EVENT_ONESHOT);
	}
	return place;
}

static void fill_rest(const struct network *network, struct net_violation *violation)
{
	violation->maintenance = network->govern && maintenance_runs(network->govern);
	if (violation->count == 0)
		violation->count = 1;
	if (violation->last_us == 0)
		violation->last_us = clock_boottime_us();
	if (violation->first_us == 0)
		violation->first_us = violation->last_us;
}

void violations_found(struct network *network, struct net_violation *violation)
{
	struct repeat *repeat;

	fill_rest(network, violation);
	network->violations->total += violation->count;
	notify(network, violation);
	repeat = find_repeat(network, violation);
	if (repeat->recorded < VIOLATIONS_EACH) {
		repeat->recorded++;
		record(network, violation, false);
		return;
	}
	if (repeat->counted == 0)
		repeat->last = *violation;
	repeat->counted += violation->count;
	repeat->last.last_us = violation->last_us;
}

void violations_found_packets(struct network *network, struct net_violation *violation, bool habit)
{
	fill_rest(network, violation);
	network->violations->total += violation->count;
	if (!habit)
		notify(network, violation);
	record(network, violation, habit);
}

void violations_each(const struct network *network,
		     void (*visit)(void *data, const struct net_violation *violation), void *data)
{
	const struct violations *violations = network->violations;
	uint64_t i =
		violations->found > VIOLATIONS_SHOWN ? violations->found - VIOLATIONS_SHOWN : 0;

	for (; i < violations->found; i++)
		visit(data, &violations->shown[i % VIOLATIONS_SHOWN]);
}

uint64_t violations_total(const struct network *network)
{
	return network->violations->total;
}

int violations_new(struct network *network)
{
	struct violations *violations = calloc(1, sizeof(*violations));
	int r;

	if (!violations)
		return -ENOMEM;
	network->violations = violations;
	r = sd_event_add_time_relative(network->event, &violations->timer, CLOCK_BOOTTIME,
				       VIOLATIONS_WINDOW_US, 1000000, on_timer, network);
	return r < 0 ? r : sd_event_source_set_enabled(violations->timer, SD_EVENT_OFF);
}

void violations_free(struct network *network)
{
	struct violations *violations = network->violations;

	if (!violations)
		return;
	for (size_t i = 0; network->recorder && i < REPEATS_MAX; i++)
		write_count(network, &violations->repeats[i]);
	sd_event_source_disable_unref(violations->timer);
	free(violations);
	network->violations = NULL;
}
