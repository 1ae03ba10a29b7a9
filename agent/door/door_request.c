// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/door/door_request.h"

#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "agent/lib/json_depth.h"

struct verb_rule {
	const char *name;
	enum door_kind door;
	bool file; /* a descriptor must come along; of all others none may */
};

static const struct verb_rule verbs[DOOR_VERB_COUNT] = {
	[DOOR_VERB_STATUS] = { "status", DOOR_QUERY, false },
	[DOOR_VERB_DEVICES] = { "devices", DOOR_QUERY, false },
	[DOOR_VERB_NETWORK] = { "network", DOOR_QUERY, false },
	[DOOR_VERB_WATCH] = { "watch", DOOR_QUERY, false },
	[DOOR_VERB_INSTALL] = { "install", DOOR_CONTROL, true },
	[DOOR_VERB_RESCAN] = { "rescan", DOOR_CONTROL, false },
	[DOOR_VERB_END_MAINTENANCE] = { "end-maintenance", DOOR_CONTROL, false },
	[DOOR_VERB_INSPECTION] = { "inspection", DOOR_CONTROL, true },
};

static const char *const door_names[DOOR_KIND_COUNT] = {
	[DOOR_QUERY] = "query",
	[DOOR_CONTROL] = "control",
};

const char *door_verb_name(enum door_verb verb)
{
	return verb < DOOR_VERB_COUNT ? verbs[verb].name : NULL;
}

__attribute__((format(printf, 3, 4))) static int refuse(struct door_refusal *refusal,
							const char *error, const char *format, ...)
{
	va_list args;

	refusal->error = error;
	va_start(args, format);
	vsnprintf(refusal->text, sizeof(refusal->text), format, args);
	va_end(args);
	return -EINVAL;
}

static int check_members(json_t *object, struct door_refusal *refusal)
{
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value)
	{
		if (strcmp(key, "v") != 0 && strcmp(key, "verb") != 0)
			return refuse(refusal, "malformed",
				      "the request has a member that is not known here");
	}
	value = json_object_get(object, "v");
	if (!json_is_integer(value) || json_integer_value(value) != DOOR_VERSION)
		return refuse(
			refusal, "version",
			"this door speaks version %d: install airgapctl and airgap-doord from "
			"one package",
			DOOR_VERSION);
	return 0;
}

static int find_verb(json_t *object, enum door_kind door, struct door_request *request,
		     struct door_refusal *refusal)
{
	const char *name = json_string_value(json_object_get(object, "verb"));

	for (int i = 0; name && i < DOOR_VERB_COUNT; i++) {
		if (strcmp(name, verbs[i].name) != 0)
			continue;
		request->verb = (enum door_verb)i;
		if (verbs[i].door != door)
			return refuse(refusal, "wrong-door", "'%s' is asked at the %s door", name,
				      door_names[verbs[i].door]);
		return 0;
	}
	return refuse(refusal, "unknown-verb", "no verb of that name is known here");
}

static int read_object(json_t *object, enum door_kind door, bool has_file,
		       struct door_request *request, struct door_refusal *refusal)
{
	int r = check_members(object, refusal);

	if (r == 0)
		r = find_verb(object, door, request, refusal);
	if (r < 0)
		return r;
	if (verbs[request->verb].file && !has_file)
		return refuse(refusal, "no-file", "'%s' needs a descriptor of the file",
			      verbs[request->verb].name);
	if (!verbs[request->verb].file && has_file)
		return refuse(refusal, "unexpected-file", "'%s' takes no file",
			      verbs[request->verb].name);
	return 0;
}

int door_request_parse(const char *bytes, size_t length, enum door_kind door, bool has_file,
		       struct door_request *request, struct door_refusal *refusal)
{
	json_error_t error;
	json_t *json;
	int r;

	if (length >= DOOR_REQUEST_MAX)
		return refuse(refusal, "too-long", "a request has at most %d bytes",
			      DOOR_REQUEST_MAX);
	if (json_deeper(bytes, length, DOOR_REQUEST_DEPTH))
		return refuse(refusal, "malformed", "the request is nested too deeply");
	json = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &error);
	if (!json_is_object(json))
		r = refuse(refusal, "malformed", "the request is no JSON object");
	else
		r = read_object(json, door, has_file, request, refusal);
	json_decref(json);
	return r;
}
