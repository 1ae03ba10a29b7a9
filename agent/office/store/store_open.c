// SPDX-License-Identifier: GPL-2.0-or-later
/* Opening, transactions, and the few calls through which all others reach SQLite. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/office/store/store_sql.h"

/* Another handle of this process may be committing: wait for it, not for ever. */
#define BUSY_MS 10000

int store_answer(struct store *store, int result)
{
	static const struct {
		int result, error;
	} answers[] = {
		{ SQLITE_OK, 0 },
		{ SQLITE_DONE, 0 },
		{ SQLITE_ROW, 0 },
		{ SQLITE_BUSY, -EBUSY },
		{ SQLITE_LOCKED, -EBUSY },
		{ SQLITE_NOMEM, -ENOMEM },
		{ SQLITE_FULL, -ENOSPC },
		{ SQLITE_CONSTRAINT, -EEXIST },
		{ SQLITE_CORRUPT, -EBADMSG },
		{ SQLITE_NOTADB, -EBADMSG },
		{ SQLITE_READONLY, -EROFS },
		{ SQLITE_CANTOPEN, -ENOENT },
		{ SQLITE_PERM, -EACCES },
		{ SQLITE_TOOBIG, -EFBIG },
	};
	int error = -EIO;

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		if (answers[i].result == (result & 0xff))
			error = answers[i].error;
	if (error < 0)
		snprintf(store->reason, sizeof(store->reason), "%s", sqlite3_errmsg(store->db));
	/* After a failed read, write or sync nobody knows what the disk holds. */
	if (error == -EIO || error == -EBADMSG)
		store->failed = error;
	return error;
}

const char *store_reason(const struct store *store)
{
	return store ? store->reason : "out of memory";
}

static int configure(struct store *store)
{
	/* FULL: a commit is on the disk when it returns. NORMAL may lose acknowledged ones. */
	static const char *const pragmas[] = {
		"PRAGMA journal_mode=WAL",	  "PRAGMA synchronous=FULL",
		"PRAGMA cache_size=-65536",	  "PRAGMA temp_store=MEMORY",
		"PRAGMA wal_autocheckpoint=4000", "PRAGMA trusted_schema=OFF",
	};
	int r = 0;

	sqlite3_extended_result_codes(store->db, 0);
	sqlite3_busy_timeout(store->db, BUSY_MS);
	/* A reader changes no mode, and finds the writer's. */
	for (size_t i = store->mode == STORE_READ ? 2 : 0;
	     r == 0 && i < sizeof(pragmas) / sizeof(pragmas[0]); i++)
		r = store_answer(store, sqlite3_exec(store->db, pragmas[i], NULL, NULL, NULL));
	return r;
}

int store_open(const char *path, enum store_mode mode, struct store **out)
{
	struct store *store = calloc(1, sizeof(*store));
	int flags = SQLITE_OPEN_NOMUTEX;
	int r;

	*out = store;
	if (!store)
		return -ENOMEM;
	store->mode = mode;
	/* Even a reader of a WAL store writes the index beside it. */
	flags |= mode == STORE_CREATE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
				      : SQLITE_OPEN_READWRITE;
	r = store_answer(store, sqlite3_open_v2(path, &store->db, flags, NULL));
	if (r == 0)
		r = configure(store);
	if (r == 0)
		r = store_schema_migrate(store);
	if (r == 0 && mode == STORE_READ)
		r = store_answer(store,
				 sqlite3_exec(store->db, "PRAGMA query_only=ON", NULL, NULL, NULL));
	return r;
}

void store_close(struct store *store)
{
	if (!store)
		return;
	for (int i = 0; i < SQL_COUNT; i++)
		sqlite3_finalize(store->statements[i]);
	sqlite3_close(store->db);
	free(store);
}

static int statement_get(struct store *store, enum store_statement number, sqlite3_stmt **statement)
{
	int r = 0;

	if (store->failed)
		return store->failed;
	if (!store->statements[number])
		r = store_answer(store, sqlite3_prepare_v3(store->db, store_statement_text(number),
							   -1, SQLITE_PREPARE_PERSISTENT,
							   &store->statements[number], NULL));
	*statement = store->statements[number];
	return r;
}

static int bind_all(sqlite3_stmt *statement, const char *types, va_list args)
{
	int r = SQLITE_OK;

	for (int i = 0; types[i] && r == SQLITE_OK; i++) {
		if (types[i] == 'i') {
			r = sqlite3_bind_int64(statement, i + 1, va_arg(args, int64_t));
		} else if (types[i] == 'n') {
			const int64_t *number = va_arg(args, const int64_t *);

			r = number ? sqlite3_bind_int64(statement, i + 1, *number)
				   : sqlite3_bind_null(statement, i + 1);
		} else if (types[i] == 't') {
			r = sqlite3_bind_text(statement, i + 1, va_arg(args, const char *), -1,
					      SQLITE_STATIC);
		} else {
			const void *data = va_arg(args, const void *);
			size_t length = va_arg(args, size_t);

			r = data ? sqlite3_bind_blob64(statement, i + 1, data, length,
						       SQLITE_STATIC)
				 : sqlite3_bind_null(statement, i + 1);
		}
	}
	return r;
}

static int bind(struct store *store, enum store_statement number, sqlite3_stmt **statement,
		const char *types, va_list args)
{
	int r;

	*statement = NULL;
	r = statement_get(store, number, statement);
	if (r == 0)
		r = store_answer(store, bind_all(*statement, types, args));
	return r;
}

int store_bind(struct store *store, enum store_statement number, sqlite3_stmt **statement,
	       const char *types, ...)
{
	va_list args;
	int r;

	va_start(args, types);
	r = bind(store, number, statement, types, args);
	va_end(args);
	return r;
}

int store_step(struct store *store, sqlite3_stmt *statement)
{
	int result = sqlite3_step(statement);
	int r;

	if (result == SQLITE_ROW)
		return 1;
	r = store_answer(store, result);
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
	return r;
}

bool store_more(struct store *store, sqlite3_stmt *statement, int *r)
{
	if (*r != 0) {
		sqlite3_reset(statement);
		return false;
	}
	*r = store_step(store, statement);
	if (*r != 1)
		return false;
	*r = 0;
	return true;
}

int store_run(struct store *store, enum store_statement number, const char *types, ...)
{
	sqlite3_stmt *statement = NULL;
	va_list args;
	int r;

	va_start(args, types);
	r = bind(store, number, &statement, types, args);
	va_end(args);
	if (r == 0)
		r = store_step(store, statement);
	if (r == 1)
		sqlite3_reset(statement);
	return r < 0 ? r : sqlite3_changes(store->db);
}

int store_begin(struct store *store)
{
	int r = store_run(store, SQL_BEGIN, "");

	return r < 0 ? r : 0;
}

int store_commit(struct store *store)
{
	int r = store_run(store, SQL_COMMIT, "");

	if (r < 0)
		store_rollback(store);
	return r < 0 ? r : 0;
}

void store_rollback(struct store *store)
{
	/* SQLite may have done it already, and then refuses. */
	if (!sqlite3_get_autocommit(store->db))
		sqlite3_exec(store->db, store_statement_text(SQL_ROLLBACK), NULL, NULL, NULL);
}
