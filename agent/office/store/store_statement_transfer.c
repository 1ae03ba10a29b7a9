// SPDX-License-Identifier: GPL-2.0-or-later
/* Statements about transfers and media, in the order of the numbers. */
#include "agent/office/store/store_sql.h"

#define TRANSFER_FIELDS                                                                            \
	"SELECT x.id, x.terminal, t.number, x.batch, x.side, x.state, x.match, x.times,"           \
	" x.is_foreign, x.files, x.size, x.sequence, x.peer_position, x.first_us, x.changed_us,"   \
	" x.done_us, x.due_us, x.seq, x.event, x.manifest, x.slip, x.medium, x.level, x.unit,"     \
	" x.peer, x.login, x.types, x.names, x.text FROM transfer x"
#define TRANSFER_TERMINAL  " LEFT JOIN terminal t ON t.id = x.terminal "
#define TRANSFER_COLUMNS   TRANSFER_FIELDS TRANSFER_TERMINAL
#define TRANSFER_BY(index) TRANSFER_FIELDS " INDEXED BY " index TRANSFER_TERMINAL
#define USE_COLUMNS                                                                                \
	"SELECT u.id, u.medium, u.terminal, t.number, u.seq, u.time_us, u.what, u.sequence,"       \
	" u.counter, u.level, u.unit, u.custodian, u.text FROM medium_use u"                       \
	" LEFT JOIN terminal t ON t.id = u.terminal "

/* Statements of many columns take several lines. */
/* NOLINTBEGIN(bugprone-suspicious-missing-comma) */
static const char *const texts[SQL_COUNT] = {
	[SQL_TRANSFER_FIND] =
		TRANSFER_COLUMNS "WHERE x.batch = ?1 AND x.terminal = ?2 AND x.side = ?3",
	[SQL_TRANSFER_BY_ID] = TRANSFER_COLUMNS "WHERE x.id = ?1",
	[SQL_TRANSFER_ADD] =
		"INSERT INTO transfer(terminal, batch, side, state, match, times, is_foreign, "
		"files,"
		" size, sequence, peer_position, first_us, changed_us, done_us, due_us, seq, event,"
		" manifest, slip, medium, level, unit, peer, login, types, names, text, id)"
		" VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,nullif(?,0))",
	[SQL_TRANSFER_UPDATE] =
		"UPDATE transfer SET terminal=?, batch=?, side=?, state=?, match=?, times=?,"
		" is_foreign=?, files=?, size=?, sequence=?, peer_position=?, first_us=?,"
		" changed_us=?, done_us=?, due_us=?, seq=?, event=?, manifest=?, slip=?, medium=?,"
		" level=?, unit=?, peer=?, login=?, types=?, names=?, text=? WHERE id=?",
	[SQL_TRANSFER_BATCH] =
		TRANSFER_COLUMNS "WHERE x.batch = ?1 ORDER BY x.side DESC, x.terminal DESC",
	[SQL_TRANSFER_WAITING] =
		TRANSFER_BY("transfer_waiting") "WHERE x.match = 1 AND x.side = 0 AND x.peer = ?1"
						" AND x.peer_position < ?2 LIMIT 1000",
	[SQL_TRANSFER_DUE] =
		TRANSFER_BY("transfer_due") "WHERE x.match = 1 AND x.side = 1 AND x.due_us > 0"
					    " AND x.due_us <= ?1 ORDER BY x.due_us LIMIT ?2",
	[SQL_TRANSFER_STEP_ADD] =
		"INSERT OR IGNORE INTO transfer_step(transfer, seq, time_us, name,"
		" text) VALUES(?,?,?,?,?)",
	[SQL_TRANSFER_STEP_EACH] = "SELECT seq, time_us, name, text FROM transfer_step"
				   " WHERE transfer = ? ORDER BY seq",
	[SQL_PAGE_TRANSFERS] = TRANSFER_COLUMNS "WHERE x.id < ?1 ORDER BY x.id DESC LIMIT ?2",
	[SQL_PAGE_TRANSFERS_OF_STATE] =
		TRANSFER_BY("transfer_state") "WHERE x.state = ?3 AND x.id < ?1"
					      " AND (?4 IS NULL OR x.match = ?4)"
					      " AND (?5 IS NULL OR x.unit = ?5)"
					      " ORDER BY x.id DESC LIMIT ?2",
	[SQL_PAGE_TRANSFERS_OF_MATCH] =
		TRANSFER_BY("transfer_match") "WHERE x.match = ?3 AND x.id < ?1"
					      " AND (?4 IS NULL OR x.unit = ?4)"
					      " ORDER BY x.id DESC LIMIT ?2",
	[SQL_PAGE_TRANSFERS_OF_UNIT] =
		TRANSFER_BY("transfer_unit") "WHERE x.unit = ?3 AND x.id < ?1"
					     " ORDER BY x.id DESC LIMIT ?2",
	[SQL_PAGE_TRANSFERS_OF_MEDIUM] =
		TRANSFER_BY("transfer_medium") "WHERE x.medium = ?3 AND x.id < ?1"
					       " AND (?4 IS NULL OR x.state = ?4)"
					       " AND (?5 IS NULL OR x.match = ?5)"
					       " AND (?6 IS NULL OR x.unit = ?6)"
					       " ORDER BY x.id DESC LIMIT ?2",
	[SQL_MEDIUM_USE_ADD] =
		"INSERT INTO medium_use(medium, terminal, seq, time_us, what, sequence, counter,"
		" level, unit, custodian, text) VALUES(?,?,?,?,?,?,?,?,?,?,?)",
	[SQL_MEDIUM_OTHER] = USE_COLUMNS "WHERE u.medium = ?1 AND u.sequence = ?2"
					 " AND u.sequence > 0 AND u.counter <> ?3 LIMIT 1",
	[SQL_PAGE_MEDIA] = USE_COLUMNS "JOIN medium m ON m.last = u.id WHERE m.last < ?1"
				       " ORDER BY m.last DESC LIMIT ?2",
	[SQL_PAGE_MEDIUM] =
		USE_COLUMNS "WHERE u.medium = ?1 AND u.id < ?2 ORDER BY u.id DESC LIMIT ?3",
};
/* NOLINTEND(bugprone-suspicious-missing-comma) */

const char *store_statement_transfer(enum store_statement number)
{
	return texts[number];
}
