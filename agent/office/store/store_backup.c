// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A copy that can be put back. Terminals heal the difference: the office that comes back with fewer
 * entries tells its size, and they send again what they have not pruned.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/office/store/store_sql.h"

#define PAGES_A_STEP 1024

static int copy(struct store *store, sqlite3 *target)
{
	sqlite3_backup *backup = sqlite3_backup_init(target, "main", store->db, "main");
	int result;

	if (!backup)
		return store_answer(store, sqlite3_errcode(target));
	do {
		result = sqlite3_backup_step(backup, PAGES_A_STEP);
		if (result == SQLITE_BUSY || result == SQLITE_LOCKED)
			sqlite3_sleep(20);
	} while (result == SQLITE_OK || result == SQLITE_BUSY || result == SQLITE_LOCKED);
	sqlite3_backup_finish(backup);
	return store_answer(store, result);
}

int store_backup(struct store *store, const char *path)
{
	sqlite3 *target = NULL;
	int r;

	if (access(path, F_OK) == 0)
		return -EEXIST;
	r = store_answer(store, sqlite3_open_v2(path, &target,
						SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL));
	if (r == 0)
		r = store_answer(store,
				 sqlite3_exec(target, "PRAGMA synchronous=FULL", NULL, NULL, NULL));
	if (r == 0)
		r = copy(store, target);
	/* One file without companions, so that carrying it away carries all. */
	if (r == 0)
		r = store_answer(store, sqlite3_exec(target, "PRAGMA journal_mode=DELETE", NULL,
						     NULL, NULL));
	sqlite3_close(target);
	if (r < 0)
		unlink(path);
	return r;
}

int store_check(struct store *store)
{
	sqlite3_stmt *statement;
	int r = store_answer(
		store, sqlite3_prepare_v2(store->db, "PRAGMA quick_check", -1, &statement, NULL));

	if (r < 0)
		return r;
	r = sqlite3_step(statement) == SQLITE_ROW ? 0 : -EIO;
	if (r == 0 && strcmp(store_string(statement, 0), "ok") != 0) {
		store_text(statement, 0, store->reason, sizeof(store->reason));
		r = -EBADMSG;
	}
	sqlite3_finalize(statement);
	return r;
}
