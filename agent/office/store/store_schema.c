// SPDX-License-Identifier: GPL-2.0-or-later
/* The tables, and how a store of an older version becomes one of the present. */
#include <errno.h>
#include <stdio.h>

#include "agent/office/store/store_sql.h"

/* Version n is reached by running step n on version n - 1. A step is never altered, only added. */
static const char *const steps[STORE_SCHEMA_VERSION] = {
	"CREATE TABLE terminal("
	" id INTEGER PRIMARY KEY, number TEXT NOT NULL, generation INTEGER NOT NULL,"
	" state INTEGER NOT NULL, origin TEXT NOT NULL UNIQUE, origin_hash BLOB NOT NULL UNIQUE,"
	" log_key BLOB NOT NULL, tls_pin BLOB NOT NULL, recipient TEXT NOT NULL, sealed BLOB,"
	" unit TEXT NOT NULL, level TEXT NOT NULL, custodian TEXT NOT NULL, room TEXT NOT NULL,"
	" standalone INTEGER NOT NULL, heartbeat_s INTEGER NOT NULL, contact INTEGER NOT NULL,"
	" contact_us INTEGER NOT NULL, seen_us INTEGER NOT NULL, return_us INTEGER NOT NULL,"
	" registered_us INTEGER NOT NULL, boot_id TEXT NOT NULL, lost INTEGER NOT NULL,"
	" policy INTEGER NOT NULL, UNIQUE(number, generation));"
	"CREATE INDEX terminal_pin ON terminal(tls_pin);"
	"CREATE TABLE code(hash BLOB PRIMARY KEY, number TEXT NOT NULL,"
	" expires_us INTEGER NOT NULL, used_us INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE enrolment(id TEXT PRIMARY KEY, terminal INTEGER NOT NULL,"
	" created_us INTEGER NOT NULL, expires_us INTEGER NOT NULL, fingerprint TEXT NOT NULL)"
	" WITHOUT ROWID;"
	"CREATE TABLE head(terminal INTEGER PRIMARY KEY, pending_size INTEGER NOT NULL,"
	" pending_root BLOB NOT NULL, pending_note BLOB, next INTEGER NOT NULL,"
	" size INTEGER NOT NULL, root BLOB NOT NULL, note BLOB, receipt_us INTEGER NOT NULL);"
	"CREATE TABLE entry(terminal INTEGER NOT NULL, seq INTEGER NOT NULL, line BLOB NOT NULL,"
	" PRIMARY KEY(terminal, seq)) WITHOUT ROWID;"
	"CREATE TABLE bundle(id INTEGER PRIMARY KEY, terminal INTEGER NOT NULL,"
	" n INTEGER NOT NULL, data BLOB NOT NULL, UNIQUE(terminal, n));"
	"CREATE TABLE tile(id INTEGER PRIMARY KEY, terminal INTEGER NOT NULL,"
	" level INTEGER NOT NULL, n INTEGER NOT NULL, hashes BLOB NOT NULL,"
	" UNIQUE(terminal, level, n));"
	"CREATE TABLE event(id INTEGER PRIMARY KEY, terminal INTEGER, seq INTEGER,"
	" source INTEGER NOT NULL, state INTEGER NOT NULL, grade INTEGER NOT NULL,"
	" proposed INTEGER NOT NULL, drill INTEGER NOT NULL, occurred_us INTEGER NOT NULL,"
	" received_us INTEGER NOT NULL, inner_us INTEGER NOT NULL, outer_us INTEGER NOT NULL,"
	" result_us INTEGER NOT NULL, closed_us INTEGER NOT NULL, first_person INTEGER NOT NULL,"
	" second_person INTEGER NOT NULL, kind TEXT NOT NULL, facts TEXT NOT NULL,"
	" explanation TEXT, handling TEXT, result TEXT, lateness TEXT, UNIQUE(terminal, seq));"
	"CREATE INDEX event_open ON event(inner_us, outer_us) WHERE state IN (1, 2, 3);"
	"CREATE INDEX event_state ON event(state);"
	"CREATE INDEX event_terminal ON event(terminal, id);"
	"CREATE TABLE anomaly(id INTEGER PRIMARY KEY, terminal INTEGER NOT NULL,"
	" kind TEXT NOT NULL, key BLOB NOT NULL, detail TEXT NOT NULL, first_us INTEGER NOT NULL,"
	" last_us INTEGER NOT NULL, count INTEGER NOT NULL, event INTEGER NOT NULL,"
	" evidence BLOB, UNIQUE(terminal, kind, key));"
	"CREATE TABLE officer(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
	" role INTEGER NOT NULL, retired INTEGER NOT NULL, key BLOB NOT NULL UNIQUE,"
	" fingerprint TEXT NOT NULL, added_us INTEGER NOT NULL);"
	"CREATE TABLE session(token BLOB PRIMARY KEY, csrf BLOB NOT NULL,"
	" officer INTEGER NOT NULL, expires_us INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE officer_action(seq INTEGER PRIMARY KEY, officer INTEGER NOT NULL,"
	" time_us INTEGER NOT NULL, event INTEGER NOT NULL, verb TEXT NOT NULL,"
	" text TEXT NOT NULL);"
	"CREATE INDEX action_event ON officer_action(event, seq);"
	"CREATE TABLE document(id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, name TEXT NOT NULL,"
	" number INTEGER NOT NULL, digest BLOB NOT NULL, added_us INTEGER NOT NULL,"
	" data BLOB NOT NULL, UNIQUE(kind, name, number));"
	"CREATE TABLE delivery(terminal INTEGER NOT NULL, kind INTEGER NOT NULL,"
	" name TEXT NOT NULL, document INTEGER NOT NULL DEFAULT 0,"
	" wanted INTEGER NOT NULL DEFAULT 0, delivered INTEGER NOT NULL DEFAULT 0,"
	" active INTEGER NOT NULL DEFAULT 0, wanted_us INTEGER NOT NULL DEFAULT 0,"
	" delivered_us INTEGER NOT NULL DEFAULT 0, active_us INTEGER NOT NULL DEFAULT 0,"
	" PRIMARY KEY(terminal, kind, name)) WITHOUT ROWID;"
	"CREATE TABLE setting(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;",

	/* What the page asks; sessions end when they are not used. */
	"CREATE INDEX terminal_unit ON terminal(unit, contact, number) WHERE state = 1;"
	"CREATE INDEX terminal_missing ON terminal(contact) WHERE state = 1 AND contact IN (2, 3, "
	"4);"
	"CREATE INDEX event_kind ON event(terminal, kind);"
	"CREATE INDEX event_grade ON event(terminal) WHERE grade > 0;"
	"DELETE FROM session;"
	"ALTER TABLE session ADD COLUMN until_us INTEGER NOT NULL DEFAULT 0;",

	/* The life of events. 9223372036854775807 is never. */
	"ALTER TABLE event ADD COLUMN found_us INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE event ADD COLUMN away_us INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE event ADD COLUMN due_us INTEGER NOT NULL DEFAULT 9223372036854775807;"
	"ALTER TABLE event ADD COLUMN tell_us INTEGER NOT NULL DEFAULT 9223372036854775807;"
	"ALTER TABLE event ADD COLUMN reported_us INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE event ADD COLUMN assigned INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE event ADD COLUMN proposal INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE event ADD COLUMN lower_to INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE event ADD COLUMN lower_asked INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE event ADD COLUMN lower_person INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE event ADD COLUMN told INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE event ADD COLUMN moves INTEGER NOT NULL DEFAULT 0;"
	"UPDATE event SET found_us = received_us;"
	/* The next sweep looks at every open one, and plans it. */
	"UPDATE event SET tell_us = 0, due_us = CASE WHEN inner_us > 0 THEN inner_us"
	" ELSE 9223372036854775807 END WHERE state IN (1, 2, 3);"
	"DROP INDEX event_open;"
	"CREATE INDEX event_due ON event(due_us, id) WHERE state IN (1, 2, 3);"
	"CREATE INDEX event_due_terminal ON event(terminal, due_us) WHERE state IN (1, 2, 3);"
	"CREATE INDEX event_tell ON event(tell_us) WHERE state IN (1, 2, 3);"
	"DROP INDEX event_state;"
	"CREATE INDEX event_state ON event(state, id);"
	"CREATE INDEX anomaly_terminal ON anomaly(terminal, id);"
	"CREATE TABLE event_report(event INTEGER NOT NULL, number INTEGER NOT NULL,"
	" time_us INTEGER NOT NULL, officer INTEGER NOT NULL, fields TEXT NOT NULL,"
	" PRIMARY KEY(event, number)) WITHOUT ROWID;"
	"CREATE TABLE action_about(event INTEGER NOT NULL, seq INTEGER NOT NULL,"
	" PRIMARY KEY(event, seq)) WITHOUT ROWID;"
	"INSERT INTO action_about(event, seq) SELECT event, seq FROM officer_action"
	" WHERE event > 0;"
	"DROP INDEX action_event;"
	"CREATE TABLE officer_signed(seq INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE,"
	" data BLOB NOT NULL);",

	/* Lost media, of which nobody said the level so far: ten days, as of the highest. */
	"ALTER TABLE event ADD COLUMN medium INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE event ADD COLUMN rises_us INTEGER NOT NULL DEFAULT 0;"
	"UPDATE event SET rises_us = found_us + 864000000000, tell_us = 0"
	" WHERE state IN (1, 2, 3) AND kind = 'medium-lost' AND grade < 4;",

	/* Cyber incidents. */
	"ALTER TABLE event ADD COLUMN cyber INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE event ADD COLUMN cyber_us INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE event ADD COLUMN cyber_sent_us INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE event ADD COLUMN cyber_closing_us INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE event ADD COLUMN cyber_closed_us INTEGER NOT NULL DEFAULT 0;",

	/* Transfers and media. Match 1 is waiting; side 0 is in, 1 is out. */
	"CREATE TABLE transfer(id INTEGER PRIMARY KEY, terminal INTEGER NOT NULL,"
	" batch BLOB NOT NULL, side INTEGER NOT NULL, state INTEGER NOT NULL,"
	" match INTEGER NOT NULL, times INTEGER NOT NULL, is_foreign INTEGER NOT NULL,"
	" files INTEGER NOT NULL, size INTEGER NOT NULL, sequence INTEGER NOT NULL,"
	" peer_position INTEGER NOT NULL, first_us INTEGER NOT NULL, changed_us INTEGER NOT NULL,"
	" done_us INTEGER NOT NULL, due_us INTEGER NOT NULL, seq INTEGER NOT NULL,"
	" event INTEGER NOT NULL, manifest BLOB NOT NULL, slip BLOB NOT NULL,"
	" medium BLOB NOT NULL, level TEXT NOT NULL, unit TEXT NOT NULL, peer TEXT NOT NULL,"
	" login TEXT NOT NULL, types TEXT NOT NULL, names TEXT NOT NULL, text TEXT NOT NULL,"
	" UNIQUE(batch, side, terminal));"
	"CREATE INDEX transfer_state ON transfer(state, id);"
	"CREATE INDEX transfer_match ON transfer(match, id);"
	"CREATE INDEX transfer_unit ON transfer(unit, id);"
	"CREATE INDEX transfer_medium ON transfer(medium, id);"
	"CREATE INDEX transfer_waiting ON transfer(peer, peer_position)"
	" WHERE match = 1 AND side = 0;"
	"CREATE INDEX transfer_due ON transfer(due_us) WHERE match = 1 AND side = 1;"
	"CREATE TABLE transfer_step(transfer INTEGER NOT NULL, seq INTEGER NOT NULL,"
	" time_us INTEGER NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL,"
	" PRIMARY KEY(transfer, seq)) WITHOUT ROWID;"
	"CREATE TABLE medium_use(id INTEGER PRIMARY KEY, medium BLOB NOT NULL,"
	" terminal INTEGER NOT NULL, seq INTEGER NOT NULL, time_us INTEGER NOT NULL,"
	" what TEXT NOT NULL, sequence INTEGER NOT NULL, counter BLOB NOT NULL,"
	" level TEXT NOT NULL, unit TEXT NOT NULL, custodian TEXT NOT NULL, text TEXT NOT NULL);"
	"CREATE INDEX medium_use_of ON medium_use(medium, id);"
	"CREATE INDEX medium_use_sequence ON medium_use(medium, sequence) WHERE sequence > 0;"
	/* Each medium's last use. */
	"CREATE TABLE medium(medium BLOB PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE UNIQUE INDEX medium_last ON medium(last);"
	"CREATE TRIGGER medium_used AFTER INSERT ON medium_use BEGIN"
	" INSERT INTO medium(medium, last) VALUES(new.medium, new.id)"
	" ON CONFLICT DO UPDATE SET last = excluded.last; END;",
};

const char *store_schema_step(int version)
{
	return steps[version - 1];
}

static int version_of(struct store *store, int *version)
{
	sqlite3_stmt *statement;
	int r = sqlite3_prepare_v2(store->db, "PRAGMA user_version", -1, &statement, NULL);

	if (r == SQLITE_OK)
		r = sqlite3_step(statement) == SQLITE_ROW ? SQLITE_OK : sqlite3_errcode(store->db);
	if (r == SQLITE_OK)
		*version = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	return store_answer(store, r);
}

static int step_to(struct store *store, int version)
{
	char stamp[64];
	int r;

	snprintf(stamp, sizeof(stamp), "PRAGMA user_version=%d", version);
	r = sqlite3_exec(store->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	if (r == SQLITE_OK)
		r = sqlite3_exec(store->db, steps[version - 1], NULL, NULL, NULL);
	if (r == SQLITE_OK)
		r = sqlite3_exec(store->db, stamp, NULL, NULL, NULL);
	if (r == SQLITE_OK)
		r = sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL);
	if (r != SQLITE_OK) {
		r = store_answer(store, r);
		sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
		return r;
	}
	return 0;
}

int store_schema_migrate(struct store *store)
{
	int version = 0;
	int r = version_of(store, &version);

	if (r < 0)
		return r;
	if (version > STORE_SCHEMA_VERSION) {
		snprintf(store->reason, sizeof(store->reason),
			 "the store has schema version %d, this program knows up to %d: install "
			 "the newer airgap-office",
			 version, STORE_SCHEMA_VERSION);
		return -EPROTONOSUPPORT;
	}
	if (version < STORE_SCHEMA_VERSION && store->mode == STORE_READ) {
		snprintf(store->reason, sizeof(store->reason),
			 "the store has schema version %d: start airgap-office once, which brings "
			 "it to %d",
			 version, STORE_SCHEMA_VERSION);
		return -EPROTONOSUPPORT;
	}
	while (r == 0 && version < STORE_SCHEMA_VERSION)
		r = step_to(store, ++version);
	return r;
}
