// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/state.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/file.h"
#include "agent/lib/path.h"

#define STATE_VERSION 1
#define STATE_LIMIT   4096
#define STATE_NAME    "state"

static int parse(const uint8_t *data, size_t length, struct state *state)
{
	json_int_t version, trust_number, policy_serial, time_floor;
	const char *trust_digest, *policy_digest;
	json_t *json;
	int r;

	json = json_loadb((const char *)data, length, JSON_REJECT_DUPLICATES, NULL);
	r = json_unpack(json, "{s:I,s:I,s:s,s:I,s:s,s:I!}", "version", &version, "trust_number",
			&trust_number, "trust_digest", &trust_digest, "policy_serial",
			&policy_serial, "policy_digest", &policy_digest, "time_floor", &time_floor);
	if (r == 0 && (version != STATE_VERSION || trust_number < 0 || policy_serial < 0 ||
		       !signed_digest_parse(state->trust_digest, trust_digest) ||
		       !signed_digest_parse(state->policy_digest, policy_digest)))
		r = -1;
	if (r == 0) {
		state->trust_number = (uint64_t)trust_number;
		state->policy_serial = (uint64_t)policy_serial;
		state->time_floor = time_floor;
	}
	json_decref(json);
	return r == 0 ? 0 : -EBADMSG;
}

int state_load(const char *root, struct state *state)
{
	char path[PATH_MAX];
	uint8_t *data = NULL;
	size_t length = 0;
	int r;

	*state = (struct state){ 0 };
	r = path_join(path, root, PATH_STATE_DIR "/" STATE_NAME);
	if (r == 0)
		r = file_read(path, STATE_LIMIT, &data, &length);
	if (r < 0)
		return r;
	r = parse(data, length, state);
	if (r < 0)
		*state = (struct state){ 0 };
	free(data);
	return r;
}

int state_save(const char *root, const struct state *state)
{
	char trust[SIGNED_DIGEST_TEXT], policy[SIGNED_DIGEST_TEXT], text[512], folder[PATH_MAX];
	int length, r;

	signed_digest_format(state->trust_digest, trust);
	signed_digest_format(state->policy_digest, policy);
	length = snprintf(text, sizeof(text),
			  "{\"version\":%d,\"trust_number\":%" PRIu64 ",\"trust_digest\":\"%s\","
			  "\"policy_serial\":%" PRIu64 ",\"policy_digest\":\"%s\","
			  "\"time_floor\":%" PRId64 "}\n",
			  STATE_VERSION, state->trust_number, trust, state->policy_serial, policy,
			  state->time_floor);
	if (length < 0 || (size_t)length >= sizeof(text))
		return -EOVERFLOW;
	r = path_join(folder, root, PATH_STATE_DIR);
	return r < 0 ? r : file_replace(folder, STATE_NAME, 0600, text, (size_t)length);
}
