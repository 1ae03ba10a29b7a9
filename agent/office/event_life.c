// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of moves, and what follows from it; no store, no clock. */
#include "agent/office/event_life.h"

#include <string.h>

#include "agent/lib/i18n.h"
#include "agent/lib/printable.h"
#include "agent/office/store/store_event.h"
#include "agent/office/store/store_people.h"

#define RECORDED    (1u << STORE_EVENT_RECORDED)
#define TO_VERIFY   (1u << STORE_EVENT_TO_VERIFY)
#define IN_HAND	    (1u << STORE_EVENT_IN_HAND)
#define TO_REVIEW   (1u << STORE_EVENT_TO_REVIEW)
#define CLOSED	    (1u << STORE_EVENT_CLOSED)
#define FALSE_ALARM (1u << STORE_EVENT_FALSE_ALARM)
#define OPEN	    (TO_VERIFY | IN_HAND | TO_REVIEW)
#define ENDED	    (CLOSED | FALSE_ALARM)
#define ANY	    (RECORDED | OPEN | ENDED)
#define STAYS	    STORE_EVENT_STATE_COUNT

#define TEXT	EVENT_NEEDS_TEXT
#define GRADE	EVENT_NEEDS_GRADE
#define OFFICER EVENT_NEEDS_OFFICER
#define FIELDS	EVENT_NEEDS_FIELDS
#define UNIT	EVENT_NEEDS_UNIT

/* Whom the one who moves must not be. */
enum second {
	ANYBODY,
	NOT_FIRST, /* who asked for closing or for a false alarm */
	NOT_LOWER, /* who asked for the lower grade */
};

static const struct rule {
	const char *name;
	const char *label;
	uint32_t from;	   /* states from which it goes */
	uint32_t to;	   /* or STAYS */
	uint32_t proposal; /* that must be open, as a state; 0 any */
	enum second second;
	uint32_t needs;
} rules[EVENT_MOVE_COUNT] = {
	[EVENT_TAKE] = { "take", N_("Take in hand"), RECORDED | TO_VERIFY, STORE_EVENT_IN_HAND, 0,
			 ANYBODY, 0 },
	[EVENT_ASSIGN] = { "assign", N_("Assign"), OPEN, STAYS, 0, ANYBODY, OFFICER },
	[EVENT_EXPLAIN] = { "explain", N_("Enter the user's explanation"), TO_VERIFY | IN_HAND,
			    STAYS, 0, ANYBODY, TEXT },
	[EVENT_HANDLE] = { "handle", N_("Enter what was done"), IN_HAND, STAYS, 0, ANYBODY, TEXT },
	[EVENT_REVIEW] = { "review", N_("Ask for closing"), IN_HAND, STORE_EVENT_TO_REVIEW, 0,
			   ANYBODY, TEXT },
	[EVENT_DOUBT] = { "doubt", N_("Ask for a false alarm"), TO_VERIFY | IN_HAND,
			  STORE_EVENT_TO_REVIEW, 0, ANYBODY, TEXT },
	[EVENT_CLOSE] = { "close", N_("Close"), TO_REVIEW, STORE_EVENT_CLOSED, STORE_EVENT_CLOSED,
			  NOT_FIRST, 0 },
	[EVENT_REJECT] = { "reject", N_("Confirm the false alarm"), TO_REVIEW,
			   STORE_EVENT_FALSE_ALARM, STORE_EVENT_FALSE_ALARM, NOT_FIRST, 0 },
	[EVENT_RETURN] = { "return", N_("Send back"), TO_REVIEW, STORE_EVENT_IN_HAND, 0, ANYBODY,
			   TEXT },
	[EVENT_REOPEN] = { "reopen", N_("Reopen"), ENDED, STORE_EVENT_IN_HAND, 0, ANYBODY, TEXT },
	[EVENT_RAISE] = { "raise", N_("Raise the grade"), RECORDED | OPEN, STAYS, 0, ANYBODY,
			  GRADE },
	[EVENT_LOWER] = { "lower", N_("Ask for a lower grade"), OPEN, STAYS, 0, ANYBODY,
			  GRADE | TEXT },
	[EVENT_AGREE] = { "agree", N_("Agree to the lower grade"), OPEN, STAYS, 0, NOT_LOWER, 0 },
	[EVENT_KEEP] = { "keep", N_("Keep the grade"), OPEN, STAYS, 0, ANYBODY, TEXT },
	[EVENT_REPORT] = { "report", N_("File a report"), OPEN | ENDED, STAYS, 0, ANYBODY, FIELDS },
	[EVENT_SENT] = { "sent", N_("The report went out"), OPEN | ENDED, STAYS, 0, ANYBODY, TEXT },
	[EVENT_CYBER] = { "cyber", N_("Mark as a cyber incident"), RECORDED | OPEN, STAYS, 0,
			  ANYBODY, UNIT },
	[EVENT_CYBER_SENT] = { "cyber-sent", N_("The cyber report went out"), OPEN, STAYS, 0,
			       ANYBODY, TEXT },
	[EVENT_CYBER_CLOSING] = { "cyber-closing", N_("The closing cyber report went out"), OPEN,
				  STAYS, 0, ANYBODY, TEXT },
	[EVENT_NOTE] = { "note", N_("Remark"), ANY, STAYS, 0, ANYBODY, TEXT },
};

const char *event_move_name(enum event_move move)
{
	return move < EVENT_MOVE_COUNT ? rules[move].name : "unknown";
}

enum event_move event_move(const char *name)
{
	enum event_move move = 0;

	while (move < EVENT_MOVE_COUNT && strcmp(rules[move].name, name) != 0)
		move++;
	return move;
}

const char *event_move_label(enum event_move move)
{
	return move < EVENT_MOVE_COUNT ? _(rules[move].label) : "";
}

uint32_t event_move_needs(enum event_move move)
{
	return move < EVENT_MOVE_COUNT ? rules[move].needs : 0;
}

bool event_text_good(const char *text)
{
	size_t length = strlen(text), n;
	uint32_t code;

	if (length > EVENT_TEXT_MAX)
		return false;
	for (size_t at = 0; at < length; at += n) {
		n = printable_next(text + at, length - at, &code);
		if (n == 0 || (code != '\n' && !printable_is(code)))
			return false;
	}
	return true;
}

static bool said(const char *text)
{
	return text && text[strspn(text, " \n")];
}

/* What the table says of state and people; the rest is for the request to tell. */
static enum event_refusal check_place(const struct store_event *event, uint32_t reports,
				      const struct store_officer *officer, enum event_move move)
{
	const struct rule *rule = &rules[move];
	bool lower = move == EVENT_AGREE || move == EVENT_KEEP;

	if (officer->role == STORE_ROLE_AUDITOR || officer->retired || officer->id == 0)
		return EVENT_REFUSED_AUDITOR;
	if (event->state >= STORE_EVENT_STATE_COUNT || !(rule->from >> event->state & 1) ||
	    (rule->proposal && rule->proposal != event->proposal))
		return EVENT_REFUSED_STATE;
	if ((lower && !event->lower_asked) || (move == EVENT_LOWER && event->lower_asked))
		return EVENT_REFUSED_NOTHING;
	if ((rule->second == NOT_FIRST && event->first_person == officer->id) ||
	    (rule->second == NOT_LOWER && event->lower_person == officer->id))
		return EVENT_REFUSED_SECOND;
	if (move == EVENT_SENT && reports == 0)
		return EVENT_REFUSED_FILED;
	if (move == EVENT_CLOSE && event->outer_us && !event->reported_us)
		return EVENT_REFUSED_REPORT;
	if ((move == EVENT_CYBER_SENT || move == EVENT_CYBER_CLOSING) && !event->cyber)
		return EVENT_REFUSED_UNMARKED;
	if (move == EVENT_CYBER_CLOSING && !event->cyber_sent_us)
		return EVENT_REFUSED_ORDER;
	if (move == EVENT_CLOSE && event->cyber &&
	    !(event->cyber_sent_us && event->cyber_closed_us))
		return EVENT_REFUSED_CYBER;
	/* Who asks for closing has heard the user and done something. */
	if (move == EVENT_REVIEW && (!said(event->explanation) || !said(event->handling)))
		return EVENT_REFUSED_UNTOLD;
	return EVENT_GRANTED;
}

static enum event_refusal check_request(const struct store_event *event, uint32_t reports,
					const struct event_request *request)
{
	uint32_t needs = rules[request->move].needs, grade = request->grade;
	const struct store_officer *to = request->to;

	if (request->text && !event_text_good(request->text))
		return EVENT_REFUSED_LONG;
	if (needs & TEXT && !said(request->text))
		return EVENT_REFUSED_TEXT;
	if (needs & OFFICER && (!to || to->retired || to->role == STORE_ROLE_AUDITOR))
		return EVENT_REFUSED_OFFICER;
	if (request->move == EVENT_RAISE && (grade <= event->grade || grade >= INCIDENT_GRADES))
		return EVENT_REFUSED_GRADE;
	if (request->move == EVENT_LOWER && (grade >= event->grade || grade == 0))
		return EVENT_REFUSED_GRADE;
	/* The kinds of unit stand in the order of their time: it never gets longer. */
	if (needs & UNIT && (request->unit == 0 || request->unit >= INCIDENT_CYBER_COUNT ||
			     (event->cyber && request->unit >= event->cyber)))
		return EVENT_REFUSED_UNIT;
	if (needs & FIELDS &&
	    (!request->fields || !report_fields_good(request->fields, reports + 1)))
		return EVENT_REFUSED_FIELDS;
	return EVENT_GRANTED;
}

enum event_refusal event_life_check(const struct store_event *event, uint32_t reports,
				    const struct store_officer *officer,
				    const struct event_request *request)
{
	enum event_refusal refusal;

	if (request->move >= EVENT_MOVE_COUNT)
		return EVENT_REFUSED_STATE;
	if (request->seen != event->moves)
		return EVENT_REFUSED_CHANGED;
	refusal = check_place(event, reports, officer, request->move);
	return refusal ? refusal : check_request(event, reports, request);
}

uint32_t event_life_offered(const struct store_event *event, uint32_t reports,
			    const struct store_officer *officer)
{
	uint32_t offered = 0;

	for (enum event_move move = 0; move < EVENT_MOVE_COUNT; move++)
		if (check_place(event, reports, officer, move) == EVENT_GRANTED)
			offered |= 1u << move;
	if (event->grade + 1 >= INCIDENT_GRADES)
		offered &= ~(1u << EVENT_RAISE);
	if (event->grade <= 1)
		offered &= ~(1u << EVENT_LOWER);
	if (event->cyber == INCIDENT_CYBER_CRITICAL)
		offered &= ~(1u << EVENT_CYBER);
	return offered;
}

static void lower_done(struct store_event *event)
{
	event->lower_asked = false;
	event->lower_to = 0;
	event->lower_person = 0;
}

void event_life_grade(struct store_event *event, const struct incident_rules *office,
		      uint32_t grade)
{
	event->grade = grade;
	/* What was asked for was asked of another grade. */
	lower_done(event);
	if (event->state == STORE_EVENT_RECORDED)
		incident_begin(office, event);
	else
		incident_regrade(office, event);
}

/* What was reported of another kind of unit went to another body: it is owed anew. */
static void mark_cyber(struct store_event *event, const struct incident_rules *office,
		       uint32_t unit)
{
	event->cyber = unit;
	event->cyber_sent_us = 0;
	event->cyber_closed_us = 0;
	if (event->state == STORE_EVENT_RECORDED)
		incident_begin(office, event);
	else
		incident_regrade(office, event);
}

/* Who proposed something, for the second person to confirm. */
static void propose(struct store_event *event, uint32_t state, const char *text, int64_t officer)
{
	event->proposal = state;
	event->first_person = officer;
	event->second_person = 0;
	event->result = text;
}

static void end(struct store_event *event, int64_t officer, int64_t now_us)
{
	event->second_person = officer;
	event->closed_us = now_us;
	lower_done(event);
}

static void reopen(struct store_event *event)
{
	event->proposal = 0;
	event->first_person = 0;
	event->second_person = 0;
	event->closed_us = 0;
}

void event_life_apply(struct store_event *event, const struct incident_rules *office,
		      const struct store_officer *officer, const struct event_request *request,
		      int64_t now_us)
{
	const struct rule *rule = &rules[request->move];

	if (request->move == EVENT_TAKE || request->move == EVENT_ASSIGN)
		event->assigned = request->move == EVENT_TAKE ? officer->id : request->to->id;
	else if (request->move == EVENT_EXPLAIN)
		event->explanation = request->text;
	else if (request->move == EVENT_HANDLE)
		event->handling = request->text;
	else if (request->move == EVENT_REVIEW)
		propose(event, STORE_EVENT_CLOSED, request->text, officer->id);
	else if (request->move == EVENT_DOUBT)
		propose(event, STORE_EVENT_FALSE_ALARM, request->text, officer->id);
	else if (request->move == EVENT_CLOSE || request->move == EVENT_REJECT)
		end(event, officer->id, now_us);
	else if (request->move == EVENT_RETURN || request->move == EVENT_REOPEN)
		reopen(event);
	else if (request->move == EVENT_SENT)
		event->reported_us = event->reported_us ? event->reported_us : now_us;
	else if (request->move == EVENT_CYBER)
		mark_cyber(event, office, request->unit);
	else if (request->move == EVENT_CYBER_SENT)
		event->cyber_sent_us = event->cyber_sent_us ? event->cyber_sent_us : now_us;
	else if (request->move == EVENT_CYBER_CLOSING)
		event->cyber_closed_us = event->cyber_closed_us ? event->cyber_closed_us : now_us;
	if (request->move == EVENT_RAISE)
		event_life_grade(event, office, request->grade);
	else if (request->move == EVENT_AGREE)
		event_life_grade(event, office, event->lower_to);
	else if (request->move == EVENT_KEEP)
		lower_done(event);
	if (request->move == EVENT_LOWER) {
		event->lower_asked = true;
		event->lower_to = request->grade;
		event->lower_person = officer->id;
	}
	if (rule->to != STAYS) {
		/* From where nothing ran yet: what its grade asks for runs from here. */
		if (event->state == STORE_EVENT_RECORDED)
			incident_begin(office, event);
		event->state = rule->to;
	}
	event->moves++;
	incident_plan(office, event);
}
