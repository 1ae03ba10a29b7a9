/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Grades and deadlines, as data: the defaults below hold until the office's setting `incidents`
 * says otherwise, a JSON object such as
 *
 *	{"V3":{"inner_s":43200,"outer_s":86400,"result_s":0},
 *	 "contact":{"late":2,"silent":5,"escalate":20,"fleet_percent":10,"fleet_least":5},
 *	 "kinds":{"rollback":"V2"}}
 */
#ifndef AIRGAP_OFFICE_INCIDENT_H
#define AIRGAP_OFFICE_INCIDENT_H

#include <stdbool.h>

#include "agent/office/store/store.h"

#define INCIDENT_GRADES 5 /* none, V1 to V4 */
#define INCIDENT_KINDS	24

struct incident_deadlines {
	int64_t inner_s;  /* inside the unit: to the office */
	int64_t outer_s;  /* by the unit: to the administration above; 0 none */
	int64_t result_s; /* of the result; 0 none */
};

struct incident_kind {
	char name[32];
	uint32_t grade; /* what the office proposes where the entry proposes none */
};

struct incident_rules {
	struct incident_deadlines deadlines[INCIDENT_GRADES];
	struct incident_kind kinds[INCIDENT_KINDS];
	uint32_t kind_count;
	/* a terminal is late after so many promised intervals without an entry, and so on */
	uint32_t late, silent, escalate;
	uint32_t fleet_percent, fleet_least; /* that many terminals late at once are an alarm */
	uint32_t heartbeat_s;		     /* for terminals that have not promised one yet */
	uint32_t bundle_s;		     /* standalone terminals: a bundle is due so often */
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

/* incident_grade - for an event of @kind whose entry proposed @proposed */
uint32_t incident_grade(const struct incident_rules *rules, const char *kind, uint32_t proposed);

/* incident_begin - to be verified, with the deadlines of its grade, from discovery */
void incident_begin(const struct incident_rules *rules, struct store_event *event);

/* Which share of a deadline has passed, for escalation. */
enum incident_due {
	INCIDENT_IN_TIME,
	INCIDENT_HALF,	   /* 50 %: the person directly responsible is told */
	INCIDENT_PRESSING, /* 75 %: the person first responsible */
	INCIDENT_OVERDUE,  /* the lateness is recorded with whose delay it was */
};

enum incident_due incident_due(int64_t from_us, int64_t deadline_us, int64_t now_us);

/**
 * incident_sweep - note on open events how far their deadlines have gone
 *
 * At a half and at three quarters the people to be told, at the end whose delay it was; each once.
 * Inside the caller's transaction. Returns 0 or -errno.
 */
int incident_sweep(struct store *store, int64_t now_us);

/* incident_away - the office was away: the alerts of an hour wait for it, statutory deadlines do not */
int incident_away(struct store *store, int64_t from_us, int64_t until_us);

/* incident_state_name, incident_state - "to-verify"; STORE_EVENT_STATE_COUNT for an unknown name */
const char *incident_state_name(uint32_t state);
uint32_t incident_state(const char *name);

/**
 * incident_may - may an event go from @from to @to by this person?
 * @first: officer who asked for closing, 0 for none
 *
 * closed and false-alarm come out of to-review only, by somebody else than who asked for it.
 */
bool incident_may(uint32_t from, uint32_t to, int64_t first, int64_t officer);

#endif
