// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/office/incident.h"

/* Open events looked at in one sweep, those with the nearest deadline first. */
#define SWEEP_MAX 2000
/* Set back for time in which the office was away; a statutory deadline never is. */
#define OWN_GRADE_MAX 2

static const char *const words[] = {
	[INCIDENT_IN_TIME] = "",
	[INCIDENT_HALF] = "half of the time is over: tell the person directly responsible",
	[INCIDENT_PRESSING] = "three quarters are over: tell the person first responsible",
	[INCIDENT_OVERDUE] = "late: the delay is the office's",
};

struct change {
	int64_t id;
	enum incident_due due;
};

struct sweep {
	int64_t now_us;
	struct change changes[SWEEP_MAX];
	size_t count;
};

static enum incident_due told(const char *lateness)
{
	enum incident_due due = INCIDENT_OVERDUE;

	while (due > INCIDENT_IN_TIME && strcmp(words[due], lateness) != 0)
		due--;
	return due;
}

static int look(void *data, const struct store_event *event)
{
	struct sweep *sweep = data;
	enum incident_due inner = incident_due(event->received_us, event->inner_us, sweep->now_us);
	enum incident_due outer = incident_due(event->received_us, event->outer_us, sweep->now_us);
	enum incident_due due = inner > outer ? inner : outer;

	/* In hand: the alert has been answered; only what goes to the administration still runs. */
	if (event->state != STORE_EVENT_TO_VERIFY)
		due = outer;
	/* What a person wrote there stays. */
	if (due > told(event->lateness) &&
	    (event->lateness[0] == 0 || told(event->lateness) > INCIDENT_IN_TIME))
		sweep->changes[sweep->count++] = (struct change){ event->id, due };
	return 0;
}

/* The row as it is, with another lateness; its texts live as long as the walk. */
struct rewrite {
	struct store *store;
	enum incident_due due;
};

static int rewrite(void *data, const struct store_event *event)
{
	const struct rewrite *r = data;
	struct store_event changed = *event;

	changed.lateness = words[r->due];
	return store_event_update(r->store, &changed);
}

int incident_sweep(struct store *store, int64_t now_us)
{
	struct store_event_filter open = { .by_deadline = true, .limit = SWEEP_MAX };
	struct sweep *sweep = calloc(1, sizeof(*sweep));
	int r;

	if (!sweep)
		return -ENOMEM;
	sweep->now_us = now_us;
	r = store_event_each(store, &open, look, sweep);
	for (size_t i = 0; r == 0 && i < sweep->count; i++) {
		struct store_event_filter one = { .id = sweep->changes[i].id };
		struct rewrite with = { store, sweep->changes[i].due };

		r = store_event_each(store, &one, rewrite, &with);
	}
	free(sweep);
	return r;
}

int incident_away(struct store *store, int64_t from_us, int64_t until_us)
{
	return store_event_postpone(store, OWN_GRADE_MAX, from_us, until_us - from_us);
}
