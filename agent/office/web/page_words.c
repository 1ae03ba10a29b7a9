// SPDX-License-Identifier: GPL-2.0-or-later
/* Names of states, grades and kinds, as people read them. */
#include <string.h>

#include "agent/office/event_words.h"
#include "agent/office/store/store_terminal.h"
#include "agent/office/store/store_people.h"
#include "agent/office/store/store_document.h"
#include "agent/office/web/page.h"

struct word {
	const char *name;
	const char *text;
};

/* NULL: not among them. */
static const char *find(const struct word *words, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(words[i].name, name) == 0)
			return _(words[i].text);
	return NULL;
}

const char *page_word_grade(uint32_t grade)
{
	static const char *const words[INCIDENT_GRADES] = {
		N_("no grade"),	      N_("breach"), N_("serious breach"),
		N_("suspected leak"), N_("leak"),
	};

	return grade < INCIDENT_GRADES ? _(words[grade]) : "?";
}

const char *page_word_contact(uint32_t contact)
{
	static const char *const words[STORE_CONTACT_COUNT] = {
		[STORE_CONTACT_NEVER] = N_("never heard"),
		[STORE_CONTACT_ON_TIME] = N_("on time"),
		[STORE_CONTACT_LATE] = N_("late"),
		[STORE_CONTACT_SILENT] = N_("silent"),
		[STORE_CONTACT_ESCALATED] = N_("long silent"),
		[STORE_CONTACT_OFF] = N_("switched off"),
	};

	return contact < STORE_CONTACT_COUNT ? _(words[contact]) : "?";
}

const char *page_word_kind(const char *kind)
{
	const char *known;
	static const struct word words[] = {
		{ "violation", N_("violation") },
		{ "permit", N_("permit") },
		{ "policy", N_("policy") },
		{ "boot", N_("start") },
		{ "clean-stop", N_("stop in order") },
		{ "loss", N_("entries lost") },
		{ "heartbeat", N_("check-in") },
		{ "device", N_("device") },
		{ "alarm", N_("alarm") },
		{ "receipt-anchor", N_("receipt") },
		{ "prune", N_("old entries removed") },
		{ "rollback", N_("set back") },
		{ "fork", N_("log rewritten or cloned") },
		{ "old-policy", N_("old policy came back") },
		{ "late", N_("late") },
		{ "silent", N_("silent") },
		{ "escalated", N_("long silent") },
		{ "returned", N_("heard again") },
		{ "fleet-silent", N_("many terminals silent") },
		{ "clock-back", N_("clock set back") },
		{ "office-down", N_("office was away") },
		{ "medium-lost", N_("medium lost") },
		{ "overdue-bundle", N_("bundle overdue") },
		{ "transfer", N_("transfer") },
		{ "media", N_("medium") },
		{ "medium-clone", N_("medium cloned") },
		{ "transfer-unknown", N_("import without export") },
		{ "transfer-differs", N_("export and import differ") },
		{ "transfer-twice", N_("imported twice") },
		{ "transfer-overdue", N_("import overdue") },
	};

	known = find(words, sizeof(words) / sizeof(words[0]), kind);
	return known ? known : event_kind_text(kind);
}

const char *page_word_role(uint32_t role)
{
	static const char *const words[STORE_ROLE_COUNT] = {
		[STORE_ROLE_OFFICER] = N_("officer"),
		[STORE_ROLE_LEAD] = N_("head of office"),
		[STORE_ROLE_AUDITOR] = N_("auditor"),
	};

	return role < STORE_ROLE_COUNT ? _(words[role]) : "?";
}

const char *page_word_document(uint32_t kind)
{
	static const char *const words[STORE_DOCUMENT_KIND_COUNT] = {
		[STORE_DOCUMENT_LIST] = N_("signers' list"),
		[STORE_DOCUMENT_TABLE] = N_("table"),
		[STORE_DOCUMENT_POLICY] = N_("policy"),
		[STORE_DOCUMENT_ORDER] = N_("order"),
		[STORE_DOCUMENT_CARD] = N_("card of unit"),
	};

	return kind < STORE_DOCUMENT_KIND_COUNT ? _(words[kind]) : "?";
}

const char *page_word_verb(const char *verb)
{
	const char *known;
	static const struct word words[] = {
		{ "take", N_("took it in hand") },
		{ "assign", N_("assigned it") },
		{ "explain", N_("entered the user's explanation") },
		{ "handle", N_("entered what was done") },
		{ "review", N_("asked for closing") },
		{ "doubt", N_("asked for a false alarm") },
		{ "close", N_("closed it") },
		{ "reject", N_("confirmed the false alarm") },
		{ "return", N_("sent it back") },
		{ "reopen", N_("reopened it") },
		{ "raise", N_("raised the grade") },
		{ "lower", N_("asked for a lower grade") },
		{ "agree", N_("agreed to the lower grade") },
		{ "keep", N_("kept the grade") },
		{ "report", N_("filed a report") },
		{ "sent", N_("sent the report out") },
		{ "cyber", N_("marked it as a cyber incident") },
		{ "cyber-sent", N_("sent the cyber report out") },
		{ "cyber-closing", N_("sent the closing cyber report out") },
		{ "note", N_("remarked") },
		{ "enter", N_("entered an event") },
		{ "tell-direct", N_("told the person directly responsible") },
		{ "tell-lead", N_("told the person first responsible") },
		{ "late", N_("recorded a delay") },
		{ "init", N_("made the office") },
		{ "request", N_("took a request for registration") },
		{ "login", N_("signed in") },
		{ "logout", N_("signed out") },
		{ "officer-add", N_("added an officer") },
		{ "officer-retire", N_("retired an officer") },
		{ "publish", N_("published a document") },
		{ "code", N_("gave a code of registration") },
		{ "register", N_("approved a registration") },
		{ "refuse", N_("refused a registration") },
		{ "import", N_("imported a bundle") },
		{ "export", N_("wrote an answer for a terminal") },
		{ "incidents", N_("changed grades or deadlines") },
		{ "restore", N_("restored the store") },
		{ "recovery-enter", N_("entered the recovery key") },
		{ "recovery-open", N_("began to open an object with the recovery key") },
		{ "recovery-opened", N_("opened an object with the recovery key") },
		{ "recovery-failed", N_("could not open an object with the recovery key") },
		{ "medium-check", N_("tried the recovery key on a medium") },
	};

	known = find(words, sizeof(words) / sizeof(words[0]), verb);
	return known ? known : verb;
}
