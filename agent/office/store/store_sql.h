/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SQLite below store.h: statements by number, prepared once. Private to the store's own files.
 */
#ifndef AIRGAP_OFFICE_STORE_STORE_SQL_H
#define AIRGAP_OFFICE_STORE_STORE_SQL_H

#include <sqlite3.h>

#include "agent/office/store/store_terminal.h"
#include "agent/office/store/store_event.h"
#include "agent/office/store/store_people.h"
#include "agent/office/store/store_document.h"

#define STORE_SCHEMA_VERSION 6

/* Every statement of the store; the texts are in store_statement.c. */
enum store_statement {
	SQL_BEGIN,
	SQL_COMMIT,
	SQL_ROLLBACK,
	SQL_TERMINAL_ADD,
	SQL_TERMINAL_BY_ID,
	SQL_TERMINAL_BY_ORIGIN,
	SQL_TERMINAL_BY_HASH,
	SQL_TERMINAL_BY_PIN,
	SQL_TERMINAL_LATEST,
	SQL_TERMINAL_UPDATE,
	SQL_TERMINAL_EACH,
	SQL_TERMINAL_SEALED,
	SQL_CODE_ADD,
	SQL_CODE_GET,
	SQL_CODE_USE,
	SQL_TERMINAL_FORGET,
	SQL_ENROLMENT_FORGET,
	SQL_ENROLMENT_ADD,
	SQL_ENROLMENT_GET,
	SQL_ENROLMENT_EACH,
	SQL_HEAD_GET,
	SQL_HEAD_NEW,
	SQL_HEAD_PENDING,
	SQL_HEAD_NEXT,
	SQL_HEAD_RECEIPT,
	SQL_HEAD_NOTE,
	SQL_HEAD_PENDING_NOTE,
	SQL_ENTRY_ADD,
	SQL_ENTRY_DROP,
	SQL_ENTRY_EACH,
	SQL_BUNDLE_ADD,
	SQL_BUNDLE_GET,
	SQL_TILE_PUT,
	SQL_TILE_GET,
	SQL_EVENT_ADD,
	SQL_EVENT_UPDATE,
	SQL_EVENT_TOLD,
	SQL_EVENT_ONE,
	SQL_EVENT_NEWEST,
	SQL_EVENT_OF_STATES,
	SQL_EVENT_OF_TERMINAL,
	SQL_EVENT_DEADLINE,
	SQL_EVENT_DEADLINE_OF,
	SQL_EVENT_TELL,
	SQL_EVENT_POSTPONE,
	SQL_EVENT_COUNT,
	SQL_REPORT_ADD,
	SQL_REPORT_EACH,
	SQL_ANOMALY_ADD,
	SQL_ANOMALY_AGAIN,
	SQL_ANOMALY_EACH,
	SQL_ANOMALY_OF,
	SQL_ANOMALY_KEPT,
	SQL_OFFICER_ADD,
	SQL_OFFICER_RETIRE,
	SQL_OFFICER_SESSIONS_END,
	SQL_OFFICER_BY_NAME,
	SQL_OFFICER_BY_ID,
	SQL_OFFICER_EACH,
	SQL_SESSION_ADD,
	SQL_SESSION_SWEEP,
	SQL_SESSION_GET,
	SQL_SESSION_END,
	SQL_SESSION_USED,
	SQL_ACTION_ADD,
	SQL_ACTION_EACH,
	SQL_ACTION_ABOUT,
	SQL_ACTION_OF,
	SQL_SIGNED_ADD,
	SQL_SIGNED_GET,
	SQL_DOCUMENT_HIGHEST,
	SQL_DOCUMENT_ADD,
	SQL_DOCUMENT_EACH,
	SQL_DOCUMENT_KIND,
	SQL_DOCUMENT_NEWEST,
	SQL_DELIVERY_WANT,
	SQL_DELIVERY_DELIVERED,
	SQL_DELIVERY_ACTIVE,
	SQL_DELIVERY_SENT,
	SQL_DELIVERY_EACH,
	SQL_INBOX_EACH,
	SQL_SETTING_GET,
	SQL_SETTING_PUT,
	SQL_PAGE_TERMINALS,
	SQL_PAGE_TERMINALS_OF_UNIT,
	SQL_PAGE_MISSING,
	SQL_PAGE_TALLY,
	SQL_PAGE_HISTORY,
	SQL_PAGE_HISTORY_OF_KIND,
	SQL_PAGE_HISTORY_OF_GRADE,
	SQL_PAGE_ACTIONS,
	SQL_PAGE_ACTIONS_OF_EVENT,
	SQL_PAGE_DOCUMENTS,
	SQL_PAGE_DOCUMENT,
	SQL_PAGE_DELIVERIES,
	SQL_PAGE_EVENTS_OF_STATE,
	SQL_PAGE_RUNNING,
	SQL_PAGE_OPEN,
	SQL_TRANSFER_FIND,
	SQL_TRANSFER_BY_ID,
	SQL_TRANSFER_ADD,
	SQL_TRANSFER_UPDATE,
	SQL_TRANSFER_BATCH,
	SQL_TRANSFER_WAITING,
	SQL_TRANSFER_DUE,
	SQL_TRANSFER_STEP_ADD,
	SQL_TRANSFER_STEP_EACH,
	SQL_PAGE_TRANSFERS,
	SQL_PAGE_TRANSFERS_OF_STATE,
	SQL_PAGE_TRANSFERS_OF_MATCH,
	SQL_PAGE_TRANSFERS_OF_UNIT,
	SQL_PAGE_TRANSFERS_OF_MEDIUM,
	SQL_MEDIUM_USE_ADD,
	SQL_MEDIUM_OTHER,
	SQL_PAGE_MEDIA,
	SQL_PAGE_MEDIUM,
	SQL_COUNT,
};

struct store {
	sqlite3 *db;
	enum store_mode mode;
	int failed; /* -EIO: nothing that the file says can be relied on any more */
	char reason[256];
	sqlite3_stmt *statements[SQL_COUNT];
};

/* store_schema_step - the SQL that leads to a version, from the one before it */
const char *store_schema_step(int version);

/* store_schema_migrate - bring the file to STORE_SCHEMA_VERSION */
int store_schema_migrate(struct store *store);

/* store_statement_text - the SQL */
const char *store_statement_text(enum store_statement number);
/* store_statement_transfer - of those that are about transfers and media; else NULL */
const char *store_statement_transfer(enum store_statement number);

/* store_answer - what an SQLite result means as -errno; keeps the reason */
int store_answer(struct store *store, int result);

/**
 * store_bind - the statement, reset and with its arguments
 * @types: one letter an argument: i int64_t; n const int64_t *, NULL is NULL; t const char *, NULL is NULL; b const void *, size_t
 *
 * Texts and blobs are borrowed until the statement is reset. Returns 0 or -errno.
 */
int store_bind(struct store *store, enum store_statement number, sqlite3_stmt **statement,
	       const char *types, ...);

/* store_step - 1: a row; 0: no further one; or -errno. The statement is reset unless it gave a row. */
int store_step(struct store *store, sqlite3_stmt *statement);

/**
 * store_more - the next row of a walk: `while (store_more(store, row, &r)) r = fn(...);`
 * @r: 0, or what binding or the last row's work answered: then the walk ends, and the statement is reset
 *
 * Returns true and *@r 0: there is a row. False: *@r is the walk's answer, 0 when it came to its end.
 */
bool store_more(struct store *store, sqlite3_stmt *statement, int *r);

/* store_run - for a statement without rows: bind and step. Returns how many rows changed, or -errno */
int store_run(struct store *store, enum store_statement number, const char *types, ...);

/* store_text - a text column, cut to @size; store_blob - a column of exactly @size bytes or zeros */
void store_text(sqlite3_stmt *statement, int column, char *out, size_t size);
void store_blob(sqlite3_stmt *statement, int column, uint8_t *out, size_t size);
/* store_copy - a column as a buffer of its own, ended by a NUL that does not count */
int store_copy(sqlite3_stmt *statement, int column, void *out, size_t *length);
/* store_string - borrowed; "" for NULL */
const char *store_string(sqlite3_stmt *statement, int column);
/* A row of each kind of question; its texts are borrowed. */
void store_terminal_read(sqlite3_stmt *row, struct store_terminal *terminal);
void store_event_read(sqlite3_stmt *row, struct store_event *event);
/* store_document_read - a row but for its content, the seventh column, of which some ask for the length alone */
void store_document_read(sqlite3_stmt *row, struct store_document *document);

int store_document_walk(struct store *store, sqlite3_stmt *row, int r, store_document_fn fn,
			void *data);
void store_action_read(sqlite3_stmt *row, struct store_action *action);

uint32_t store_u32(sqlite3_stmt *statement, int column);
uint64_t store_u64(sqlite3_stmt *statement, int column);

#endif
