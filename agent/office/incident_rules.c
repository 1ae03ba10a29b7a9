// SPDX-License-Identifier: GPL-2.0-or-later
/* The rules: their defaults, and what the setting changes in them. */
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
		{ "other", 1 },		{ "medium-clone", 2 }, { "transfer-unknown", 2 },
		{ "transfer-differs", 2 }, { "transfer-twice", 1 }, { "transfer-overdue", 1 },
	},
	.kind_count = 27,
	.cyber = {
		[INCIDENT_CYBER_CRITICAL] = { HOUR, 30 * DAY },
		[INCIDENT_CYBER_CENTRAL] = { 2 * HOUR, 30 * DAY },
		[INCIDENT_CYBER_OTHER] = { 4 * HOUR, 30 * DAY },
	},
	.lost_juemi_s = INCIDENT_LOST_JUEMI_S,
	.lost_others_s = INCIDENT_LOST_OTHERS_S,
	.late = 2,
	.silent = 5,
	.escalate = 20,
	.fleet_percent = 10,
	.fleet_least = 5,
	.heartbeat_s = 15 * 60,
	.bundle_s = 7 * DAY,
	.transfer_s = 7 * DAY,
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

static bool read_cyber(json_t *member, struct incident_rules *rules)
{
	const char *name;
	json_t *value;

	if (!json_is_object(member))
		return false;
	json_object_foreach(member, name, value)
	{
		uint32_t unit = incident_cyber(name);

		if (unit == INCIDENT_CYBER_COUNT || !json_is_object(value) ||
		    !take(value, "report_s", 60, &rules->cyber[unit].report_s) ||
		    !take(value, "closing_s", 60, &rules->cyber[unit].closing_s))
			return false;
	}
	return true;
}

static bool read_lost(const json_t *member, struct incident_rules *rules)
{
	return json_is_object(member) && take(member, "juemi_s", 60, &rules->lost_juemi_s) &&
	       take(member, "others_s", 60, &rules->lost_others_s);
}

static bool read_transfer(const json_t *member, struct incident_rules *rules)
{
	return json_is_object(member) && take(member, "import_s", 60, &rules->transfer_s);
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
		else if (strcmp(name, "cyber") == 0)
			good = read_cyber(member, &next);
		else if (strcmp(name, "lost") == 0)
			good = read_lost(member, &next);
		else if (strcmp(name, "transfer") == 0)
			good = read_transfer(member, &next);
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
