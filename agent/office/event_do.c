// SPDX-License-Identifier: GPL-2.0-or-later
/* Moves of events as they are written: the row, the office's own log, what was signed. */
#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/office/event_life.h"
#include "agent/office/incident_book.h"
#include "agent/office/own_log.h"
#include "agent/office/store/store_terminal.h"
#include "agent/office/store/store_event.h"
#include "agent/office/store/store_people.h"

/* What people enter; their grades are in the rules. */
const char *const event_entry_kinds[] = { "medium-lost", "medium-stolen", "terminal-lost", "leak",
					  "concealed",	 "finding",	  "other",	   NULL };

struct finder {
	struct event_copy *copy;
	bool found;
};

static int copy_event(void *data, const struct store_event *event)
{
	struct finder *finder = data;
	struct store_event *e = &finder->copy->event;
	const char **texts[] = { &e->kind,     &e->number, &e->facts,	&e->explanation,
				 &e->handling, &e->result, &e->lateness };
	size_t size = 0, at = 0;

	*e = *event;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		size += strlen(*texts[i]) + 1;
	finder->copy->texts = malloc(size);
	if (!finder->copy->texts)
		return -ENOMEM;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		size_t length = strlen(*texts[i]) + 1;

		memcpy(finder->copy->texts + at, *texts[i], length);
		*texts[i] = finder->copy->texts + at;
		at += length;
	}
	finder->found = true;
	return 0;
}

static int count_report(void *data, const struct store_report *report)
{
	uint32_t *count = data;

	*count = report->number;
	return 0;
}

int event_copy_get(struct store *store, int64_t id, struct event_copy *copy)
{
	struct store_event_filter one = { .id = id };
	struct finder finder = { .copy = copy };
	int r;

	*copy = (struct event_copy){ .texts = NULL };
	r = id > 0 ? store_event_each(store, &one, copy_event, &finder) : -ENOENT;
	if (r == 0 && !finder.found)
		r = -ENOENT;
	if (r == 0)
		r = store_report_each(store, id, count_report, &copy->reports);
	if (r < 0)
		event_copy_done(copy);
	return r;
}

void event_copy_done(struct event_copy *copy)
{
	free(copy->texts);
	copy->texts = NULL;
}

/* What the log says of a move: all that was said, so that nothing written over is lost. */
static char *describe(const struct store_event *before, const struct event_request *request)
{
	const char *text = request->text ? request->text : "";
	char *out = NULL;
	int n;

	switch (request->move) {
	case EVENT_ASSIGN:
		n = asprintf(&out, "to %s%s%s", request->to->name, *text ? ": " : "", text);
		break;
	case EVENT_RAISE:
	case EVENT_LOWER:
		n = asprintf(&out, "from V%u to V%u%s%s", before->grade, request->grade,
			     *text ? ": " : "", text);
		break;
	case EVENT_CYBER:
		n = asprintf(&out, "unit %s, before %s%s%s", incident_cyber_name(request->unit),
			     incident_cyber_name(before->cyber), *text ? ": " : "", text);
		break;
	case EVENT_AGREE:
		n = asprintf(&out, "from V%u to V%u%s%s", before->grade, before->lower_to,
			     *text ? ": " : "", text);
		break;
	case EVENT_REPORT:
		return report_fields_json(request->fields);
	default:
		return strdup(text);
	}
	return n < 0 ? NULL : out;
}

static int enter(const struct event_office *office, const struct store_officer *officer,
		 const char *verb, int64_t event, const char *text)
{
	char digest[2 * STORE_HASH_SIZE + 1];
	int64_t seq = 0;
	struct own_action action = {
		.officer = officer->id,
		.name = officer->name,
		.verb = verb,
		.event = event,
		.text = text,
		.proof = office->proof ? sodium_bin2hex(digest, sizeof(digest),
							office->proof_digest, STORE_HASH_SIZE)
				       : NULL,
		.seq = &seq,
	};
	int r = own_log_add(office->store, office->keys, &action, office->now_us);

	if (r == 0 && office->proof)
		r = store_signed_add(office->store, seq, office->proof_digest, office->proof,
				     office->proof_length);
	return r;
}

static int file_report(const struct event_office *office, const struct store_officer *officer,
		       const struct event_request *request, const char *json)
{
	struct store_report report = {
		.event = request->event,
		.time_us = office->now_us,
		.officer = officer->id,
		.fields = json,
	};

	return store_report_add(office->store, &report);
}

static int write_move(const struct event_office *office, const struct store_officer *officer,
		      const struct event_request *request, struct event_copy *copy)
{
	const struct incident_rules *rules =
		incident_book_for_id(office->book, office->store, copy->event.terminal);
	char *text = describe(&copy->event, request);
	int r = text ? 0 : -ENOMEM;

	event_life_apply(&copy->event, rules, officer, request, office->now_us);
	if (r == 0)
		r = store_event_update(office->store, &copy->event);
	if (r == 0 && request->move == EVENT_REPORT)
		r = file_report(office, officer, request, text);
	if (r == 0)
		r = enter(office, officer, event_move_name(request->move), request->event, text);
	free(text);
	return r;
}

/* A text that was used before is no fault of the store. */
static int answer(int r, enum event_refusal *why)
{
	if (r == -EEXIST) {
		*why = EVENT_REFUSED_USED;
		return -EPERM;
	}
	return r;
}

int event_life_do(const struct event_office *office, const struct store_officer *officer,
		  const struct event_request *request, enum event_refusal *why)
{
	struct event_copy copy;
	int r = event_copy_get(office->store, request->event, &copy);

	*why = EVENT_GRANTED;
	if (r < 0)
		return r;
	*why = event_life_check(&copy.event, copy.reports, officer, request);
	r = *why ? -EPERM : write_move(office, officer, request, &copy);
	event_copy_done(&copy);
	return answer(r, why);
}

static enum event_refusal check_entry(const struct event_office *office,
				      const struct store_officer *officer,
				      const struct event_entry *entry)
{
	int64_t found_us = entry->found_us ? entry->found_us : office->now_us;
	size_t i = 0;

	if (officer->role == STORE_ROLE_AUDITOR || officer->retired || officer->id == 0)
		return EVENT_REFUSED_AUDITOR;
	while (event_entry_kinds[i] && strcmp(event_entry_kinds[i], entry->kind) != 0)
		i++;
	if (!event_entry_kinds[i])
		return EVENT_REFUSED_KIND;
	if (!entry->facts || !entry->facts[strspn(entry->facts, " \n")])
		return EVENT_REFUSED_TEXT;
	if (!event_text_good(entry->facts))
		return EVENT_REFUSED_LONG;
	if (entry->grade >= INCIDENT_GRADES || entry->medium >= INCIDENT_MEDIUM_COUNT)
		return EVENT_REFUSED_GRADE;
	if (found_us > office->now_us || found_us < 0 || entry->occurred_us > found_us)
		return EVENT_REFUSED_TIME;
	return EVENT_GRANTED;
}

static int find_terminal(const struct event_office *office, const struct event_entry *entry,
			 struct store_terminal *terminal)
{
	if (!entry->number || !entry->number[0])
		return 0;
	return store_terminal_latest(office->store, entry->number, terminal);
}

int event_life_enter(const struct event_office *office, const struct store_officer *officer,
		     const struct event_entry *entry, int64_t *id, enum event_refusal *why)
{
	struct store_terminal terminal = { 0 };
	const struct incident_rules *rules;
	bool is_lost = strcmp(entry->kind, "medium-lost") == 0;
	struct store_event event = {
		.seq = -1,
		.source = STORE_SOURCE_OFFICER,
		.drill = entry->drill,
		.medium = is_lost ? entry->medium : INCIDENT_MEDIUM_UNKNOWN,
		.occurred_us = entry->occurred_us ? entry->occurred_us
			       : entry->found_us  ? entry->found_us
						  : office->now_us,
		.received_us = office->now_us,
		.found_us = entry->found_us ? entry->found_us : office->now_us,
		.kind = entry->kind,
		.facts = entry->facts,
	};
	char *text = NULL;
	int r = find_terminal(office, entry, &terminal);

	*why = check_entry(office, officer, entry);
	if (*why)
		return -EPERM;
	if (r < 0)
		return r;
	event.terminal = terminal.id;
	rules = incident_book_for(office->book, terminal.id ? &terminal : NULL);
	event.proposed = incident_grade(rules, entry->kind, 0);
	event.grade = entry->grade > event.proposed ? entry->grade : event.proposed;
	incident_begin(rules, &event);
	r = store_event_add(office->store, &event);
	if (r == 0 &&
	    asprintf(&text, "%s%s%s%s%s%s, V%u: %s", entry->drill ? "drill, " : "", entry->kind,
		     is_lost ? ", level " : "", is_lost ? incident_medium_name(event.medium) : "",
		     terminal.id ? ", terminal " : "", terminal.number, event.grade,
		     entry->facts) < 0)
		r = -ENOMEM;
	if (r == 0)
		r = enter(office, officer, "enter", event.id, text);
	free(text);
	*id = event.id;
	return answer(r, why);
}
