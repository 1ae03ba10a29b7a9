// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/door/door_inspection.h"

#include <errno.h>
#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/file.h"

#define SIZE_LIMIT ((size_t)16 * 1024 * 1024)

static int number(const json_t *score, const char *name, uint32_t limit, uint32_t *out)
{
	const json_t *value = json_object_get(score, name);
	json_int_t n = json_integer_value(value);

	if (!json_is_integer(value) || n < 0 || n > limit)
		return -EBADMSG;
	*out = (uint32_t)n;
	return 0;
}

/* Names of checks are words; what is none is left out, and the list is cut at a whole one. */
static void add_name(struct msg_inspection *inspection, const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	size_t used = strlen(inspection->failed), length = name ? strlen(name) : 0;

	if (!length || strspn(name, letters) != length ||
	    used + length + 3 > sizeof(inspection->failed))
		return;
	if (used)
		strcat(inspection->failed, ", ");
	strcat(inspection->failed, name);
}

static int read_score(const json_t *json, struct msg_inspection *inspection)
{
	const json_t *score = json_object_get(json, "score"), *check;
	size_t i;
	int r = 0;

	r |= number(score, "points", 100, &inspection->points);
	r |= number(score, "vetoes", 10000, &inspection->vetoes);
	r |= number(score, "pass", 10000, &inspection->pass);
	r |= number(score, "warn", 10000, &inspection->warn);
	r |= number(score, "fail", 10000, &inspection->fail);
	r |= number(score, "unknown", 10000, &inspection->unknown);
	r |= number(score, "not_applicable", 10000, &inspection->not_applicable);
	json_array_foreach(json_object_get(json, "checks"), i, check)
	{
		const char *result = json_string_value(json_object_get(check, "result"));

		if (result && strcmp(result, "fail") == 0)
			add_name(inspection, json_string_value(json_object_get(check, "check")));
	}
	return r ? -EBADMSG : 0;
}

int door_inspection_read(int file, struct msg_inspection *inspection)
{
	uint8_t *bytes = NULL;
	size_t length = 0;
	json_t *json;
	int r;

	memset(inspection, 0, sizeof(*inspection));
	r = file_read_fd(file, SIZE_LIMIT, &bytes, &length);
	if (r < 0)
		return r;
	json = json_loadb((const char *)bytes, length, JSON_REJECT_DUPLICATES, NULL);
	r = json ? read_score(json, inspection) : -EBADMSG;
	if (r == 0)
		crypto_hash_sha256(inspection->digest, bytes, length);
	else
		memset(inspection, 0, sizeof(*inspection));
	json_decref(json);
	free(bytes);
	return r;
}
