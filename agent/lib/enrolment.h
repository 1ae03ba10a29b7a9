/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What two people compare before the office lets a terminal in. Both ends compute it themselves, from what
 * was sent and from what came, and show it in the same form.
 */
#ifndef AIRGAP_LIB_ENROLMENT_H
#define AIRGAP_LIB_ENROLMENT_H

#include <stdbool.h>

#include "agent/lib/tlog/tlog.h"

/* All that the office will hold a terminal for; texts may be "". */
struct enrolment {
	const char *number, *unit, *level, *custodian, *room;
	const struct tlog_key *log;
	const uint8_t *pin;   /* 32 bytes: of its certificate */
	const uint8_t *trust; /* 32 bytes: SHA-256 of its signers' list */
	const char *recipient;
	const uint8_t *sealed; /* K_0 as an age file */
	size_t sealed_length;  /* 0: none */
	bool standalone;
};

#define ENROLMENT_FINGERPRINT_SIZE 40 /* eight groups of four digits, seven blanks, NUL */

/* enrolment_fingerprint - 128 bits, in groups that two people can read to each other */
void enrolment_fingerprint(const struct enrolment *enrolment,
			   char fingerprint[static ENROLMENT_FINGERPRINT_SIZE]);

#endif
