// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/intake.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/msg.h"
#include "agent/office/contact.h"
#include "agent/office/evidence.h"
#include "agent/office/exchange.h"
#include "agent/office/store/store_terminal.h"
#include "agent/office/store/store_event.h"
#include "agent/office/store/store_document.h"

/* Tables that one heartbeat may name: far more than any terminal has. */
#define TABLES_MOST 64
/* So many of the office's own intervals may a terminal promise. */
#define PROMISE_MOST 4
/* Seconds; less only where the rules themselves ask for less. */
#define PROMISE_LEAST 60
/* A clock may be set; this much is worth an officer's look. */
#define CLOCK_BACK_US ((int64_t)600 * 1000000)

void intake_begin(struct intake *intake, const struct ingest *ingest,
		  struct store_terminal *terminal)
{
	*intake = (struct intake){ .ingest = ingest,
				   .terminal = terminal,
				   .rules = incident_book_for(ingest->book, terminal),
				   .lost_before = terminal->lost };
}

static int note(const struct intake *intake, const char *kind, bool recorded, const char *format,
		...) __attribute__((format(printf, 4, 5)));

static int note(const struct intake *intake, const char *kind, bool recorded, const char *format,
		...)
{
	char facts[256];
	struct evidence evidence = { .terminal = intake->terminal->id,
				     .kind = kind,
				     .facts = facts,
				     .now_us = intake->ingest->now_us,
				     .recorded = recorded };
	va_list args;

	va_start(args, format);
	vsnprintf(facts, sizeof(facts), format, args);
	va_end(args);
	return evidence_event(intake->ingest->store, intake->rules, &evidence, NULL);
}

/* The serial in force only goes up; a terminal that goes back was set back. */
static int take_policy(struct intake *intake, uint64_t seq)
{
	const struct journal_head *head = &intake->extract.head;
	uint64_t before = intake->terminal->policy;
	int r = 0;

	if (!head->has_policy || head->policy_serial == before || head->policy_serial > INT64_MAX)
		return 0;
	if (head->policy_serial < before)
		r = note(intake, "old-policy", false,
			 "policy %" PRIu64 " is in force since entry %" PRIu64 ", and %" PRIu64
			 " was before: an old policy came back",
			 head->policy_serial, seq, before);
	intake->terminal->policy = head->policy_serial;
	if (r == 0)
		r = store_delivery_active(intake->ingest->store, intake->terminal->id,
					  STORE_DOCUMENT_POLICY, "", head->policy_serial,
					  intake->ingest->now_us);
	return r;
}

/*
 * What a terminal told last, and never goes back: kept as the setting "bearing/ID". A number that is lower
 * than before means that the disk was set back, or that another machine speaks with this key.
 */
struct bearing {
	json_t *before, *now;
	uint64_t seq;
};

static int compare(const struct intake *intake, const struct bearing *bearing, const char *kind,
		   const char *what, const json_t *before, const json_t *now)
{
	if (!json_is_integer(before) || !json_is_integer(now) ||
	    json_integer_value(now) >= json_integer_value(before))
		return 0;
	return note(intake, kind, false,
		    "%s went back from %" JSON_INTEGER_FORMAT " to %" JSON_INTEGER_FORMAT
		    " at entry %" PRIu64 ": this disk was set back, or it is another one",
		    what, json_integer_value(before), json_integer_value(now), bearing->seq);
}

static int compare_tables(const struct intake *intake, const struct bearing *bearing)
{
	const json_t *before = json_object_get(bearing->before, "tables");
	json_t *tables = json_object_get(bearing->now, "tables"), *value;
	const char *name;
	char what[96];
	int r = 0;

	json_object_foreach(tables, name, value)
	{
		snprintf(what, sizeof(what), "table %.64s", name);
		if (r == 0)
			r = compare(intake, bearing, "old-policy", what,
				    json_object_get(before, name), value);
	}
	return r;
}

static int take_bearing(const struct intake *intake, uint64_t seq, json_t *event)
{
	static const struct {
		const char *name, *kind, *what;
	} members[] = {
		{ "list", "old-policy", "the number of the signers' list" },
		{ "time_floor", "rollback", "the time that was certainly reached" },
		{ "powered_s", "rollback", "the powered-on time" },
	};
	char setting[48], *text = NULL;
	struct bearing bearing = { .now = event, .seq = seq };
	int r;

	snprintf(setting, sizeof(setting), "bearing/%" PRId64, intake->terminal->id);
	r = store_setting_get(intake->ingest->store, setting, &text);
	if (r < 0 && r != -ENOENT)
		return r;
	r = 0;
	bearing.before = text ? json_loads(text, 0, NULL) : NULL;
	free(text);
	for (size_t i = 0; r == 0 && i < sizeof(members) / sizeof(members[0]); i++)
		r = compare(intake, &bearing, members[i].kind, members[i].what,
			    json_object_get(bearing.before, members[i].name),
			    json_object_get(event, members[i].name));
	if (r == 0)
		r = compare_tables(intake, &bearing);
	json_decref(bearing.before);
	text = r == 0 ? json_dumps(event, JSON_COMPACT) : NULL;
	if (r == 0)
		r = text ? store_setting_put(intake->ingest->store, setting, text) : -ENOMEM;
	free(text);
	return r;
}

static int take_number(const struct intake *intake, uint32_t kind, const char *name,
		       const json_t *value)
{
	if (!json_is_integer(value) || json_integer_value(value) <= 0)
		return 0;
	return store_delivery_active(intake->ingest->store, intake->terminal->id, kind, name,
				     (uint64_t)json_integer_value(value), intake->ingest->now_us);
}

/* A heartbeat tells which list and tables are in force: {"list":3,"tables":{"media":118}}. */
static int take_heartbeat(const struct intake *intake, uint64_t seq)
{
	const struct journal_head *head = &intake->extract.head;
	json_t *event = json_loadb(head->event, head->event_length, 0, NULL), *value;
	const char *name;
	unsigned int count = 0;
	int r = 0;

	if (!event)
		return 0;
	r = take_number(intake, STORE_DOCUMENT_LIST, "", json_object_get(event, "list"));
	json_object_foreach(json_object_get(event, "tables"), name, value)
	{
		if (r == 0 && strlen(name) < 64 && count++ < TABLES_MOST)
			r = take_number(intake, STORE_DOCUMENT_TABLE, name, value);
	}
	if (r == 0 && json_is_integer(json_object_get(event, "list")))
		r = take_bearing(intake, seq, event);
	json_decref(event);
	return r;
}

static int take_clock(struct intake *intake, uint64_t seq)
{
	int64_t now_us = extract_time_us(intake->extract.head.time);
	int64_t before_us = intake->time_us;

	intake->time_us = now_us;
	if (before_us == 0 || now_us >= before_us - CLOCK_BACK_US || intake->clock_told)
		return 0;
	/* Once a delivery: a clock that goes back and forth fills no page. */
	intake->clock_told = true;
	return note(intake, "clock-back", false,
		    "the terminal's clock went back by %" PRId64 " minutes at entry %" PRIu64,
		    (before_us - now_us) / 60000000, seq);
}

/* Whoever promises little is still expected: patience has an end that terminals do not choose. */
static void take_promise(struct intake *intake)
{
	uint64_t most = (uint64_t)PROMISE_MOST * intake->rules->heartbeat_s;
	uint64_t least = PROMISE_LEAST < intake->rules->heartbeat_s ? PROMISE_LEAST
								    : intake->rules->heartbeat_s;
	uint64_t promise = intake->extract.head.next_by_s;

	/* Nor do they fill the page by promising what nobody keeps. */
	if (promise < least)
		promise = least;
	intake->terminal->heartbeat_s = (uint32_t)(promise < most ? promise : most);
}

static int take_event(struct intake *intake)
{
	struct store_event *event = &intake->extract.event;

	if (!intake->extract.shown)
		return 0;
	event->terminal = intake->terminal->id;
	return store_event_add(intake->ingest->store, event);
}

static struct exchange exchange_of(const struct intake *intake)
{
	return (struct exchange){ .store = intake->ingest->store,
				  .rules = intake->rules,
				  .terminal = intake->terminal,
				  .now_us = intake->ingest->now_us };
}

/* Transfers and media have tables of their own. */
static int take_exchange(const struct intake *intake, uint64_t seq)
{
	const struct journal_head *head = &intake->extract.head;
	struct exchange exchange = exchange_of(intake);
	int64_t time_us = extract_time_us(head->time);
	json_t *event;
	int r;

	if (head->kind != RECORD_KIND_TRANSFER && head->kind != RECORD_KIND_MEDIA)
		return 0;
	event = json_loadb(head->event, head->event_length, JSON_REJECT_DUPLICATES, NULL);
	if (!event)
		return 0;
	r = head->kind == RECORD_KIND_TRANSFER ? exchange_transfer(&exchange, seq, time_us, event)
					       : exchange_medium(&exchange, seq, time_us, event);
	json_decref(event);
	return r;
}

/* That a card took effect is an entry of its own: {"action":"activated","serial":3,"id":"card UNIT"}. */
static int take_card(const struct intake *intake)
{
	const struct journal_head *head = &intake->extract.head;
	json_t *event = json_loadb(head->event, head->event_length, 0, NULL);
	const char *id = json_string_value(json_object_get(event, "id"));
	const char *action = json_string_value(json_object_get(event, "action"));
	int r = 0;

	if (id && action && strncmp(id, "card ", 5) == 0 && strcmp(action, "activated") == 0 &&
	    strlen(id) - 5 < STORE_TEXT_SIZE)
		r = take_number(intake, STORE_DOCUMENT_CARD, id + 5,
				json_object_get(event, "serial"));
	json_decref(event);
	return r;
}

int intake_entry(struct intake *intake, uint64_t seq, const char *line, size_t length)
{
	const struct journal_head *head = &intake->extract.head;
	int r = extract_entry(intake->rules, line, length, seq, intake->ingest->now_us,
			      &intake->extract);

	if (r == -EBADMSG) {
		intake->unreadable++;
		return 0;
	}
	intake->any = true;
	intake->kind = head->kind;
	intake->terminal->lost = head->lost > INT64_MAX ? INT64_MAX : head->lost;
	if (head->next_by_s)
		take_promise(intake);
	memcpy(intake->terminal->boot_id, head->boot_id, sizeof(intake->terminal->boot_id));
	r = take_event(intake);
	if (r == 0)
		r = take_policy(intake, seq);
	if (r == 0)
		r = take_clock(intake, seq);
	if (r == 0 && head->kind == RECORD_KIND_HEARTBEAT)
		r = take_heartbeat(intake, seq);
	if (r == 0 && head->kind == RECORD_KIND_POLICY)
		r = take_card(intake);
	if (r == 0)
		r = take_exchange(intake, seq);
	if (r == 0)
		intake->next = seq + 1;
	return r;
}

/* The event of a terminal that was missed and is back. */
static int returned(const struct intake *intake)
{
	const struct store_terminal *t = intake->terminal;
	int64_t minutes = (intake->ingest->now_us - t->seen_us) / 60000000;

	if (t->contact < STORE_CONTACT_LATE || t->contact > STORE_CONTACT_ESCALATED)
		return 0;
	if (t->lost > intake->lost_before)
		return note(intake, "returned", false,
			    "heard again after %" PRId64 " minutes, with a gap: %" PRIu64
			    " entries are lost",
			    minutes, t->lost - intake->lost_before);
	return note(intake, "returned", true,
		    "heard again after %" PRId64 " minutes; no entry is missing", minutes);
}

int intake_end(struct intake *intake)
{
	struct store_terminal *t = intake->terminal;
	struct exchange exchange = exchange_of(intake);
	int r = intake->any ? exchange_reached(&exchange, intake->next) : 0;

	if (r == 0 && intake->unreadable)
		r = note(intake, "alarm", false,
			 "%" PRIu64
			 " entries are in no form that the office reads: kept as they are",
			 intake->unreadable);
	if (r == 0)
		r = returned(intake);
	contact_heard(t, intake->any && intake->kind == RECORD_KIND_CLEAN_STOP,
		      intake->ingest->now_us);
	if (t->standalone && intake->any)
		t->return_us = intake->ingest->now_us + (int64_t)intake->rules->bundle_s * 1000000;
	return r < 0 ? r : store_terminal_update(intake->ingest->store, t);
}
