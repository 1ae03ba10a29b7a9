// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/incident.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define HOUR 3600
#define DAY  (24 * HOUR)

static const struct incident_rules defaults = {
	.deadlines = {
		[1] = { .inner_s = HOUR },
		[2] = { .inner_s = HOUR },
		[3] = { .inner_s = 12 * HOUR, .outer_s = DAY },
		[4] = { .inner_s = 12 * HOUR, .outer_s = DAY, .result_s = 90 * DAY },
	},
	.kinds = {
		{ "violation", 1 },	{ "alarm", 2 },	      { "loss", 3 },
		{ "rollback", 2 },	{ "fork", 2 },
		{ "old-policy", 2 },	{ "silent", 1 },      { "escalated", 2 },
		{ "late", 0 },		{ "returned", 0 },    { "fleet-silent", 2 },
		{ "clock-back", 1 },	{ "office-down", 0 }, { "overdue-bundle", 1 }, { "evidence-full", 2 },
		{ "medium-lost", 3 },	{ "medium-stolen", 3 }, { "terminal-lost", 3 },
		{ "leak", 4 },		{ "finding", 2 },     { "concealed", 2 },
		{ "other", 1 },
	},
	.kind_count = 22,
	.lost_juemi_s = INCIDENT_LOST_JUEMI_S,
	.lost_others_s = INCIDENT_LOST_OTHERS_S,
	.late = 2,
	.silent = 5,
	.escalate = 20,
	.fleet_percent = 10,
	.fleet_least = 5,
	.heartbeat_s = 15 * 60,
	.bundle_s = 7 * DAY,
	.direct_percent = 50,
	.lead_percent = 75,
};

void incident_rules_default(struct incident_rules *rules)
{
	*rules = defaults;
}

static uint32_t grade_of(const char *name)
{
	return name && name[0] == 'V' && name[1] >= '1' && name[1] <= '4' && name[2] == 0
		       ? (uint32_t)(name[1] - '0')
		       : 0;
}

/* A number of @object, when it is there; false when it is something else. */
static bool take(const json_t *object, const char *name, int64_t least, int64_t *value)
{
	const json_t *member = json_object_get(object, name);

	if (!member)
		return true;
	if (!json_is_integer(member) || json_integer_value(member) < least ||
	    json_integer_value(member) > 10 * 366 * (int64_t)DAY)
		return false;
	*value = json_integer_value(member);
	return true;
}

static bool take_u32(const json_t *object, const char *name, uint32_t *value)
{
	int64_t number = *value;

	if (!take(object, name, 1, &number) || number > UINT32_MAX)
		return false;
	*value = (uint32_t)number;
	return true;
}

static bool read_grade(const json_t *member, struct incident_deadlines *deadlines)
{
	return json_is_object(member) && take(member, "inner_s", 0, &deadlines->inner_s) &&
	       take(member, "outer_s", 0, &deadlines->outer_s) &&
	       take(member, "result_s", 0, &deadlines->result_s);
}

static bool read_lost(const json_t *member, struct incident_rules *rules)
{
	return json_is_object(member) && take(member, "juemi_s", 60, &rules->lost_juemi_s) &&
	       take(member, "others_s", 60, &rules->lost_others_s);
}

static bool read_contact(const json_t *member, struct incident_rules *rules)
{
	return json_is_object(member) && take_u32(member, "late", &rules->late) &&
	       take_u32(member, "silent", &rules->silent) &&
	       take_u32(member, "escalate", &rules->escalate) &&
	       take_u32(member, "fleet_percent", &rules->fleet_percent) &&
	       take_u32(member, "fleet_least", &rules->fleet_least) &&
	       take_u32(member, "heartbeat_s", &rules->heartbeat_s) &&
	       take_u32(member, "bundle_s", &rules->bundle_s) && rules->late <= rules->silent &&
	       rules->silent <= rules->escalate;
}

static bool read_people(const json_t *member, struct incident_rules *rules)
{
	const char *direct = json_string_value(json_object_get(member, "direct"));
	const char *lead = json_string_value(json_object_get(member, "lead"));

	if (!json_is_object(member) ||
	    !take_u32(member, "direct_percent", &rules->direct_percent) ||
	    !take_u32(member, "lead_percent", &rules->lead_percent) ||
	    rules->direct_percent > rules->lead_percent || rules->lead_percent > 99)
		return false;
	if ((direct && strlen(direct) >= sizeof(rules->direct)) ||
	    (lead && strlen(lead) >= sizeof(rules->lead)))
		return false;
	if (direct)
		snprintf(rules->direct, sizeof(rules->direct), "%s", direct);
	if (lead)
		snprintf(rules->lead, sizeof(rules->lead), "%s", lead);
	return true;
}

bool incident_rules_kind(struct incident_rules *rules, const char *name, uint32_t grade)
{
	for (uint32_t i = 0; i < rules->kind_count; i++)
		if (strcmp(rules->kinds[i].name, name) == 0) {
			rules->kinds[i].grade = grade;
			return true;
		}
	if (rules->kind_count == INCIDENT_KINDS || strlen(name) >= sizeof(rules->kinds[0].name))
		return false;
	snprintf(rules->kinds[rules->kind_count].name, sizeof(rules->kinds[0].name), "%s", name);
	rules->kinds[rules->kind_count++].grade = grade;
	return true;
}

static bool read_kinds(json_t *member, struct incident_rules *rules)
{
	const char *name;
	json_t *value;

	if (!json_is_object(member))
		return false;
	json_object_foreach(member, name, value)
	{
		if (!json_is_null(value) && grade_of(json_string_value(value)) == 0)
			return false;
		if (!incident_rules_kind(rules, name, grade_of(json_string_value(value))))
			return false;
	}
	return true;
}

int incident_rules_read(struct incident_rules *rules, const char *text, char *reason, size_t size)
{
	struct incident_rules next = *rules;
	json_error_t error;
	json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, &error), *member;
	const char *name;
	bool good = json_is_object(json);

	snprintf(reason, size, "%s", good ? "" : "it is no JSON object");
	json_object_foreach(json, name, member)
	{
		if (grade_of(name))
			good = read_grade(member, &next.deadlines[grade_of(name)]);
		else if (strcmp(name, "contact") == 0)
			good = read_contact(member, &next);
		else if (strcmp(name, "lost") == 0)
			good = read_lost(member, &next);
		else if (strcmp(name, "people") == 0)
			good = read_people(member, &next);
		else
			good = strcmp(name, "kinds") == 0 && read_kinds(member, &next);
		if (!good) {
			snprintf(reason, size, "'%s' is not known here, or a value in it is wrong",
				 name);
			break;
		}
	}
	json_decref(json);
	if (!good)
		return -EINVAL;
	*rules = next;
	return 0;
}

uint32_t incident_grade(const struct incident_rules *rules, const char *kind, uint32_t proposed)
{
	if (proposed > 0 && proposed < INCIDENT_GRADES)
		return proposed;
	for (uint32_t i = 0; i < rules->kind_count; i++)
		if (strcmp(rules->kinds[i].name, kind) == 0)
			return rules->kinds[i].grade;
	return 0;
}

static int64_t deadline(int64_t from_us, int64_t seconds)
{
	return seconds ? from_us + seconds * 1000000 : 0;
}

static int64_t *deadline_of(struct store_event *event, enum incident_stage stage)
{
	return stage == INCIDENT_INNER	 ? &event->inner_us
	       : stage == INCIDENT_OUTER ? &event->outer_us
					 : &event->result_us;
}

static bool is_open(const struct store_event *event)
{
	return event->state == STORE_EVENT_TO_VERIFY || event->state == STORE_EVENT_IN_HAND ||
	       event->state == STORE_EVENT_TO_REVIEW;
}

int64_t incident_deadline(const struct store_event *event, enum incident_stage stage)
{
	if (!is_open(event) || (stage == INCIDENT_INNER && event->state != STORE_EVENT_TO_VERIFY) ||
	    (stage == INCIDENT_OUTER && event->reported_us))
		return 0;
	return stage == INCIDENT_INNER	 ? event->inner_us
	       : stage == INCIDENT_OUTER ? event->outer_us
					 : event->result_us;
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
	const int64_t seconds[] = { d->inner_s, d->outer_s, d->result_s };

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
