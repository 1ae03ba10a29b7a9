// SPDX-License-Identifier: GPL-2.0-or-later
/* Terminals, the codes that let one in, and the requests that wait. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "agent/office/store/store_sql.h"
#include "agent/office/store/store_terminal.h"

void store_terminal_read(sqlite3_stmt *row, struct store_terminal *terminal)
{
	*terminal = (struct store_terminal){
		.id = sqlite3_column_int64(row, 0),
		.generation = store_u32(row, 2),
		.state = store_u32(row, 3),
		.standalone = sqlite3_column_int(row, 13) != 0,
		.heartbeat_s = store_u32(row, 14),
		.contact = store_u32(row, 15),
		.contact_us = sqlite3_column_int64(row, 16),
		.seen_us = sqlite3_column_int64(row, 17),
		.return_us = sqlite3_column_int64(row, 18),
		.registered_us = sqlite3_column_int64(row, 19),
		.lost = store_u64(row, 21),
		.policy = store_u64(row, 22),
		.size = store_u64(row, 23),
	};
	store_text(row, 1, terminal->number, sizeof(terminal->number));
	store_text(row, 4, terminal->origin, sizeof(terminal->origin));
	store_blob(row, 5, terminal->origin_hash, sizeof(terminal->origin_hash));
	store_blob(row, 6, terminal->log_key, sizeof(terminal->log_key));
	store_blob(row, 7, terminal->tls_pin, sizeof(terminal->tls_pin));
	store_text(row, 8, terminal->recipient, sizeof(terminal->recipient));
	store_text(row, 9, terminal->unit, sizeof(terminal->unit));
	store_text(row, 10, terminal->level, sizeof(terminal->level));
	store_text(row, 11, terminal->custodian, sizeof(terminal->custodian));
	store_text(row, 12, terminal->room, sizeof(terminal->room));
	store_text(row, 20, terminal->boot_id, sizeof(terminal->boot_id));
}

int store_terminal_add(struct store *store, struct store_terminal *t, const void *sealed_key,
		       size_t sealed_length)
{
	int r = store_run(store, SQL_TERMINAL_ADD, "tiitbbbtttttiiiiiiitiib", t->number,
			  (int64_t)t->generation, (int64_t)t->state, t->origin, t->origin_hash,
			  sizeof(t->origin_hash), t->log_key, sizeof(t->log_key), t->tls_pin,
			  sizeof(t->tls_pin), t->recipient, t->unit, t->level, t->custodian,
			  t->room, (int64_t)t->standalone, (int64_t)t->heartbeat_s,
			  (int64_t)t->contact, t->contact_us, t->seen_us, t->return_us,
			  t->registered_us, t->boot_id, (int64_t)t->lost, (int64_t)t->policy,
			  sealed_key, sealed_length);

	if (r < 0)
		return r;
	t->id = sqlite3_last_insert_rowid(store->db);
	return 0;
}

/* The row that a bound statement finds. */
static int one(struct store *store, sqlite3_stmt *statement, int r, struct store_terminal *terminal)
{
	if (r == 0)
		r = store_step(store, statement);
	if (r <= 0)
		return r == 0 ? -ENOENT : r;
	store_terminal_read(statement, terminal);
	sqlite3_reset(statement);
	return 0;
}

int store_terminal_by_id(struct store *store, int64_t id, struct store_terminal *terminal)
{
	sqlite3_stmt *statement = NULL;
	int r = store_bind(store, SQL_TERMINAL_BY_ID, &statement, "i", id);

	return one(store, statement, r, terminal);
}

int store_terminal_by_origin(struct store *store, const char *origin,
			     struct store_terminal *terminal)
{
	sqlite3_stmt *statement = NULL;
	int r = store_bind(store, SQL_TERMINAL_BY_ORIGIN, &statement, "t", origin);

	return one(store, statement, r, terminal);
}

int store_terminal_by_hash(struct store *store, const uint8_t hash[static STORE_HASH_SIZE],
			   struct store_terminal *terminal)
{
	sqlite3_stmt *statement = NULL;
	int r = store_bind(store, SQL_TERMINAL_BY_HASH, &statement, "b", hash,
			   (size_t)STORE_HASH_SIZE);

	return one(store, statement, r, terminal);
}

int store_terminal_by_pin(struct store *store, const uint8_t pin[static STORE_HASH_SIZE],
			  struct store_terminal *terminal)
{
	sqlite3_stmt *statement = NULL;
	int r = store_bind(store, SQL_TERMINAL_BY_PIN, &statement, "b", pin,
			   (size_t)STORE_HASH_SIZE);

	return one(store, statement, r, terminal);
}

int store_terminal_latest(struct store *store, const char *number, struct store_terminal *terminal)
{
	sqlite3_stmt *statement = NULL;
	int r = store_bind(store, SQL_TERMINAL_LATEST, &statement, "t", number);

	return one(store, statement, r, terminal);
}

int store_terminal_update(struct store *store, const struct store_terminal *t)
{
	int r = store_run(store, SQL_TERMINAL_UPDATE, "tiittttiiiiiiitiii", t->number,
			  (int64_t)t->generation, (int64_t)t->state, t->unit, t->level,
			  t->custodian, t->room, (int64_t)t->standalone, (int64_t)t->heartbeat_s,
			  (int64_t)t->contact, t->contact_us, t->seen_us, t->return_us,
			  t->registered_us, t->boot_id, (int64_t)t->lost, (int64_t)t->policy,
			  t->id);

	return r < 0 ? r : r == 0 ? -ENOENT : 0;
}

int store_terminal_sealed(struct store *store, int64_t id, uint8_t **sealed, size_t *length)
{
	sqlite3_stmt *statement;
	int r = store_bind(store, SQL_TERMINAL_SEALED, &statement, "i", id);

	*sealed = NULL;
	if (r == 0)
		r = store_step(store, statement);
	if (r <= 0)
		return r == 0 ? -ENOENT : r;
	r = sqlite3_column_type(statement, 0) == SQLITE_NULL
		    ? -ENOENT
		    : store_copy(statement, 0, sealed, length);
	sqlite3_reset(statement);
	return r;
}

int store_terminal_each(struct store *store, store_terminal_fn fn, void *data)
{
	struct store_terminal terminal;
	sqlite3_stmt *statement;
	int r = store_bind(store, SQL_TERMINAL_EACH, &statement, "");

	while (store_more(store, statement, &r)) {
		store_terminal_read(statement, &terminal);
		r = fn(data, &terminal);
	}
	return r;
}

int store_terminal_forget(struct store *store, const char *origin, const uint8_t key[static 32],
			  int64_t now_us)
{
	int r = store_run(store, SQL_TERMINAL_FORGET, "tbi", origin, key, (size_t)32, now_us);

	if (r > 0)
		r = store_run(store, SQL_ENROLMENT_FORGET, "");
	return r < 0 ? r : 0;
}

int store_code_add(struct store *store, const uint8_t hash[static STORE_HASH_SIZE],
		   const char *number, int64_t expires_us)
{
	int r = store_run(store, SQL_CODE_ADD, "bti", hash, (size_t)STORE_HASH_SIZE, number,
			  expires_us);

	return r < 0 ? r : 0;
}

int store_code_use(struct store *store, const uint8_t hash[static STORE_HASH_SIZE],
		   const char *number, int64_t now_us)
{
	sqlite3_stmt *statement;
	int64_t expires_us;
	int r = store_bind(store, SQL_CODE_GET, &statement, "bt", hash, (size_t)STORE_HASH_SIZE,
			   number);

	if (r == 0)
		r = store_step(store, statement);
	if (r <= 0)
		return r == 0 ? -ENOENT : r;
	expires_us = sqlite3_column_int64(statement, 0);
	sqlite3_reset(statement);
	if (expires_us < now_us)
		return -ETIME;
	r = store_run(store, SQL_CODE_USE, "ib", now_us, hash, (size_t)STORE_HASH_SIZE);
	return r < 0 ? r : r == 0 ? -ENOENT : 0;
}

static void read_enrolment(sqlite3_stmt *row, struct store_enrolment *enrolment)
{
	store_text(row, 0, enrolment->id, sizeof(enrolment->id));
	enrolment->terminal = sqlite3_column_int64(row, 1);
	enrolment->created_us = sqlite3_column_int64(row, 2);
	enrolment->expires_us = sqlite3_column_int64(row, 3);
	store_text(row, 4, enrolment->fingerprint, sizeof(enrolment->fingerprint));
}

int store_enrolment_add(struct store *store, const struct store_enrolment *e)
{
	int r = store_run(store, SQL_ENROLMENT_ADD, "tiiit", e->id, e->terminal, e->created_us,
			  e->expires_us, e->fingerprint);

	return r < 0 ? r : 0;
}

int store_enrolment_get(struct store *store, const char *id, struct store_enrolment *enrolment)
{
	sqlite3_stmt *statement;
	int r = store_bind(store, SQL_ENROLMENT_GET, &statement, "t", id);

	if (r == 0)
		r = store_step(store, statement);
	if (r <= 0)
		return r == 0 ? -ENOENT : r;
	read_enrolment(statement, enrolment);
	sqlite3_reset(statement);
	return 0;
}

int store_enrolment_each(struct store *store, store_enrolment_fn fn, void *data)
{
	struct store_enrolment enrolment;
	sqlite3_stmt *statement;
	int r = store_bind(store, SQL_ENROLMENT_EACH, &statement, "");

	while (store_more(store, statement, &r)) {
		read_enrolment(statement, &enrolment);
		r = fn(data, &enrolment);
	}
	return r;
}
