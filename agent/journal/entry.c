// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/journal/entry.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "agent/journal/entry_json.h"
#include "agent/lib/net_json.h"
#include "agent/lib/json_text.h"
#include "agent/lib/medium_json.h"
#include "agent/lib/printable.h"
#include "agent/lib/usb_json.h"

/* The last second that RFC 3339 can write. */
#define TIME_MAX 253402300799

bool entry_may_use_reserve(uint32_t kind)
{
	static const bool reserve[RECORD_KIND_COUNT] = {
		[RECORD_KIND_VIOLATION] = true,
		[RECORD_KIND_POLICY] = true,
		[RECORD_KIND_BOOT] = true,
		[RECORD_KIND_CLEAN_STOP] = true,
		[RECORD_KIND_ALARM] = true,
		[RECORD_KIND_HEARTBEAT] = true,
		/* These lead to room. */
		[RECORD_KIND_RECEIPT_ANCHOR] = true,
		[RECORD_KIND_PRUNE] = true,
	};

	return kind < RECORD_KIND_COUNT && reserve[kind];
}

const char *entry_policy_event_name(uint32_t event)
{
	static const char *const names[POLICY_EVENT_COUNT] = {
		[POLICY_EVENT_ACTIVATED] = "activated", [POLICY_EVENT_LOADED] = "loaded",
		[POLICY_EVENT_REFUSED] = "refused",	[POLICY_EVENT_MISSING] = "missing",
		[POLICY_EVENT_EXPIRED] = "expired",
	};

	return event < POLICY_EVENT_COUNT ? names[event] : "unknown";
}

json_t *entry_text(const char *text, size_t size)
{
	char raw[MSG_TEXT_SIZE + 1], clean[4 * MSG_TEXT_SIZE + 1];
	size_t length = strnlen(text, size < MSG_TEXT_SIZE ? size : MSG_TEXT_SIZE);

	memcpy(raw, text, length);
	raw[length] = 0;
	return json_string(printable_utf8(clean, sizeof(clean), raw));
}

json_t *entry_hex(const uint8_t *bytes, size_t size)
{
	char hex[2 * MSG_DIGEST_SIZE + 1];

	if (size > MSG_DIGEST_SIZE || sodium_is_zero(bytes, size))
		return json_null();
	return json_string(sodium_bin2hex(hex, sizeof(hex), bytes, size));
}

#define TEXT(array) entry_text(array, sizeof(array))

static bool is_zero(const uint8_t digest[static MSG_DIGEST_SIZE])
{
	return sodium_is_zero(digest, MSG_DIGEST_SIZE) == 1;
}

/* JSON readers keep 63 bits; a larger number can only come from a core that has gone mad. */
json_int_t entry_number(uint64_t value)
{
	return value > INT64_MAX ? INT64_MAX : (json_int_t)value;
}

static json_t *link_event(const void *body)
{
	const struct msg_record_link *link = body;

	return json_pack("{s:s, s:I, s:o}", "type", "link", "occurred_us",
			 entry_number(link->record.occurred_us), "outcome",
			 net_json_outcome(&link->outcome));
}

/* The violation's own members stand beside type and time: there is nothing else to say. */
static json_t *net_event(const void *body)
{
	const struct msg_record_net *net = body;
	json_t *event = json_pack("{s:s, s:I}", "type", "network", "occurred_us",
				  entry_number(net->record.occurred_us));
	json_t *violation = net_json_violation(&net->violation);

	if (!event || !violation || json_object_update(event, violation) < 0) {
		json_decref(event);
		event = NULL;
	}
	json_decref(violation);
	return event;
}

static json_t *medium_event(const void *body)
{
	return medium_json_event(body);
}

static json_t *policy_event(const void *body)
{
	const struct msg_record_policy *policy = body;

	return json_pack(
		"{s:s, s:I, s:s, s:o, s:I, s:o, s:o, s:o, s:o}", "type", "policy", "occurred_us",
		entry_number(policy->record.occurred_us), "action",
		entry_policy_event_name(policy->event), "error", usb_json_error(policy->error),
		"serial", entry_number(policy->candidate_serial), "digest",
		entry_hex(policy->candidate_digest, sizeof(policy->candidate_digest)), "id",
		TEXT(policy->id), "signers", TEXT(policy->signers), "reason", TEXT(policy->reason));
}

static json_t *note_event(const void *body)
{
	const struct msg_record_note *note = body;

	return json_pack("{s:s, s:I, s:o, s:o, s:I, s:o}", "type", "note", "occurred_us",
			 entry_number(note->record.occurred_us), "name", TEXT(note->event),
			 "subject", TEXT(note->subject), "count", entry_number(note->count), "text",
			 TEXT(note->text));
}

static json_t *bearing_event(const void *body)
{
	const struct msg_bearing *bearing = body;
	json_t *tables = json_object();

	for (uint32_t i = 0; tables && i < bearing->table_count; i++)
		json_object_set_new(tables, bearing->tables[i].name,
				    json_integer(entry_number(bearing->tables[i].number)));
	return json_pack("{s:s, s:I, s:s, s:I, s:o, s:I, s:I}", "type", "heartbeat", "occurred_us",
			 entry_number(bearing->record.occurred_us), "name", "heartbeat", "list",
			 entry_number(bearing->list), "tables", tables, "time_floor",
			 (json_int_t)bearing->time_floor, "powered_s",
			 entry_number(bearing->powered_s));
}

static const struct {
	enum msg_type type;
	json_t *(*event)(const void *body);
} events[] = {
	{ MSG_RECORD_POLICY, policy_event },	 { MSG_RECORD_NOTE, note_event },
	{ MSG_RECORD_LINK, link_event },	 { MSG_RECORD_NET, net_event },
	{ MSG_BEARING, bearing_event },		 { MSG_RECORD_MEDIUM, medium_event },
	{ MSG_RECORD_TRANSFER, entry_transfer },
};

static json_t *(*maker(enum msg_type type))(const void *body)
{
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		if (events[i].type == type)
			return events[i].event;
	return NULL;
}

bool entry_is_record(enum msg_type type)
{
	return type == MSG_RECORD_USB || maker(type);
}

/* A line being written; what did not fit any more shows as length > size. */
struct output {
	char *text;
	size_t size;
	size_t length;
};

static void put(struct output *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(struct output *out, const char *format, ...)
{
	size_t left = out->length < out->size ? out->size - out->length : 0;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(left ? out->text + out->length : NULL, left, format, args);
	va_end(args);
	out->length += n > 0 ? (size_t)n : 0;
}

static void put_json(struct output *out, const json_t *json)
{
	size_t left = out->length < out->size ? out->size - out->length : 0;

	/* ASCII without control characters: the file can be printed as it is. */
	out->length += json_dumpb(json, left ? out->text + out->length : NULL, left,
				  JSON_COMPACT | JSON_ENSURE_ASCII);
}

static void put_time(struct output *out, const struct timespec *time)
{
	time_t seconds = time->tv_sec < 0 ? 0 : time->tv_sec > TIME_MAX ? TIME_MAX : time->tv_sec;
	struct tm utc;

	gmtime_r(&seconds, &utc);
	put(out, "%04d-%02d-%02dT%02d:%02d:%02d.%06ldZ", utc.tm_year + 1900, utc.tm_mon + 1,
	    utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, time->tv_nsec / 1000);
}

static void put_head(struct output *out, const struct entry_stamp *stamp,
		     const struct record *record)
{
	char hex[2 * MSG_DIGEST_SIZE + 1];
	const char *grade = journal_grade_name(record->grade);

	put(out, "{\"v\":1,\"seq\":%" PRIu64 ",\"time\":\"", stamp->seq);
	put_time(out, &stamp->time);
	put(out, "\",\"boottime_us\":%" PRIu64 ",\"boot_id\":\"%s\",\"epoch\":%" PRIu64,
	    stamp->boottime_us, stamp->boot_id, stamp->epoch);
	if (stamp->next_by_s && record->kind != RECORD_KIND_CLEAN_STOP)
		put(out, ",\"next_by_s\":%" PRIu32, stamp->next_by_s);
	else
		put(out, ",\"next_by_s\":null");
	put(out, ",\"lost\":%" PRIu64, stamp->lost);
	if (record->policy_serial == 0 && is_zero(record->policy_digest)) {
		put(out, ",\"policy\":null");
	} else {
		sodium_bin2hex(hex, sizeof(hex), record->policy_digest, MSG_DIGEST_SIZE);
		put(out, ",\"policy\":{\"serial\":%" PRIu64 ",\"digest\":\"%s\"}",
		    (uint64_t)entry_number(record->policy_serial), hex);
	}
	put(out, ",\"kind\":\"%s\"", journal_kind_name(record->kind));
	if (grade)
		put(out, ",\"grade\":\"%s\"", grade);
	else
		put(out, ",\"grade\":null");
}

static void put_mac(struct output *out, const uint8_t key[static JOURNAL_KEY_SIZE])
{
	uint8_t mac[JOURNAL_MAC_SIZE];
	char hex[2 * JOURNAL_MAC_SIZE + 1];

	if (out->length >= out->size)
		return;
	journal_mac(mac, key, out->text, out->length);
	sodium_bin2hex(hex, sizeof(hex), mac, sizeof(mac));
	put(out, JOURNAL_MAC_OPEN "%s" JOURNAL_MAC_CLOSE "\n", hex);
}

/* Permits wait for these, so they are written without a detour. */
static void put_usb_event(struct output *out, const struct msg_record_usb *usb)
{
	struct json_text text = { .text = out->text, .size = out->size, .length = out->length };

	json_text_raw(&text, "{\"type\":\"usb\",\"occurred_us\":");
	json_text_number(&text, usb->record.occurred_us);
	json_text_raw(&text, ",\"outcome\":");
	usb_json_put_outcome(&text, &usb->outcome);
	/* Who sat there is not known yet; the member stands so that its place is fixed. */
	json_text_raw(&text, ",\"actor\":null}");
	out->length = text.length;
}

static int put_event(struct output *out, enum msg_type type, const void *body)
{
	json_t *event;

	if (type == MSG_RECORD_USB) {
		put_usb_event(out, body);
		return 0;
	}
	event = maker(type)(body);
	if (!event)
		return -ENOMEM;
	put_json(out, event);
	json_decref(event);
	return 0;
}

/* As the last member of the event's object, which is there already. */
static void put_salt(struct output *out, const char *salt)
{
	if (!salt || out->length >= out->size)
		return;
	out->length--;
	put(out, JOURNAL_SALT_OPEN "%s\"}", salt);
}

int entry_format(char line[static JOURNAL_LINE_MAX], const struct entry_stamp *stamp,
		 enum msg_type type, const void *body, const uint8_t key[static JOURNAL_KEY_SIZE])
{
	struct output out = { .text = line, .size = JOURNAL_LINE_MAX };
	int r;

	if (!entry_is_record(type))
		return -EINVAL;
	/* Every record begins with a struct record. */
	put_head(&out, stamp, body);
	put(&out, ",\"event\":");
	r = put_event(&out, type, body);
	if (r < 0)
		return r;
	put_salt(&out, stamp->salt);
	put(&out, ",");
	put_mac(&out, key);
	/* The last byte of the buffer is vsnprintf's NUL. */
	return out.length >= out.size ? -EMSGSIZE : (int)out.length;
}
