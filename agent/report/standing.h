/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How we stand with the office: what is kept over restarts, and what people are shown of it. */
#ifndef AIRGAP_REPORT_STANDING_H
#define AIRGAP_REPORT_STANDING_H

#include <jansson.h>

#include "agent/lib/enrolment.h"
#include "agent/report/answer.h"
#include "agent/report/credential.h"
#include "agent/report/target.h"

enum standing_state {
	STANDING_NONE,	  /* nobody has asked for a registration */
	STANDING_PENDING, /* asked; an officer compares the fingerprint */
	STANDING_ACTIVE,
	STANDING_REFUSED, /* a new code is needed */
	STANDING_COUNT,
};

/* Kept in the file `registration`. */
struct standing {
	enum standing_state state;
	char id[ANSWER_ID_SIZE];
	char fingerprint[ENROLMENT_FINGERPRINT_SIZE];
	char key[TLOG_KEY_TEXT_SIZE]; /* of the office that this is about */
	char code[65];		      /* that was used */
};

const char *standing_name(enum standing_state state);

/* standing_load - what cannot be read, or is about another office, counts as none */
void standing_load(const char *folder, const struct tlog_key *key, struct standing *standing);

/* standing_save - 0 or -errno */
int standing_save(const char *folder, const struct standing *standing);

/* All that a registration says. */
struct standing_request {
	const struct target *target;
	const struct upload_head *head;
	const uint8_t *pin;    /* 32 bytes: of our certificate */
	const char *recipient; /* age1...: to which answers are encrypted that are carried */
	const uint8_t *sealed; /* K_0 for the office alone; may be NULL */
	size_t sealed_length;
};

/* standing_fingerprint - what the officer compares; computed here, never taken from an answer */
void standing_fingerprint(const struct standing_request *request,
			  char fingerprint[static ENROLMENT_FINGERPRINT_SIZE]);

/* standing_request - body of POST /v1/enrol, freed by the caller; NULL: no memory */
char *standing_request(const struct standing_request *request);

#endif
