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

static void hash_line(crypto_hash_sha256_state *state, const char *text)
{
	crypto_hash_sha256_update(state, (const uint8_t *)text, strlen(text));
	crypto_hash_sha256_update(state, (const uint8_t *)"\n", 1);
}

void standing_fingerprint(const struct target *target, const struct tlog_key *log,
			  const uint8_t pin[static 32],
			  char fingerprint[static STANDING_FINGERPRINT_SIZE])
{
	char key[TLOG_KEY_TEXT_SIZE], hex[65];
	crypto_hash_sha256_state state;
	uint8_t hash[32];
	size_t used = 0;

	crypto_hash_sha256_init(&state);
	hash_line(&state, "airgap-enrolment@v1");
	hash_line(&state, target->number);
	tlog_key_format(log, key);
	hash_line(&state, key);
	hash_line(&state, sodium_bin2hex(hex, sizeof(hex), pin, 32));
	/* No recipient, and no sealed key of the journal. */
	hash_line(&state, "");
	hash_line(&state, target->trust);
	crypto_hash_sha256(hash, NULL, 0);
	hash_line(&state, sodium_bin2hex(hex, sizeof(hex), hash, 32));
	crypto_hash_sha256_final(&state, hash);
	sodium_bin2hex(hex, sizeof(hex), hash, 32);
	for (size_t i = 0; i < 32; i++) {
		if (i > 0 && i % 4 == 0)
			fingerprint[used++] = ' ';
		fingerprint[used++] = hex[i];
	}
	fingerprint[used] = 0;
}

char *standing_request(const struct target *target, const struct upload_head *head,
		       const uint8_t pin[static 32])
{
	char key[TLOG_KEY_TEXT_SIZE], hex[65], *text;
	json_t *json;

	tlog_key_format(&head->log, key);
	sodium_bin2hex(hex, sizeof(hex), pin, 32);
	json = json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "v", 1, "number",
			 target->number, "unit", target->unit, "level", target->level, "log", key,
			 "checkpoint", head->note, "tls", hex, "trust", target->trust, "code",
			 target->code);
	text = json ? json_dumps(json, JSON_COMPACT) : NULL;
	json_decref(json);
	return text;
}
