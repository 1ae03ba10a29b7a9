/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A medium for tests: its record, and facts that agree with it. */
#ifndef AIRGAP_TESTS_MEDIUM_FIXTURE_H
#define AIRGAP_TESTS_MEDIUM_FIXTURE_H

#include "policy/medium/judge.h"

/* Its row of table media, up to the status. */
#define MEDIUM_ID_WRITTEN "9f3c5e00112233445566778899aabbcc"
#define MEDIUM_ROW	  MEDIUM_ID_WRITTEN "  0951:1666  \"S1\"  mimi  \"7.2.14\"  \"A. Novak\"  "

/* medium_record_of - with its digest */
void medium_record_of(struct medium_record *record);

/* medium_facts_of - a good medium at its first use */
void medium_facts_of(struct medium_facts *facts);

#endif
