/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reports on an event: the first one, and numbered supplements. What they must name: what (content,
 * level, quantity, carrier), when discovered, persons, time, place and course, harm, investigation so
 * far, remedies. A first report may hold the first two alone.
 */
#ifndef AIRGAP_OFFICE_EVENT_REPORT_H
#define AIRGAP_OFFICE_EVENT_REPORT_H

#include <stdio.h>

#include "agent/office/store/store.h"

enum report_field {
	REPORT_CONTENT,
	REPORT_LEVEL,
	REPORT_QUANTITY,
	REPORT_CARRIER,
	REPORT_DISCOVERED, /* the first report ends here, if nothing more is known yet */
	REPORT_PERSONS,
	REPORT_TIME,
	REPORT_PLACE,
	REPORT_COURSE,
	REPORT_HARM,
	REPORT_INVESTIGATION,
	REPORT_REMEDIES,
	REPORT_FIELD_COUNT,
};
#define REPORT_FIRST_COUNT (REPORT_DISCOVERED + 1)
#define REPORT_FIELD_MAX   2000	 /* bytes of one field */
#define REPORT_TOTAL_MAX   12000 /* of all, so that the log's entry holds them */

struct report_fields {
	const char *value[REPORT_FIELD_COUNT]; /* NULL or "": not stated */
};

/* report_field_name - "content": in forms, texts to be signed, and JSON */
const char *report_field_name(enum report_field field);
/* report_field_label - "Content", in the reader's language */
const char *report_field_label(enum report_field field);

/* report_fields_good - within the limits, text, and with what report @number must hold */
bool report_fields_good(const struct report_fields *fields, uint32_t number);

/* report_fields_json - one line, the empty ones left out; the caller frees it; NULL: no memory */
char *report_fields_json(const struct report_fields *fields);

/**
 * report_print - event @id as a report to be printed, in the reader's language
 *
 * All reports filed so far, each with its number, time and officer; what no report states is listed at
 * the end. Plain text, UTF-8. Returns 0, -ENOENT: no such event, or -errno.
 */
int report_print(struct store *store, int64_t id, FILE *out);

/* report_text - the same as a text that the caller frees */
int report_text(struct store *store, int64_t id, char **text);

#endif
