// SPDX-License-Identifier: GPL-2.0-or-later
/* Officers, their sessions, and what they did. */
#include <errno.h>
#include <string.h>

#include "agent/office/store/store_sql.h"
#include "agent/office/store/store_people.h"

int store_officer_add(struct store *store, struct store_officer *officer)
{
	int r = store_run(store, SQL_OFFICER_ADD, "tibti", officer->name, (int64_t)officer->role,
			  officer->key, sizeof(officer->key), officer->fingerprint,
			  officer->added_us);

	if (r < 0)
		return r;
	officer->id = sqlite3_last_insert_rowid(store->db);
	return 0;
}

int store_officer_retire(struct store *store, int64_t id)
{
	int r = store_run(store, SQL_OFFICER_RETIRE, "i", id);

	if (r <= 0)
		return r == 0 ? -ENOENT : r;
	r = store_run(store, SQL_OFFICER_SESSIONS_END, "i", id);
	return r < 0 ? r : 0;
}

static void read_officer(sqlite3_stmt *row, struct store_officer *officer)
{
	*officer = (struct store_officer){
		.id = sqlite3_column_int64(row, 0),
		.role = store_u32(row, 2),
		.retired = sqlite3_column_int(row, 3) != 0,
		.added_us = sqlite3_column_int64(row, 6),
	};
	store_text(row, 1, officer->name, sizeof(officer->name));
	store_blob(row, 4, officer->key, sizeof(officer->key));
	store_text(row, 5, officer->fingerprint, sizeof(officer->fingerprint));
}

static int one(struct store *store, sqlite3_stmt *statement, int r, struct store_officer *officer)
{
	if (r == 0)
		r = store_step(store, statement);
	if (r <= 0)
		return r == 0 ? -ENOENT : r;
	read_officer(statement, officer);
	sqlite3_reset(statement);
	return 0;
}

int store_officer_by_name(struct store *store, const char *name, struct store_officer *officer)
{
	sqlite3_stmt *statement = NULL;
	int r = store_bind(store, SQL_OFFICER_BY_NAME, &statement, "t", name);

	return one(store, statement, r, officer);
}

int store_officer_by_id(struct store *store, int64_t id, struct store_officer *officer)
{
	sqlite3_stmt *statement = NULL;
	int r = store_bind(store, SQL_OFFICER_BY_ID, &statement, "i", id);

	return one(store, statement, r, officer);
}

int store_officer_each(struct store *store, store_officer_fn fn, void *data)
{
	struct store_officer officer;
	sqlite3_stmt *statement;
	int r = store_bind(store, SQL_OFFICER_EACH, &statement, "");

	while (store_more(store, statement, &r)) {
		read_officer(statement, &officer);
		r = fn(data, &officer);
	}
	return r;
}

int store_session_add(struct store *store, const struct store_session *session)
{
	int r = store_run(store, SQL_SESSION_ADD, "bbiii", session->token, sizeof(session->token),
			  session->csrf, sizeof(session->csrf), session->officer,
			  session->expires_us, session->until_us);

	return r < 0 ? r : 0;
}

int store_session_used(struct store *store, const uint8_t token[static STORE_HASH_SIZE],
		       int64_t expires_us)
{
	int r = store_run(store, SQL_SESSION_USED, "bi", token, (size_t)STORE_HASH_SIZE,
			  expires_us);

	return r < 0 ? r : 0;
}

int store_session_get(struct store *store, const uint8_t token[static STORE_HASH_SIZE],
		      int64_t now_us, struct store_session *session)
{
	sqlite3_stmt *statement;
	int r = store_bind(store, SQL_SESSION_GET, &statement, "bi", token, (size_t)STORE_HASH_SIZE,
			   now_us);

	if (r == 0)
		r = store_step(store, statement);
	if (r <= 0)
		return r == 0 ? -ENOENT : r;
	store_blob(statement, 0, session->token, sizeof(session->token));
	store_blob(statement, 1, session->csrf, sizeof(session->csrf));
	session->officer = sqlite3_column_int64(statement, 2);
	session->expires_us = sqlite3_column_int64(statement, 3);
	session->until_us = sqlite3_column_int64(statement, 4);
	sqlite3_reset(statement);
	return 0;
}

int store_session_end(struct store *store, const uint8_t token[static STORE_HASH_SIZE])
{
	int r = store_run(store, SQL_SESSION_END, "b", token, (size_t)STORE_HASH_SIZE);

	return r < 0 ? r : 0;
}

int store_session_sweep(struct store *store, int64_t now_us)
{
	int r = store_run(store, SQL_SESSION_SWEEP, "i", now_us);

	return r < 0 ? r : 0;
}

int store_action_add(struct store *store, const struct store_action *action)
{
	int r = store_run(store, SQL_ACTION_ADD, "iiiitt", action->seq, action->officer,
			  action->time_us, action->event, action->verb, action->text);

	if (r >= 0 && action->event)
		r = store_action_about(store, action->seq, action->event);
	return r < 0 ? r : 0;
}

int store_action_about(struct store *store, int64_t seq, int64_t event)
{
	int r = store_run(store, SQL_ACTION_ABOUT, "ii", event, seq);

	return r < 0 ? r : 0;
}

void store_action_read(sqlite3_stmt *row, struct store_action *action)
{
	*action = (struct store_action){
		.seq = sqlite3_column_int64(row, 0),
		.officer = sqlite3_column_int64(row, 1),
		.time_us = sqlite3_column_int64(row, 2),
		.event = sqlite3_column_int64(row, 3),
		.verb = store_string(row, 4),
		.text = store_string(row, 5),
	};
}

int store_action_each(struct store *store, int64_t event, uint32_t limit, store_action_fn fn,
		      void *data)
{
	sqlite3_stmt *row;
	int64_t most = limit ? limit : 100;
	int r = event ? store_bind(store, SQL_ACTION_OF, &row, "ii", event, most)
		      : store_bind(store, SQL_ACTION_EACH, &row, "i", most);

	while (store_more(store, row, &r)) {
		struct store_action action;

		store_action_read(row, &action);
		r = fn(data, &action);
	}
	return r;
}
