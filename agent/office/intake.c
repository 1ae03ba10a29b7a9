// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/intake.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "agent/lib/msg.h"
#include "agent/office/contact.h"
#include "agent/office/evidence.h"

/* Tables that one heartbeat may name: far more than any terminal has. */
#define TABLES_MOST 64
/* So many of the office's own intervals may a terminal promise. */
#define PROMISE_MOST 4
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

static int take_number(const struct intake *intake, uint32_t kind, const char *name,
		       const json_t *value)
{
	if (!json_is_integer(value) || json_integer_value(value) <= 0)
		return 0;
	return store_delivery_active(intake->ingest->store, intake->terminal->id, kind, name,
				     (uint64_t)json_integer_value(value), intake->ingest->now_us);
}

/* A heartbeat tells which list and tables are in force: {"list":3,"tables":{"media":118}}. */
static int take_heartbeat(const struct intake *intake)
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
	json_decref(event);
	return r;
}

static int take_clock(struct intake *intake, uint64_t seq)
{
	int64_t now_us = extract_time_us(intake->extract.head.time);
	int64_t before_us = intake->time_us;

	intake->time_us = now_us;
	if (before_us == 0 || now_us >= before_us - CLOCK_BACK_US)
		return 0;
	return note(intake, "clock-back", false,
		    "the terminal's clock went back by %" PRId64 " minutes at entry %" PRIu64,
		    (before_us - now_us) / 60000000, seq);
}

/* Whoever promises little is still expected: patience has an end that terminals do not choose. */
static void take_promise(struct intake *intake)
{
	uint64_t most = (uint64_t)PROMISE_MOST * intake->rules->heartbeat_s;
	uint64_t promise = intake->extract.head.next_by_s;

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
		r = take_heartbeat(intake);
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
	int r = 0;

	if (intake->unreadable)
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
