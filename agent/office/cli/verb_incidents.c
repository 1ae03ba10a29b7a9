// SPDX-License-Identifier: GPL-2.0-or-later
/* airgap-office incidents: events as they stand, what officers signed about them, and the rules. */
#include "agent/office/cli/verb_incidents.h"

#include <errno.h>
#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/i18n.h"
#include "agent/lib/printable.h"
#include "agent/office/event_life.h"
#include "agent/office/event_words.h"
#include "agent/office/store/store_event.h"
#include "agent/office/store/store_people.h"

#define LIST_MAX 200

bool incidents_number(const char *text, int64_t *id)
{
	char *end;

	*id = strtoll(text, &end, 10);
	return *text && !*end && *id > 0;
}

static int print_one(void *data, const struct store_event *e)
{
	char facts[160], due[EVENT_TIME_SIZE];

	(void)data;
	printable_copy(facts, sizeof(facts), e->facts);
	printf("%6" PRId64 "  %c%c  %-11s  %-20s  %-12s  %s%s%s\n", e->id, e->grade ? 'V' : '-',
	       e->grade ? (char)('0' + e->grade) : ' ', incident_state_name(e->state),
	       event_time_text(e->due_us, due), e->number[0] ? e->number : "-", e->kind,
	       e->drill ? " (drill): " : ": ", facts);
	return 0;
}

int incidents_list(struct admin *admin, int argc, char **argv)
{
	struct store_event_filter filter = { .by_deadline = true, .limit = LIST_MAX };
	uint32_t state;

	if (argc > 2)
		return office_usage("incidents");
	if (argc == 2) {
		state = incident_state(argv[1]);
		if (state == STORE_EVENT_STATE_COUNT)
			return office_usage("incidents");
		filter.by_deadline = false;
		filter.states = 1u << state;
	}
	return store_event_each(admin->store, &filter, print_one, NULL) < 0;
}

struct history {
	struct store *store;
};

static int print_action(void *data, const struct store_action *action)
{
	const struct history *history = data;
	struct store_officer officer = { .name = "the office" };
	char when[EVENT_TIME_SIZE], *text = printable_new(action->text);

	if (action->officer)
		(void)!store_officer_by_id(history->store, action->officer, &officer);
	printf("  %s  entry %" PRId64 "  %-12s  %s%s%s\n", event_time_text(action->time_us, when),
	       action->seq, officer.name, action->verb, text && *text ? ": " : "",
	       text ? text : "");
	free(text);
	return 0;
}

/* The officer as the moves see him. */
static void print_offered(const struct event_copy *copy)
{
	static const struct store_officer somebody = { .id = INT64_MAX };
	uint32_t offered = event_life_offered(&copy->event, copy->reports, &somebody);

	printf("\nmoves:");
	for (enum event_move move = 0; move < EVENT_MOVE_COUNT; move++)
		if (offered >> move & 1)
			printf(" %s", event_move_name(move));
	printf("\n");
}

int incidents_show(struct admin *admin, int argc, char **argv)
{
	struct history history = { admin->store };
	struct event_copy copy;
	int64_t id;
	int r;

	if (argc != 2 || !incidents_number(argv[1], &id))
		return office_usage("incidents");
	r = event_copy_get(admin->store, id, &copy);
	if (r == -ENOENT)
		fprintf(stderr, OFFICE_NAME ": there is no event %s\n", argv[1]);
	if (r < 0)
		return 1;
	r = report_print(admin->store, id, stdout);
	printf("\n%s, newest first:\n", "history");
	if (r == 0)
		r = store_action_each(admin->store, id, 1000, print_action, &history);
	print_offered(&copy);
	event_copy_done(&copy);
	return r < 0;
}

int incidents_report(struct admin *admin, int argc, char **argv)
{
	int64_t id;
	int r;

	if (argc != 2 || !incidents_number(argv[1], &id))
		return office_usage("incidents");
	r = report_print(admin->store, id, stdout);
	if (r == -ENOENT)
		fprintf(stderr, OFFICE_NAME ": there is no event %s\n", argv[1]);
	return r < 0;
}

int verb_incidents(const struct office_call *call)
{
	static const struct {
		const char *name;
		int (*run)(struct admin *admin, int argc, char **argv);
	} parts[] = { { "list", incidents_list },     { "show", incidents_show },
		      { "report", incidents_report }, { "draft", incidents_draft },
		      { "carry", incidents_carry },   { "evidence", incidents_evidence },
		      { "rules", incidents_rules } };
	struct admin admin;
	int status;

	i18n_init(NULL);
	for (size_t i = 0; call->argc > 1 && i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (strcmp(call->argv[1], parts[i].name) != 0)
			continue;
		status = admin_open(&admin, call) < 0
				 ? 1
				 : parts[i].run(&admin, call->argc - 1, call->argv + 1);
		admin_close(&admin);
		return status;
	}
	return office_usage("incidents");
}
