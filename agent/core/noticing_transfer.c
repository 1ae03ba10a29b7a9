// SPDX-License-Identifier: GPL-2.0-or-later
/* Who is told of a transfer: officers that it waits for them, its requester what became of it. */
#include <stdio.h>
#include <string.h>

#include "agent/core/core.h"
#include "agent/core/noticing.h"
#include "agent/lib/account.h"
#include "policy/lang/policy.h"

/* "4b0d8f3a, alice, 3 files": the id's first digits are what airgapctl takes. */
static void fill(const struct msg_record_transfer *record, struct msg_notice *notice)
{
	char id[TRANSFER_ID_TEXT];

	transfer_id_format(record->batch, id);
	snprintf(notice->subject, sizeof(notice->subject), "%.8s%s%s, %u", id,
		 record->login[0] ? ", " : "", record->login, record->files);
	snprintf(notice->because, sizeof(notice->because), "%.200s", record->text);
	snprintf(notice->rule, sizeof(notice->rule), "%s", record->rule);
}

static void tell_officers(struct core *core, const struct msg_record_transfer *record,
			  const struct policy_need *need)
{
	static const char *const duties[POLICY_DUTY_COUNT] = {
		[POLICY_DUTY_SECURITY] = "security",
		[POLICY_DUTY_APPROVAL] = "approval",
	};
	const struct policy_person *people;
	size_t count = 0;

	people = core->govern.policy ? policy_people(core->govern.policy, &count) : NULL;
	for (size_t i = 0; i < count; i++) {
		struct msg_notice notice = { .event = NOTICE_TRANSFER_WAITING };
		uid_t uid;
		gid_t gid;

		for (int duty = 0; duty < POLICY_DUTY_COUNT; duty++) {
			if (need->duty[duty] == 0 || !people[i].duty || !people[i].login ||
			    strcmp(people[i].duty, duties[duty]) != 0 ||
			    account_find(core->daemon.root, people[i].login, &uid, &gid) < 0)
				continue;
			notice.uid = uid;
			fill(record, &notice);
			noticing_send(core, &notice);
		}
	}
}

void noticing_transfer(struct core *core, const struct msg_record_transfer *record,
		       const struct policy_need *need)
{
	struct msg_notice notice = { .uid = record->uid };

	switch (record->event) {
	case TRANSFER_EVENT_REQUESTED:
		if (need)
			tell_officers(core, record, need);
		return;
	case TRANSFER_EVENT_APPROVED:
		notice.event = NOTICE_TRANSFER_APPROVED;
		break;
	case TRANSFER_EVENT_REFUSED:
	case TRANSFER_EVENT_QUARANTINED:
	case TRANSFER_EVENT_EXPIRED:
		notice.event = NOTICE_TRANSFER_REFUSED;
		break;
	case TRANSFER_EVENT_INTERRUPTED:
		notice.event = NOTICE_TRANSFER_INTERRUPTED;
		break;
	default:
		return;
	}
	fill(record, &notice);
	noticing_send(core, &notice);
}
