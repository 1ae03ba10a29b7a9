// SPDX-License-Identifier: GPL-2.0-or-later
/* Databases are made by SQLite itself; what we read of their files must be what it reads. */
#include "agent/inspect/sqlite_image.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/file.h"
#include "tests/unit/unit.h"

static void execute(sqlite3 *db, const char *sql)
{
	char *error = NULL;

	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, &error) == SQLITE_OK, "%s: %s", sql, error);
}

/* A database in mode WAL that is still open: its last rows are in the log alone. */
static sqlite3 *make(char path[static 4096])
{
	sqlite3 *db;

	snprintf(path, 4096, "%s/history", unit_tmpdir());
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	execute(db, "PRAGMA secure_delete = 0; PRAGMA journal_mode = WAL; PRAGMA "
		    "wal_autocheckpoint = 0;"
		    "CREATE TABLE urls (url TEXT); INSERT INTO urls VALUES ('first');");
	execute(db, "PRAGMA wal_checkpoint(TRUNCATE)");
	return db;
}

static void read_both(const char *path, uint8_t **db, size_t *size, uint8_t **wal, size_t *wal_size)
{
	char beside[4200];

	ck_assert_int_eq(file_read(path, SQLITE_IMAGE_MAX, db, size), 0);
	snprintf(beside, sizeof(beside), "%s-wal", path);
	ck_assert_int_eq(file_read(beside, SQLITE_IMAGE_MAX, wal, wal_size), 0);
}

static int count(uint8_t *bytes, size_t size)
{
	sqlite3_stmt *statement;
	sqlite3 *db;
	int rows;

	ck_assert_int_eq(sqlite_image_open(bytes, size, &db), 0);
	ck_assert_int_eq(sqlite3_prepare_v2(db, "SELECT count(*) FROM urls", -1, &statement, NULL),
			 SQLITE_OK);
	ck_assert_int_eq(sqlite3_step(statement), SQLITE_ROW);
	rows = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return rows;
}

START_TEST(test_the_log_is_read_too)
{
	char path[4096];
	sqlite3 *open = make(path);
	uint8_t *db, *wal;
	size_t size, wal_size;

	execute(open,
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 999)"
		"INSERT INTO urls SELECT 'later' || i FROM n");
	read_both(path, &db, &size, &wal, &wal_size);
	ck_assert_int_eq(sqlite_image_apply(&db, &size, wal, wal_size), 0);
	ck_assert_int_eq(count(db, size), 1000);
	free(wal);
	sqlite3_close(open);
}
END_TEST

START_TEST(test_a_torn_log_ends_where_it_is_torn)
{
	char path[4096];
	sqlite3 *open = make(path);
	uint8_t *db, *wal;
	size_t size, wal_size, first;

	execute(open, "INSERT INTO urls VALUES ('second')");
	read_both(path, &db, &size, &wal, &wal_size);
	first = wal_size;
	free(db);
	free(wal);
	execute(open, "INSERT INTO urls VALUES ('third')");
	read_both(path, &db, &size, &wal, &wal_size);
	ck_assert_uint_gt(wal_size, first);
	/* One byte of the later frame: SQLite would not believe it either. */
	wal[first + 100] ^= 1;
	ck_assert_int_eq(sqlite_image_apply(&db, &size, wal, wal_size), 0);
	ck_assert_int_eq(count(db, size), 2);
	free(wal);
	sqlite3_close(open);
}
END_TEST

START_TEST(test_any_byte_of_a_log)
{
	char path[4096];
	sqlite3 *open = make(path);
	uint8_t *db, *wal;
	size_t size, wal_size;

	execute(open, "INSERT INTO urls VALUES ('second')");
	read_both(path, &db, &size, &wal, &wal_size);
	for (size_t i = 0; i < wal_size; i += 7) {
		uint8_t *copy = malloc(size);
		size_t length = size;

		memcpy(copy, db, size);
		wal[i] ^= 0x5a;
		ck_assert_int_le(sqlite_image_apply(&copy, &length, wal, wal_size), 0);
		wal[i] ^= 0x5a;
		free(copy);
		copy = malloc(size);
		length = size;
		memcpy(copy, db, size);
		ck_assert_int_le(sqlite_image_apply(&copy, &length, wal, i), 0);
		free(copy);
	}
	free(db);
	free(wal);
	sqlite3_close(open);
}
END_TEST

static void find(const uint8_t *page, size_t size, bool used, void *data)
{
	*(bool *)data |= !used && memmem(page, size, "secret-place", 12) != NULL;
}

START_TEST(test_deleted_rows_are_found)
{
	char path[4096];
	sqlite3 *open = make(path);
	bool found = false;
	uint8_t *db, *wal;
	size_t size, wal_size;

	execute(open,
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
		"INSERT INTO urls SELECT 'https://secret-place.example/' || i FROM n");
	execute(open, "DELETE FROM urls WHERE url LIKE '%secret%'");
	read_both(path, &db, &size, &wal, &wal_size);
	ck_assert_int_eq(sqlite_image_apply(&db, &size, wal, wal_size), 0);
	ck_assert_int_eq(sqlite_image_parts(db, size, find, &found), 0);
	ck_assert(found);
	/* A list that leads in a circle ends. */
	memcpy(db + 32, (uint8_t[]){ 0, 0, 0, 2 }, 4);
	memset(db + ((size_t)db[16] << 8 | db[17]), 0, 4);
	db[((size_t)db[16] << 8 | db[17]) + 3] = 2;
	ck_assert_int_eq(sqlite_image_parts(db, size, find, &found), 0);
	sqlite3_close(open);
	ck_assert_int_eq(sqlite_image_open(db, 50, &open) < 0, 1);
	free(wal);
}
END_TEST

START_TEST(test_no_database)
{
	uint8_t *bytes = calloc(1, 4096);
	sqlite3 *db;

	memcpy(bytes, "SQLite format 3", 16);
	/* Zeroes behind a good beginning. */
	if (sqlite_image_open(bytes, 4096, &db) == 0) {
		ck_assert_int_ne(sqlite3_exec(db, "SELECT * FROM urls", NULL, NULL, NULL),
				 SQLITE_OK);
		sqlite3_close(db);
	}
	bytes = calloc(1, 4096);
	ck_assert_int_eq(sqlite_image_open(bytes, 4096, &db), -EBADMSG);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("inspect_sqlite");
	TCase *tests = tcase_create("inspect_sqlite");

	tcase_add_test(tests, test_the_log_is_read_too);
	tcase_add_test(tests, test_a_torn_log_ends_where_it_is_torn);
	tcase_add_test(tests, test_any_byte_of_a_log);
	tcase_add_test(tests, test_deleted_rows_are_found);
	tcase_add_test(tests, test_no_database);
	tcase_set_timeout(tests, 60);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
