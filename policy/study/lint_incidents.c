// SPDX-License-Identifier: GPL-2.0-or-later
/* Grades, deadlines and the office, against what the law says and what programs can do. */
#include "policy/study/lint_run.h"

#include <arpa/inet.h>
#include <string.h>

#define HOUR 3600
/* V3 and V4 by the unit, from discovery: implementing regulation of 2024, art. 61 */
#define STATUTORY_S (24 * HOUR)
/* until a lost medium is treated as a leak: rules on investigating leaks, art. 5(1) */
#define LOST_JUEMI_S  (10 * 24 * HOUR)
#define LOST_OTHERS_S (60 * 24 * HOUR)
/* of the closing report of a cyber incident */
#define CLOSING_S (30 * 24 * HOUR)

/* By name: what the terminal or the office proposes. "usb.*" and "net.*" go on by what was found. */
static const char *const kinds[] = {
	"violation",
	"alarm",
	"loss",
	"rollback",
	"fork",
	"old-policy",
	"silent",
	"escalated",
	"late",
	"returned",
	"fleet-silent",
	"clock-back",
	"office-down",
	"overdue-bundle",
	"evidence-full",
	"medium-lost",
	"medium-stolen",
	"terminal-lost",
	"leak",
	"concealed",
	"finding",
	"other",
	"medium-clone",
	"transfer-unknown",
	"transfer-differs",
	"transfer-twice",
	"transfer-overdue",
};

static bool is_kind(const char *name)
{
	if (strncmp(name, "usb.", 4) == 0 || strncmp(name, "net.", 4) == 0)
		return name[4] != 0;
	if (strncmp(name, "media.", 6) == 0)
		return name[6] != 0;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i], name) == 0)
			return true;
	return false;
}

static void check_deadline(struct lint *lint, const struct statement *it)
{
	const struct value *grade = statement_value(it, "grade");
	const struct value *within = statement_value(it, "within");
	uint64_t inside = statement_number(it, "inside", 0);

	if (!grade || !within)
		return;
	/* V3 and V4, in the order of the schema's words */
	if (grade->number >= 2 && within->number > STATUTORY_S)
		lint_say(lint, "statutory-deadline", within->at,
			 "write 24h or less; no policy gives more time than the law",
			 "%s is owed to the administration within 24 hours of discovery",
			 grade->text);
	if (grade->number >= 2 && inside > within->number)
		lint_say(lint, "deadline-order", it->at, "give the office less time than the unit",
			 "%s reaches the office after it is due above", grade->text);
}

/* in the order of the schema's words; reporting measures of 2025, art. 4 */
static void check_cyber(struct lint *lint, const struct statement *it)
{
	static const uint64_t within_s[] = { HOUR, 2 * HOUR, 4 * HOUR };
	const struct value *unit = statement_value(it, "unit");

	if (!unit || unit->number >= sizeof(within_s) / sizeof(within_s[0]))
		return;
	if (statement_number(it, "within", 0) > within_s[unit->number] ||
	    statement_number(it, "closing", 0) > CLOSING_S)
		lint_say(lint, "statutory-cyber", it->at,
			 "write critical 1h, central 2h, other 4h, closing 30d, or less",
			 "a cyber incident (%s) is reported within %u hours, its closing report "
			 "within 30 days",
			 unit->text, (unsigned int)(within_s[unit->number] / HOUR));
}

static void check_lost(struct lint *lint, const struct statement *it)
{
	if (it && (statement_number(it, "juemi", 0) > LOST_JUEMI_S ||
		   statement_number(it, "others", 0) > LOST_OTHERS_S))
		lint_say(lint, "statutory-loss", it->at,
			 "write juemi 10d others 60d or less; no policy waits longer than the law",
			 "a lost medium is treated as a leak after 10 days (juemi) or 60 days");
}

static void check_escalation(struct lint *lint, const struct statement *it)
{
	if (it && statement_number(it, "direct", 50) > statement_number(it, "lead", 75))
		lint_say(
			lint, "escalation-order", it->at,
			"tell the person directly responsible first",
			"the person first responsible is told before the one directly responsible");
}

/* As airgap-reportd takes it: a number, so that no name server is asked. */
static bool is_address(const char *text)
{
	const char *colon = strrchr(text, ':');
	char host[INET6_ADDRSTRLEN + 2];
	struct in6_addr binary;
	size_t length = colon ? (size_t)(colon - text) : 0;

	if (!colon || length >= sizeof(host) || !colon[1] ||
	    strspn(colon + 1, "0123456789") != strlen(colon + 1))
		return false;
	memcpy(host, text, length);
	host[length] = 0;
	if (host[0] != '[')
		return inet_pton(AF_INET, host, &binary) == 1;
	if (length < 3 || host[length - 1] != ']')
		return false;
	host[length - 1] = 0;
	return inet_pton(AF_INET6, host + 1, &binary) == 1;
}

static void check_office(struct lint *lint)
{
	const struct statement *office =
		document_statement(document_block(lint->document, "report"), "office", NULL);
	const struct value *address = statement_value(office, "address");

	if (address && !is_address(address->text))
		lint_say(lint, "office-address", address->at,
			 "write a number and a port, such as 10.20.0.5:8443 or [fd00::5]:8443",
			 "'%s' cannot be reached without a name server", address->text);
}

void lint_incidents(struct lint *lint)
{
	const struct block *block = document_block(lint->document, "incidents");
	const struct statement *it = NULL;

	while ((it = document_statement(block, "deadline", it)))
		check_deadline(lint, it);
	while ((it = document_statement(block, "grade", it))) {
		const struct value *event = statement_value(it, "event");

		if (event && !is_kind(event->text))
			lint_say(lint, "unknown-event", event->at,
				 "kinds are those of 'airgap-office incidents rules', usb.WHAT, "
				 "net.WHAT and media.WHAT",
				 "nothing is called '%s'", event->text);
	}
	while ((it = document_statement(block, "cyber", it)))
		check_cyber(lint, it);
	check_lost(lint, document_statement(block, "lost", NULL));
	check_escalation(lint, document_statement(block, "escalate", NULL));
	check_office(lint);
}
