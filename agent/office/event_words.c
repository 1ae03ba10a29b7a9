// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/event_words.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "agent/lib/i18n.h"
#include "agent/office/incident.h"
#include "agent/office/store/store_event.h"

const char *event_state_text(uint32_t state)
{
	static const char *const texts[STORE_EVENT_STATE_COUNT] = {
		[STORE_EVENT_RECORDED] = N_("recorded"),
		[STORE_EVENT_TO_VERIFY] = N_("to verify"),
		[STORE_EVENT_IN_HAND] = N_("in hand"),
		[STORE_EVENT_TO_REVIEW] = N_("to review"),
		[STORE_EVENT_CLOSED] = N_("closed"),
		[STORE_EVENT_FALSE_ALARM] = N_("false alarm"),
	};

	return state < STORE_EVENT_STATE_COUNT ? _(texts[state]) : "?";
}

const char *event_kind_text(const char *kind)
{
	static const struct {
		const char *kind, *text;
	} texts[] = {
		{ "violation", N_("something was refused at a terminal") },
		{ "alarm", N_("a terminal raised an alarm") },
		{ "loss", N_("entries of a terminal's log were lost") },
		{ "rollback", N_("a terminal's log was set back") },
		{ "fork", N_("a terminal's log exists in two versions") },
		{ "old-policy", N_("an old policy came back into force") },
		{ "late", N_("a terminal is late") },
		{ "silent", N_("a terminal has fallen silent") },
		{ "escalated", N_("a terminal has been silent for long") },
		{ "returned", N_("a terminal was heard again") },
		{ "fleet-silent", N_("many terminals are out of contact at once") },
		{ "clock-back", N_("a terminal's clock went back") },
		{ "office-down", N_("the office did not run") },
		{ "overdue-bundle", N_("a terminal without network is overdue") },
		{ "evidence-full", N_("more evidence of one kind than is kept") },
		{ "medium-lost", N_("a registered medium was lost") },
		{ "medium-stolen", N_("a registered medium was stolen") },
		{ "terminal-lost", N_("a terminal was lost or stolen") },
		{ "leak", N_("secrets became known") },
		{ "concealed", N_("an event was concealed, or reported wrongly or late") },
		{ "finding", N_("an inspection found something") },
		{ "other", N_("another event") },
		{ "boot", N_("a terminal started") },
		{ "clean-stop", N_("a terminal was switched off in order") },
		{ "permit", N_("something was permitted at a terminal") },
		{ "policy", N_("a policy came into force or was refused") },
		{ "transfer", N_("files were transferred") },
		{ "media", N_("a medium was used") },
		{ "drill", N_("a drill") },
		{ "inspection", N_("a terminal was inspected") },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (strcmp(texts[i].kind, kind) == 0)
			return _(texts[i].text);
	return kind;
}

const char *event_medium_text(uint32_t medium)
{
	static const char *const texts[INCIDENT_MEDIUM_COUNT] = {
		[INCIDENT_MEDIUM_UNKNOWN] = N_("not known: counts as 绝密 (juemi)"),
		[INCIDENT_MEDIUM_MIMI] = N_("秘密 (mimi)"),
		[INCIDENT_MEDIUM_JIMI] = N_("机密 (jimi)"),
		[INCIDENT_MEDIUM_JUEMI] = N_("绝密 (juemi)"),
	};

	return medium < INCIDENT_MEDIUM_COUNT ? _(texts[medium]) : "?";
}

const char *event_cyber_text(uint32_t unit)
{
	static const char *const texts[INCIDENT_CYBER_COUNT] = {
		[INCIDENT_CYBER_NONE] = "-",
		[INCIDENT_CYBER_CRITICAL] = N_("critical infrastructure"),
		[INCIDENT_CYBER_CENTRAL] = N_("central organ"),
		[INCIDENT_CYBER_OTHER] = N_("other unit"),
	};

	return unit && unit < INCIDENT_CYBER_COUNT ? _(texts[unit]) : texts[0];
}

const char *event_cyber_body(uint32_t unit)
{
	static const char *const texts[INCIDENT_CYBER_COUNT] = {
		[INCIDENT_CYBER_NONE] = "-",
		[INCIDENT_CYBER_CRITICAL] = N_("protection department and police"),
		[INCIDENT_CYBER_CENTRAL] = N_("own cyberspace office"),
		[INCIDENT_CYBER_OTHER] = N_("provincial cyberspace office"),
	};

	return unit && unit < INCIDENT_CYBER_COUNT ? _(texts[unit]) : texts[0];
}

const char *event_time_text(int64_t time_us, char text[static EVENT_TIME_SIZE])
{
	time_t seconds = (time_t)(time_us / 1000000);
	struct tm utc;

	if (time_us <= 0 || time_us == INT64_MAX || !gmtime_r(&seconds, &utc) ||
	    strftime(text, EVENT_TIME_SIZE, "%Y-%m-%d %H:%M UTC", &utc) == 0)
		snprintf(text, EVENT_TIME_SIZE, "-");
	return text;
}
