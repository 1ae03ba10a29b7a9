/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What new entries mean for the office: events, the terminal's state, its policy and tables. */
#ifndef AIRGAP_OFFICE_INTAKE_H
#define AIRGAP_OFFICE_INTAKE_H

#include "agent/office/ingest.h"
#include "agent/office/store/store_terminal.h"

struct intake {
	const struct ingest *ingest;
	struct store_terminal *terminal;
	const struct incident_rules *rules;
	struct extract extract;
	uint64_t lost_before;
	uint64_t next;	 /* of its log: all before it has been read */
	int64_t time_us; /* of the newest entry */
	uint32_t kind;	 /* of the newest entry: enum record_kind */
	uint64_t unreadable;
	bool any;
	bool clock_told;
};

/* intake_begin - @terminal is updated in memory until intake_end() writes it */
void intake_begin(struct intake *intake, const struct ingest *ingest,
		  struct store_terminal *terminal);

/* intake_entry - one new entry, in order; 0 or -errno of the store */
int intake_entry(struct intake *intake, uint64_t seq, const char *line, size_t length);

/* intake_end - the terminal has been heard; 0 or -errno of the store */
int intake_end(struct intake *intake);

#endif
