// SPDX-License-Identifier: GPL-2.0-or-later
/* The fields of a report. */
#include "agent/office/event_report.h"

#include <jansson.h>
#include <string.h>

#include "agent/lib/i18n.h"
#include "agent/lib/printable.h"

static const struct {
	const char *name, *label;
} names[REPORT_FIELD_COUNT] = {
	[REPORT_CONTENT] = { "content", N_("What: content") },
	[REPORT_LEVEL] = { "level", N_("What: level") },
	[REPORT_QUANTITY] = { "quantity", N_("What: quantity") },
	[REPORT_CARRIER] = { "carrier", N_("What: carrier") },
	[REPORT_DISCOVERED] = { "discovered", N_("When it was discovered") },
	[REPORT_PERSONS] = { "persons", N_("Persons involved") },
	[REPORT_TIME] = { "time", N_("When it happened") },
	[REPORT_PLACE] = { "place", N_("Where it happened") },
	[REPORT_COURSE] = { "course", N_("Course of events") },
	[REPORT_HARM] = { "harm", N_("Harm done, or to be feared") },
	[REPORT_INVESTIGATION] = { "investigation", N_("Investigation so far") },
	[REPORT_REMEDIES] = { "remedies", N_("Remedies taken") },
};

const char *report_field_name(enum report_field field)
{
	return field < REPORT_FIELD_COUNT ? names[field].name : "unknown";
}

const char *report_field_label(enum report_field field)
{
	return field < REPORT_FIELD_COUNT ? _(names[field].label) : "";
}

static bool is_text(const char *text, size_t length)
{
	uint32_t code;
	size_t n;

	for (size_t at = 0; at < length; at += n) {
		n = printable_next(text + at, length - at, &code);
		if (n == 0 || (code != '\n' && !printable_is(code)))
			return false;
	}
	return true;
}

bool report_fields_good(const struct report_fields *fields, uint32_t number)
{
	size_t total = 0, stated = 0;

	for (enum report_field field = 0; field < REPORT_FIELD_COUNT; field++) {
		const char *value = fields->value[field] ? fields->value[field] : "";
		size_t length = strlen(value);
		bool empty = strspn(value, " \n") == length;

		if (length > REPORT_FIELD_MAX || !is_text(value, length))
			return false;
		if (empty && number == 1 && field < REPORT_FIRST_COUNT)
			return false;
		total += length;
		stated += !empty;
	}
	return stated > 0 && total <= REPORT_TOTAL_MAX;
}

char *report_fields_json(const struct report_fields *fields)
{
	json_t *json = json_object();
	char *text = NULL;
	int r = json ? 0 : -1;

	for (enum report_field field = 0; r == 0 && field < REPORT_FIELD_COUNT; field++)
		if (fields->value[field] && fields->value[field][0])
			r = json_object_set_new(json, names[field].name,
						json_string(fields->value[field]));
	if (r == 0)
		text = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	return text;
}
