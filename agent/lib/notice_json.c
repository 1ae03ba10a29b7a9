// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/notice_json.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/notice_text.h"
#include "agent/lib/printable.h"

static json_t *clean(const char *bytes)
{
	char text[4 * sizeof(((struct msg_notice *)NULL)->subject) + 1];

	return json_string(printable_utf8(text, sizeof(text), bytes));
}

char *notice_json(const struct msg_notice *notice)
{
	json_t *json = json_pack(
		"{s:i, s:s, s:o, s:o, s:o, s:o, s:I, s:I}", "v", NOTICE_JSON_VERSION, "event",
		notice_event_name(notice->event), "subject", clean(notice->subject), "because",
		clean(notice->because), "rule", clean(notice->rule), "call", clean(notice->call),
		"number", (json_int_t)(notice->number & INT64_MAX), "entry",
		(json_int_t)(notice->entry & INT64_MAX));
	char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;

	json_decref(json);
	if (text && strlen(text) >= NOTICE_JSON_MAX) {
		free(text);
		text = NULL;
	}
	return text;
}

static int copy(char *out, size_t size, const char *text)
{
	size_t length = strlen(text);

	if (length >= size)
		return -EBADMSG;
	memcpy(out, text, length + 1);
	return 0;
}

int notice_json_read(const char *bytes, size_t length, struct msg_notice *notice)
{
	json_t *json = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, NULL);
	const char *event, *subject, *because, *rule, *call;
	json_int_t number, entry;
	int version, r;

	memset(notice, 0, sizeof(*notice));
	if (!json)
		return -EBADMSG;
	r = json_unpack(json, "{s:i, s:s, s:s, s:s, s:s, s:s, s:I, s:I !}", "v", &version, "event",
			&event, "subject", &subject, "because", &because, "rule", &rule, "call",
			&call, "number", &number, "entry", &entry);
	if (r == 0 && (version != NOTICE_JSON_VERSION || number < 0 || entry < 0))
		r = -EBADMSG;
	if (r == 0) {
		notice->event = notice_event_find(event);
		notice->number = (uint64_t)number;
		notice->entry = (uint64_t)entry;
		r = notice->event < NOTICE_COUNT ? 0 : -EBADMSG;
	}
	if (r == 0)
		r = copy(notice->subject, sizeof(notice->subject), subject);
	if (r == 0)
		r = copy(notice->because, sizeof(notice->because), because);
	if (r == 0)
		r = copy(notice->rule, sizeof(notice->rule), rule);
	if (r == 0)
		r = copy(notice->call, sizeof(notice->call), call);
	json_decref(json);
	return r ? -EBADMSG : 0;
}
