// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/transfer/transfers.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/transfer/transfers_private.h"
#include "agent/lib/account.h"

void transfers_say(const struct transfers *transfers, enum msg_type type, const void *body)
{
	transfers->handler->send(transfers->data, type, body);
}

void transfers_login(const struct transfers *transfers, uint32_t uid,
		     char login[static TRANSFER_LOGIN_SIZE])
{
	if (account_name(transfers->govern->root, uid, login, TRANSFER_LOGIN_SIZE) < 0)
		login[0] = '\0';
}

void transfers_load(struct transfers *transfers)
{
	int r = approvals_load(transfers->govern->root, &transfers->approvals);

	if (r < 0)
		recorder_note(transfers->recorder, RECORD_KIND_ALARM, RECORD_GRADE_V2, 0,
			      "approvals-damaged", "/var/lib/airgap/state/approvals",
			      "the list of approvals that were used cannot be read (%s); none is "
			      "taken until it is put back, or removed by the security officer's "
			      "word when the last approval has ended",
			      strerror(-r));
}

void transfers_done(struct transfers *transfers)
{
	struct transfers_waiting *next;

	for (struct transfers_waiting *it = transfers->waiting; it; it = next) {
		next = it->next;
		free(it);
	}
	transfers->waiting = NULL;
	transfers->waiting_count = 0;
}

/* What was permitted under other rules is asked again before it is done. */
void transfers_changed(struct transfers *transfers)
{
	transfers->generation++;
	memset(transfers->permits, 0, sizeof(transfers->permits));
}

void transfers_down(struct transfers *transfers)
{
	transfers_changed(transfers);
	for (struct transfers_waiting *it = transfers->waiting; it; it = it->next)
		it->heard = false;
}

const struct msg_medium *transfers_find_medium(const struct transfers *transfers, uint64_t cookie)
{
	return cookie ? transfers->handler->medium(transfers->data, cookie) : NULL;
}

int transfers_wait(struct transfers *transfers, enum record_grade grade,
		   struct msg_record_transfer *record, const struct transfers_waiting *waiting)
{
	struct transfers_waiting *kept;
	int r;

	if (transfers->waiting_count >= TRANSFERS_WAITING_MAX)
		return -ENOBUFS;
	kept = malloc(sizeof(*kept));
	if (!kept)
		return -ENOMEM;
	*kept = *waiting;
	kept->tag = RECORDER_TAG_TRANSFER | ++transfers->next_tag;
	kept->generation = transfers->generation;
	kept->heard = true;
	/* The recorder never answers from within this call. */
	r = recorder_transfer(transfers->recorder, grade, record, kept->tag);
	if (r < 0) {
		free(kept);
		return r;
	}
	kept->next = transfers->waiting;
	transfers->waiting = kept;
	transfers->waiting_count++;
	return 0;
}

/* Something that became of a transfer: recorded, and then said to be. */
static void take_event(struct transfers *transfers, const struct msg_record_transfer *event)
{
	struct transfers_waiting waiting = { .answer = MSG_TRANSFER_RECORDED };
	struct msg_record_transfer record = *event;
	enum record_grade grade = RECORD_GRADE_NONE;
	char login[TRANSFER_LOGIN_SIZE];
	int r;

	transfers_login(transfers, event->uid, login);
	snprintf(record.login, sizeof(record.login), "%s", login);
	waiting.body.recorded.cookie = event->cookie;
	if (event->event == TRANSFER_EVENT_EXPORTED || event->event == TRANSFER_EVENT_IMPORTED)
		memcpy(waiting.spent, event->batch, sizeof(waiting.spent));
	if (event->event == TRANSFER_EVENT_QUARANTINED)
		grade = RECORD_GRADE_V2;
	else if (event->event == TRANSFER_EVENT_REFUSED)
		grade = RECORD_GRADE_V1;
	transfers->handler->became(transfers->data, &record, NULL);
	r = transfers_wait(transfers, grade, &record, &waiting);
	if (r < 0) {
		waiting.body.recorded.error = r;
		transfers_say(transfers, MSG_TRANSFER_RECORDED, &waiting.body.recorded);
	}
}

static void recorded_now(struct transfers *transfers, struct transfers_waiting *waiting,
			 uint64_t entry, int error)
{
	struct msg_transfer_recorded *answer = &waiting->body.recorded;

	answer->entry = entry;
	answer->error = error;
	/* Done is done, whether or not the journal could take it. */
	if (!sodium_is_zero(waiting->spent, sizeof(waiting->spent)) &&
	    approvals_spend(transfers->govern->root, &transfers->approvals, waiting->spent) < 0)
		recorder_note(transfers->recorder, RECORD_KIND_ALARM, RECORD_GRADE_V2, 0,
			      "approvals-unsaved", "airgapd",
			      "that approvals were used could not be saved");
	if (waiting->heard)
		transfers_say(transfers, MSG_TRANSFER_RECORDED, answer);
}

bool transfers_recorded(struct transfers *transfers, uint64_t tag, uint64_t entry, int error)
{
	struct transfers_waiting **at = &transfers->waiting, *it;

	if (tag >> 60 != RECORDER_TAG_TRANSFER >> 60)
		return false;
	while (*at && (*at)->tag != tag)
		at = &(*at)->next;
	it = *at;
	if (!it)
		return true;
	*at = it->next;
	transfers->waiting_count--;
	if (it->answer == MSG_TRANSFER_VERDICT)
		transfers_permit_now(transfers, it, entry, error);
	else if (it->answer == MSG_TRANSFER_APPROVED)
		transfers_approved_now(transfers, it, entry, error);
	else
		recorded_now(transfers, it, entry, error);
	free(it);
	return true;
}

bool transfers_hear(struct transfers *transfers, struct msg *msg)
{
	switch (msg->type) {
	case MSG_TRANSFER_ASK:
		transfers_ask(transfers, msg->body);
		return true;
	case MSG_TRANSFER_APPROVAL:
		transfers_approve(transfers, msg->body, msg->fd);
		return true;
	case MSG_TRANSFER_EVENT:
		take_event(transfers, msg->body);
		return true;
	case MSG_TRANSFER_SIGN:
		transfers_sign(transfers, msg->body);
		return true;
	case MSG_TERMINAL_KEY_ASK:
		transfers_key(transfers, msg->body);
		return true;
	default:
		return false;
	}
}
