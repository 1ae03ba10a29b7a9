// SPDX-License-Identifier: GPL-2.0-or-later
/* An event as a report to be printed: plain text, in the reader's language. */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/i18n.h"
#include "agent/office/event_life.h"
#include "agent/office/facts.h"
#include "agent/office/event_words.h"
#include "agent/office/store/store_event.h"
#include "agent/office/store/store_people.h"

struct printing {
	struct store *store;
	FILE *out;
	uint32_t stated; /* bit of each field that some report states */
	uint32_t number;
};

static void line(const struct printing *p, const char *label, const char *value)
{
	fprintf(p->out, "%s: ", label);
	/* Further lines stand below the first. */
	for (const char *c = value; *c; c++) {
		fputc(*c, p->out);
		if (*c == '\n')
			fputs("    ", p->out);
	}
	fputc('\n', p->out);
}

static void officer_line(const struct printing *p, const char *label, int64_t id)
{
	struct store_officer officer;

	if (id && store_officer_by_id(p->store, id, &officer) == 0)
		line(p, label, officer.name);
}

static void time_line(const struct printing *p, const char *label, int64_t time_us)
{
	char text[EVENT_TIME_SIZE];

	if (time_us)
		line(p, label, event_time_text(time_us, text));
}

static void print_cyber(const struct printing *p, const struct store_event *e)
{
	if (!e->cyber)
		return;
	line(p, _("Cyber incident, larger or above"), event_cyber_text(e->cyber));
	line(p, _("Its report is owed to"), event_cyber_body(e->cyber));
	time_line(p, _("Cyber report due"), e->cyber_us);
	time_line(p, _("Cyber report went out"), e->cyber_sent_us);
	time_line(p, _("Closing cyber report due"), e->cyber_closing_us);
	time_line(p, _("Closing cyber report went out"), e->cyber_closed_us);
}

static void print_head(const struct printing *p, const struct store_event *e)
{
	char text[64], shown[FACTS_SHOWN_SIZE];

	fprintf(p->out, "%s\n", _("REPORT ON A SECRECY EVENT"));
	if (e->drill)
		fprintf(p->out, "*** %s ***\n", _("DRILL: this did not happen"));
	fputc('\n', p->out);
	snprintf(text, sizeof(text), "%" PRId64, e->id);
	line(p, _("Event"), text);
	line(p, _("Kind"), event_kind_text(e->kind));
	snprintf(text, sizeof(text), e->grade ? "V%u" : "-", e->grade);
	line(p, _("Grade"), text);
	line(p, _("State"), event_state_text(e->state));
	if (e->number[0])
		line(p, _("Terminal"), e->number);
	time_line(p, _("Happened"), e->occurred_us);
	time_line(p, _("Discovered"), e->found_us);
	time_line(p, _("Report due at the administration"), e->outer_us);
	time_line(p, _("Report went out"), e->reported_us);
	time_line(p, _("Result due"), e->result_us);
	if (e->medium || e->rises_us)
		line(p, _("Level of the medium"), event_medium_text(e->medium));
	if (e->grade < INCIDENT_LOST_GRADE)
		time_line(p, _("Treated as a leak, V4, if not found by"), e->rises_us);
	print_cyber(p, e);
	time_line(p, _("Closed"), e->closed_us);
	line(p, _("Facts"),
	     e->source == STORE_SOURCE_OFFICER ? e->facts : facts_shown(e->facts, shown));
	if (e->lateness[0])
		line(p, _("Lateness"), facts_lateness(e->lateness, shown));
}

static int print_report(void *data, const struct store_report *report)
{
	struct printing *p = data;
	json_t *json = json_loads(report->fields, 0, NULL);
	char when[EVENT_TIME_SIZE];

	p->number = report->number;
	fputc('\n', p->out);
	if (report->number == 1)
		fprintf(p->out, "%s\n", _("FIRST REPORT"));
	else
		fprintf(p->out, _("SUPPLEMENT %u\n"), report->number - 1);
	line(p, _("Filed"), event_time_text(report->time_us, when));
	officer_line(p, _("By"), report->officer);
	for (enum report_field field = 0; field < REPORT_FIELD_COUNT; field++) {
		const char *value =
			json_string_value(json_object_get(json, report_field_name(field)));

		if (!value)
			continue;
		p->stated |= 1u << field;
		line(p, report_field_label(field), value);
	}
	json_decref(json);
	return 0;
}

static void print_missing(const struct printing *p)
{
	bool any = p->stated != (1u << REPORT_FIELD_COUNT) - 1;

	if (p->number == 0)
		fprintf(p->out, "\n%s\n", _("No report has been filed yet."));
	if (any)
		fprintf(p->out, "\n%s\n", _("NOT STATED YET (to follow as supplements)"));
	for (enum report_field field = 0; field < REPORT_FIELD_COUNT; field++)
		if (!(p->stated >> field & 1))
			line(p, report_field_label(field), "");
}

static void print_life(const struct printing *p, const struct store_event *e)
{
	fprintf(p->out, "\n%s\n", _("HANDLING"));
	line(p, _("The user's explanation"), e->explanation);
	line(p, _("What was done"), e->handling);
	line(p, _("Result"), e->result);
	officer_line(p, _("In the hands of"), e->assigned);
	officer_line(p, _("Proposed by"), e->first_person);
	officer_line(p, _("Confirmed by"), e->second_person);
	fprintf(p->out,
		"\n%s: ____________________    %s: ____________________    %s: __________\n",
		_("Reported by"), _("Person first responsible"), _("Date"));
}

int report_print(struct store *store, int64_t id, FILE *out)
{
	struct printing printing = { .store = store, .out = out };
	struct event_copy copy;
	int r = event_copy_get(store, id, &copy);

	if (r < 0)
		return r;
	print_head(&printing, &copy.event);
	r = store_report_each(store, id, print_report, &printing);
	if (r == 0) {
		print_missing(&printing);
		print_life(&printing, &copy.event);
	}
	event_copy_done(&copy);
	return r < 0 ? r : ferror(out) ? -EIO : 0;
}

int report_text(struct store *store, int64_t id, char **text)
{
	size_t size = 0;
	FILE *out;
	int r;

	*text = NULL;
	out = open_memstream(text, &size);
	if (!out)
		return -ENOMEM;
	r = report_print(store, id, out);
	if (fclose(out) != 0 && r == 0)
		r = -ENOMEM;
	if (r < 0) {
		free(*text);
		*text = NULL;
	}
	return r;
}
