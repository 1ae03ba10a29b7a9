/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events, the reports on them, and what proves that a terminal broke its word. See store.h for what holds of all of it. */
#ifndef AIRGAP_OFFICE_STORE_EVENT_H
#define AIRGAP_OFFICE_STORE_EVENT_H

#include "agent/office/store/store.h"

enum store_event_state {
	STORE_EVENT_RECORDED, /* asks nothing of anyone */
	STORE_EVENT_TO_VERIFY,
	STORE_EVENT_IN_HAND,
	STORE_EVENT_TO_REVIEW,
	STORE_EVENT_CLOSED,
	STORE_EVENT_FALSE_ALARM,
	STORE_EVENT_STATE_COUNT,
};

enum store_event_source {
	STORE_SOURCE_TERMINAL, /* an entry of its log: seq says which */
	STORE_SOURCE_OFFICE,   /* found by the office: silence, forks, ... */
	STORE_SOURCE_OFFICER,  /* entered by a person */
};

struct store_event {
	int64_t id;
	int64_t terminal; /* 0: none */
	int64_t seq;	  /* -1: no entry */
	uint32_t source;
	uint32_t state;
	uint32_t grade;	   /* 0 none, 1 to 4; as confirmed, at first as proposed */
	uint32_t proposed; /* the grade that the agent proposed */
	bool drill;
	int64_t occurred_us;
	int64_t received_us;
	int64_t found_us;    /* discovery: deadlines run from here */
	int64_t away_us;     /* by how much its alert was set back: the office was away */
	int64_t inner_us;    /* deadlines: to the office; 0 none */
	int64_t outer_us;    /* to the administration above */
	int64_t result_us;   /* of the result */
	int64_t due_us;	     /* the nearest of those that still run; INT64_MAX none */
	int64_t tell_us;     /* people are to be told next; INT64_MAX: never */
	int64_t reported_us; /* the report went out; 0 not yet */
	int64_t closed_us;
	int64_t assigned;      /* officer who has it in hand; 0 nobody */
	int64_t first_person;  /* officer who asked for closing, or for a false alarm */
	int64_t second_person; /* officer who confirmed it */
	uint32_t proposal;     /* state that he asked for; 0 none */
	uint32_t lower_to;     /* grade that somebody asks to lower it to; 0 none */
	bool lower_asked;      /* which may be none */
	int64_t lower_person;  /* who asks for that */
	uint32_t told;	       /* how far people were told, two bits a deadline; see incident.h */
	uint32_t moves;	       /* how often people changed it */
	uint32_t cyber;	       /* kind of unit, enum incident_cyber; 0: no cyber incident */
	int64_t cyber_us;      /* deadlines of that: of the report */
	int64_t cyber_sent_us; /* it went out; 0 not yet */
	int64_t cyber_closing_us; /* of the closing report */
	int64_t cyber_closed_us;  /* it went out */
	uint32_t medium;	  /* level of the lost medium, enum incident_medium; 0 not known */
	int64_t rises_us;	  /* it becomes V4 then, if it is open still; 0 never, or it did */
	const char *kind;
	const char *number;	 /* the terminal's; "" without one. Read only. */
	const char *facts;	 /* one line */
	const char *explanation; /* the user's */
	const char *handling;
	const char *result;
	const char *lateness; /* whose delay it was */
};

/**
 * store_event_add - id is filled
 *
 * For an entry that has an event already: 0, nothing changes, and id is 0.
 */
int store_event_add(struct store *store, struct store_event *event);

/* store_event_update - writes what people decide: all but source, entry, kind, facts and its times */
int store_event_update(struct store *store, const struct store_event *event);

/* store_event_tell - writes told, deadline to come, and lateness alone */
int store_event_tell(struct store *store, const struct store_event *event);

struct store_event_filter {
	int64_t id;	  /* 0: any */
	int64_t terminal; /* 0: any */
	uint32_t states;  /* bit of each state wanted; 0: any */
	int64_t before;	  /* only ids below; 0: any. Newest come first. */
	uint32_t limit;	  /* 0: 100 */
	bool by_deadline; /* open ones, the nearest deadline first instead */
	int64_t tell_us;  /* with limit: those of whom people are to be told by then; 0: any */
};

typedef int (*store_event_fn)(void *data, const struct store_event *event);
int store_event_each(struct store *store, const struct store_event_filter *filter,
		     store_event_fn fn, void *data);

/**
 * store_event_postpone - inner deadlines of open events move by @by_us
 *
 * Of grades up to @grade that were not over at @from_us. For time in which the office was away.
 */
int store_event_postpone(struct store *store, uint32_t grade, int64_t from_us, int64_t by_us);

/* store_event_count - how many there are in each state */
int store_event_count(struct store *store, uint64_t counts[static STORE_EVENT_STATE_COUNT]);

/* A report on an event as it was filed: 1 is the first, supplements follow. Nothing changes it. */
struct store_report {
	int64_t event;
	uint32_t number;
	int64_t time_us;
	int64_t officer;
	const char *fields; /* a JSON object */
};

/* store_report_add - number is filled */
int store_report_add(struct store *store, struct store_report *report);
typedef int (*store_report_fn)(void *data, const struct store_report *report);
/* store_report_each - of one event, in order */
int store_report_each(struct store *store, int64_t event, store_report_fn fn, void *data);

/* Evidence against a terminal, or the office: the same thing twice is one row that counts. */
struct store_anomaly {
	int64_t id;
	int64_t terminal;
	const char *kind;   /* "rollback", "fork", ... */
	const char *detail; /* one line */
	int64_t first_us;
	int64_t last_us;
	uint64_t count;
	int64_t event;	      /* that tells people of it */
	const void *evidence; /* the signed request */
	size_t evidence_length;
	uint8_t key[STORE_HASH_SIZE]; /* what makes it the same thing */
};

/* store_anomaly_add - 1: new, id is filled; 0: counted; or -errno */
int store_anomaly_add(struct store *store, struct store_anomaly *anomaly);
/* store_anomaly_again - count one that is kept already; 1: it is; 0: it is not; or -errno */
int store_anomaly_again(struct store *store, const struct store_anomaly *anomaly);
/* store_anomaly_kept - how many different ones of a kind there are against a terminal */
int store_anomaly_kept(struct store *store, int64_t terminal, const char *kind, uint64_t *count);
typedef int (*store_anomaly_fn)(void *data, const struct store_anomaly *anomaly);
/* store_anomaly_each - newest first; @terminal 0: of all */
int store_anomaly_each(struct store *store, int64_t terminal, store_anomaly_fn fn, void *data);

#endif
