/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Grades and deadlines, as data: the defaults hold until the office's setting `incidents` says
 * otherwise, a JSON object such as
 *
 *	{"V3":{"inner_s":43200,"outer_s":86400,"result_s":0},
 *	 "contact":{"late":2,"silent":5,"escalate":20,"fleet_percent":10,"fleet_least":5},
 *	 "cyber":{"critical":{"report_s":3600,"closing_s":2592000}},
 *	 "lost":{"juemi_s":864000,"others_s":5184000}, "transfer":{"import_s":604800},
 *	 "kinds":{"rollback":"V2"}, "people":{"direct":"A. Novak","lead":"B. Zajc"}}
 *
 * and for a terminal's events what the policy says that it has in force (incident_book.h).
 */
#ifndef AIRGAP_OFFICE_INCIDENT_H
#define AIRGAP_OFFICE_INCIDENT_H

#include <stdbool.h>

#include "agent/office/store/store_event.h"

#define INCIDENT_GRADES 5 /* none, V1 to V4 */
/* Up to here the alert is the office's own choice: it waits while the office is away. */
#define INCIDENT_OWN_MAX 2
/* V3 and V4: to the administration from discovery (implementing regulation of 2024, art. 61) */
#define INCIDENT_STATUTORY_S 86400
#define INCIDENT_KINDS	     48

/* The level of a medium, as the law has it. A lost one of which nobody knows counts as the highest. */
enum incident_medium {
	INCIDENT_MEDIUM_UNKNOWN,
	INCIDENT_MEDIUM_MIMI,  /* 秘密 */
	INCIDENT_MEDIUM_JIMI,  /* 机密 */
	INCIDENT_MEDIUM_JUEMI, /* 绝密 */
	INCIDENT_MEDIUM_COUNT,
};

/* A medium that was not found so long after discovery: rules on investigating leaks, art. 5(1) */
#define INCIDENT_LOST_JUEMI_S  (10 * 86400)
#define INCIDENT_LOST_OTHERS_S (60 * 86400)
#define INCIDENT_LOST_GRADE    4 /* treated as a leak */

/*
 * The second axis: a cyber incident of grade "larger" or above, by the kind of unit that it struck, the
 * one with the least time first. Independent of the grade. Reporting measures of 2025, art. 4.
 */
enum incident_cyber {
	INCIDENT_CYBER_NONE,
	INCIDENT_CYBER_CRITICAL, /* infrastructure: to the protection department and the police */
	INCIDENT_CYBER_CENTRAL,	 /* organ: to its own cyberspace office */
	INCIDENT_CYBER_OTHER,	 /* to the provincial office */
	INCIDENT_CYBER_COUNT,
};

struct incident_deadlines {
	int64_t inner_s;  /* inside the unit: to the office */
	int64_t outer_s;  /* by the unit: to the administration above; 0 none */
	int64_t result_s; /* of the result; 0 none */
};

struct incident_cyber_deadlines {
	int64_t report_s;  /* to the body that the kind of unit has */
	int64_t closing_s; /* of the closing report, to the same */
};

struct incident_kind {
	char name[32];
	uint32_t grade; /* what the office proposes where the entry proposes none */
};

struct incident_rules {
	struct incident_deadlines deadlines[INCIDENT_GRADES];
	struct incident_kind kinds[INCIDENT_KINDS];
	uint32_t kind_count;
	/* by enum incident_cyber; the defaults are what the law gives */
	struct incident_cyber_deadlines cyber[INCIDENT_CYBER_COUNT];
	/* a lost medium is treated as a leak so long after discovery */
	int64_t lost_juemi_s, lost_others_s;
	/* a terminal is late after so many promised intervals without an entry, and so on */
	uint32_t late, silent, escalate;
	uint32_t fleet_percent, fleet_least; /* that many terminals late at once are an alarm */
	uint32_t heartbeat_s;		     /* for terminals that have not promised one yet */
	int64_t transfer_s;		     /* an export whose import takes longer is overdue */
	uint32_t bundle_s;		     /* standalone terminals: a bundle is due so often */
	/* at which percent of a deadline who is told; at 100 whose delay it was is recorded */
	uint32_t direct_percent, lead_percent;
	char direct[STORE_TEXT_SIZE]; /* person directly responsible; "" not named */
	char lead[STORE_TEXT_SIZE];   /* person first responsible */
};

/* The deadlines of one event. */
enum incident_stage {
	INCIDENT_INNER,		/* taken in hand by the office */
	INCIDENT_OUTER,		/* reported to the administration */
	INCIDENT_RESULT,	/* closed */
	INCIDENT_CYBER,		/* reported as a cyber incident */
	INCIDENT_CYBER_CLOSING, /* the closing report of that */
	INCIDENT_STAGE_COUNT,
};

/* incident_rules_default - those of incidents.md */
void incident_rules_default(struct incident_rules *rules);

/**
 * incident_rules_read - change what @json names
 * @reason: what is wrong with it
 *
 * Returns 0, or -EINVAL and the rules are as they were.
 */
int incident_rules_read(struct incident_rules *rules, const char *json, char *reason, size_t size);

/* incident_rules_load - the defaults, changed by the setting; 0 or -errno after a message */
int incident_rules_load(struct incident_rules *rules, struct store *store);

/* incident_rules_kind - the grade of one kind; false: too many, or too long a name */
bool incident_rules_kind(struct incident_rules *rules, const char *name, uint32_t grade);

/* incident_grade - for an event of @kind whose entry proposed @proposed */
uint32_t incident_grade(const struct incident_rules *rules, const char *kind, uint32_t proposed);

/* incident_begin - to be verified, with the deadlines of its grade, from discovery */
void incident_begin(const struct incident_rules *rules, struct store_event *event);

/* incident_regrade - the deadlines of the grade it has now; who was told of others is told anew */
void incident_regrade(const struct incident_rules *rules, struct store_event *event);

/* incident_plan - after any change: which deadline is the next, and when somebody is to be told */
void incident_plan(const struct incident_rules *rules, struct store_event *event);

/* incident_start - from when a deadline runs: discovery, and what the office was away */
int64_t incident_start(const struct store_event *event, enum incident_stage stage);

/* incident_deadline - of one stage, microseconds; 0: none, or it is met */
int64_t incident_deadline(const struct store_event *event, enum incident_stage stage);

/* Which share of a deadline has passed, for escalation. */
enum incident_due {
	INCIDENT_IN_TIME,
	INCIDENT_HALF,	   /* the person directly responsible is told */
	INCIDENT_PRESSING, /* the person first responsible */
	INCIDENT_OVERDUE,  /* the lateness is recorded with whose delay it was */
};

enum incident_due incident_due(const struct incident_rules *rules, int64_t from_us,
			       int64_t deadline_us, int64_t now_us);

/* incident_told, incident_tell - how far people were told of one deadline, kept in the event */
enum incident_due incident_told(const struct store_event *event, enum incident_stage stage);
void incident_tell(struct store_event *event, enum incident_stage stage, enum incident_due due);

/* incident_medium_name, incident_medium - "juemi"; INCIDENT_MEDIUM_COUNT for an unknown name */
const char *incident_medium_name(uint32_t medium);
uint32_t incident_medium(const char *name);

/* incident_cyber_name, incident_cyber - "critical"; INCIDENT_CYBER_COUNT for an unknown name */
const char *incident_cyber_name(uint32_t unit);
uint32_t incident_cyber(const char *name);

/* incident_away - the office was away: the alerts of an hour wait for it, statutory deadlines do not */
int incident_away(struct store *store, int64_t from_us, int64_t until_us);

/* incident_state_name, incident_state - "to-verify"; STORE_EVENT_STATE_COUNT for an unknown name */
const char *incident_state_name(uint32_t state);
uint32_t incident_state(const char *name);

#endif
