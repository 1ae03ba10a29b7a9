// SPDX-License-Identifier: GPL-2.0-or-later
/* A batch as JSON: on the disk, and for people's programs. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "agent/transfer/batch.h"

enum kind {
	TEXT,
	NUMBER32,
	NUMBER64,
	TIME,
	ERROR, /* -errno, or 0 */
	FLAG,
	BYTES,
};

struct field {
	const char *name;
	enum kind kind;
	size_t offset;
	size_t size;
};

#define FIELD(kind, type, member)                                                                  \
	{                                                                                          \
#member, kind, offsetof(struct type, member), sizeof(((struct type *)0)->member)   \
	}

static const struct field batch_fields[] = {
	FIELD(BYTES, batch, id),
	FIELD(NUMBER32, batch, direction),
	FIELD(FLAG, batch, foreign),
	FIELD(FLAG, batch, scanned),
	FIELD(FLAG, batch, opened),
	FIELD(NUMBER32, batch, uid),
	FIELD(TEXT, batch, login),
	FIELD(TEXT, batch, unit),
	FIELD(TEXT, batch, level),
	FIELD(TEXT, batch, term),
	FIELD(TEXT, batch, basis),
	FIELD(TIME, batch, created),
	FIELD(TIME, batch, changed),
	FIELD(TIME, batch, wait_until),
	FIELD(NUMBER32, batch, files),
	FIELD(NUMBER64, batch, size),
	FIELD(TEXT, batch, types),
	FIELD(BYTES, batch, manifest),
	FIELD(TEXT, batch, rule),
	FIELD(BYTES, batch, medium),
	FIELD(NUMBER64, batch, sequence),
	FIELD(NUMBER64, batch, entry),
	FIELD(NUMBER64, batch, peer_entry),
	FIELD(BYTES, batch, slip),
	FIELD(TEXT, batch, peer),
	FIELD(NUMBER32, batch, owed),
	FIELD(ERROR, batch, error),
	FIELD(TEXT, batch, reason),
	FIELD(TEXT, batch, text),
};

static const struct field approval_fields[] = {
	FIELD(TEXT, batch_approval, key),	FIELD(TEXT, batch_approval, person),
	FIELD(NUMBER32, batch_approval, duty),	FIELD(TIME, batch_approval, until),
	FIELD(NUMBER64, batch_approval, entry), FIELD(BYTES, batch_approval, nonce),
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* Longer than any array of bytes that is written here. */
#define HEX_SIZE (2 * TRANSFER_DIGEST + 1)

static json_t *bytes_json(const uint8_t *bytes, size_t size)
{
	char text[HEX_SIZE] = "";

	for (size_t i = 0; i < size && 2 * i + 2 < sizeof(text); i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	return json_string(text);
}

static json_t *field_json(const struct field *field, const void *from)
{
	const char *at = (const char *)from + field->offset;
	uint32_t number32;
	uint64_t number64;
	bool flag;

	switch (field->kind) {
	case TEXT:
		return json_string(at);
	case NUMBER32:
		memcpy(&number32, at, sizeof(number32));
		return json_integer(number32);
	case NUMBER64:
	case TIME:
		memcpy(&number64, at, sizeof(number64));
		return json_integer(number64 > INT64_MAX ? INT64_MAX : (json_int_t)number64);
	case ERROR:
		memcpy(&number32, at, sizeof(number32));
		return json_integer((int32_t)number32);
	case FLAG:
		memcpy(&flag, at, sizeof(flag));
		return json_boolean(flag);
	case BYTES:
		return bytes_json((const uint8_t *)at, field->size);
	}
	return NULL;
}

static json_t *struct_json(const struct field *fields, size_t count, const void *from)
{
	json_t *object = json_object();

	for (size_t i = 0; object && i < count; i++)
		if (json_object_set_new(object, fields[i].name, field_json(&fields[i], from)) < 0) {
			json_decref(object);
			return NULL;
		}
	return object;
}

static json_t *approvals_json(const struct batch *batch)
{
	json_t *list = json_array();

	for (uint32_t i = 0; list && i < batch->approval_count; i++)
		if (json_array_append_new(list, struct_json(approval_fields, COUNT(approval_fields),
							    &batch->approvals[i])) < 0) {
			json_decref(list);
			return NULL;
		}
	return list;
}

static const char *const duty_names[POLICY_DUTY_COUNT] = {
	[POLICY_DUTY_SECURITY] = "security",
	[POLICY_DUTY_APPROVAL] = "approval",
};

static json_t *need_json(const struct policy_need *need)
{
	json_t *object = json_object();

	for (int duty = 0; object && duty < POLICY_DUTY_COUNT; duty++)
		if (json_object_set_new(object, duty_names[duty], json_integer(need->duty[duty])) <
		    0) {
			json_decref(object);
			return NULL;
		}
	return object;
}

json_t *batch_json(const struct batch *batch)
{
	json_t *object = struct_json(batch_fields, COUNT(batch_fields), batch);

	if (!object || json_object_set_new(object, "v", json_integer(BATCH_VERSION)) < 0 ||
	    json_object_set_new(object, "state", json_string(batch_state_name(batch->state))) < 0 ||
	    json_object_set_new(object, "need", need_json(&batch->need)) < 0 ||
	    json_object_set_new(object, "approvals", approvals_json(batch)) < 0) {
		json_decref(object);
		return NULL;
	}
	return object;
}

static int parse_bytes(const json_t *value, uint8_t *out, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	const char *text = json_string_value(value);

	if (!text || strlen(text) != 2 * size)
		return -EBADMSG;
	for (size_t i = 0; i < 2 * size; i++) {
		const char *digit = strchr(digits, text[i]);

		if (!digit)
			return -EBADMSG;
		out[i / 2] = (uint8_t)(out[i / 2] << 4 | (uint8_t)(digit - digits));
	}
	return 0;
}

static int parse_text(const json_t *value, char *out, size_t size)
{
	const char *text = json_string_value(value);

	if (!text || strlen(text) >= size)
		return -EBADMSG;
	strcpy(out, text);
	return 0;
}

static int parse_number(const json_t *value, uint64_t most, void *out, size_t size)
{
	uint64_t number = (uint64_t)json_integer_value(value);
	uint32_t short_number = (uint32_t)number;

	if (!json_is_integer(value) || json_integer_value(value) < 0 || number > most)
		return -EBADMSG;
	memcpy(out, size == sizeof(short_number) ? (void *)&short_number : (void *)&number, size);
	return 0;
}

static int parse_field(const struct field *field, const json_t *object, void *to)
{
	const json_t *value = json_object_get(object, field->name);
	char *at = (char *)to + field->offset;
	bool flag = json_is_true(value);
	int32_t error;

	switch (field->kind) {
	case TEXT:
		return parse_text(value, at, field->size);
	case NUMBER32:
		return parse_number(value, UINT32_MAX, at, field->size);
	case NUMBER64:
	case TIME:
		return parse_number(value, INT64_MAX, at, field->size);
	case ERROR:
		error = (int32_t)json_integer_value(value);
		memcpy(at, &error, sizeof(error));
		return json_is_integer(value) && json_integer_value(value) == error ? 0 : -EBADMSG;
	case FLAG:
		memcpy(at, &flag, sizeof(flag));
		return json_is_boolean(value) ? 0 : -EBADMSG;
	case BYTES:
		return parse_bytes(value, (uint8_t *)at, field->size);
	}
	return -EBADMSG;
}

static int parse_struct(const struct field *fields, size_t count, const json_t *object, void *to)
{
	int r = json_is_object(object) ? 0 : -EBADMSG;

	for (size_t i = 0; r == 0 && i < count; i++)
		r = parse_field(&fields[i], object, to);
	return r;
}

static int parse_approvals(const json_t *list, struct batch *batch)
{
	int r = json_is_array(list) && json_array_size(list) <= TRANSFER_APPROVALS_MAX ? 0
										       : -EBADMSG;

	batch->approval_count = (uint32_t)json_array_size(list);
	for (uint32_t i = 0; r == 0 && i < batch->approval_count; i++) {
		r = parse_struct(approval_fields, COUNT(approval_fields), json_array_get(list, i),
				 &batch->approvals[i]);
		if (r == 0 && batch->approvals[i].duty >= POLICY_DUTY_COUNT)
			r = -EBADMSG;
	}
	return r;
}

static int parse_need(const json_t *object, struct policy_need *need)
{
	int r = json_is_object(object) ? 0 : -EBADMSG;

	for (int duty = 0; r == 0 && duty < POLICY_DUTY_COUNT; duty++)
		r = parse_number(json_object_get(object, duty_names[duty]), TRANSFER_APPROVALS_MAX,
				 &need->duty[duty], sizeof(need->duty[duty]));
	return r;
}

static int parse_state(const json_t *value, struct batch *batch)
{
	const char *name = json_string_value(value);

	for (uint32_t state = 0; name && state < BATCH_STATE_COUNT; state++)
		if (strcmp(name, batch_state_name(state)) == 0) {
			batch->state = state;
			return 0;
		}
	return -EBADMSG;
}

int batch_parse(const json_t *json, struct batch *batch)
{
	int r;

	memset(batch, 0, sizeof(*batch));
	if (json_integer_value(json_object_get(json, "v")) != BATCH_VERSION)
		return -EBADMSG;
	r = parse_struct(batch_fields, COUNT(batch_fields), json, batch);
	if (r == 0)
		r = parse_state(json_object_get(json, "state"), batch);
	if (r == 0)
		r = parse_need(json_object_get(json, "need"), &batch->need);
	if (r == 0)
		r = parse_approvals(json_object_get(json, "approvals"), batch);
	if (r == 0 && batch->direction >= TRANSFER_DIRECTION_COUNT)
		r = -EBADMSG;
	if (r == 0)
		transfer_id_format(batch->id, batch->name);
	return r;
}
