// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/report/standing.h"

#include <errno.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/file.h"

#define FILE_NAME "registration"

static const char *const names[STANDING_COUNT] = {
	[STANDING_NONE] = "unregistered",
	[STANDING_PENDING] = "pending",
	[STANDING_ACTIVE] = "active",
	[STANDING_REFUSED] = "refused",
};

const char *standing_name(enum standing_state state)
{
	return state < STANDING_COUNT ? names[state] : "unknown";
}

static bool take(const json_t *json, const char *name, char *out, size_t size)
{
	const char *text = json_string_value(json_object_get(json, name));

	if (!text || strlen(text) >= size)
		return false;
	strcpy(out, text);
	return true;
}

static bool read_object(const json_t *json, struct standing *standing)
{
	char state[32];

	if (!take(json, "state", state, sizeof(state)) ||
	    !take(json, "id", standing->id, sizeof(standing->id)) ||
	    !take(json, "fingerprint", standing->fingerprint, sizeof(standing->fingerprint)) ||
	    !take(json, "key", standing->key, sizeof(standing->key)) ||
	    !take(json, "code", standing->code, sizeof(standing->code)))
		return false;
	for (unsigned int i = 0; i < STANDING_COUNT; i++)
		if (strcmp(state, names[i]) == 0) {
			standing->state = i;
			return true;
		}
	return false;
}

void standing_load(const char *folder, const struct tlog_key *key, struct standing *standing)
{
	char path[PATH_MAX], text[TLOG_KEY_TEXT_SIZE];
	uint8_t *data = NULL;
	size_t length = 0;
	json_t *json;

	*standing = (struct standing){ 0 };
	tlog_key_format(key, text);
	if (snprintf(path, sizeof(path), "%s/" FILE_NAME, folder) < (int)sizeof(path) &&
	    file_read(path, 8192, &data, &length) == 0) {
		json = json_loadb((char *)data, length, JSON_REJECT_DUPLICATES, NULL);
		if (!read_object(json, standing) || strcmp(standing->key, text) != 0)
			*standing = (struct standing){ 0 };
		json_decref(json);
	}
	free(data);
	strcpy(standing->key, text);
}

int standing_save(const char *folder, const struct standing *standing)
{
	json_t *json = json_pack("{s:s, s:s, s:s, s:s, s:s}", "state", names[standing->state], "id",
				 standing->id, "fingerprint", standing->fingerprint, "key",
				 standing->key, "code", standing->code);
	char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
	int r = text ? file_replace(folder, FILE_NAME, 0600, text, strlen(text)) : -ENOMEM;

	free(text);
	json_decref(json);
	return r;
}

void standing_fingerprint(const struct standing_request *request,
			  char fingerprint[static ENROLMENT_FINGERPRINT_SIZE])
{
	uint8_t trust[32] = { 0 };
	const struct enrolment facts = {
		.number = request->target->number,
		.unit = request->target->unit,
		.level = request->target->level,
		.custodian = "",
		.room = "",
		.log = &request->head->log,
		.pin = request->pin,
		.trust = trust,
		.recipient = request->recipient,
		.sealed = request->sealed,
		.sealed_length = request->sealed_length,
		.standalone = !request->target->address[0],
	};

	/* target_parse() saw that these are 64 digits. */
	sodium_hex2bin(trust, sizeof(trust), request->target->trust, 64, NULL, NULL, NULL);
	enrolment_fingerprint(&facts, fingerprint);
}

static json_t *sealed_json(const struct standing_request *request)
{
	size_t size =
		sodium_base64_encoded_len(request->sealed_length, sodium_base64_VARIANT_ORIGINAL);
	char *text = request->sealed_length ? malloc(size) : NULL;
	json_t *json = NULL;

	if (text)
		json = json_string(sodium_bin2base64(text, size, request->sealed,
						     request->sealed_length,
						     sodium_base64_VARIANT_ORIGINAL));
	free(text);
	return json;
}

char *standing_request(const struct standing_request *request)
{
	const struct target *target = request->target;
	char key[TLOG_KEY_TEXT_SIZE], hex[65], *text;
	json_t *json;

	tlog_key_format(&request->head->log, key);
	sodium_bin2hex(hex, sizeof(hex), request->pin, 32);
	json = json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:s, s:o*}", "v", 1,
			 "number", target->number, "unit", target->unit, "level", target->level,
			 "log", key, "checkpoint", request->head->note, "tls", hex, "trust",
			 target->trust, "recipient", request->recipient, "standalone",
			 !target->address[0], "code", target->code, "initial_key",
			 sealed_json(request));
	text = json ? json_dumps(json, JSON_COMPACT) : NULL;
	json_decref(json);
	return text;
}
