// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/transfer/approvals.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/file.h"
#include "agent/lib/path.h"

#define NAME	"approvals"
#define VERSION 1
/* Texts, doubled where they are escaped, and hexadecimal digits: below 3 KiB each. */
#define LIMIT (APPROVALS_MAX * 4096)

/* The approval itself is kept as its own text, which has one spelling. */
static json_t *taken_json(const struct approval_taken *taken)
{
	struct approval approval = taken->approval;
	char text[APPROVAL_TEXT_MAX];

	if (approval_print(&approval, text) < 0)
		return NULL;
	return json_pack("{s:s, s:s, s:s, s:s, s:b}", "text", text, "key", taken->key, "person",
			 taken->person, "duty",
			 trust_duty_name(taken->duty == POLICY_DUTY_SECURITY ? TRUST_DUTY_SECURITY
									     : TRUST_DUTY_APPROVAL),
			 "spent", taken->spent);
}

static int save(const char *root, const struct approvals *approvals)
{
	json_t *list = json_array(), *json;
	char folder[PATH_MAX], *text = NULL;
	int r = list ? 0 : -ENOMEM;

	for (uint32_t i = 0; i < approvals->count && r == 0; i++)
		if (json_array_append_new(list, taken_json(&approvals->taken[i])) < 0)
			r = -ENOMEM;
	json = json_pack("{s:i, s:o}", "version", VERSION, "approvals", list);
	if (r == 0 && json)
		text = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	if (!text)
		return -ENOMEM;
	r = path_join(folder, root, PATH_STATE_DIR);
	if (r == 0)
		r = file_replace(folder, NAME, 0600, text, strlen(text));
	free(text);
	return r;
}

static bool copy(const json_t *entry, const char *name, char *out, size_t size)
{
	const char *text = json_string_value(json_object_get(entry, name));

	if (!text || strlen(text) >= size)
		return false;
	strcpy(out, text);
	return true;
}

static int read_taken(const json_t *entry, struct approval_taken *taken)
{
	const char *text = json_string_value(json_object_get(entry, "text"));
	const json_t *spent = json_object_get(entry, "spent");
	char duty[16];
	uint32_t which;

	memset(taken, 0, sizeof(*taken));
	if (!text || !json_is_boolean(spent) ||
	    !copy(entry, "key", taken->key, sizeof(taken->key)) ||
	    !copy(entry, "person", taken->person, sizeof(taken->person)) ||
	    !copy(entry, "duty", duty, sizeof(duty)))
		return -EBADMSG;
	which = trust_duty(duty);
	if (which != TRUST_DUTY_SECURITY && which != TRUST_DUTY_APPROVAL)
		return -EBADMSG;
	taken->duty = which == TRUST_DUTY_SECURITY ? POLICY_DUTY_SECURITY : POLICY_DUTY_APPROVAL;
	taken->spent = json_is_true(spent);
	return approval_parse(text, strlen(text), NULL, &taken->approval) < 0 ? -EBADMSG : 0;
}

static int read_all(const json_t *json, struct approvals *approvals)
{
	const json_t *list = json_object_get(json, "approvals"), *entry;
	size_t i;

	if (json_integer_value(json_object_get(json, "version")) != VERSION ||
	    !json_is_array(list) || json_array_size(list) > APPROVALS_MAX)
		return -EBADMSG;
	json_array_foreach(list, i, entry)
	{
		if (read_taken(entry, &approvals->taken[i]) < 0)
			return -EBADMSG;
		approvals->count++;
	}
	return 0;
}

int approvals_load(const char *root, struct approvals *approvals)
{
	char path[PATH_MAX];
	uint8_t *text = NULL;
	size_t length = 0;
	json_t *json;
	int r;

	approvals->error = 0;
	approvals->count = 0;
	r = path_join(path, root, PATH_STATE_DIR "/" NAME);
	if (r == 0)
		r = file_read(path, LIMIT, &text, &length);
	if (r == -ENOENT)
		return 0;
	if (r == 0) {
		json = json_loadb((const char *)text, length, JSON_REJECT_DUPLICATES, NULL);
		r = json ? read_all(json, approvals) : -EBADMSG;
		json_decref(json);
	}
	free(text);
	approvals->error = r;
	return r;
}

static void forget_ended(struct approvals *approvals, int64_t now)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < approvals->count; i++)
		if (approvals->taken[i].approval.until >= now)
			approvals->taken[kept++] = approvals->taken[i];
	approvals->count = kept;
}

int approvals_take(const char *root, struct approvals *approvals,
		   const struct approval_taken *taken, int64_t now)
{
	int r;

	if (approvals->error)
		return approvals->error;
	forget_ended(approvals, now);
	if (approvals->count == APPROVALS_MAX)
		return -ENOSPC;
	approvals->taken[approvals->count++] = *taken;
	r = save(root, approvals);
	if (r < 0)
		approvals->count--;
	return r;
}

int approvals_spend(const char *root, struct approvals *approvals,
		    const uint8_t batch[static TRANSFER_ID_SIZE])
{
	bool changed = false;

	for (uint32_t i = 0; i < approvals->count; i++) {
		struct approval_taken *taken = &approvals->taken[i];

		if (taken->spent ||
		    memcmp(taken->approval.batch, batch, sizeof(taken->approval.batch)) != 0)
			continue;
		taken->spent = changed = true;
	}
	/* In memory they are spent all the same. */
	return changed ? save(root, approvals) : 0;
}

bool approvals_used(const struct approvals *approvals, const uint8_t nonce[static TRANSFER_ID_SIZE])
{
	for (uint32_t i = 0; i < approvals->count; i++)
		if (memcmp(approvals->taken[i].approval.nonce, nonce, TRANSFER_ID_SIZE) == 0)
			return true;
	return false;
}

/* Whoever lost the key or the duty since has taken his word back with it. */
static bool still_holds(const struct approval_taken *taken, const struct trust *trust)
{
	uint32_t duty =
		taken->duty == POLICY_DUTY_SECURITY ? TRUST_DUTY_SECURITY : TRUST_DUTY_APPROVAL;

	for (uint32_t i = 0; trust && i < trust->key_count; i++) {
		const struct trust_key *key = &trust->keys[i];

		if (strcmp(key->id, taken->key) == 0)
			return key->standing == TRUST_STANDING_ACTIVE && key->duty == duty &&
			       trust_same_person(key->person, taken->person);
	}
	return false;
}

const struct approval_taken *approvals_next(const struct approvals *approvals,
					    const struct approval_case *it,
					    const struct trust *trust,
					    const struct approval_taken *after)
{
	uint32_t i = after ? (uint32_t)(after - approvals->taken) + 1 : 0;

	for (; i < approvals->count; i++) {
		const struct approval_taken *taken = &approvals->taken[i];

		if (!taken->spent && approval_judge(&taken->approval, it) == APPROVAL_GOOD &&
		    still_holds(taken, trust))
			return taken;
	}
	return NULL;
}

struct policy_need approvals_count(const struct approvals *approvals,
				   const struct approval_case *approval_case,
				   const struct trust *trust)
{
	const struct approval_taken *it = NULL;
	struct policy_need given = { 0 };

	while ((it = approvals_next(approvals, approval_case, trust, it)))
		given.duty[it->duty]++;
	return given;
}
