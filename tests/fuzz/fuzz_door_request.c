// SPDX-License-Identifier: GPL-2.0-or-later
/* Requests at the doors: bit 0 of the first byte is the door, bit 1 whether a file came along. */
#include "tests/fuzz/fuzz.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "agent/door/door_reply.h"
#include "agent/door/door_request.h"

/* What each verb needs, told once more by hand. */
static bool permitted(enum door_verb verb, enum door_kind door, bool has_file)
{
	switch (verb) {
	case DOOR_VERB_STATUS:
	case DOOR_VERB_DEVICES:
	case DOOR_VERB_NETWORK:
	case DOOR_VERB_WATCH:
		return door == DOOR_QUERY && !has_file;
	case DOOR_VERB_INSTALL:
	case DOOR_VERB_INSPECTION:
		return door == DOOR_CONTROL && has_file;
	case DOOR_VERB_RESCAN:
	case DOOR_VERB_END_MAINTENANCE:
		return door == DOOR_CONTROL && !has_file;
	default:
		return false;
	}
}

/* The request is an object of exactly the two members that the verb makes. */
static void accepted_holds(const char *bytes, size_t length, enum door_verb verb)
{
	json_t *json = json_loadb(bytes, length, 0, NULL);
	json_t *wanted = json_pack("{s:i, s:s}", "v", DOOR_VERSION, "verb", door_verb_name(verb));

	MUST(json && wanted && json_equal(json, wanted));
	json_decref(json);
	json_decref(wanted);
}

static void refusal_holds(const struct door_refusal *refusal)
{
	char *reply;

	MUST(refusal->error && refusal->error[0] && ENDED(refusal->text) && refusal->text[0]);
	MUST(fuzz_shown(refusal->text));
	reply = door_reply_error(refusal->error, refusal->text);
	MUST(reply && strlen(reply) < DOOR_REPLY_MAX);
	free(reply);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct door_request request = { .verb = DOOR_VERB_COUNT };
	struct door_refusal refusal = { 0 };
	enum door_kind door;
	bool has_file;
	int r;

	if (size == 0)
		return 0;
	door = data[0] & 1 ? DOOR_CONTROL : DOOR_QUERY;
	has_file = data[0] & 2;
	r = door_request_parse((const char *)data + 1, size - 1, door, has_file, &request,
			       &refusal);
	MUST(r == 0 || r == -EINVAL);
	if (r < 0) {
		refusal_holds(&refusal);
	} else {
		MUST(permitted(request.verb, door, has_file));
		accepted_holds((const char *)data + 1, size - 1, request.verb);
	}
	return 0;
}
