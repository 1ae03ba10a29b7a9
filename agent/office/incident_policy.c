// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/incident_policy.h"

#include <stdio.h>
#include <string.h>

#include "policy/lang/document.h"
#include "policy/lang/policy.h"

static uint32_t grade_of(const struct statement *statement)
{
	const struct value *grade = statement_value(statement, "grade");

	/* the schema's words: V1 to V4 */
	return grade ? (uint32_t)grade->number + 1 : 0;
}

/* `deadline V1 1h`: the alert; of V3 and V4 it is what the administration is owed. */
static void take_deadline(struct incident_rules *rules, const struct statement *statement)
{
	uint32_t grade = grade_of(statement);
	struct incident_deadlines *d = &rules->deadlines[grade < INCIDENT_GRADES ? grade : 0];
	int64_t within = (int64_t)statement_number(statement, "within", 0);

	if (grade >= 3)
		d->outer_s = within;
	else
		d->inner_s = within;
	d->inner_s = (int64_t)statement_number(statement, "inside", (uint64_t)d->inner_s);
	d->result_s = (int64_t)statement_number(statement, "result", (uint64_t)d->result_s);
}

/* `cyber critical 1h closing 30d`; the schema's words are in the order of enum incident_cyber. */
static void take_cyber(struct incident_rules *rules, const struct statement *statement)
{
	const struct value *unit = statement_value(statement, "unit");
	struct incident_cyber_deadlines *c = unit ? &rules->cyber[unit->number + 1] : NULL;

	if (!c)
		return;
	c->report_s = (int64_t)statement_number(statement, "within", (uint64_t)c->report_s);
	c->closing_s = (int64_t)statement_number(statement, "closing", (uint64_t)c->closing_s);
}

static void take_people(struct incident_rules *rules, const struct policy *policy)
{
	size_t count;
	const struct policy_person *people = policy_people(policy, &count);

	for (size_t i = 0; i < count; i++) {
		char *to = people[i].role == POLICY_ROLE_DIRECT ? rules->direct
			   : people[i].role == POLICY_ROLE_LEAD ? rules->lead
								: NULL;

		if (to)
			snprintf(to, STORE_TEXT_SIZE, "%s", people[i].name);
	}
}

static void take_intervals(struct incident_rules *rules, const struct document *document)
{
	uint64_t late_s = document_number(document, "report", "heartbeat", "late-after", 0);

	rules->heartbeat_s = (uint32_t)document_number(document, "report", "heartbeat", "every",
						       rules->heartbeat_s);
	if (late_s) {
		rules->late = (uint32_t)((late_s + rules->heartbeat_s - 1) / rules->heartbeat_s);
		rules->silent = rules->silent > rules->late ? rules->silent : rules->late;
		rules->escalate = rules->escalate > rules->silent ? rules->escalate : rules->silent;
	}
	rules->bundle_s =
		(uint32_t)document_number(document, "report", "bundle", "every", rules->bundle_s);
}

void incident_policy_rules(struct incident_rules *rules, const struct policy *policy)
{
	const struct document *document = policy_document(policy);
	const struct block *block = document_block(document, "incidents");
	const struct statement *it = NULL;

	while ((it = document_statement(block, "deadline", it)))
		take_deadline(rules, it);
	while ((it = document_statement(block, "cyber", it)))
		take_cyber(rules, it);
	while ((it = document_statement(block, "grade", it)))
		incident_rules_kind(rules, statement_text(it, "event"), grade_of(it));
	rules->lost_juemi_s = (int64_t)document_number(document, "incidents", "lost", "juemi",
						       (uint64_t)rules->lost_juemi_s);
	rules->lost_others_s = (int64_t)document_number(document, "incidents", "lost", "others",
							(uint64_t)rules->lost_others_s);
	rules->direct_percent = (uint32_t)document_number(document, "incidents", "escalate",
							  "direct", rules->direct_percent);
	rules->lead_percent = (uint32_t)document_number(document, "incidents", "escalate", "lead",
							rules->lead_percent);
	take_people(rules, policy);
	take_intervals(rules, document);
}
