// SPDX-License-Identifier: GPL-2.0-or-later
/* Events, and the evidence that the office keeps against terminals. */
#include <errno.h>
#include <string.h>

#include "agent/office/store/store_sql.h"
#include "agent/office/store/store_event.h"

int store_event_add(struct store *store, struct store_event *e)
{
	int r = store_run(store, SQL_EVENT_ADD, "iiiiiiiiiiiiiiiiittttttii", e->terminal, e->seq,
			  (int64_t)e->source, (int64_t)e->state, (int64_t)e->grade,
			  (int64_t)e->proposed, (int64_t)e->drill, e->occurred_us, e->received_us,
			  e->found_us ? e->found_us : e->received_us, e->inner_us, e->outer_us,
			  e->result_us, e->due_us, e->tell_us, e->closed_us, e->assigned, e->kind,
			  e->facts, e->explanation, e->handling, e->result, e->lateness,
			  (int64_t)e->medium, e->rises_us);

	if (r < 0)
		return r;
	e->id = r == 0 ? 0 : sqlite3_last_insert_rowid(store->db);
	return 0;
}

int store_event_update(struct store *store, const struct store_event *e)
{
	int r = store_run(store, SQL_EVENT_UPDATE, "iiiiiiiiiiiiiiiiiiiittttiiiiiii",
			  (int64_t)e->state, (int64_t)e->grade, (int64_t)e->drill, e->inner_us,
			  e->outer_us, e->result_us, e->due_us, e->tell_us, e->reported_us,
			  e->closed_us, e->assigned, e->first_person, e->second_person,
			  (int64_t)e->proposal, (int64_t)e->lower_to, (int64_t)e->lower_asked,
			  e->lower_person, (int64_t)e->told, (int64_t)e->moves, e->away_us,
			  e->explanation, e->handling, e->result, e->lateness, e->rises_us,
			  (int64_t)e->cyber, e->cyber_us, e->cyber_sent_us, e->cyber_closing_us,
			  e->cyber_closed_us, e->id);

	return r < 0 ? r : r == 0 ? -ENOENT : 0;
}

int store_event_tell(struct store *store, const struct store_event *e)
{
	int r = store_run(store, SQL_EVENT_TOLD, "iiiti", (int64_t)e->told, e->due_us, e->tell_us,
			  e->lateness, e->id);

	return r < 0 ? r : r == 0 ? -ENOENT : 0;
}

void store_event_read(sqlite3_stmt *row, struct store_event *event)
{
	*event = (struct store_event){
		.id = sqlite3_column_int64(row, 0),
		.terminal = sqlite3_column_int64(row, 1),
		.seq = sqlite3_column_type(row, 2) == SQLITE_NULL ? -1
								  : sqlite3_column_int64(row, 2),
		.source = store_u32(row, 3),
		.state = store_u32(row, 4),
		.grade = store_u32(row, 5),
		.proposed = store_u32(row, 6),
		.drill = sqlite3_column_int(row, 7) != 0,
		.occurred_us = sqlite3_column_int64(row, 8),
		.received_us = sqlite3_column_int64(row, 9),
		.inner_us = sqlite3_column_int64(row, 10),
		.outer_us = sqlite3_column_int64(row, 11),
		.result_us = sqlite3_column_int64(row, 12),
		.closed_us = sqlite3_column_int64(row, 13),
		.first_person = sqlite3_column_int64(row, 14),
		.second_person = sqlite3_column_int64(row, 15),
		.kind = store_string(row, 16),
		.number = store_string(row, 17),
		.facts = store_string(row, 18),
		.explanation = store_string(row, 19),
		.handling = store_string(row, 20),
		.result = store_string(row, 21),
		.lateness = store_string(row, 22),
		.found_us = sqlite3_column_int64(row, 23),
		.due_us = sqlite3_column_int64(row, 24),
		.tell_us = sqlite3_column_int64(row, 25),
		.reported_us = sqlite3_column_int64(row, 26),
		.assigned = sqlite3_column_int64(row, 27),
		.proposal = store_u32(row, 28),
		.lower_to = store_u32(row, 29),
		.lower_asked = sqlite3_column_int(row, 30) != 0,
		.lower_person = sqlite3_column_int64(row, 31),
		.told = store_u32(row, 32),
		.moves = store_u32(row, 33),
		.away_us = sqlite3_column_int64(row, 34),
		.medium = store_u32(row, 35),
		.rises_us = sqlite3_column_int64(row, 36),
		.cyber = store_u32(row, 37),
		.cyber_us = sqlite3_column_int64(row, 38),
		.cyber_sent_us = sqlite3_column_int64(row, 39),
		.cyber_closing_us = sqlite3_column_int64(row, 40),
		.cyber_closed_us = sqlite3_column_int64(row, 41),
	};
}

static int bind_filter(struct store *store, const struct store_event_filter *filter,
		       sqlite3_stmt **statement)
{
	int64_t before = filter->before ? filter->before : INT64_MAX;
	int64_t states = filter->states ? filter->states : UINT32_MAX;
	int64_t limit = filter->limit ? filter->limit : 100;

	if (filter->id)
		return store_bind(store, SQL_EVENT_ONE, statement, "i", filter->id);
	if (filter->tell_us)
		return store_bind(store, SQL_EVENT_TELL, statement, "ii", filter->tell_us, limit);
	if (filter->by_deadline && filter->terminal)
		return store_bind(store, SQL_EVENT_DEADLINE_OF, statement, "iiii", before, states,
				  limit, filter->terminal);
	if (filter->by_deadline)
		return store_bind(store, SQL_EVENT_DEADLINE, statement, "iii", before, states,
				  limit);
	if (filter->terminal)
		return store_bind(store, SQL_EVENT_OF_TERMINAL, statement, "iiii", before, states,
				  limit, filter->terminal);
	if (filter->states)
		return store_bind(store, SQL_EVENT_OF_STATES, statement, "iii", before, states,
				  limit);
	return store_bind(store, SQL_EVENT_NEWEST, statement, "ii", before, limit);
}

int store_event_each(struct store *store, const struct store_event_filter *filter,
		     store_event_fn fn, void *data)
{
	struct store_event event;
	sqlite3_stmt *statement;
	int r = bind_filter(store, filter, &statement);

	while (store_more(store, statement, &r)) {
		store_event_read(statement, &event);
		r = fn(data, &event);
	}
	return r;
}

int store_event_postpone(struct store *store, uint32_t grade, int64_t from_us, int64_t by_us)
{
	int r = store_run(store, SQL_EVENT_POSTPONE, "iii", (int64_t)grade, from_us, by_us);

	return r < 0 ? r : 0;
}

int store_event_count(struct store *store, uint64_t counts[static STORE_EVENT_STATE_COUNT])
{
	sqlite3_stmt *statement;
	int r = store_bind(store, SQL_EVENT_COUNT, &statement, "");

	memset(counts, 0, STORE_EVENT_STATE_COUNT * sizeof(counts[0]));
	while (store_more(store, statement, &r)) {
		if (store_u32(statement, 0) < STORE_EVENT_STATE_COUNT)
			counts[store_u32(statement, 0)] = store_u64(statement, 1);
	}
	return r;
}

int store_anomaly_add(struct store *store, struct store_anomaly *a)
{
	int r = store_run(store, SQL_ANOMALY_ADD, "itbtiib", a->terminal, a->kind, a->key,
			  sizeof(a->key), a->detail, a->first_us, a->event, a->evidence,
			  a->evidence_length);

	if (r < 0)
		return r;
	if (r > 0) {
		a->id = sqlite3_last_insert_rowid(store->db);
		return 1;
	}
	r = store_anomaly_again(store, a);
	return r < 0 ? r : 0;
}

int store_anomaly_again(struct store *store, const struct store_anomaly *a)
{
	int r = store_run(store, SQL_ANOMALY_AGAIN, "itbi", a->terminal, a->kind, a->key,
			  sizeof(a->key), a->first_us);

	return r > 0 ? 1 : r;
}

int store_anomaly_kept(struct store *store, int64_t terminal, const char *kind, uint64_t *count)
{
	sqlite3_stmt *row;
	int r = store_bind(store, SQL_ANOMALY_KEPT, &row, "it", terminal, kind);

	*count = 0;
	if (r == 0)
		r = store_step(store, row);
	if (r == 1) {
		*count = store_u64(row, 0);
		sqlite3_reset(row);
	}
	return r < 0 ? r : 0;
}

int store_anomaly_each(struct store *store, int64_t terminal, store_anomaly_fn fn, void *data)
{
	sqlite3_stmt *row;
	int r = terminal ? store_bind(store, SQL_ANOMALY_OF, &row, "i", terminal)
			 : store_bind(store, SQL_ANOMALY_EACH, &row, "");

	while (store_more(store, row, &r)) {
		struct store_anomaly anomaly = {
			.id = sqlite3_column_int64(row, 0),
			.terminal = sqlite3_column_int64(row, 1),
			.kind = store_string(row, 2),
			.detail = store_string(row, 4),
			.first_us = sqlite3_column_int64(row, 5),
			.last_us = sqlite3_column_int64(row, 6),
			.count = store_u64(row, 7),
			.event = sqlite3_column_int64(row, 8),
			.evidence = sqlite3_column_blob(row, 9),
			.evidence_length = (size_t)sqlite3_column_bytes(row, 9),
		};

		store_blob(row, 3, anomaly.key, sizeof(anomaly.key));
		r = fn(data, &anomaly);
	}
	return r;
}
