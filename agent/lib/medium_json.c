// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/medium_json.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "agent/lib/printable.h"
#include "agent/lib/usb_json.h"

static json_t *text_json(const char *text, size_t size)
{
	char raw[MSG_TEXT_SIZE + 1], clean[4 * MSG_TEXT_SIZE + 1];
	size_t length = strnlen(text, size < MSG_TEXT_SIZE ? size : MSG_TEXT_SIZE);

	memcpy(raw, text, length);
	raw[length] = 0;
	return json_string(printable_utf8(clean, sizeof(clean), raw));
}

#define TEXT(array) text_json(array, sizeof(array))

static json_int_t number(uint64_t value)
{
	return value > INT64_MAX ? INT64_MAX : (json_int_t)value;
}

static json_t *hex_json(const uint8_t *bytes, size_t size)
{
	char hex[2 * MEDIUM_DIGEST_SIZE + 1];

	if (sodium_is_zero(bytes, size) == 1)
		return json_null();
	return json_string(sodium_bin2hex(hex, sizeof(hex), bytes, size));
}

const char *medium_json_right(uint32_t right)
{
	static const char *const names[MEDIA_RIGHT_COUNT] = {
		[MEDIA_RIGHT_NONE] = "none",
		[MEDIA_RIGHT_READ] = "read",
		[MEDIA_RIGHT_WRITE] = "write",
	};

	return right < MEDIA_RIGHT_COUNT ? names[right] : "unknown";
}

json_t *medium_json(const struct msg_medium *medium)
{
	return json_pack("{s:o, s:s, s:s, s:s, s:s, s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "id",
			 hex_json(medium->id, sizeof(medium->id)), "kind",
			 medium->kind == MEDIA_KIND_REGISTERED ? "registered" : "foreign", "right",
			 medium_json_right(medium->right), "reason",
			 medium_reason_name(medium->reason), "filesystem",
			 media_filesystem_name(medium->filesystem), "sequence",
			 number(medium->sequence), "entry", number(medium->entry), "port",
			 TEXT(medium->port), "name", TEXT(medium->name), "level",
			 TEXT(medium->level), "unit", TEXT(medium->unit), "custodian",
			 TEXT(medium->custodian), "text", TEXT(medium->text));
}

static json_t *reasons_json(uint32_t all)
{
	json_t *list = json_array();

	for (uint32_t reason = 0; list && reason < MEDIUM_REASON_COUNT; reason++)
		if (all >> reason & 1)
			json_array_append_new(list, json_string(medium_reason_name(reason)));
	return list;
}

json_t *medium_json_event(const struct msg_record_medium *record)
{
	static const char *const actions[MEDIA_EVENT_COUNT] = {
		[MEDIA_EVENT_ADMITTED] = "admitted", [MEDIA_EVENT_REFUSED] = "refused",
		[MEDIA_EVENT_RELEASED] = "released", [MEDIA_EVENT_PULLED] = "pulled",
		[MEDIA_EVENT_FAILED] = "failed",
	};
	const struct medium_facts *facts = &record->facts;
	char id[16];

	snprintf(id, sizeof(id), "%04x:%04x", facts->vendor, facts->product);
	return json_pack("{s:s, s:I, s:s, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:I}", "type", "media",
			 "occurred_us", number(record->record.occurred_us), "action",
			 record->event < MEDIA_EVENT_COUNT ? actions[record->event] : "unknown",
			 "error", usb_json_error(record->error), "medium",
			 medium_json(&record->medium), "verdict",
			 usb_json_verdict(&record->verdict.verdict), "reasons",
			 reasons_json(record->reasons), "counter",
			 hex_json(record->counter, sizeof(record->counter)), "usb_id", id, "serial",
			 TEXT(facts->serial), "sectors", number(facts->sectors));
}
