// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/journal_file.h"
#include "agent/lib/msg.h"

static const char *const kind_names[RECORD_KIND_COUNT] = {
	[RECORD_KIND_VIOLATION] = "violation",	 [RECORD_KIND_PERMIT] = "permit",
	[RECORD_KIND_POLICY] = "policy",	 [RECORD_KIND_BOOT] = "boot",
	[RECORD_KIND_CLEAN_STOP] = "clean-stop", [RECORD_KIND_LOSS] = "loss",
	[RECORD_KIND_HEARTBEAT] = "heartbeat",	 [RECORD_KIND_DEVICE] = "device",
	[RECORD_KIND_ALARM] = "alarm",		 [RECORD_KIND_RECEIPT_ANCHOR] = "receipt-anchor",
	[RECORD_KIND_PRUNE] = "prune",		 [RECORD_KIND_KEY_ROTATION] = "key-rotation",
	[RECORD_KIND_TRANSFER] = "transfer",	 [RECORD_KIND_MEDIA] = "media",
	[RECORD_KIND_INSPECTION] = "inspection",
};

static const char *const grade_names[RECORD_GRADE_COUNT] = {
	[RECORD_GRADE_V1] = "V1",
	[RECORD_GRADE_V2] = "V2",
	[RECORD_GRADE_V3] = "V3",
	[RECORD_GRADE_V4] = "V4",
};

const char *journal_kind_name(uint32_t kind)
{
	return kind < RECORD_KIND_COUNT ? kind_names[kind] : "unknown";
}

const char *journal_grade_name(uint32_t grade)
{
	return grade < RECORD_GRADE_COUNT ? grade_names[grade] : NULL;
}

/* What is left of the line. Once something did not fit, at is NULL and nothing fits any more. */
struct cursor {
	const char *at;
	const char *end;
};

static bool peek(const struct cursor *cursor, const char *text)
{
	size_t length = strlen(text);

	return cursor->at && (size_t)(cursor->end - cursor->at) >= length &&
	       memcmp(cursor->at, text, length) == 0;
}

static bool take(struct cursor *cursor, const char *text)
{
	cursor->at = peek(cursor, text) ? cursor->at + strlen(text) : NULL;
	return cursor->at != NULL;
}

/* A number as we write it: no sign, no leading zero, at most 64 bits. */
static uint64_t take_number(struct cursor *cursor, const char *name)
{
	const char *start;
	uint64_t number = 0;

	if (!take(cursor, name))
		return 0;
	start = cursor->at;
	while (cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9') {
		if (__builtin_mul_overflow(number, 10u, &number) ||
		    __builtin_add_overflow(number, (uint64_t)(*cursor->at - '0'), &number)) {
			cursor->at = NULL;
			return 0;
		}
		cursor->at++;
	}
	if (cursor->at == start || (*start == '0' && cursor->at - start > 1))
		cursor->at = NULL;
	return number;
}

/* A string of known length and alphabet; @text gets it with a NUL. */
static void take_text(struct cursor *cursor, const char *name, char *text, size_t length,
		      const char *alphabet)
{
	text[0] = 0;
	if (!take(cursor, name))
		return;
	if ((size_t)(cursor->end - cursor->at) < length) {
		cursor->at = NULL;
		return;
	}
	memcpy(text, cursor->at, length);
	text[length] = 0;
	cursor->at = strspn(text, alphabet) == length ? cursor->at + length : NULL;
}

static uint8_t digit(char c)
{
	return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

static void take_hex(struct cursor *cursor, const char *name, uint8_t bytes[static 32])
{
	char text[65];

	take_text(cursor, name, text, 64, "0123456789abcdef");
	for (size_t i = 0; cursor->at && i < 32; i++)
		bytes[i] = (uint8_t)(digit(text[2 * i]) << 4 | digit(text[2 * i + 1]));
}

/* A promise of nothing is spelled null. */
static uint64_t take_promise(struct cursor *cursor)
{
	uint64_t seconds = 0;

	if (peek(cursor, ",\"next_by_s\":null")) {
		take(cursor, ",\"next_by_s\":null");
		return 0;
	}
	seconds = take_number(cursor, ",\"next_by_s\":");
	if (seconds == 0)
		cursor->at = NULL;
	return seconds;
}

static void take_policy(struct cursor *cursor, struct journal_head *head)
{
	head->has_policy = peek(cursor, ",\"policy\":{");
	if (!head->has_policy) {
		take(cursor, ",\"policy\":null");
		return;
	}
	head->policy_serial = take_number(cursor, ",\"policy\":{\"serial\":");
	take_hex(cursor, ",\"digest\":\"", head->policy_digest);
	take(cursor, "\"}");
}

/* One of @names, quoted; @none: null stands for the first place of the table. */
static uint32_t take_name(struct cursor *cursor, const char *member, const char *const *names,
			  uint32_t count, bool none)
{
	take(cursor, member);
	if (none && peek(cursor, "null")) {
		take(cursor, "null");
		return 0;
	}
	take(cursor, "\"");
	for (uint32_t i = 0; i < count; i++) {
		struct cursor after = *cursor;

		if (names[i] && take(&after, names[i]) && take(&after, "\"")) {
			*cursor = after;
			return i;
		}
	}
	cursor->at = NULL;
	return 0;
}

/* @open: the last member's opening, before its 64 digits */
static int parse(const char *line, size_t length, const char *open, struct journal_head *head)
{
	const size_t close = strlen(open) + 64 + strlen(JOURNAL_MAC_CLOSE);
	struct cursor cursor = { line, line + length }, tail;

	*head = (struct journal_head){ 0 };
	head->seq = take_number(&cursor, "{\"v\":1,\"seq\":");
	take_text(&cursor, ",\"time\":\"", head->time, 27, "0123456789-:.TZ");
	head->boottime_us = take_number(&cursor, "\",\"boottime_us\":");
	take_text(&cursor, ",\"boot_id\":\"", head->boot_id, 36, "0123456789abcdef-");
	head->epoch = take_number(&cursor, "\",\"epoch\":");
	head->next_by_s = take_promise(&cursor);
	head->lost = take_number(&cursor, ",\"lost\":");
	take_policy(&cursor, head);
	head->kind = take_name(&cursor, ",\"kind\":", kind_names, RECORD_KIND_COUNT, false);
	head->grade = take_name(&cursor, ",\"grade\":", grade_names, RECORD_GRADE_COUNT, true);
	if (!take(&cursor, ",\"event\":") || (size_t)(cursor.end - cursor.at) < 3 + close)
		return -EBADMSG;

	head->event = cursor.at;
	tail = (struct cursor){ cursor.end - close, cursor.end };
	head->signed_length = length - close;
	head->event_length = (size_t)(tail.at - 1 - head->event);
	take_hex(&tail, open, head->mac);
	take(&tail, JOURNAL_MAC_CLOSE);
	if (!tail.at || head->event[0] != '{' || head->event[head->event_length - 1] != '}' ||
	    head->event[head->event_length] != ',')
		return -EBADMSG;
	return 0;
}

int journal_head_parse(const char *line, size_t length, struct journal_head *head)
{
	return parse(line, length, JOURNAL_MAC_OPEN, head);
}

int journal_head_parse_held(const char *line, size_t length, struct journal_head *head)
{
	return parse(line, length, JOURNAL_LEAF_OPEN, head);
}
