/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of states, kinds and times as people read them, in the reader's language. */
#ifndef AIRGAP_OFFICE_EVENT_WORDS_H
#define AIRGAP_OFFICE_EVENT_WORDS_H

#include <stdint.h>

#define EVENT_TIME_SIZE 32

/* event_state_text - "to verify", 待核实 */
const char *event_state_text(uint32_t state);

/* event_kind_text - "a terminal has fallen silent"; a kind without words is its own name */
const char *event_kind_text(const char *kind);

/* event_medium_text - level of a medium, enum incident_medium: "jimi", 机密 */
const char *event_medium_text(uint32_t medium);

/* event_cyber_text - kind of unit, enum incident_cyber: "critical infrastructure" */
const char *event_cyber_text(uint32_t unit);
/* event_cyber_body - to whom its report is owed */
const char *event_cyber_body(uint32_t unit);

/* event_time_text - "2026-11-25 16:00 UTC"; "-" for 0 */
const char *event_time_text(int64_t time_us, char text[static EVENT_TIME_SIZE]);

#endif
