/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the office finds out by itself: an event for people, and the proof that stays. */
#ifndef AIRGAP_OFFICE_EVIDENCE_H
#define AIRGAP_OFFICE_EVIDENCE_H

#include "agent/office/incident.h"

/* Different ones of a kind against one terminal: a hundred prove it, a million fill the disk. */
#define EVIDENCE_KEPT_MAX 100

struct evidence {
	int64_t terminal;  /* 0: about none */
	const char *kind;  /* "rollback", "fork", "silent", ... */
	const char *facts; /* one line */
	const void *proof; /* the signed request, or NULL */
	size_t proof_length;
	const void *cause; /* what several proofs have in common, or NULL */
	size_t cause_length;
	uint32_t medium;     /* level of a lost medium, enum incident_medium */
	int64_t occurred_us; /* 0: now */
	int64_t now_us;
	bool recorded; /* asks nothing of people */
};

/**
 * evidence_keep - store the proof; the first time also an event
 *
 * The same proof again, or another one of the same cause, counts and alarms nobody. Beyond EVIDENCE_KEPT_MAX different ones they are only
 * counted, with one event that says so. Returns 0 or -errno.
 */
int evidence_keep(struct store *store, const struct incident_rules *rules,
		  const struct evidence *evidence);

/* evidence_event - an event of the office's own without proof, each time anew */
int evidence_event(struct store *store, const struct incident_rules *rules,
		   const struct evidence *evidence, int64_t *id);

#endif
