// SPDX-License-Identifier: GPL-2.0-or-later
/* A registered medium that is lost and not found in time is treated as a leak, without anybody's doing. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "agent/office/event_life.h"
#include "agent/office/incident_book.h"
#include "agent/office/own_log.h"
#include "agent/office/store/store_event.h"

#define HOUR_US ((int64_t)3600 * 1000000)

static char *describe(const struct store_event *event)
{
	int64_t hours = (event->rises_us - event->found_us) / HOUR_US;
	bool days = hours % 24 == 0;
	char *text = NULL;

	if (asprintf(&text,
		     "from V%u to V%u: the medium (%s) was not found within %" PRId64
		     " %s of discovery (rules on investigating leaks, art. 5(1))",
		     event->grade, INCIDENT_LOST_GRADE, incident_medium_name(event->medium),
		     days ? hours / 24 : hours, days ? "days" : "hours") < 0)
		return NULL;
	return text;
}

static int raise_it(struct store *store, const struct incident_rules *rules,
		    const struct keys *keys, struct store_event *event, int64_t now_us)
{
	char *text = describe(event);
	const struct own_action action = { .verb = "raise", .event = event->id, .text = text };
	int r = text ? own_log_add(store, keys, &action, now_us) : -ENOMEM;

	free(text);
	event_life_grade(event, rules, INCIDENT_LOST_GRADE);
	/* What an officer signed of the lower grade counts no more. */
	event->moves++;
	return r;
}

int incident_rise(struct store *store, const struct incident_book *book, const struct keys *keys,
		  int64_t id, int64_t now_us)
{
	const struct incident_rules *rules;
	struct event_copy copy;
	int r = event_copy_get(store, id, &copy);

	if (r < 0)
		return r;
	rules = incident_book_for_id(book, store, copy.event.terminal);
	if (copy.event.grade < INCIDENT_LOST_GRADE)
		r = raise_it(store, rules, keys, &copy.event, now_us);
	/* Once: a grade that two people lower afterwards stays as they have it. */
	copy.event.rises_us = 0;
	incident_plan(rules, &copy.event);
	if (r == 0)
		r = store_event_update(store, &copy.event);
	event_copy_done(&copy);
	return r;
}
