// SPDX-License-Identifier: GPL-2.0-or-later
/* The life of events: every move from every state by everybody, then as it is written. */
#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "agent/office/event_life.h"
#include "agent/office/event_words.h"
#include "agent/office/own_log.h"
#include "agent/office/store/store_event.h"
#include "agent/office/store/store_people.h"
#include "tests/unit/unit.h"

#define SECOND INT64_C(1000000)
#define HOUR   (3600 * SECOND)
#define NOW    (INT64_C(1800000000) * SECOND)

static const struct store_officer novak = { .id = 1, .name = "novak" };
static const struct store_officer zajc = { .id = 2, .name = "zajc", .role = STORE_ROLE_LEAD };
static const struct store_officer kranjc = { .id = 3,
					     .name = "kranjc",
					     .role = STORE_ROLE_AUDITOR };
static const struct store_officer gone = { .id = 4, .name = "gone", .retired = true };

static const struct report_fields first = {
	.value = { "list of names", "mimi", "1 list", "USB stick", "on Monday, at the stocktake" }
};

/*
 * From which state each move goes, written down a second time: recorded, to Verify, in Hand, to
 * reVieW, Closed, False alarm.
 */
static const struct {
	enum event_move move;
	const char *from; /* of "RVHWCF" */
	char to;	  /* ' ' stays */
} table[] = {
	{ EVENT_TAKE, "RV", 'H' },	  { EVENT_ASSIGN, "VHW", ' ' },
	{ EVENT_EXPLAIN, "VH", ' ' },	  { EVENT_HANDLE, "H", ' ' },
	{ EVENT_REVIEW, "H", 'W' },	  { EVENT_DOUBT, "VH", 'W' },
	{ EVENT_CLOSE, "W", 'C' },	  { EVENT_REJECT, "W", 'F' },
	{ EVENT_RETURN, "W", 'H' },	  { EVENT_REOPEN, "CF", 'H' },
	{ EVENT_RAISE, "RVHW", ' ' },	  { EVENT_LOWER, "VHW", ' ' },
	{ EVENT_AGREE, "VHW", ' ' },	  { EVENT_KEEP, "VHW", ' ' },
	{ EVENT_REPORT, "VHWCF", ' ' },	  { EVENT_CYBER, "RVHW", ' ' },
	{ EVENT_CYBER_SENT, "VHW", ' ' }, { EVENT_CYBER_CLOSING, "VHW", ' ' },
	{ EVENT_SENT, "VHWCF", ' ' },	  { EVENT_NOTE, "RVHWCF", ' ' },
};
static const char letters[] = "RVHWCF";

static struct store_event in_state(uint32_t state, enum event_move move)
{
	return (struct store_event){
		.id = 1,
		.state = state,
		.grade = 2,
		.found_us = NOW,
		.kind = "other",
		.explanation = "the user says",
		.handling = "the stick was taken",
		.result = "",
		.lateness = "",
		.proposal = move == EVENT_CLOSE	   ? STORE_EVENT_CLOSED
			    : move == EVENT_REJECT ? STORE_EVENT_FALSE_ALARM
						   : 0,
		.lower_asked = move == EVENT_AGREE || move == EVENT_KEEP,
		.lower_to = 1,
		.cyber = move == EVENT_CYBER_SENT || move == EVENT_CYBER_CLOSING
				 ? INCIDENT_CYBER_OTHER
				 : INCIDENT_CYBER_NONE,
		.cyber_sent_us = move == EVENT_CYBER_CLOSING ? NOW : 0,
		.first_person = 2,
		.lower_person = 2,
		.moves = 7,
	};
}

static struct event_request whole(enum event_move move)
{
	return (struct event_request){
		.move = move,
		.event = 1,
		.seen = 7,
		.text = "because",
		.grade = move == EVENT_RAISE ? 3 : 1,
		.unit = INCIDENT_CYBER_CENTRAL,
		.to = &zajc,
		.fields = &first,
	};
}

START_TEST(every_move_from_every_state)
{
	struct incident_rules rules;
	unsigned int granted = 0;

	incident_rules_default(&rules);
	ck_assert_uint_eq(sizeof(table) / sizeof(table[0]), EVENT_MOVE_COUNT);
	for (size_t i = 0; i < EVENT_MOVE_COUNT; i++)
		for (uint32_t state = 0; state < STORE_EVENT_STATE_COUNT; state++) {
			struct store_event event = in_state(state, table[i].move);
			struct event_request request = whole(table[i].move);
			bool goes = strchr(table[i].from, letters[state]) != NULL;
			uint32_t to = state;

			if (goes && table[i].to != ' ')
				to = (uint32_t)(strchr(letters, table[i].to) - letters);
			if ((table[i].move == EVENT_RAISE || table[i].move == EVENT_CYBER) &&
			    state == STORE_EVENT_RECORDED)
				to = STORE_EVENT_TO_VERIFY;
			ck_assert_msg((event_life_check(&event, 1, &novak, &request) ==
				       EVENT_GRANTED) == goes,
				      "%s from %s", event_move_name(table[i].move),
				      incident_state_name(state));
			ck_assert(!!(event_life_offered(&event, 1, &novak) >> table[i].move & 1) ==
				  goes);
			/* An auditor never, nor somebody who retired, nor nobody. */
			ck_assert_int_ne(event_life_check(&event, 1, &kranjc, &request), 0);
			ck_assert_int_ne(event_life_check(&event, 1, &gone, &request), 0);
			ck_assert_uint_eq(event_life_offered(&event, 1, &kranjc), 0);
			/* Nobody moves what he has not seen. */
			request.seen = 6;
			ck_assert_int_eq(event_life_check(&event, 1, &novak, &request),
					 EVENT_REFUSED_CHANGED);
			if (!goes)
				continue;
			granted++;
			event_life_apply(&event, &rules, &novak, &request, NOW);
			ck_assert_uint_eq(event.state, to);
			ck_assert_uint_eq(event.moves, 8);
			/* Whatever has ended is due no more; what runs is planned. */
			ck_assert(event.state < STORE_EVENT_CLOSED ||
				  (event.due_us == INT64_MAX && event.tell_us == INT64_MAX));
		}
	ck_assert_uint_eq(granted, 55);
}
END_TEST

START_TEST(two_people)
{
	static const enum event_move seconds[] = { EVENT_CLOSE, EVENT_REJECT, EVENT_AGREE };

	for (size_t i = 0; i < 3; i++) {
		struct store_event event = in_state(STORE_EVENT_TO_REVIEW, seconds[i]);
		struct event_request request = whole(seconds[i]);

		/* Zajc asked for all three: not he, whatever his role. */
		ck_assert_int_eq(event_life_check(&event, 1, &zajc, &request),
				 EVENT_REFUSED_SECOND);
		ck_assert_int_eq(event_life_check(&event, 1, &novak, &request), EVENT_GRANTED);
		/* And nothing but what was asked for. */
		event.proposal = STORE_EVENT_IN_HAND;
		event.lower_asked = false;
		ck_assert_int_ne(event_life_check(&event, 1, &novak, &request), EVENT_GRANTED);
	}
}
END_TEST

START_TEST(what_must_be_said)
{
	static char long_text[EVENT_TEXT_MAX + 2];

	for (enum event_move move = 0; move < EVENT_MOVE_COUNT; move++) {
		struct store_event event =
			in_state(strchr(table[move].from, 'H')	 ? STORE_EVENT_IN_HAND
				 : strchr(table[move].from, 'W') ? STORE_EVENT_TO_REVIEW
				 : strchr(table[move].from, 'V') ? STORE_EVENT_TO_VERIFY
								 : STORE_EVENT_CLOSED,
				 move);
		struct event_request bare = whole(move), blank = bare, large = bare, hidden = bare;
		uint32_t needs = event_move_needs(move);

		ck_assert_int_eq(event_move(event_move_name(move)), move);
		ck_assert_str_ne(event_move_label(move), "");
		bare.text = NULL;
		blank.text = " \n ";
		ck_assert_int_eq(event_life_check(&event, 1, &novak, &bare),
				 needs & EVENT_NEEDS_TEXT ? EVENT_REFUSED_TEXT : EVENT_GRANTED);
		ck_assert_int_eq(event_life_check(&event, 1, &novak, &blank),
				 needs & EVENT_NEEDS_TEXT ? EVENT_REFUSED_TEXT : EVENT_GRANTED);
		memset(long_text, 'x', EVENT_TEXT_MAX + 1);
		large.text = long_text;
		ck_assert_int_eq(event_life_check(&event, 1, &novak, &large), EVENT_REFUSED_LONG);
		hidden.text = "turn\xe2\x80\xae around";
		ck_assert_int_eq(event_life_check(&event, 1, &novak, &hidden), EVENT_REFUSED_LONG);
		bare = whole(move);
		bare.to = NULL;
		bare.fields = NULL;
		bare.unit = INCIDENT_CYBER_COUNT;
		bare.grade = 2; /* the one it has: neither above nor below */
		ck_assert_int_eq(event_life_check(&event, 1, &novak, &bare) == EVENT_GRANTED,
				 !(needs & ~(uint32_t)EVENT_NEEDS_TEXT));
		bare.to = &kranjc;
		bare.grade = 5;
		if (needs & EVENT_NEEDS_OFFICER)
			ck_assert_int_eq(event_life_check(&event, 1, &novak, &bare),
					 EVENT_REFUSED_OFFICER);
		if (needs & EVENT_NEEDS_GRADE)
			ck_assert_int_eq(event_life_check(&event, 1, &novak, &bare),
					 EVENT_REFUSED_GRADE);
	}
	for (enum event_refusal r = EVENT_GRANTED + 1; r < EVENT_REFUSAL_COUNT; r++)
		ck_assert_str_ne(event_refusal_text(r), "");
	ck_assert_int_eq(event_move("x"), EVENT_MOVE_COUNT);
}
END_TEST

START_TEST(before_closing)
{
	struct store_event event = in_state(STORE_EVENT_IN_HAND, EVENT_REVIEW);
	struct event_request review = whole(EVENT_REVIEW), sent = whole(EVENT_SENT),
			     closing = whole(EVENT_CLOSE);

	event.explanation = "";
	ck_assert_int_eq(event_life_check(&event, 0, &novak, &review), EVENT_REFUSED_UNTOLD);
	event.explanation = "x";
	event.handling = " ";
	ck_assert_int_eq(event_life_check(&event, 0, &novak, &review), EVENT_REFUSED_UNTOLD);
	ck_assert_int_eq(event_life_check(&event, 0, &novak, &sent), EVENT_REFUSED_FILED);
	/* What the administration is owed goes out first. */
	event = in_state(STORE_EVENT_TO_REVIEW, EVENT_CLOSE);
	event.outer_us = NOW + HOUR;
	ck_assert_int_eq(event_life_check(&event, 1, &novak, &closing), EVENT_REFUSED_REPORT);
	event.reported_us = NOW;
	ck_assert_int_eq(event_life_check(&event, 1, &novak, &closing), EVENT_GRANTED);
	/* And both reports of a cyber incident. */
	event.cyber = INCIDENT_CYBER_OTHER;
	ck_assert_int_eq(event_life_check(&event, 1, &novak, &closing), EVENT_REFUSED_CYBER);
	event.cyber_sent_us = NOW;
	ck_assert_int_eq(event_life_check(&event, 1, &novak, &closing), EVENT_REFUSED_CYBER);
	event.cyber_closed_us = NOW;
	ck_assert_int_eq(event_life_check(&event, 1, &novak, &closing), EVENT_GRANTED);
}
END_TEST

START_TEST(fields_of_reports)
{
	struct report_fields fields = first, none = { .value = { NULL } };
	static char big[REPORT_FIELD_MAX + 2];
	char *json;

	ck_assert(report_fields_good(&first, 1));
	ck_assert(!report_fields_good(&none, 1));
	ck_assert(!report_fields_good(&none, 2));
	for (enum report_field field = 0; field < REPORT_FIRST_COUNT; field++) {
		fields = first;
		fields.value[field] = " ";
		ck_assert(!report_fields_good(&fields, 1));
		/* A supplement states what it states. */
		ck_assert(report_fields_good(&fields, 2));
	}
	fields = first;
	memset(big, 'x', REPORT_FIELD_MAX + 1);
	fields.value[REPORT_HARM] = big;
	ck_assert(!report_fields_good(&fields, 1));
	fields.value[REPORT_HARM] = "a\x01";
	ck_assert(!report_fields_good(&fields, 1));
	/* Each within its limit, all together not. */
	big[REPORT_FIELD_MAX] = 0;
	for (enum report_field field = 0; field < REPORT_FIELD_COUNT; field++)
		fields.value[field] = big;
	ck_assert(!report_fields_good(&fields, 1));
	json = report_fields_json(&first);
	ck_assert_str_eq(json, "{\"content\":\"list of names\",\"level\":\"mimi\",\"quantity\":"
			       "\"1 list\",\"carrier\":\"USB stick\",\"discovered\":\"on Monday, "
			       "at the stocktake\"}");
	free(json);
}
END_TEST

/* --- as it is written --- */

static struct store *store;
static struct keys keys;
static struct incident_book *book;
static struct event_office office;
static struct store_officer people[3];

static void setup(void)
{
	struct incident_rules rules;
	uint8_t public[32];
	char path[256];

	snprintf(path, sizeof(path), "%s/store", unit_tmpdir());
	ck_assert_int_eq(store_open(path, STORE_CREATE, &store), 0);
	crypto_sign_keypair(public, keys.cosign_secret);
	ck_assert_int_eq(tlog_key_make(&keys.cosigner, TLOG_KEY_COSIGNATURE, "office", public), 0);
	crypto_sign_keypair(public, keys.log_secret);
	ck_assert_int_eq(tlog_key_make(&keys.log, TLOG_KEY_NOTE, "office/log", public), 0);
	ck_assert_int_eq(own_log_begin(store, &keys, NOW), 0);
	incident_rules_default(&rules);
	strcpy(rules.direct, "D. Direct");
	strcpy(rules.lead, "L. Lead");
	book = incident_book_of_rules(&rules);
	for (size_t i = 0; i < 3; i++) {
		people[i] = (struct store_officer[]){ novak, zajc, kranjc }[i];
		people[i].key[0] = (uint8_t)i;
		ck_assert_int_eq(store_officer_add(store, &people[i]), 0);
	}
	office =
		(struct event_office){ .store = store, .keys = &keys, .book = book, .now_us = NOW };
}

static void teardown(void)
{
	incident_book_free(book);
	store_close(store);
}

static int64_t lost_medium(bool drill)
{
	const struct event_entry entry = { .kind = "medium-lost",
					   .number = "",
					   .facts = "stick 0042 is not in the safe",
					   .drill = drill,
					   .found_us = NOW - HOUR };
	enum event_refusal why;
	int64_t id = 0;

	ck_assert_int_eq(event_life_enter(&office, &people[0], &entry, &id, &why), 0);
	ck_assert_int_gt(id, 0);
	return id;
}

static int seen_do(size_t who, int64_t id, enum event_move move, const char *text, uint32_t grade)
{
	enum event_refusal why;
	struct event_copy copy;
	struct event_request request = {
		.move = move, .event = id, .text = text, .grade = grade, .fields = &first
	};
	int r;

	ck_assert_int_eq(event_copy_get(store, id, &copy), 0);
	request.seen = copy.event.moves;
	r = event_life_do(&office, &people[who], &request, &why);
	ck_assert_int_eq(r == -EPERM, why != EVENT_GRANTED);
	event_copy_done(&copy);
	return r;
}

struct history {
	char verbs[512];
	unsigned int count;
};

static int see_action(void *data, const struct store_action *action)
{
	struct history *history = data;
	size_t used = strlen(history->verbs);

	snprintf(history->verbs + used, sizeof(history->verbs) - used, "%s ", action->verb);
	history->count++;
	return 0;
}

START_TEST(a_whole_life)
{
	struct history history = { "", 0 };
	struct event_copy copy;
	int64_t id = lost_medium(false);
	char *text;

	ck_assert_int_eq(event_copy_get(store, id, &copy), 0);
	ck_assert_uint_eq(copy.event.grade, 3);
	ck_assert_uint_eq(copy.event.source, STORE_SOURCE_OFFICER);
	/* From discovery, not from when it was entered. */
	ck_assert_int_eq(copy.event.outer_us, NOW + 23 * HOUR);
	ck_assert_int_eq(copy.event.due_us, NOW + 11 * HOUR);
	event_copy_done(&copy);
	ck_assert_int_eq(seen_do(0, id, EVENT_TAKE, NULL, 0), 0);
	ck_assert_int_eq(seen_do(0, id, EVENT_EXPLAIN, "I left it on the bus", 0), 0);
	ck_assert_int_eq(seen_do(0, id, EVENT_EXPLAIN, "I lent it to a colleague", 0), 0);
	ck_assert_int_eq(seen_do(0, id, EVENT_HANDLE, "the bus company was asked", 0), 0);
	ck_assert_int_eq(seen_do(0, id, EVENT_SENT, "by courier", 0), -EPERM);
	ck_assert_int_eq(seen_do(0, id, EVENT_REPORT, NULL, 0), 0);
	ck_assert_int_eq(seen_do(0, id, EVENT_SENT, "by courier", 0), 0);
	ck_assert_int_eq(seen_do(0, id, EVENT_REVIEW, "found at the colleague's", 0), 0);
	ck_assert_int_eq(seen_do(0, id, EVENT_CLOSE, NULL, 0), -EPERM);
	ck_assert_int_eq(seen_do(2, id, EVENT_CLOSE, NULL, 0), -EPERM);
	ck_assert_int_eq(seen_do(1, id, EVENT_CLOSE, NULL, 0), 0);
	ck_assert_int_eq(event_copy_get(store, id, &copy), 0);
	ck_assert_uint_eq(copy.event.state, STORE_EVENT_CLOSED);
	ck_assert_int_eq(copy.event.first_person, people[0].id);
	ck_assert_int_eq(copy.event.second_person, people[1].id);
	ck_assert_str_eq(copy.event.explanation, "I lent it to a colleague");
	event_copy_done(&copy);
	ck_assert_int_eq(report_text(store, id, &text), 0);
	ck_assert_ptr_nonnull(strstr(text, "What: carrier: USB stick\n"));
	ck_assert_ptr_nonnull(strstr(text, "FIRST REPORT"));
	ck_assert_ptr_nonnull(strstr(text, "Confirmed by: zajc"));
	free(text);
	ck_assert_int_eq(seen_do(1, id, EVENT_REOPEN, "it was another stick", 0), 0);
	/* The refused ones left nothing; what was written over is in the log. */
	ck_assert_int_eq(store_action_each(store, id, 0, see_action, &history), 0);
	ck_assert_str_eq(history.verbs, "reopen close review sent report handle explain explain "
					"take enter ");
}
END_TEST

START_TEST(lower_grades_take_two)
{
	int64_t id = lost_medium(true);
	struct event_copy copy;

	ck_assert_int_eq(seen_do(0, id, EVENT_LOWER, "it was empty", 2), 0);
	ck_assert_int_eq(seen_do(1, id, EVENT_LOWER, "me too", 1), -EPERM);
	ck_assert_int_eq(seen_do(0, id, EVENT_AGREE, NULL, 0), -EPERM);
	ck_assert_int_eq(event_copy_get(store, id, &copy), 0);
	ck_assert_uint_eq(copy.event.grade, 3);
	ck_assert(copy.event.drill);
	event_copy_done(&copy);
	ck_assert_int_eq(seen_do(1, id, EVENT_AGREE, NULL, 0), 0);
	ck_assert_int_eq(event_copy_get(store, id, &copy), 0);
	ck_assert_uint_eq(copy.event.grade, 2);
	ck_assert_int_eq(copy.event.outer_us, 0);
	ck_assert_int_eq(copy.event.inner_us, NOW);
	event_copy_done(&copy);
	/* Raising is free, and brings the deadline back. */
	ck_assert_int_eq(seen_do(0, id, EVENT_RAISE, NULL, 4), 0);
	ck_assert_int_eq(event_copy_get(store, id, &copy), 0);
	ck_assert_int_eq(copy.event.outer_us, NOW + 23 * HOUR);
	ck_assert_int_eq(copy.event.result_us, NOW - HOUR + 90 * 24 * HOUR);
	event_copy_done(&copy);
}
END_TEST

START_TEST(signed_texts_serve_once)
{
	uint8_t digest[STORE_HASH_SIZE] = { 1 }, *data = NULL;
	int64_t id = lost_medium(false);
	size_t length = 0;

	office.proof = "a signed text";
	office.proof_length = 13;
	office.proof_digest = digest;
	ck_assert_int_eq(seen_do(0, id, EVENT_NOTE, "x", 0), 0);
	ck_assert_int_eq(store_signed_get(store, 1, &data, &length), 0);
	ck_assert_uint_eq(length, 13);
	free(data);
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(seen_do(0, id, EVENT_NOTE, "x", 0), -EPERM);
	store_rollback(store);
}
END_TEST

START_TEST(entering_is_checked)
{
	struct event_entry entry = { .kind = "medium-lost", .number = "", .facts = "x" }, good;
	enum event_refusal why;
	int64_t id;

	good = entry;
#define REFUSED(who, expected)                                                                     \
	ck_assert_int_eq(event_life_enter(&office, who, &entry, &id, &why), -EPERM);               \
	ck_assert_int_eq(why, expected);                                                           \
	entry = good
	entry.kind = "violation";
	REFUSED(&people[0], EVENT_REFUSED_KIND);
	entry.facts = " ";
	REFUSED(&people[0], EVENT_REFUSED_TEXT);
	entry.found_us = NOW + 1;
	REFUSED(&people[0], EVENT_REFUSED_TIME);
	entry.occurred_us = NOW;
	entry.found_us = NOW - 1;
	REFUSED(&people[0], EVENT_REFUSED_TIME);
	REFUSED(&people[2], EVENT_REFUSED_AUDITOR);
	entry.number = "T-404";
	ck_assert_int_eq(event_life_enter(&office, &people[0], &entry, &id, &why), -ENOENT);
}
END_TEST

static int see_lateness(void *data, const struct store_event *event)
{
	snprintf(data, 1000, "%s", event->lateness);
	return 0;
}

static const char *lateness_at(int64_t id, int64_t now_us)
{
	static char text[1000];
	struct store_event_filter one = { .id = id };

	ck_assert_int_eq(incident_sweep(store, book, &keys, now_us), 0);
	ck_assert_int_eq(store_event_each(store, &one, see_lateness, text), 0);
	return text;
}

START_TEST(people_are_told_in_turn)
{
	int64_t id = lost_medium(false), found = NOW - HOUR;
	struct history history = { "", 0 };

	ck_assert_str_eq(lateness_at(id, found + 5 * HOUR), "");
	ck_assert_ptr_nonnull(strstr(lateness_at(id, found + 6 * HOUR),
				     "50 % of the time for taking it in hand is over: tell the "
				     "person directly responsible, D. Direct"));
	ck_assert_ptr_nonnull(
		strstr(lateness_at(id, found + 9 * HOUR), "first responsible, L. Lead"));
	ck_assert_str_eq(lateness_at(id, found + 12 * HOUR),
			 "late: taking it in hand; the delay is the office's: nobody took it");
	/* Taken, and the day of the law goes on. */
	ck_assert_int_eq(seen_do(1, id, EVENT_TAKE, NULL, 0), 0);
	ck_assert_str_eq(
		lateness_at(id, found + 30 * HOUR),
		"late: taking it in hand; the delay is the office's: nobody took it; late: "
		"the report to the administration; the delay is zajc's, who has it");
	ck_assert_int_eq(store_action_each(store, id, 0, see_action, &history), 0);
	/* The half of the second deadline fell together with the end of the first. */
	ck_assert_str_eq(history.verbs, "late take tell-direct late tell-lead tell-direct enter ");
}
END_TEST

static uint32_t grade_of(int64_t id)
{
	struct event_copy copy;
	uint32_t grade;

	ck_assert_int_eq(event_copy_get(store, id, &copy), 0);
	grade = copy.event.grade;
	event_copy_done(&copy);
	return grade;
}

static int64_t lose(const char *kind, uint32_t medium)
{
	const struct event_entry entry = {
		.kind = kind, .number = "", .facts = "x", .medium = medium, .found_us = NOW - HOUR
	};
	enum event_refusal why;
	int64_t id = 0;

	ck_assert_int_eq(event_life_enter(&office, &people[0], &entry, &id, &why), 0);
	return id;
}

START_TEST(lost_media_rise)
{
	int64_t found = NOW - HOUR, day = 24 * HOUR;
	int64_t top = lose("medium-lost", INCIDENT_MEDIUM_JUEMI);
	int64_t some = lose("medium-lost", INCIDENT_MEDIUM_UNKNOWN);
	int64_t other = lose("medium-lost", INCIDENT_MEDIUM_JIMI);
	int64_t none = lose("finding", INCIDENT_MEDIUM_JUEMI);
	struct event_request stale = { .move = EVENT_NOTE, .event = top, .text = "x" };
	struct history history = { "", 0 };
	struct event_copy copy;
	enum event_refusal why;

	lateness_at(top, found + 10 * day - SECOND);
	ck_assert_uint_eq(grade_of(top), 3);
	lateness_at(top, found + 10 * day);
	ck_assert_uint_eq(grade_of(top), 4);
	ck_assert_uint_eq(grade_of(some), 4);
	ck_assert_uint_eq(grade_of(other), 3);
	ck_assert_uint_eq(grade_of(none), 2);
	/* What was signed of it before counts no more; the result is due, from discovery. */
	ck_assert_int_eq(event_life_do(&office, &people[0], &stale, &why), -EPERM);
	ck_assert_int_eq(why, EVENT_REFUSED_CHANGED);
	ck_assert_int_eq(event_copy_get(store, top, &copy), 0);
	ck_assert_int_eq(copy.event.result_us, found + 90 * day);
	event_copy_done(&copy);
	/* Once: what two people lower afterwards stays, and the history has the basis. */
	ck_assert_int_eq(seen_do(0, top, EVENT_LOWER, "it was found", 3), 0);
	ck_assert_int_eq(seen_do(1, top, EVENT_AGREE, NULL, 0), 0);
	lateness_at(top, found + 20 * day);
	ck_assert_uint_eq(grade_of(top), 3);
	ck_assert_int_eq(store_action_each(store, some, 0, see_action, &history), 0);
	ck_assert_ptr_nonnull(strstr(history.verbs, "raise "));
	/* What is closed by then, or a false alarm, does not. */
	ck_assert_int_eq(seen_do(0, other, EVENT_DOUBT, "it was found", 0), 0);
	ck_assert_int_eq(seen_do(1, other, EVENT_REJECT, NULL, 0), 0);
	lateness_at(other, found + 61 * day);
	ck_assert_uint_eq(grade_of(other), 3);
	/* And where it turns out that it is lost after all, it does. */
	ck_assert_int_eq(seen_do(1, other, EVENT_REOPEN, "it was another one", 0), 0);
	lateness_at(other, found + 61 * day);
	ck_assert_uint_eq(grade_of(other), 4);
}
END_TEST

static int mark(size_t who, int64_t id, uint32_t unit, enum event_refusal *why)
{
	struct event_request request = { .move = EVENT_CYBER, .event = id, .unit = unit };
	struct event_copy copy;

	ck_assert_int_eq(event_copy_get(store, id, &copy), 0);
	request.seen = copy.event.moves;
	event_copy_done(&copy);
	return event_life_do(&office, &people[who], &request, why);
}

START_TEST(cyber_incidents)
{
	int64_t id = lose("finding", 0), found = NOW - HOUR;
	struct history history = { "", 0 };
	enum event_refusal why;
	struct event_copy copy;
	const char *late;
	char *text;

	ck_assert_int_eq(seen_do(0, id, EVENT_CYBER_SENT, "by telephone", 0), -EPERM);
	ck_assert_int_eq(mark(0, id, INCIDENT_CYBER_OTHER, &why), 0);
	ck_assert_int_eq(event_copy_get(store, id, &copy), 0);
	ck_assert_uint_eq(copy.event.grade, 2);
	ck_assert_int_eq(copy.event.cyber_us, found + 4 * HOUR);
	ck_assert_int_eq(copy.event.cyber_closing_us, found + 30 * 24 * HOUR);
	event_copy_done(&copy);
	/* To one with less time, never with more. */
	ck_assert_int_eq(mark(1, id, INCIDENT_CYBER_OTHER, &why), -EPERM);
	ck_assert_int_eq(why, EVENT_REFUSED_UNIT);
	ck_assert_int_eq(seen_do(0, id, EVENT_TAKE, NULL, 0), 0);
	ck_assert_int_eq(seen_do(0, id, EVENT_CYBER_CLOSING, "x", 0), -EPERM);
	ck_assert_int_eq(seen_do(0, id, EVENT_CYBER_SENT, "by telephone", 0), 0);
	ck_assert_int_eq(mark(1, id, INCIDENT_CYBER_CENTRAL, &why), 0);
	/* It is owed to another body now, in two hours from discovery, and that is the nearest. */
	ck_assert_int_eq(event_copy_get(store, id, &copy), 0);
	ck_assert_int_eq(copy.event.cyber_sent_us, 0);
	ck_assert_int_eq(copy.event.due_us, found + 2 * HOUR);
	event_copy_done(&copy);
	ck_assert_ptr_nonnull(strstr(lateness_at(id, found + HOUR),
				     "50 % of the time for the report of the cyber incident"));
	late = lateness_at(id, found + 2 * HOUR);
	ck_assert_str_eq(
		late, "late: the report of the cyber incident; the delay is novak's, who has it");
	ck_assert_int_eq(seen_do(0, id, EVENT_CYBER_SENT, "by telephone", 0), 0);
	ck_assert_int_eq(event_copy_get(store, id, &copy), 0);
	ck_assert_int_eq(copy.event.due_us, found + 30 * 24 * HOUR);
	event_copy_done(&copy);
	ck_assert_int_eq(report_text(store, id, &text), 0);
	ck_assert_ptr_nonnull(strstr(text, "Its report is owed to: own cyberspace office\n"));
	free(text);
	ck_assert_int_eq(seen_do(0, id, EVENT_CYBER_CLOSING, "by courier", 0), 0);
	ck_assert_int_eq(event_copy_get(store, id, &copy), 0);
	ck_assert_int_eq(copy.event.due_us, INT64_MAX);
	event_copy_done(&copy);
	ck_assert_int_eq(store_action_each(store, id, 0, see_action, &history), 0);
	ck_assert_str_eq(history.verbs, "cyber-closing cyber-sent late tell-direct cyber "
					"cyber-sent take cyber enter ");
}
END_TEST

START_TEST(only_alerts_wait_for_the_office)
{
	struct event_entry entry = { .kind = "other", .number = "", .facts = "x" };
	enum event_refusal why;
	struct event_copy copy;
	int64_t small, cyber, id = lost_medium(false);

	ck_assert_int_eq(event_life_enter(&office, &people[0], &entry, &small, &why), 0);
	cyber = lose("other", 0);
	ck_assert_int_eq(mark(0, cyber, INCIDENT_CYBER_CENTRAL, &why), 0);
	ck_assert_int_eq(incident_away(store, NOW, NOW + 48 * HOUR), 0);
	/* What the law wants of a cyber incident does not wait, and is told in time. */
	ck_assert_int_eq(event_copy_get(store, cyber, &copy), 0);
	ck_assert_int_eq(copy.event.inner_us, NOW + 48 * HOUR);
	ck_assert_int_eq(copy.event.due_us, NOW + HOUR);
	ck_assert_int_le(copy.event.tell_us, NOW);
	event_copy_done(&copy);
	ck_assert_int_eq(event_copy_get(store, small, &copy), 0);
	ck_assert_int_eq(copy.event.inner_us, NOW + 49 * HOUR);
	ck_assert_int_eq(copy.event.due_us, NOW + 49 * HOUR);
	ck_assert_int_eq(copy.event.tell_us, NOW + 48 * HOUR + HOUR / 2);
	event_copy_done(&copy);
	ck_assert_int_eq(event_copy_get(store, id, &copy), 0);
	ck_assert_int_eq(copy.event.outer_us, NOW + 23 * HOUR);
	ck_assert_int_eq(copy.event.due_us, NOW + 11 * HOUR);
	event_copy_done(&copy);
}
END_TEST

int main(void)
{
	const TTest *const pure[] = { every_move_from_every_state, two_people, what_must_be_said,
				      before_closing, fields_of_reports };
	const TTest *const stored[] = {
		a_whole_life,	     lower_grades_take_two,   signed_texts_serve_once,
		entering_is_checked, people_are_told_in_turn, only_alerts_wait_for_the_office,
		lost_media_rise,     cyber_incidents
	};
	Suite *suite = suite_create("event_life");
	TCase *table_case = tcase_create("table"), *store_case = tcase_create("store");

	if (sodium_init() < 0)
		return 1;
	for (size_t i = 0; i < sizeof(pure) / sizeof(pure[0]); i++)
		tcase_add_test(table_case, pure[i]);
	tcase_add_checked_fixture(store_case, setup, teardown);
	for (size_t i = 0; i < sizeof(stored) / sizeof(stored[0]); i++)
		tcase_add_test(store_case, stored[i]);
	suite_add_tcase(suite, table_case);
	suite_add_tcase(suite, store_case);
	return unit_run(suite);
}
