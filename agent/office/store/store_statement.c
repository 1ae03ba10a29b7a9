// SPDX-License-Identifier: GPL-2.0-or-later
/* The statements, in the order of the numbers; those about transfers and media are in a file of their own. */
#include "agent/office/store/store_sql.h"

#define TERMINAL_COLUMNS                                                                           \
	"SELECT t.id, t.number, t.generation, t.state, t.origin, t.origin_hash, t.log_key,"        \
	" t.tls_pin, t.recipient, t.unit, t.level, t.custodian, t.room, t.standalone,"             \
	" t.heartbeat_s, t.contact, t.contact_us, t.seen_us, t.return_us, t.registered_us,"        \
	" t.boot_id, t.lost, t.policy, coalesce(h.size, 0)"                                        \
	" FROM terminal t LEFT JOIN head h ON h.terminal = t.id "
#define EVENT_FIELDS                                                                               \
	"SELECT e.id, e.terminal, e.seq, e.source, e.state, e.grade, e.proposed, e.drill,"         \
	" e.occurred_us, e.received_us, e.inner_us, e.outer_us, e.result_us, e.closed_us,"         \
	" e.first_person, e.second_person, e.kind, t.number, e.facts, e.explanation, e.handling,"  \
	" e.result, e.lateness, e.found_us, e.due_us, e.tell_us, e.reported_us, e.assigned,"       \
	" e.proposal, e.lower_to, e.lower_asked, e.lower_person, e.told, e.moves, e.away_us,"      \
	" e.medium, e.rises_us, e.cyber, e.cyber_us, e.cyber_sent_us, e.cyber_closing_us,"         \
	" e.cyber_closed_us"

#define EVENT_TERMINAL " LEFT JOIN terminal t ON t.id = e.terminal "
#define EVENT_COLUMNS  EVENT_FIELDS " FROM event e" EVENT_TERMINAL
/* Where the planner would rather look up all open ones and sort them. */
#define EVENT_BY(index) EVENT_FIELDS " FROM event e INDEXED BY " index EVENT_TERMINAL
#define IN_STATES	"((?2 >> e.state) & 1)"
#define OF_STATE(state)                                                                            \
	"SELECT id FROM (SELECT id FROM event WHERE state = " #state " AND (?2 >> " #state         \
	") & 1 AND id < ?1 ORDER BY id DESC LIMIT ?3)"
#define OFFICER_COLUMNS "SELECT id, name, role, retired, key, fingerprint, added_us FROM officer "
#define DOCUMENT_COLUMNS                                                                           \
	"SELECT d.id, d.kind, d.name, d.number, d.digest, d.added_us, d.data FROM document d "

static const char *const texts[SQL_COUNT] = {
	[SQL_BEGIN] = "BEGIN IMMEDIATE",
	[SQL_COMMIT] = "COMMIT",
	[SQL_ROLLBACK] = "ROLLBACK",

	[SQL_TERMINAL_ADD] =
		"INSERT INTO terminal(number, generation, state, origin, origin_hash, log_key,"
		" tls_pin, recipient, unit, level, custodian, room, standalone, heartbeat_s,"
		" contact, contact_us, seen_us, return_us, registered_us, boot_id, lost, policy,"
		" sealed) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
	[SQL_TERMINAL_BY_ID] = TERMINAL_COLUMNS "WHERE t.id = ?",
	[SQL_TERMINAL_BY_ORIGIN] = TERMINAL_COLUMNS "WHERE t.origin = ?",
	[SQL_TERMINAL_BY_HASH] = TERMINAL_COLUMNS "WHERE t.origin_hash = ?",
	[SQL_TERMINAL_BY_PIN] = TERMINAL_COLUMNS "WHERE t.tls_pin = ? AND t.state = 1",
	[SQL_TERMINAL_LATEST] =
		TERMINAL_COLUMNS "WHERE t.number = ? ORDER BY t.generation DESC LIMIT 1",
	[SQL_TERMINAL_UPDATE] =
		"UPDATE terminal SET number=?, generation=?, state=?, unit=?, level=?,"
		" custodian=?, room=?, standalone=?, heartbeat_s=?, contact=?, contact_us=?,"
		" seen_us=?, return_us=?, registered_us=?, boot_id=?, lost=?, policy=?"
		" WHERE id = ?",
	[SQL_TERMINAL_EACH] = TERMINAL_COLUMNS "ORDER BY t.number, t.generation",

	[SQL_TERMINAL_SEALED] = "SELECT sealed FROM terminal WHERE id = ?",

	[SQL_CODE_ADD] = "INSERT INTO code(hash, number, expires_us, used_us) VALUES(?,?,?,0)",
	[SQL_CODE_GET] = "SELECT expires_us FROM code WHERE hash=? AND number=? AND used_us=0",
	[SQL_CODE_USE] = "UPDATE code SET used_us=? WHERE hash=? AND used_us=0",
	/* 0: pending; 3: refused */
	[SQL_TERMINAL_FORGET] =
		"DELETE FROM terminal WHERE origin=?1 AND (state = 3 OR (state = 0 AND"
		" (log_key=?2 OR id IN (SELECT terminal FROM enrolment WHERE expires_us < ?3))))",
	[SQL_ENROLMENT_FORGET] =
		"DELETE FROM enrolment WHERE terminal NOT IN (SELECT id FROM terminal)",
	[SQL_ENROLMENT_ADD] = "INSERT INTO enrolment(id, terminal, created_us, expires_us,"
			      " fingerprint) VALUES(?,?,?,?,?)",
	[SQL_ENROLMENT_GET] = "SELECT id, terminal, created_us, expires_us, fingerprint"
			      " FROM enrolment WHERE id = ?",
	[SQL_ENROLMENT_EACH] = "SELECT id, terminal, created_us, expires_us, fingerprint"
			       " FROM enrolment ORDER BY created_us",

	[SQL_HEAD_GET] = "SELECT pending_size, pending_root, next, size, root, receipt_us"
			 " FROM head WHERE terminal = ?",
	[SQL_HEAD_NEW] = "INSERT INTO head(terminal, pending_size, pending_root, pending_note,"
			 " next, size, root, receipt_us) VALUES(?1,?2,?3,?4,0,0,x'',0)",
	[SQL_HEAD_PENDING] = "UPDATE head SET pending_size=?2, pending_root=?3, pending_note=?4"
			     " WHERE terminal=?1 AND pending_size=?5",
	[SQL_HEAD_NEXT] = "UPDATE head SET next=?4 WHERE terminal=?1 AND next BETWEEN ?2 AND ?3",
	[SQL_HEAD_RECEIPT] = "UPDATE head SET size=pending_size, root=pending_root, note=?4,"
			     " receipt_us=?3 WHERE terminal=?1 AND pending_size=?2 AND next=?2",
	[SQL_HEAD_NOTE] = "SELECT note FROM head WHERE terminal = ?",
	[SQL_HEAD_PENDING_NOTE] = "SELECT pending_note FROM head WHERE terminal = ?",
	[SQL_ENTRY_ADD] = "INSERT INTO entry(terminal, seq, line) VALUES(?,?,?)",
	[SQL_ENTRY_DROP] = "DELETE FROM entry WHERE terminal=? AND seq BETWEEN ? AND ?",
	[SQL_ENTRY_EACH] = "SELECT seq, line FROM entry WHERE terminal=? AND seq BETWEEN ? AND ?"
			   " ORDER BY seq",
	[SQL_BUNDLE_ADD] = "INSERT INTO bundle(terminal, n, data) VALUES(?,?,?)",
	[SQL_BUNDLE_GET] = "SELECT data FROM bundle WHERE terminal=? AND n=?",
	[SQL_TILE_PUT] = "INSERT INTO tile(terminal, level, n, hashes) VALUES(?,?,?,?)",
	[SQL_TILE_GET] = "SELECT hashes FROM tile WHERE terminal=? AND level=? AND n=?",

	[SQL_EVENT_ADD] =
		"INSERT OR IGNORE INTO event(terminal, seq, source, state, grade, proposed, drill,"
		" occurred_us, received_us, found_us, inner_us, outer_us, result_us, due_us,"
		" tell_us, closed_us, assigned, kind, facts, explanation, handling, result,"
		" lateness, medium, rises_us, first_person, second_person)"
		" VALUES(nullif(?,0),nullif(?,-1),?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,0,"
		"0)",
	[SQL_EVENT_UPDATE] =
		"UPDATE event SET state=?, grade=?, drill=?, inner_us=?, outer_us=?, result_us=?,"
		" due_us=?, tell_us=?, reported_us=?, closed_us=?, assigned=?, first_person=?,"
		" second_person=?, proposal=?, lower_to=?, lower_asked=?, lower_person=?, told=?,"
		" moves=?, away_us=?, explanation=?, handling=?, result=?, lateness=?,"
		" rises_us=?, cyber=?, cyber_us=?, cyber_sent_us=?, cyber_closing_us=?,"
		" cyber_closed_us=? WHERE id=?",
	[SQL_EVENT_TOLD] = "UPDATE event SET told=?, due_us=?, tell_us=?, lateness=? WHERE id=?",
	[SQL_EVENT_ONE] = EVENT_COLUMNS "WHERE e.id = ?",
	[SQL_EVENT_NEWEST] = EVENT_COLUMNS "WHERE e.id < ?1 ORDER BY e.id DESC LIMIT ?2",
	/* Of each state as many as are wanted, by its index: a rare one is found among 100,000 others. */
	[SQL_EVENT_OF_STATES] = EVENT_COLUMNS
	"WHERE e.id IN (" OF_STATE(0) " UNION ALL " OF_STATE(1) " UNION ALL " OF_STATE(
		2) " UNION ALL " OF_STATE(3) " UNION ALL " OF_STATE(4) " UNION ALL " OF_STATE(5) ")"
												 " "
												 "O"
												 "R"
												 "D"
												 "E"
												 "R"
												 " "
												 "B"
												 "Y"
												 " "
												 "e"
												 "."
												 "i"
												 "d"
												 " "
												 "D"
												 "E"
												 "S"
												 "C"
												 " "
												 "L"
												 "I"
												 "M"
												 "I"
												 "T"
												 " "
												 "?"
												 "3",
	[SQL_EVENT_OF_TERMINAL] = EVENT_COLUMNS "WHERE e.id < ?1 AND " IN_STATES
						" AND e.terminal = ?4 ORDER BY e.id DESC LIMIT ?3",
	[SQL_EVENT_DEADLINE] =
		EVENT_BY("event_due") "WHERE e.state IN (1, 2, 3) AND " IN_STATES
				      " AND e.id < ?1 ORDER BY e.due_us, e.id LIMIT ?3",
	[SQL_EVENT_DEADLINE_OF] =
		EVENT_BY("event_due_terminal") "WHERE e.state IN (1, 2, 3) AND " IN_STATES
					       " AND e.terminal = ?4 AND e.id < ?1 ORDER BY "
					       "e.due_us LIMIT ?3",
	[SQL_EVENT_TELL] = EVENT_BY("event_tell") "WHERE e.state IN (1, 2, 3) AND e.tell_us <= ?1 "
						  "ORDER BY e.tell_us LIMIT ?2",
	/* Only the alert waits: what the law gives no more time for is looked at when it was to be. */
	[SQL_EVENT_POSTPONE] =
		"UPDATE event SET inner_us = inner_us + ?3, away_us = away_us + ?3, tell_us = CASE "
		"WHEN state = 1 AND cyber = 0 AND rises_us = 0 AND"
		" tell_us < 9223372036854775807 THEN tell_us + ?3 ELSE tell_us END,"
		" due_us = CASE WHEN due_us <> inner_us THEN due_us ELSE min(inner_us + ?3,"
		" iif(outer_us > 0 AND reported_us = 0, outer_us, inner_us + ?3),"
		" iif(cyber > 0 AND cyber_sent_us = 0, cyber_us, inner_us + ?3),"
		" iif(cyber > 0 AND cyber_closed_us = 0, cyber_closing_us, inner_us + ?3)) END"
		" WHERE state IN (1, 2, 3) AND grade BETWEEN 1 AND ?1 AND inner_us >= ?2",
	[SQL_EVENT_COUNT] = "SELECT state, count(*) FROM event GROUP BY state",
	[SQL_REPORT_ADD] =
		"INSERT INTO event_report(event, number, time_us, officer, fields) VALUES(?1,"
		" (SELECT coalesce(max(number), 0) + 1 FROM event_report WHERE event = ?1),"
		" ?2, ?3, ?4) RETURNING number",
	[SQL_REPORT_EACH] = "SELECT event, number, time_us, officer, fields FROM event_report"
			    " WHERE event = ? ORDER BY number",
	[SQL_ANOMALY_ADD] =
		"INSERT OR IGNORE INTO anomaly(terminal, kind, key, detail, first_us, last_us,"
		" count, event, evidence) VALUES(?1,?2,?3,?4,?5,?5,1,?6,?7)",
	[SQL_ANOMALY_AGAIN] = "UPDATE anomaly SET count=count+1, last_us=?4"
			      " WHERE terminal=?1 AND kind=?2 AND key=?3",
	[SQL_ANOMALY_EACH] = "SELECT id, terminal, kind, key, detail, first_us, last_us, count,"
			     " event, evidence FROM anomaly ORDER BY id DESC",
	[SQL_ANOMALY_OF] = "SELECT id, terminal, kind, key, detail, first_us, last_us, count,"
			   " event, evidence FROM anomaly WHERE terminal = ? ORDER BY id DESC",
	[SQL_ANOMALY_KEPT] = "SELECT count(*) FROM anomaly WHERE terminal = ? AND kind = ?",

	[SQL_OFFICER_ADD] = "INSERT INTO officer(name, role, retired, key, fingerprint, added_us)"
			    " VALUES(?,?,0,?,?,?)",
	[SQL_OFFICER_RETIRE] = "UPDATE officer SET retired=1 WHERE id=? AND retired=0",
	[SQL_OFFICER_SESSIONS_END] = "DELETE FROM session WHERE officer=?",
	[SQL_OFFICER_BY_NAME] = OFFICER_COLUMNS "WHERE name=?",
	[SQL_OFFICER_BY_ID] = OFFICER_COLUMNS "WHERE id=?",
	[SQL_OFFICER_EACH] = OFFICER_COLUMNS "ORDER BY name",
	[SQL_SESSION_ADD] = "INSERT INTO session(token, csrf, officer, expires_us,"
			    " until_us) VALUES(?,?,?,?,?)",
	[SQL_SESSION_SWEEP] = "DELETE FROM session WHERE expires_us < ?",
	[SQL_SESSION_GET] =
		"SELECT s.token, s.csrf, s.officer, s.expires_us, s.until_us FROM session s JOIN"
		" officer o ON o.id = s.officer WHERE s.token=? AND s.expires_us >= ?"
		" AND o.retired = 0",
	[SQL_SESSION_USED] = "UPDATE session SET expires_us = min(?2, until_us) WHERE token=?1",
	[SQL_SESSION_END] = "DELETE FROM session WHERE token=?",
	[SQL_ACTION_ADD] = "INSERT INTO officer_action(seq, officer, time_us, event, verb, text)"
			   " VALUES(?,?,?,?,?,?)",
	[SQL_ACTION_EACH] = "SELECT seq, officer, time_us, event, verb, text FROM officer_action"
			    " ORDER BY seq DESC LIMIT ?",
	[SQL_ACTION_ABOUT] = "INSERT INTO action_about(event, seq) VALUES(?,?)",
	[SQL_ACTION_OF] = "SELECT o.seq, o.officer, o.time_us, o.event, o.verb, o.text"
			  " FROM action_about a JOIN officer_action o ON o.seq = a.seq"
			  " WHERE a.event = ? ORDER BY a.seq DESC LIMIT ?",
	[SQL_SIGNED_ADD] = "INSERT INTO officer_signed(seq, digest, data) VALUES(?,?,?)",
	[SQL_SIGNED_GET] = "SELECT data FROM officer_signed WHERE seq=?",

	[SQL_DOCUMENT_HIGHEST] =
		"SELECT coalesce(max(number), 0) FROM document WHERE kind=? AND name=?",
	[SQL_DOCUMENT_ADD] = "INSERT INTO document(kind, name, number, digest, added_us, data)"
			     " VALUES(?,?,?,?,?,?)",
	[SQL_DOCUMENT_EACH] = DOCUMENT_COLUMNS "ORDER BY d.kind, d.name, d.number",
	[SQL_DOCUMENT_KIND] = DOCUMENT_COLUMNS
	"WHERE d.id IN (SELECT id FROM document WHERE kind = ?1 ORDER BY name DESC, number DESC"
	" LIMIT ?2) ORDER BY d.number",
	[SQL_DOCUMENT_NEWEST] = "SELECT coalesce(max(id), 0) FROM document",
	[SQL_DELIVERY_WANT] =
		"INSERT INTO delivery(terminal, kind, name, document, wanted, wanted_us)"
		" VALUES(?,?,?,?,?,?) ON CONFLICT DO UPDATE SET document=excluded.document,"
		" wanted=excluded.wanted, wanted_us=excluded.wanted_us"
		" WHERE excluded.wanted > wanted",
	[SQL_DELIVERY_DELIVERED] =
		"INSERT INTO delivery(terminal, kind, name, delivered, delivered_us)"
		" VALUES(?,?,?,?,?) ON CONFLICT DO UPDATE SET delivered=excluded.delivered,"
		" delivered_us=excluded.delivered_us WHERE excluded.delivered > delivered",
	[SQL_DELIVERY_ACTIVE] =
		"INSERT INTO delivery(terminal, kind, name, active, active_us)"
		" VALUES(?,?,?,?,?) ON CONFLICT DO UPDATE SET active=excluded.active,"
		" active_us=excluded.active_us WHERE excluded.active <> active",
	[SQL_DELIVERY_SENT] = "UPDATE delivery SET delivered=wanted, delivered_us=?2"
			      " WHERE terminal=?1 AND document > 0 AND active < wanted"
			      " AND delivered < wanted",
	[SQL_DELIVERY_EACH] = "SELECT terminal, document, kind, name, wanted, delivered, active,"
			      " wanted_us, delivered_us, active_us FROM delivery"
			      " WHERE ?1 = 0 OR terminal = ?1 ORDER BY terminal, kind, name",
	[SQL_INBOX_EACH] = DOCUMENT_COLUMNS
	"JOIN delivery v ON v.document = d.id WHERE v.terminal = ? AND v.active < v.wanted"
	" ORDER BY d.kind, d.name",

	[SQL_SETTING_GET] = "SELECT value FROM setting WHERE name=?",
	[SQL_SETTING_PUT] = "INSERT INTO setting(name, value) VALUES(?,?)"
			    " ON CONFLICT DO UPDATE SET value=excluded.value",

	/* A mask of contacts filters what the index yields; units are named where there are many. */
	[SQL_PAGE_TERMINALS] =
		TERMINAL_COLUMNS "WHERE t.number > ?1 AND t.state = 1 AND ((?2 >> t.contact) & 1)"
				 " ORDER BY t.number LIMIT ?3",
	[SQL_PAGE_TERMINALS_OF_UNIT] =
		TERMINAL_COLUMNS "WHERE t.number > ?1 AND t.state = 1 AND ((?2 >> t.contact) & 1)"
				 " AND t.unit = ?4 ORDER BY t.number LIMIT ?3",
	[SQL_PAGE_MISSING] = TERMINAL_COLUMNS "WHERE t.state = 1 AND t.contact IN (2, 3, 4)"
					      " ORDER BY t.contact DESC LIMIT ?1",
	[SQL_PAGE_TALLY] = "SELECT unit, contact, count(*) FROM terminal INDEXED BY terminal_unit"
			   " WHERE state = 1 GROUP BY unit, contact",
	[SQL_PAGE_HISTORY] =
		EVENT_COLUMNS "WHERE e.terminal = ?1 AND e.id < ?2 ORDER BY e.id DESC LIMIT ?3",
	[SQL_PAGE_HISTORY_OF_KIND] =
		EVENT_COLUMNS "WHERE e.terminal = ?1 AND e.kind = ?4 AND e.id < ?2"
			      " AND e.grade >= ?5 ORDER BY e.id DESC LIMIT ?3",
	[SQL_PAGE_HISTORY_OF_GRADE] =
		EVENT_COLUMNS "WHERE e.terminal = ?1 AND e.id < ?2 AND e.grade > 0"
			      " AND e.grade >= ?4 ORDER BY e.id DESC LIMIT ?3",
	[SQL_PAGE_ACTIONS] = "SELECT seq, officer, time_us, event, verb, text FROM officer_action"
			     " WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2",
	[SQL_PAGE_ACTIONS_OF_EVENT] =
		"SELECT o.seq, o.officer, o.time_us, o.event, o.verb, o.text FROM action_about a"
		" JOIN officer_action o ON o.seq = a.seq WHERE a.event = ?3 AND a.seq < ?1"
		" ORDER BY a.seq DESC LIMIT ?2",
	[SQL_PAGE_DOCUMENTS] =
		"SELECT id, kind, name, number, digest, added_us, length(data) FROM document"
		" ORDER BY kind DESC, name DESC, number DESC LIMIT ?1",
	[SQL_PAGE_DOCUMENT] = DOCUMENT_COLUMNS "WHERE d.id = ?1",
	[SQL_PAGE_DELIVERIES] =
		"SELECT terminal, document, kind, name, wanted, delivered, active, wanted_us,"
		" delivered_us, active_us FROM delivery WHERE terminal = ?1 ORDER BY kind, name",
	[SQL_PAGE_EVENTS_OF_STATE] =
		EVENT_COLUMNS "WHERE e.state = ?3 AND e.id < ?1 ORDER BY e.id DESC LIMIT ?2",
	[SQL_PAGE_RUNNING] = "SELECT v.kind, v.name, v.active, count(*), sum(v.active < v.wanted)"
			     " FROM delivery v JOIN terminal t ON t.id = v.terminal AND t.state = 1"
			     " GROUP BY v.kind, v.name, v.active",
	[SQL_PAGE_OPEN] = "SELECT state, count(*) FROM event"
			  " WHERE state IN (1, 2, 3) GROUP BY state",
};

const char *store_statement_text(enum store_statement number)
{
	return texts[number] ? texts[number] : store_statement_transfer(number);
}
