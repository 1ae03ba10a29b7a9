// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/extract.h"

#include <errno.h>
#include <jansson.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "agent/lib/digest.h"
#include "agent/lib/msg.h"
#include "agent/lib/printable.h"
#include "agent/office/store/store_event.h"

/* Nesting of events is far less; deeper ones are shown by their kind alone. */
#define DEPTH_MAX 12

/* Digits in the form's places with a 0, the same byte in all others. */
static bool take_digits(const char *text, const char *form, int parts[static 8])
{
	size_t part = 0;

	for (size_t i = 0; form[i]; i++) {
		if (form[i] == '0' && text[i] >= '0' && text[i] <= '9')
			parts[part] = parts[part] * 10 + (text[i] - '0');
		else if (form[i] == '0' || text[i] != form[i] || ++part > 7)
			return false;
	}
	return true;
}

int64_t extract_time_us(const char *text)
{
	static const char form[] = "0000-00-00T00:00:00.000000Z";
	int parts[8] = { 0 };
	struct tm utc = { 0 };

	if (strlen(text) != strlen(form) || !take_digits(text, form, parts))
		return 0;
	utc.tm_year = parts[0] - 1900;
	utc.tm_mon = parts[1] - 1;
	utc.tm_mday = parts[2];
	utc.tm_hour = parts[3];
	utc.tm_min = parts[4];
	utc.tm_sec = parts[5];
	return (int64_t)timegm(&utc) * 1000000 + parts[6];
}

static bool too_deep(const char *bytes, size_t length)
{
	unsigned int depth = 0;
	bool in_string = false;

	for (size_t i = 0; i < length; i++) {
		if (in_string && bytes[i] == '\\')
			i++;
		else if (bytes[i] == '"')
			in_string = !in_string;
		else if (!in_string && (bytes[i] == '{' || bytes[i] == '[') && ++depth > DEPTH_MAX)
			return true;
		else if (!in_string && (bytes[i] == '}' || bytes[i] == ']') && depth > 0)
			depth--;
	}
	return false;
}

struct words {
	char *text;
	size_t used, size;
};

static void say(struct words *words, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct words *words, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(words->text + words->used, words->size - words->used, format, args);
	va_end(args);
	if (n > 0)
		words->used = words->used + (size_t)n < words->size ? words->used + (size_t)n
								    : words->size - 1;
}

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

static void say_usb(struct words *words, const json_t *event)
{
	const json_t *outcome = json_object_get(event, "outcome");
	const json_t *facts = json_object_get(outcome, "facts");
	const json_t *verdict = json_object_get(outcome, "verdict");
	const char *because = text_of(verdict, "because");

	say(words, "USB %s", text_of(facts, "id"));
	if (text_of(facts, "name")[0])
		say(words, " \"%s\"", text_of(facts, "name"));
	if (text_of(facts, "serial")[0])
		say(words, " serial %s", text_of(facts, "serial"));
	say(words, " at %s: %s", text_of(facts, "port"), text_of(verdict, "result"));
	if (text_of(verdict, "rule")[0])
		say(words, " by rule %s", text_of(verdict, "rule"));
	if (because[0])
		say(words, " (%s)", because);
}

static void say_policy(struct words *words, const json_t *event)
{
	say(words, "policy %s %s", text_of(event, "id"), text_of(event, "action"));
	if (text_of(event, "reason")[0])
		say(words, ": %s", text_of(event, "reason"));
}

static void say_note(struct words *words, const json_t *event)
{
	say(words, "%s", text_of(event, "name"));
	if (text_of(event, "text")[0])
		say(words, ": %s", text_of(event, "text"));
}

static void say_transfer(struct words *words, const json_t *event)
{
	say(words, "%s %s: batch %s, level %s, unit %s, user %s",
	    strcmp(text_of(event, "direction"), "out") == 0 ? "export" : "import",
	    text_of(event, "action"), text_of(event, "batch"), text_of(event, "level"),
	    text_of(event, "unit"), text_of(event, "login"));
	if (text_of(event, "text")[0])
		say(words, ": %s", text_of(event, "text"));
}

static void say_medium(struct words *words, const json_t *event)
{
	const json_t *medium = json_object_get(event, "medium");
	const char *id = text_of(medium, "id");

	say(words, "medium %s %s", id[0] ? id : "none of ours", text_of(event, "action"));
	if (text_of(medium, "text")[0])
		say(words, ": %s", text_of(medium, "text"));
}

static void say_held(struct words *words, const json_t *event)
{
	say(words, "held at the terminal: %s %s", text_of(event, "of"), text_of(event, "what"));
}

/* Kinds that this version does not know: their members as they are. */
static void say_any(struct words *words, const json_t *event)
{
	words->used += json_dumpb(event, words->text + words->used, words->size - words->used - 1,
				  JSON_COMPACT | JSON_ENSURE_ASCII);
	if (words->used >= words->size)
		words->used = words->size - 1;
	words->text[words->used] = 0;
}

static void say_event(struct words *words, const struct journal_head *head)
{
	static const struct {
		const char *type;
		void (*say)(struct words *words, const json_t *event);
	} sayers[] = {
		{ "usb", say_usb },	      { "policy", say_policy }, { "note", say_note },
		{ "transfer", say_transfer }, { "media", say_medium },	{ "held", say_held }
	};
	void (*sayer)(struct words *, const json_t *) = say_any;
	json_t *event = NULL;

	if (!too_deep(head->event, head->event_length))
		event = json_loadb(head->event, head->event_length, 0, NULL);
	for (size_t i = 0; i < sizeof(sayers) / sizeof(sayers[0]); i++)
		if (strcmp(text_of(event, "type"), sayers[i].type) == 0)
			sayer = sayers[i].say;
	if (event)
		sayer(words, event);
	json_decref(event);
}

/* Which kinds become rows, and of these, which ask something of people. */
static bool is_shown(uint32_t kind)
{
	return kind != RECORD_KIND_HEARTBEAT && kind != RECORD_KIND_DEVICE;
}

static bool asks(uint32_t kind, uint32_t grade)
{
	/* That transfers and media are refused may be grave; that they happen is not. */
	if (kind == RECORD_KIND_TRANSFER || kind == RECORD_KIND_MEDIA)
		return grade > 0;
	return kind == RECORD_KIND_VIOLATION || kind == RECORD_KIND_ALARM ||
	       kind == RECORD_KIND_LOSS;
}

static void fill(const struct incident_rules *rules, uint64_t seq, int64_t received_us,
		 struct extract *x)
{
	char raw[EXTRACT_FACTS_SIZE] = "", hex[2 * JOURNAL_LEAF_SIZE + 1];
	struct words words = { .text = raw, .size = sizeof(raw) };

	say_event(&words, &x->head);
	if (x->held)
		say(&words, "; digest %s",
		    sodium_bin2hex(hex, sizeof(hex), x->head.mac, sizeof(x->head.mac)));
	printable_copy(x->facts, sizeof(x->facts), raw);
	x->event.due_us = INT64_MAX;
	x->event.tell_us = INT64_MAX;
	x->event.kind = journal_kind_name(x->head.kind);
	x->event.facts = x->facts;
	x->event.seq = (int64_t)seq;
	x->event.source = STORE_SOURCE_TERMINAL;
	x->event.received_us = received_us;
	x->event.occurred_us = extract_time_us(x->head.time);
	x->event.proposed = x->head.grade < INCIDENT_GRADES ? x->head.grade : 0;
	x->event.grade = x->event.proposed;
	if (!asks(x->head.kind, x->event.proposed))
		return;
	x->event.grade = incident_grade(rules, x->event.kind, x->event.proposed);
	incident_begin(rules, &x->event);
}

int extract_entry(const struct incident_rules *rules, const char *line, size_t length, uint64_t seq,
		  int64_t received_us, struct extract *x)
{
	struct digest digest;

	x->shown = false;
	x->event = (struct store_event){ 0 };
	x->facts[0] = 0;
	x->held = digest_parse(line, length, &digest) == 0;
	if (x->held)
		x->head = digest.head;
	else if (journal_head_parse(line, length, &x->head) < 0)
		return -EBADMSG;
	if (x->head.seq != seq)
		return -EBADMSG;
	x->shown = is_shown(x->head.kind);
	if (x->shown)
		fill(rules, seq, received_us, x);
	return 0;
}
