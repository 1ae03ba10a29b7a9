// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/inspect/inspect_last.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "agent/lib/file.h"
#include "agent/lib/path.h"

#define SIZE_LIMIT ((size_t)64 * 1024 * 1024)

json_t *inspect_last_load(const char *root, int *error)
{
	char path[PATH_MAX];
	uint8_t *bytes = NULL;
	size_t length = 0;
	json_t *json = NULL;

	*error = path_join(path, root, INSPECT_LAST_FOLDER "/" INSPECT_LAST_FILE);
	if (*error == 0)
		*error = file_read(path, SIZE_LIMIT, &bytes, &length);
	if (*error == 0) {
		json = json_loadb((const char *)bytes, length, JSON_REJECT_DUPLICATES, NULL);
		*error = json ? 0 : -EBADMSG;
	}
	free(bytes);
	return json;
}

int inspect_last_save(const char *root, const json_t *inspection)
{
	char path[PATH_MAX], *text;
	int r = path_join(path, root, INSPECT_LAST_FOLDER);

	if (r < 0)
		return r;
	/* Findings name what people have: for root alone. */
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return -errno;
	text = json_dumps(inspection, JSON_COMPACT | JSON_ENSURE_ASCII);
	if (!text)
		return -ENOMEM;
	r = file_replace(path, INSPECT_LAST_FILE, 0600, text, strlen(text));
	free(text);
	return r;
}

static bool counts(const json_t *finding)
{
	const char *result = json_string_value(json_object_get(finding, "result"));

	return result && (strcmp(result, "fail") == 0 || strcmp(result, "warn") == 0 ||
			  strcmp(result, "unknown") == 0);
}

/* Every finding that counts, by its fingerprint, with its check's name. */
static json_t *by_fingerprint(const json_t *inspection)
{
	json_t *all = json_object();
	size_t i, j;
	json_t *check, *finding;

	json_array_foreach(json_object_get(inspection, "checks"), i, check)
	{
		json_array_foreach(json_object_get(check, "findings"), j, finding)
		{
			const char *key =
				json_string_value(json_object_get(finding, "fingerprint"));
			json_t *copy;

			if (!key || !counts(finding))
				continue;
			copy = json_copy(finding);
			json_object_set(copy, "check", json_object_get(check, "check"));
			json_object_set_new(all, key, copy);
		}
	}
	return all;
}

static json_t *without(json_t *some, json_t *others)
{
	json_t *list = json_array(), *finding;
	const char *key;

	json_object_foreach(some, key, finding) if (!json_object_get(others, key))
		json_array_append(list, finding);
	return list;
}

json_t *inspect_last_compare(const json_t *now, const json_t *last)
{
	json_t *present = by_fingerprint(now), *before = by_fingerprint(last);
	json_t *result = json_pack("{s:o, s:o}", "new", without(present, before), "gone",
				   without(before, present));

	json_decref(present);
	json_decref(before);
	return result;
}
