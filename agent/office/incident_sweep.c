// SPDX-License-Identifier: GPL-2.0-or-later
/* Telling people of deadlines that have gone far enough, once each. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/office/incident_book.h"
#include "agent/office/own_log.h"
#include "agent/office/store/store_event.h"
#include "agent/office/store/store_people.h"

/* Events of one sweep; the rest is for the next, a quarter of a minute later. */
#define SWEEP_MAX     500
#define WORDS_SIZE    320
#define LATENESS_SIZE 1200

/* One thing to say, and the events of which it is said: one entry of the office's own log. */
struct saying {
	enum incident_due due;
	char words[WORDS_SIZE];
	int64_t events[SWEEP_MAX];
	size_t count;
};

struct sweep {
	struct store *store;
	const struct incident_book *book;
	int64_t now_us;
	struct saying *sayings;
	size_t saying_count;
	struct row {
		struct store_event event;
		char lateness[LATENESS_SIZE];
		bool rises;
	} * rows;
	size_t count;
};

static const char *const verbs[] = {
	[INCIDENT_HALF] = "tell-direct",
	[INCIDENT_PRESSING] = "tell-lead",
	[INCIDENT_OVERDUE] = "late",
};

static const char *const whats[INCIDENT_STAGE_COUNT] = {
	[INCIDENT_INNER] = "taking it in hand",
	[INCIDENT_OUTER] = "the report to the administration",
	[INCIDENT_RESULT] = "the result",
	[INCIDENT_CYBER] = "the report of the cyber incident",
	[INCIDENT_CYBER_CLOSING] = "the closing report of the cyber incident",
};

/* Who had it when the time ran out. */
static void whose(struct sweep *sweep, const struct store_event *event, char *name, size_t size)
{
	struct store_officer officer;

	if (event->state == STORE_EVENT_TO_REVIEW)
		snprintf(name, size, "the office's: it waits for a second person");
	else if (event->assigned &&
		 store_officer_by_id(sweep->store, event->assigned, &officer) == 0)
		snprintf(name, size, "%s's, who has it", officer.name);
	else
		snprintf(name, size, "the office's: nobody took it");
}

static void word_it(struct sweep *sweep, const struct incident_rules *rules,
		    const struct store_event *event, enum incident_stage stage,
		    enum incident_due due, char words[static WORDS_SIZE])
{
	char name[WORDS_SIZE / 2];

	if (due == INCIDENT_OVERDUE) {
		whose(sweep, event, name, sizeof(name));
		snprintf(words, WORDS_SIZE, "late: %s; the delay is %s", whats[stage], name);
		return;
	}
	snprintf(words, WORDS_SIZE, "%u %% of the time for %s is over: tell %s%s%s",
		 due == INCIDENT_HALF ? rules->direct_percent : rules->lead_percent, whats[stage],
		 due == INCIDENT_HALF ? "the person directly responsible"
				      : "the person first responsible",
		 *(due == INCIDENT_HALF ? rules->direct : rules->lead) ? ", " : "",
		 due == INCIDENT_HALF ? rules->direct : rules->lead);
}

static int say(struct sweep *sweep, enum incident_due due, const char *words, int64_t event)
{
	struct saying *more, *saying = NULL;

	for (size_t i = 0; i < sweep->saying_count && !saying; i++)
		if (sweep->sayings[i].due == due && strcmp(sweep->sayings[i].words, words) == 0)
			saying = &sweep->sayings[i];
	if (!saying) {
		more = realloc(sweep->sayings, (sweep->saying_count + 1) * sizeof(*more));
		if (!more)
			return -ENOMEM;
		sweep->sayings = more;
		saying = &more[sweep->saying_count++];
		saying->due = due;
		saying->count = 0;
		snprintf(saying->words, sizeof(saying->words), "%s", words);
	}
	/* Two stages of one event may say the same. */
	if (saying->count == 0 || saying->events[saying->count - 1] != event)
		saying->events[saying->count++] = event;
	return 0;
}

/* What is late stays beside the event for good; what people were told gives way to the next. */
static void note(struct row *row, enum incident_due due, const char *words)
{
	char *late = row->lateness;
	size_t length;

	if (strncmp(late, "late", 4) != 0)
		late[0] = 0;
	else if (due != INCIDENT_OVERDUE)
		return;
	length = strlen(late);
	snprintf(late + length, sizeof(row->lateness) - length, "%s%s", length ? "; " : "", words);
}

static int look(void *data, const struct store_event *event)
{
	struct sweep *sweep = data;
	const struct incident_rules *rules =
		incident_book_for_id(sweep->book, sweep->store, event->terminal);
	struct row *row = &sweep->rows[sweep->count++];
	char words[WORDS_SIZE];
	int r = 0;

	row->event = *event;
	snprintf(row->lateness, sizeof(row->lateness), "%s", event->lateness);
	/* With another grade come other deadlines: the next sweep looks at those. */
	row->rises = event->rises_us && event->rises_us <= sweep->now_us;
	if (row->rises)
		return 0;
	for (enum incident_stage stage = 0; r == 0 && stage < INCIDENT_STAGE_COUNT; stage++) {
		enum incident_due due =
			incident_due(rules, incident_start(event, stage),
				     incident_deadline(event, stage), sweep->now_us);

		if (due <= incident_told(event, stage))
			continue;
		incident_tell(&row->event, stage, due);
		word_it(sweep, rules, event, stage, due, words);
		note(row, due, words);
		r = say(sweep, due, words, event->id);
	}
	incident_plan(rules, &row->event);
	return r;
}

static int enter(const struct sweep *sweep, const struct keys *keys, const struct saying *saying)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	int64_t seq = 0;
	struct own_action action = {
		.verb = verbs[saying->due],
		.event = saying->count == 1 ? saying->events[0] : 0,
		.seq = &seq,
	};
	int r;

	if (!out)
		return -ENOMEM;
	fprintf(out, "%s", saying->words);
	for (size_t i = 0; saying->count > 1 && i < saying->count; i++)
		fprintf(out, "%s%" PRId64, i ? ", " : " (events ", saying->events[i]);
	fprintf(out, "%s", saying->count > 1 ? ")" : "");
	r = fclose(out) == 0 ? 0 : -ENOMEM;
	action.text = text;
	if (r == 0)
		r = own_log_add(sweep->store, keys, &action, sweep->now_us);
	for (size_t i = 0; r == 0 && saying->count > 1 && i < saying->count; i++)
		r = store_action_about(sweep->store, seq, saying->events[i]);
	free(text);
	return r;
}

int incident_sweep(struct store *store, const struct incident_book *book, const struct keys *keys,
		   int64_t now_us)
{
	struct store_event_filter due = { .tell_us = now_us, .limit = SWEEP_MAX };
	struct sweep sweep = { .store = store, .book = book, .now_us = now_us };
	int r;

	sweep.rows = calloc(SWEEP_MAX, sizeof(*sweep.rows));
	r = sweep.rows ? store_event_each(store, &due, look, &sweep) : -ENOMEM;
	for (size_t i = 0; r == 0 && i < sweep.count; i++) {
		sweep.rows[i].event.lateness = sweep.rows[i].lateness;
		r = sweep.rows[i].rises
			    ? incident_rise(store, book, keys, sweep.rows[i].event.id, now_us)
			    : store_event_tell(store, &sweep.rows[i].event);
	}
	for (size_t i = 0; r == 0 && i < sweep.saying_count; i++)
		r = enter(&sweep, keys, &sweep.sayings[i]);
	free(sweep.sayings);
	free(sweep.rows);
	return r;
}

int incident_away(struct store *store, int64_t from_us, int64_t until_us)
{
	return store_event_postpone(store, INCIDENT_OWN_MAX, from_us, until_us - from_us);
}
