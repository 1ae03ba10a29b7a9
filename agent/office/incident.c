// SPDX-License-Identifier: GPL-2.0-or-later
/* The deadlines of one event. */
#include "agent/office/incident.h"
#include "agent/office/store/store_event.h"

#include <string.h>

static int64_t deadline(int64_t from_us, int64_t seconds)
{
	return seconds ? from_us + seconds * 1000000 : 0;
}

static int64_t *deadline_of(struct store_event *event, enum incident_stage stage)
{
	int64_t *const of[INCIDENT_STAGE_COUNT] = {
		[INCIDENT_INNER] = &event->inner_us,
		[INCIDENT_OUTER] = &event->outer_us,
		[INCIDENT_RESULT] = &event->result_us,
		[INCIDENT_CYBER] = &event->cyber_us,
		[INCIDENT_CYBER_CLOSING] = &event->cyber_closing_us,
	};

	return of[stage];
}

static bool is_open(const struct store_event *event)
{
	return event->state == STORE_EVENT_TO_VERIFY || event->state == STORE_EVENT_IN_HAND ||
	       event->state == STORE_EVENT_TO_REVIEW;
}

int64_t incident_deadline(const struct store_event *event, enum incident_stage stage)
{
	if (!is_open(event))
		return 0;
	switch (stage) {
	case INCIDENT_INNER:
		return event->state == STORE_EVENT_TO_VERIFY ? event->inner_us : 0;
	case INCIDENT_OUTER:
		return event->reported_us ? 0 : event->outer_us;
	case INCIDENT_CYBER:
		return event->cyber_sent_us ? 0 : event->cyber_us;
	case INCIDENT_CYBER_CLOSING:
		return event->cyber_closed_us ? 0 : event->cyber_closing_us;
	default:
		return event->result_us;
	}
}

int64_t incident_start(const struct store_event *event, enum incident_stage stage)
{
	return event->found_us + (stage == INCIDENT_INNER ? event->away_us : 0);
}

enum incident_due incident_told(const struct store_event *event, enum incident_stage stage)
{
	return event->told >> (2 * stage) & 3;
}

void incident_tell(struct store_event *event, enum incident_stage stage, enum incident_due due)
{
	event->told &= ~(3u << (2 * stage));
	event->told |= (uint32_t)due << (2 * stage);
}

/* When the next step of a deadline is reached, after the one of which people were told. */
static int64_t step_us(const struct incident_rules *rules, const struct store_event *event,
		       enum incident_stage stage)
{
	int64_t end = incident_deadline(event, stage), start = incident_start(event, stage);
	int64_t whole = end - start;
	const int64_t percent[] = { rules->direct_percent, rules->lead_percent, 100 };
	enum incident_due told = incident_told(event, stage);

	if (!end || told >= INCIDENT_OVERDUE)
		return INT64_MAX;
	return start + whole / 100 * percent[told] + whole % 100 * percent[told] / 100;
}

void incident_plan(const struct incident_rules *rules, struct store_event *event)
{
	event->due_us = INT64_MAX;
	event->tell_us = INT64_MAX;
	for (enum incident_stage stage = 0; stage < INCIDENT_STAGE_COUNT; stage++) {
		int64_t end = incident_deadline(event, stage), tell = step_us(rules, event, stage);

		if (end && end < event->due_us)
			event->due_us = end;
		if (tell < event->tell_us)
			event->tell_us = tell;
	}
	if (is_open(event) && event->rises_us && event->rises_us < event->tell_us)
		event->tell_us = event->rises_us;
}

void incident_regrade(const struct incident_rules *rules, struct store_event *event)
{
	const struct incident_deadlines *d =
		&rules->deadlines[event->grade < INCIDENT_GRADES ? event->grade : 0];
	const struct incident_cyber_deadlines *c =
		&rules->cyber[event->cyber < INCIDENT_CYBER_COUNT ? event->cyber
								  : INCIDENT_CYBER_CRITICAL];
	const int64_t seconds[INCIDENT_STAGE_COUNT] = { d->inner_s, d->outer_s, d->result_s,
							c->report_s, c->closing_s };

	if (event->grade > INCIDENT_OWN_MAX)
		event->away_us = 0;
	for (enum incident_stage stage = 0; stage < INCIDENT_STAGE_COUNT; stage++) {
		int64_t *end = deadline_of(event, stage),
			next = deadline(incident_start(event, stage), seconds[stage]);

		if (*end != next)
			incident_tell(event, stage, INCIDENT_IN_TIME);
		*end = next;
	}
	incident_plan(rules, event);
}

static int64_t lost_s(const struct incident_rules *rules, uint32_t medium)
{
	return medium == INCIDENT_MEDIUM_MIMI || medium == INCIDENT_MEDIUM_JIMI
		       ? rules->lost_others_s
		       : rules->lost_juemi_s;
}

void incident_begin(const struct incident_rules *rules, struct store_event *event)
{
	event->state = STORE_EVENT_TO_VERIFY;
	event->told = 0;
	if (event->found_us == 0)
		event->found_us = event->received_us;
	if (strcmp(event->kind, "medium-lost") == 0)
		event->rises_us = deadline(event->found_us, lost_s(rules, event->medium));
	incident_regrade(rules, event);
}

enum incident_due incident_due(const struct incident_rules *rules, int64_t from_us,
			       int64_t deadline_us, int64_t now_us)
{
	int64_t whole = deadline_us - from_us, passed = now_us - from_us;

	if (deadline_us == 0)
		return INCIDENT_IN_TIME;
	if (passed >= whole)
		return INCIDENT_OVERDUE;
	if (passed >= whole / 100 * rules->lead_percent + whole % 100 * rules->lead_percent / 100)
		return INCIDENT_PRESSING;
	return passed >= whole / 100 * rules->direct_percent +
				       whole % 100 * rules->direct_percent / 100
		       ? INCIDENT_HALF
		       : INCIDENT_IN_TIME;
}

static const char *const state_names[STORE_EVENT_STATE_COUNT] = {
	[STORE_EVENT_RECORDED] = "recorded", [STORE_EVENT_TO_VERIFY] = "to-verify",
	[STORE_EVENT_IN_HAND] = "in-hand",   [STORE_EVENT_TO_REVIEW] = "to-review",
	[STORE_EVENT_CLOSED] = "closed",     [STORE_EVENT_FALSE_ALARM] = "false-alarm",
};

const char *incident_state_name(uint32_t state)
{
	return state < STORE_EVENT_STATE_COUNT ? state_names[state] : "unknown";
}

uint32_t incident_state(const char *name)
{
	uint32_t state = 0;

	while (state < STORE_EVENT_STATE_COUNT && strcmp(state_names[state], name) != 0)
		state++;
	return state;
}

static const char *const medium_names[INCIDENT_MEDIUM_COUNT] = {
	[INCIDENT_MEDIUM_UNKNOWN] = "unknown",
	[INCIDENT_MEDIUM_MIMI] = "mimi",
	[INCIDENT_MEDIUM_JIMI] = "jimi",
	[INCIDENT_MEDIUM_JUEMI] = "juemi",
};

const char *incident_medium_name(uint32_t medium)
{
	return medium_names[medium < INCIDENT_MEDIUM_COUNT ? medium : INCIDENT_MEDIUM_UNKNOWN];
}

uint32_t incident_medium(const char *name)
{
	uint32_t medium = 0;

	while (medium < INCIDENT_MEDIUM_COUNT && strcmp(medium_names[medium], name) != 0)
		medium++;
	return medium;
}

static const char *const cyber_names[INCIDENT_CYBER_COUNT] = {
	[INCIDENT_CYBER_CRITICAL] = "critical",
	[INCIDENT_CYBER_CENTRAL] = "central",
	[INCIDENT_CYBER_OTHER] = "other",
};

const char *incident_cyber_name(uint32_t unit)
{
	return unit > INCIDENT_CYBER_NONE && unit < INCIDENT_CYBER_COUNT ? cyber_names[unit]
									 : "none";
}

uint32_t incident_cyber(const char *name)
{
	uint32_t unit = INCIDENT_CYBER_NONE + 1;

	while (unit < INCIDENT_CYBER_COUNT && strcmp(cyber_names[unit], name) != 0)
		unit++;
	return unit;
}
