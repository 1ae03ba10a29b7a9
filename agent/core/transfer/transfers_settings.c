// SPDX-License-Identifier: GPL-2.0-or-later
/* What airgap-transferd has to know of policy, levels and people. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/govern/cards.h"
#include "agent/core/govern/cards.h"
#include "agent/core/transfer/transfers_private.h"
#include "policy/decide/recipients.h"
#include "policy/decide/transfer.h"

/* More are not told, and so not written to: airgap-transferd takes no more either. */
#define TRANSFERS_RECIPIENTS_MAX 4096

static const char *refusal(const struct govern *govern)
{
	switch (govern->mode) {
	case AGENT_MODE_ENFORCING:
	case AGENT_MODE_MONITORING:
		break;
	default:
		return govern->reason[0] ? govern->reason : "The agent is starting";
	}
	if (!govern->policy)
		return govern->missing;
	if (!policy_has_transfer(govern->policy))
		return "The policy has no block transfer, so no files may be transferred. Ask the "
		       "security officer";
	return NULL;
}

static void say_settings(const struct transfers *transfers)
{
	const struct govern *govern = transfers->govern;
	struct msg_transfer_settings settings = { .policy_serial = govern->in_force.serial };
	const char *why = refusal(govern);
	const char *recovery = govern->policy ? policy_recovery(govern->policy) : NULL;

	settings.permitted = !why;
	snprintf(settings.reason, sizeof(settings.reason), "%s", why ? why : "");
	snprintf(settings.terminal, sizeof(settings.terminal), "%s", govern->terminal.number);
	snprintf(settings.unit, sizeof(settings.unit), "%s", govern->terminal.unit);
	snprintf(settings.level, sizeof(settings.level), "%s", govern->terminal.level);
	if (recovery && strlen(recovery) < sizeof(settings.recovery))
		strcpy(settings.recovery, recovery);
	for (uint32_t i = 0; govern->trust && i < govern->trust->level_count; i++) {
		if (i == POLICY_LEVELS_MAX)
			break;
		settings.level_count++;
		snprintf(settings.levels[i], sizeof(settings.levels[i]), "%s",
			 govern->trust->levels[i].name);
		snprintf(settings.labels[i], sizeof(settings.labels[i]), "%.63s",
			 govern->trust->levels[i].label);
	}
	transfers_say(transfers, MSG_TRANSFER_SETTINGS, &settings);
}

static void say_recipient(const struct transfers *transfers, const struct policy_recipient *row)
{
	struct msg_transfer_recipient recipient = { .epoch = row->epoch };

	/* A longer one is none that could be encrypted to. */
	if (strlen(row->recipient) >= sizeof(recipient.recipient))
		return;
	strcpy(recipient.recipient, row->recipient);
	snprintf(recipient.unit, sizeof(recipient.unit), "%s", row->unit);
	snprintf(recipient.level, sizeof(recipient.level), "%s", row->level);
	transfers_say(transfers, MSG_TRANSFER_RECIPIENT, &recipient);
}

/* Of the policy, and of cards of units that it does not name. Older epochs are not written to any more. */
static void say_recipients(const struct transfers *transfers, const struct policy *policy)
{
	size_t own = policy_recipients(policy, NULL, 0);
	size_t count = own + cards_recipients(transfers->govern, NULL, 0);
	struct policy_recipient *rows = calloc(count + 1, sizeof(*rows));

	if (!rows)
		return;
	policy_recipients(policy, rows, own);
	cards_recipients(transfers->govern, rows + own, count - own);
	for (size_t i = 0; i < count && i < TRANSFERS_RECIPIENTS_MAX; i++)
		if (!recipients_superseded(rows, count, &rows[i]))
			say_recipient(transfers, &rows[i]);
	free(rows);
}

static void say_people(const struct transfers *transfers, const struct policy *policy)
{
	const struct policy_person *people;
	size_t count;

	people = policy_people(policy, &count);
	for (size_t i = 0; i < count; i++) {
		struct msg_transfer_person person = { 0 };

		if (people[i].role != POLICY_ROLE_OFFICER || !people[i].key || !people[i].duty)
			continue;
		person.duty = strcmp(people[i].duty, "security") == 0 ? POLICY_DUTY_SECURITY
								      : POLICY_DUTY_APPROVAL;
		snprintf(person.key, sizeof(person.key), "%s", people[i].key);
		snprintf(person.person, sizeof(person.person), "%s", people[i].name);
		snprintf(person.login, sizeof(person.login), "%s",
			 people[i].login ? people[i].login : "");
		transfers_say(transfers, MSG_TRANSFER_PERSON, &person);
	}
}

void transfers_settings(struct transfers *transfers)
{
	const struct policy *policy = transfers->govern->policy;

	say_settings(transfers);
	if (policy) {
		say_recipients(transfers, policy);
		say_people(transfers, policy);
	}
	transfers_say(transfers, MSG_TRANSFER_SETTINGS_END, NULL);
}
