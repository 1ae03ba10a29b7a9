// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/contact.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/office/evidence.h"
#include "agent/office/store/store_terminal.h"

#define SECOND INT64_C(1000000)
/* A restart that takes less is not worth an event. */
#define DOWNTIME_LEAST (180 * SECOND)

const char *contact_name(uint32_t contact)
{
	static const char *const names[STORE_CONTACT_COUNT] = {
		[STORE_CONTACT_NEVER] = "never", [STORE_CONTACT_ON_TIME] = "on-time",
		[STORE_CONTACT_LATE] = "late",	 [STORE_CONTACT_SILENT] = "silent",
		[STORE_CONTACT_OFF] = "off",	 [STORE_CONTACT_ESCALATED] = "escalated",
	};

	return contact < STORE_CONTACT_COUNT ? names[contact] : "unknown";
}

static void set(struct store_terminal *terminal, uint32_t contact, int64_t now_us)
{
	if (terminal->contact == contact)
		return;
	terminal->contact = contact;
	terminal->contact_us = now_us;
}

void contact_heard(struct store_terminal *terminal, bool stopped, int64_t now_us)
{
	terminal->seen_us = now_us;
	set(terminal, stopped ? STORE_CONTACT_OFF : STORE_CONTACT_ON_TIME, now_us);
}

static uint32_t judge_standalone(const struct store_terminal *terminal, int64_t now_us)
{
	if (terminal->return_us == 0 || now_us <= terminal->return_us)
		return terminal->contact;
	return STORE_CONTACT_SILENT;
}

uint32_t contact_judge(const struct incident_rules *rules, const struct store_terminal *t,
		       int64_t since_us, int64_t now_us)
{
	int64_t interval = (int64_t)(t->heartbeat_s ? t->heartbeat_s : rules->heartbeat_s) * SECOND;
	int64_t from_us = t->seen_us > since_us ? t->seen_us : since_us;
	int64_t passed = now_us - from_us;
	uint32_t now = STORE_CONTACT_ON_TIME;

	if (t->contact == STORE_CONTACT_OFF)
		return STORE_CONTACT_OFF;
	if (t->standalone)
		return judge_standalone(t, now_us);
	if (t->seen_us == 0)
		return STORE_CONTACT_NEVER;
	if (passed > interval * rules->escalate)
		now = STORE_CONTACT_ESCALATED;
	else if (passed > interval * rules->silent)
		now = STORE_CONTACT_SILENT;
	else if (passed > interval * rules->late)
		now = STORE_CONTACT_LATE;
	/* Only being heard makes it better: a restart of the office does not. */
	return now > t->contact ? now : t->contact;
}

struct sweep {
	struct store *store;
	const struct incident_book *book;
	int64_t since_us, now_us;
	uint64_t expected, missed;
	struct store_terminal *changed;
	size_t count, room;
};

/* Rows change after the walk, which reads them. */
static int look(void *data, const struct store_terminal *terminal)
{
	struct sweep *sweep = data;
	uint32_t contact;

	if (terminal->state != STORE_TERMINAL_ACTIVE)
		return 0;
	contact = contact_judge(incident_book_for(sweep->book, terminal), terminal, sweep->since_us,
				sweep->now_us);
	if (!terminal->standalone && contact != STORE_CONTACT_OFF && contact != STORE_CONTACT_NEVER)
		sweep->expected++;
	if (!terminal->standalone && contact >= STORE_CONTACT_LATE &&
	    contact <= STORE_CONTACT_ESCALATED)
		sweep->missed++;
	if (contact == terminal->contact)
		return 0;
	if (sweep->count == sweep->room) {
		size_t room = sweep->room ? 2 * sweep->room : 64;
		struct store_terminal *more =
			realloc(sweep->changed, room * sizeof(*sweep->changed));

		if (!more)
			return -ENOMEM;
		sweep->changed = more;
		sweep->room = room;
	}
	sweep->changed[sweep->count] = *terminal;
	set(&sweep->changed[sweep->count++], contact, sweep->now_us);
	return 0;
}

static int tell(const struct sweep *sweep, const struct store_terminal *t)
{
	char facts[256];
	struct evidence evidence = { .terminal = t->id,
				     .kind = contact_name(t->contact),
				     .facts = facts,
				     .now_us = sweep->now_us };

	evidence.recorded = t->contact == STORE_CONTACT_LATE;
	if (t->standalone) {
		evidence.kind = "overdue-bundle";
		snprintf(facts, sizeof(facts),
			 "no bundle has come from this terminal without network, and one was due");
	} else {
		snprintf(facts, sizeof(facts), "nothing has been heard for %" PRId64 " minutes",
			 (sweep->now_us - t->seen_us) / (60 * SECOND));
	}
	return evidence_event(sweep->store, incident_book_for(sweep->book, t), &evidence, NULL);
}

/* Many at once are rarely many machines: a switch, a cable, or somebody who cut it. */
static int judge_fleet(const struct sweep *sweep)
{
	const struct incident_rules *rules = incident_book_own(sweep->book);
	bool drop = sweep->missed >= rules->fleet_least &&
		    sweep->missed * 100 >= sweep->expected * rules->fleet_percent;
	char facts[256], *told = NULL;
	struct evidence evidence = { .kind = "fleet-silent",
				     .facts = facts,
				     .now_us = sweep->now_us };
	int r = store_setting_get(sweep->store, "fleet-silent", &told);
	bool was = told && strcmp(told, "yes") == 0;

	free(told);
	if (r == -ENOENT)
		r = 0;
	if (r < 0 || drop == was)
		return r;
	snprintf(facts, sizeof(facts),
		 "%" PRIu64 " of %" PRIu64 " terminals are out of contact at the same time",
		 sweep->missed, sweep->expected);
	if (drop)
		r = evidence_event(sweep->store, rules, &evidence, NULL);
	return r < 0 ? r : store_setting_put(sweep->store, "fleet-silent", drop ? "yes" : "no");
}

int contact_sweep(struct store *store, const struct incident_book *book, int64_t since_us,
		  int64_t now_us)
{
	struct sweep sweep = {
		.store = store, .book = book, .since_us = since_us, .now_us = now_us
	};
	int r = store_terminal_each(store, look, &sweep);

	for (size_t i = 0; r == 0 && i < sweep.count; i++) {
		r = store_terminal_update(store, &sweep.changed[i]);
		if (r == 0)
			r = tell(&sweep, &sweep.changed[i]);
	}
	free(sweep.changed);
	return r < 0 ? r : judge_fleet(&sweep);
}

int contact_alive(struct store *store, int64_t now_us)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRId64, now_us);
	return store_setting_put(store, "alive", text);
}

int contact_downtime(struct store *store, const struct incident_rules *rules, int64_t now_us)
{
	char facts[160], *text = NULL;
	struct evidence evidence = {
		.kind = "office-down", .facts = facts, .now_us = now_us, .recorded = true
	};
	int r = store_setting_get(store, "alive", &text);
	int64_t alive_us = text ? strtoll(text, NULL, 10) : now_us;

	free(text);
	if (r < 0 && r != -ENOENT)
		return r;
	if (now_us - alive_us >= DOWNTIME_LEAST) {
		evidence.occurred_us = alive_us;
		snprintf(facts, sizeof(facts),
			 "the office did not run for %" PRId64
			 " minutes; what terminals had to say in that time comes now",
			 (now_us - alive_us) / (60 * SECOND));
		r = evidence_event(store, rules, &evidence, NULL);
		if (r == 0)
			r = incident_away(store, alive_us, now_us);
		if (r < 0)
			return r;
	}
	return contact_alive(store, now_us);
}
