/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the office reads out of an entry: the row for its page, the numbers for its tables. */
#ifndef AIRGAP_OFFICE_EXTRACT_H
#define AIRGAP_OFFICE_EXTRACT_H

#include "agent/lib/journal_file.h"
#include "agent/office/incident.h"
#include "agent/office/store/store_event.h"

#define EXTRACT_FACTS_SIZE 400

struct extract {
	struct journal_head head;
	bool held;  /* a digest, digest.h: the entry stays on the terminal */
	bool shown; /* becomes a row; heartbeats and the like do not */
	struct store_event event;
	char facts[EXTRACT_FACTS_SIZE];
};

/**
 * extract_entry - read one entry of a terminal's log
 * @seq: the place in the log, which the entry must name itself
 * @received_us: now
 *
 * Nothing in it is trusted beyond its form. The event's texts live in @extract and, for the kind, for
 * ever. Returns 0; -EBADMSG: no entry: the log is kept, an alarm takes its place on the page.
 */
int extract_entry(const struct incident_rules *rules, const char *line, size_t length, uint64_t seq,
		  int64_t received_us, struct extract *extract);

/* extract_time_us - of RFC 3339 text as entries have it; 0 when it is none */
int64_t extract_time_us(const char *text);

#endif
