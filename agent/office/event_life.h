/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The life of an event: 待核实 to verify, 处置中 in hand, 待复核 to review, 已办结 closed or 误报 false
 * alarm. One table says who may move it from where to where, and what he must say.
 *
 *	recorded ──raise──▶ to verify ──take──▶ in hand ──review──▶ to review ──close───▶ closed
 *	    └───────────────take──────────────────▲ │ ▲               ▲  │ └─────reject──▶ false alarm
 *	                        └──doubt──────────┼─┴─┼───────────────┘  │                    │
 *	                                          └───┴──────return──────┴──reopen────────────┘
 *
 * Closing, a false alarm and a lower grade take two people: one asks, another one confirms. Nothing is
 * ever deleted: each move is an entry of the office's own log, with its officer and all that he wrote.
 */
#ifndef AIRGAP_OFFICE_EVENT_LIFE_H
#define AIRGAP_OFFICE_EVENT_LIFE_H

#include "agent/office/event_report.h"
#include "agent/office/incident_book.h"
#include "agent/office/keys.h"
#include "agent/office/store/store_event.h"
#include "agent/office/store/store_people.h"

#define EVENT_TEXT_MAX 4000 /* bytes of what an officer writes at once */

enum event_move {
	EVENT_TAKE,	     /* take it in hand */
	EVENT_ASSIGN,	     /* to: the officer who is to have it */
	EVENT_EXPLAIN,	     /* text: what the user says */
	EVENT_HANDLE,	     /* text: what was done */
	EVENT_REVIEW,	     /* text: the result; asks for closing */
	EVENT_DOUBT,	     /* text: why; asks for a false alarm */
	EVENT_CLOSE,	     /* a second person confirms the result */
	EVENT_REJECT,	     /* a second person confirms that it is a false alarm */
	EVENT_RETURN,	     /* text: why; not closed, back in hand */
	EVENT_REOPEN,	     /* text: why */
	EVENT_RAISE,	     /* grade: at once */
	EVENT_LOWER,	     /* grade, text: why; asks for it */
	EVENT_AGREE,	     /* a second person agrees to the lower grade */
	EVENT_KEEP,	     /* text: why; the grade stays */
	EVENT_REPORT,	     /* fields: the first report, then supplements */
	EVENT_SENT,	     /* text: to whom and how; the report went out to the administration */
	EVENT_CYBER,	     /* unit: it is a cyber incident too, of grade "larger" or above */
	EVENT_CYBER_SENT,    /* text: to whom and how; the report of that went out */
	EVENT_CYBER_CLOSING, /* text: the same of its closing report */
	EVENT_NOTE,	     /* text: a remark */
	EVENT_MOVE_COUNT,
};

/* Why a move is refused. */
enum event_refusal {
	EVENT_GRANTED,
	EVENT_REFUSED_AUDITOR,	/* sees everything, changes nothing */
	EVENT_REFUSED_STATE,	/* not from the state in which it is */
	EVENT_REFUSED_SECOND,	/* who asked for it does not confirm it */
	EVENT_REFUSED_TEXT,	/* something must be said */
	EVENT_REFUSED_LONG,	/* too much, or not text */
	EVENT_REFUSED_UNTOLD,	/* explanation and handling come before the result */
	EVENT_REFUSED_OFFICER,	/* to nobody, to an auditor, or to somebody who retired */
	EVENT_REFUSED_GRADE,	/* not above, or not below, the one that it has */
	EVENT_REFUSED_NOTHING,	/* no lower grade was asked for, or one was already */
	EVENT_REFUSED_FIELDS,	/* a first report needs what, level, quantity, carrier, and when */
	EVENT_REFUSED_FILED,	/* no report has been filed that could have gone out */
	EVENT_REFUSED_REPORT,	/* of this grade it is not closed before the report went out */
	EVENT_REFUSED_UNIT,	/* no such kind of unit, or one with more time than before */
	EVENT_REFUSED_UNMARKED, /* it is no cyber incident */
	EVENT_REFUSED_ORDER,	/* its closing report comes after the report */
	EVENT_REFUSED_CYBER,	/* it is not closed before both went out */
	EVENT_REFUSED_KIND,	/* no such kind of event is entered by people */
	EVENT_REFUSED_TIME,	/* discovered in the future, or before it happened */
	EVENT_REFUSED_CHANGED,	/* somebody else was there since it was looked at */
	EVENT_REFUSED_USED,	/* what was signed was handed in before */
	EVENT_REFUSAL_COUNT,
};

struct event_request {
	enum event_move move;
	int64_t event;
	uint32_t seen;			    /* store_event.moves as the asker saw it */
	const char *text;		    /* NULL, or what he writes */
	uint32_t grade;			    /* of raise and lower */
	uint32_t unit;			    /* of cyber, enum incident_cyber */
	const struct store_officer *to;	    /* of assign */
	const struct report_fields *fields; /* of report */
};

/* An event that no machine sees: loss, theft, what others found; or a drill of one. */
struct event_entry {
	const char *kind;   /* one of event_entry_kinds */
	const char *number; /* the terminal's; "" none */
	const char *facts;  /* what happened */
	uint32_t grade;	    /* 0: that of the kind; never below it */
	bool drill;	    /* 演练 */
	uint32_t medium;    /* enum incident_medium, of the one that is lost */
	int64_t occurred_us;
	int64_t found_us; /* discovery; 0: now */
};

extern const char *const event_entry_kinds[]; /* ended by NULL */

/* What is needed to carry out a move; the running office has all of it in struct serve. */
struct event_office {
	struct store *store; /* in the caller's transaction */
	const struct keys *keys;
	const struct incident_book *book;
	int64_t now_us;
	/* what an officer signed, when he is not signed in: kept beside the entry */
	const void *proof;
	size_t proof_length;
	const uint8_t *proof_digest; /* STORE_HASH_SIZE bytes, of its text */
};

/* event_move_name, event_move - "take"; EVENT_MOVE_COUNT for an unknown name */
const char *event_move_name(enum event_move move);
enum event_move event_move(const char *name);

/* event_move_label - for a button, in the reader's language: "Take in hand" */
const char *event_move_label(enum event_move move);

/* What a move needs besides the event: bits for forms. */
enum event_needs {
	EVENT_NEEDS_TEXT = 1 << 0,
	EVENT_NEEDS_GRADE = 1 << 1,
	EVENT_NEEDS_OFFICER = 1 << 2,
	EVENT_NEEDS_FIELDS = 1 << 3,
	EVENT_NEEDS_UNIT = 1 << 4,
};
uint32_t event_move_needs(enum event_move move);

/* event_text_good - text of at most EVENT_TEXT_MAX bytes, newlines permitted */
bool event_text_good(const char *text);

/* event_refusal_text - a sentence in the reader's language: what is wrong, and what to do */
const char *event_refusal_text(enum event_refusal refusal);

/**
 * event_life_check - may @officer do this now? Pure.
 * @reports: how many reports were filed on it
 */
enum event_refusal event_life_check(const struct store_event *event, uint32_t reports,
				    const struct store_officer *officer,
				    const struct event_request *request);

/* event_life_offered - bit 1 << move of each that this officer could ask for now, for forms */
uint32_t event_life_offered(const struct store_event *event, uint32_t reports,
			    const struct store_officer *officer);

/* event_life_grade - another grade: its deadlines, and nothing asked for of the former. Pure. */
void event_life_grade(struct store_event *event, const struct incident_rules *rules,
		      uint32_t grade);

/* event_life_apply - a move that was granted, on the row in memory; texts are borrowed. Pure. */
void event_life_apply(struct store_event *event, const struct incident_rules *rules,
		      const struct store_officer *officer, const struct event_request *request,
		      int64_t now_us);

/**
 * event_life_do - check a move, write it, and enter it in the office's own log
 * @why: set to the reason when the answer is -EPERM
 *
 * Inside the caller's transaction. Returns 0, -EPERM, -ENOENT: no such event, or another -errno.
 */
int event_life_do(const struct event_office *office, const struct store_officer *officer,
		  const struct event_request *request, enum event_refusal *why);

/**
 * event_life_enter - enter an event that no machine saw
 * @id: set to its number
 *
 * As event_life_do(); -ENOENT: there is no terminal of that number.
 */
int event_life_enter(const struct event_office *office, const struct store_officer *officer,
		     const struct event_entry *entry, int64_t *id, enum event_refusal *why);

/* An event as a copy of its own: store_event's pointers lead into it. */
struct event_copy {
	struct store_event event;
	uint32_t reports; /* filed */
	char *texts;
};

/* event_copy_get - 0, -ENOENT or -errno; event_copy_done() after 0 */
int event_copy_get(struct store *store, int64_t id, struct event_copy *copy);
void event_copy_done(struct event_copy *copy);

#endif
