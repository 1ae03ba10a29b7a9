// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/event_signed.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agent/office/extract.h"
#include "agent/office/store/store_people.h"
#include "policy/sign/signed.h"

#define LIFE_US	 ((int64_t)24 * 3600 * 1000000)
#define AHEAD_US ((int64_t)300 * 1000000)

static int say(char *reason, int error, const char *text)
{
	snprintf(reason, EVENT_SIGNED_REASON, "%s", text);
	return error;
}

/* "2026-11-25T16:00:00Z" */
static int64_t time_of(const char *text)
{
	char whole[40];
	size_t length = text ? strlen(text) : 0;

	if (length != 20)
		return 0;
	snprintf(whole, sizeof(whole), "%.19s.000000Z", text);
	return text[19] == 'Z' ? extract_time_us(whole) : 0;
}

static void stamp(int64_t now_us, char text[static 32])
{
	time_t seconds = (time_t)(now_us / 1000000);
	struct tm utc;

	gmtime_r(&seconds, &utc);
	strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

/* --- the draft --- */

static bool is_name(const char *name, size_t length)
{
	static const char *const names[] = { "text",   "grade",	 "to",	  "kind",
					     "number", "facts",	 "drill", "occurred",
					     "found",  "medium", "unit" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0)
			return true;
	return false;
}

static bool is_field(const char *name, size_t length)
{
	for (enum report_field field = 0; field < REPORT_FIELD_COUNT; field++)
		if (strlen(report_field_name(field)) == length &&
		    memcmp(report_field_name(field), name, length) == 0)
			return true;
	return false;
}

static int add_word(json_t *json, json_t *fields, const char *word, char *reason)
{
	const char *equal = strchr(word, '=');
	size_t length = equal ? (size_t)(equal - word) : 0;
	bool field = equal && is_field(word, length);
	json_t *value = equal ? json_string(equal + 1) : NULL;
	char name[16];

	if (!value || (!field && !is_name(word, length))) {
		snprintf(reason, EVENT_SIGNED_REASON,
			 "'%.60s' is not NAME=VALUE with a name that is known here", word);
		json_decref(value);
		return -EINVAL;
	}
	snprintf(name, sizeof(name), "%.*s", (int)length, word);
	return json_object_set_new(field ? fields : json, name, value) < 0 ? -ENOMEM : 0;
}

static int seen_of(const struct event_office *office, int64_t id, json_t *json, char *reason)
{
	struct event_copy copy;
	int r = event_copy_get(office->store, id, &copy);

	if (r == -ENOENT)
		return say(reason, -EINVAL, "there is no event of this number");
	if (r < 0)
		return r;
	json_object_set_new(json, "event", json_integer(id));
	json_object_set_new(json, "seen", json_integer(copy.event.moves));
	event_copy_done(&copy);
	return 0;
}

int event_signed_draft(const struct event_office *office, const char *officer, int64_t id,
		       int count, char *const *words, char **text,
		       char reason[static EVENT_SIGNED_REASON])
{
	json_t *fields = json_object(), *json;
	char made[32];
	int r = 0;

	*text = NULL;
	stamp(office->now_us, made);
	json = json_pack("{s:i, s:s, s:s, s:s, s:s}", "airgap-move", 1, "office",
			 office->keys->name, "officer", officer, "made", made, "move", words[0]);
	if (!json || !fields)
		r = -ENOMEM;
	else if (id)
		r = seen_of(office, id, json, reason);
	for (int i = 1; r == 0 && i < count; i++)
		r = add_word(json, fields, words[i], reason);
	if (r == 0 && json_object_size(fields) > 0)
		json_object_set(json, "fields", fields);
	if (r == 0)
		*text = json_dumps(json, JSON_INDENT(4));
	if (r == 0 && !*text)
		r = -ENOMEM;
	json_decref(fields);
	json_decref(json);
	return r;
}

/* --- taking it --- */

static const char *text_of(const json_t *json, const char *name)
{
	return json_string_value(json_object_get(json, name));
}

static uint32_t grade_of(const json_t *json)
{
	const char *grade = text_of(json, "grade");

	return grade && grade[0] == 'V' && grade[1] >= '1' && grade[1] <= '4' && !grade[2]
		       ? (uint32_t)(grade[1] - '0')
		       : 0;
}

static int find_officer(const struct event_office *office, const json_t *json,
			const struct sshkey *key, struct store_officer *officer, char *reason)
{
	const char *name = text_of(json, "officer");
	int r = name ? store_officer_by_name(office->store, name, officer) : -ENOENT;

	if (r < 0 && r != -ENOENT)
		return r;
	if (r == -ENOENT || officer->retired ||
	    memcmp(officer->key, key->point, sizeof(officer->key)) != 0)
		return say(reason, -EACCES, "it is not signed by the officer that it names");
	return 0;
}

static int check_head(const struct event_office *office, const json_t *json, char *reason)
{
	const char *name = text_of(json, "office");
	int64_t made_us = time_of(text_of(json, "made"));

	if (!json || json_integer_value(json_object_get(json, "airgap-move")) != 1 ||
	    !text_of(json, "move"))
		return say(reason, -EBADMSG, "it is no airgap-move of version 1");
	if (!name || strcmp(name, office->keys->name) != 0)
		return say(reason, -EACCES, "it is for another office");
	if (made_us < office->now_us - LIFE_US || made_us > office->now_us + AHEAD_US)
		return say(reason, -EACCES, "it was not made within the last day; draft it anew");
	return 0;
}

static int enter(const struct event_office *office, const json_t *json,
		 const struct store_officer *officer, int64_t *id, char *reason)
{
	const char *kind = text_of(json, "kind"), *drill = text_of(json, "drill");
	const char *occurred = text_of(json, "occurred"), *found = text_of(json, "found");
	const char *medium = text_of(json, "medium");
	struct event_entry entry = {
		.kind = kind ? kind : "",
		.number = text_of(json, "number"),
		.facts = text_of(json, "facts"),
		.grade = grade_of(json),
		.drill = drill && strcmp(drill, "yes") == 0,
		.occurred_us = time_of(occurred),
		.found_us = time_of(found),
		.medium = medium ? incident_medium(medium) : INCIDENT_MEDIUM_UNKNOWN,
	};
	enum event_refusal why;
	int r;

	if ((occurred && !entry.occurred_us) || (found && !entry.found_us))
		return say(reason, -EBADMSG, "write times as 2026-11-25T16:00:00Z");
	if (entry.medium == INCIDENT_MEDIUM_COUNT)
		return say(reason, -EBADMSG, "the medium's level is juemi, jimi, mimi or unknown");
	r = event_life_enter(office, officer, &entry, id, &why);
	if (r == -ENOENT)
		return say(reason, r, "there is no terminal of this number");
	return r == -EPERM ? say(reason, r, event_refusal_text(why)) : r;
}

static int find_to(const struct event_office *office, const json_t *json,
		   struct event_request *request, struct store_officer *to)
{
	const char *name = text_of(json, "to");
	int r = name ? store_officer_by_name(office->store, name, to) : -ENOENT;

	if (r == 0)
		request->to = to;
	return r == -ENOENT ? 0 : r;
}

static int move(const struct event_office *office, const json_t *json,
		const struct store_officer *officer, int64_t *id, char *reason)
{
	const json_t *values = json_object_get(json, "fields");
	struct report_fields fields = { { NULL } };
	const char *unit = text_of(json, "unit");
	json_int_t seen = json_integer_value(json_object_get(json, "seen"));
	struct event_request request = {
		.move = event_move(text_of(json, "move")),
		.event = json_integer_value(json_object_get(json, "event")),
		.seen = seen >= 0 && seen < UINT32_MAX ? (uint32_t)seen : UINT32_MAX,
		.text = text_of(json, "text"),
		.grade = grade_of(json),
		.unit = unit ? incident_cyber(unit) : INCIDENT_CYBER_NONE,
		.fields = &fields,
	};
	struct store_officer to;
	enum event_refusal why;
	int r = find_to(office, json, &request, &to);

	if (r < 0)
		return r;
	for (enum report_field field = 0; field < REPORT_FIELD_COUNT; field++)
		fields.value[field] = text_of(values, report_field_name(field));
	*id = request.event;
	r = event_life_do(office, officer, &request, &why);
	if (r == -ENOENT)
		return say(reason, r, "there is no event of this number");
	return r == -EPERM ? say(reason, r, event_refusal_text(why)) : r;
}

int event_signed_take(const struct event_office *given, const void *file, size_t length,
		      int64_t *id, char reason[static EVENT_SIGNED_REASON])
{
	char words[SIGNED_REASON_SIZE] = "";
	struct event_office office = *given;
	struct store_officer officer;
	struct signed_file parts;
	json_t *json = NULL;
	int r = signed_split(&parts, file, length, SIGN_NAMESPACE_MOVE, words);

	*id = 0;
	reason[0] = 0;
	if (r == 0)
		r = signed_verify(&parts, SIGN_NAMESPACE_MOVE, words);
	if (r < 0) {
		snprintf(reason, EVENT_SIGNED_REASON, "%.*s", EVENT_SIGNED_REASON - 1, words);
		return r;
	}
	if (parts.count != 1)
		return say(reason, -EBADMSG, "one officer signs it, nobody else");
	json = json_loadb((const char *)parts.text, parts.text_length, JSON_REJECT_DUPLICATES,
			  NULL);
	r = check_head(given, json, reason);
	if (r == 0)
		r = find_officer(given, json, &parts.blocks[0].sig.key, &officer, reason);
	office.proof = file;
	office.proof_length = length;
	office.proof_digest = parts.digest;
	if (r == 0)
		r = strcmp(text_of(json, "move"), "enter") == 0
			    ? enter(&office, json, &officer, id, reason)
			    : move(&office, json, &officer, id, reason);
	json_decref(json);
	return r;
}
