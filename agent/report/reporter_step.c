// SPDX-License-Identifier: GPL-2.0-or-later
/* What the office's answers mean, and what journald and the core say. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/log.h"
#include "agent/report/reporter.h"

/* Without a receipt between, the office corrects us so often at most. */
#define CORRECTIONS_MAX 4

void reporter_refused(struct reporter *reporter, const struct call_answer *answer, const char *what)
{
	char words[128];

	answer_words(answer->body, answer->length, words, sizeof(words));
	reporter_later(reporter, answer->retry_after_s, "the office answers %u to %s%s%s",
		       answer->status, what, words[0] ? ": " : "", words);
}

/* --- reports --- */

static void send_entries(struct reporter *reporter)
{
	uint8_t *body;
	size_t length;
	int r = upload_entries(reporter->journal, &reporter->head, reporter->next, NULL, &body,
			       &length);

	if (r == -ENODATA && reporter->head.digests)
		reporter_later(reporter, 0,
			       "the office gets digests, and the journal has not made them yet");
	else if (r < 0)
		reporter_later(reporter, 0, "entries from %" PRIu64 " on cannot be sent: %s",
			       reporter->next, strerror(-r));
	else
		reporter_send(reporter, REPORTER_ENTRIES, "/v1/add-entries", body, length);
}

static bool may_correct(struct reporter *reporter)
{
	if (reporter->corrections++ < CORRECTIONS_MAX)
		return true;
	reporter->corrections = 0;
	reporter_later(reporter, 0, "the office contradicts itself about what it has");
	return false;
}

static void on_checkpoint(struct reporter *reporter, const struct call_answer *answer)
{
	uint64_t size, ours = reporter->head.checkpoint.size;

	switch (answer->status) {
	case 200:
		reporter->old = ours;
		send_entries(reporter);
		break;
	case 409:
		if (answer_size(answer->body, answer->length, &size) < 0) {
			reporter_refused(reporter, answer, "the checkpoint");
		} else if (size > ours) {
			/* The journal has grown meanwhile, or was cut: the next head tells. */
			reporter->old = 0;
			reporter_later(reporter, 0,
				       "the office has %" PRIu64 " entries of this journal, which "
				       "has only %" PRIu64 ": it was rolled back, or cloned",
				       size, ours);
		} else if (may_correct(reporter)) {
			/* reporter_kick() asks again, with this. */
			reporter->old = size;
		}
		break;
	case 422:
		reporter_later(reporter, 0,
			       "the office says that this journal does not continue the one that "
			       "it has: an officer must look at both");
		break;
	default:
		reporter_refused(reporter, answer, "the checkpoint");
	}
}

static void on_conflict(struct reporter *reporter, const struct call_answer *answer)
{
	uint64_t pending, next;

	if (answer_mirror_info(answer->body, answer->length, &pending, &next) < 0)
		reporter_refused(reporter, answer, "the entries");
	else if (!may_correct(reporter))
		return;
	else if (pending == reporter->head.checkpoint.size && next != reporter->next) {
		reporter->next = next;
		send_entries(reporter);
	} else {
		reporter->old = pending;
	}
}

static void on_part(struct reporter *reporter, const struct call_answer *answer)
{
	uint64_t pending, next;

	if (answer_mirror_info(answer->body, answer->length, &pending, &next) < 0 ||
	    pending != reporter->head.checkpoint.size || next <= reporter->next) {
		reporter_refused(reporter, answer, "the entries");
		return;
	}
	reporter->next = next;
	send_entries(reporter);
}

static void hand_receipt(struct reporter *reporter)
{
	struct msg_receipt receipt = { 0 };

	if (!reporter->receipt[0] || !link_is_up(reporter->receipts))
		return;
	receipt.length = (uint32_t)strlen(reporter->receipt);
	memcpy(receipt.note, reporter->receipt, receipt.length);
	link_send(reporter->receipts, MSG_RECEIPT, &receipt, -1, NULL);
}

void reporter_receipt(struct reporter *reporter, const char *note, size_t length, uint64_t size,
		      uint64_t time)
{
	memcpy(reporter->receipt, note, length);
	reporter->receipt[length] = 0;
	reporter->receipt_time = time;
	reporter->confirmed = size;
	reporter->retry = (struct retry){ 0 };
	reporter->corrections = 0;
	if (reporter->problem[0])
		log_notice("the office confirms entries again");
	reporter->problem[0] = 0;
	/* It confirms no log that it has not let in. */
	if (reporter->standing.state != STANDING_ACTIVE)
		reporter_enrol_save(reporter, STANDING_ACTIVE);
	hand_receipt(reporter);
	reporter_show(reporter);
}

static void on_receipt(struct reporter *reporter, const struct call_answer *answer)
{
	char note[UPLOAD_NOTE_MAX];
	uint64_t time = 0;
	size_t length;
	int r = answer_receipt(&reporter->head, &reporter->target.key, answer->body, answer->length,
			       note, &length, &time);

	if (r < 0) {
		reporter_later(reporter, 0,
			       "what should be a receipt is not signed with the office's key");
		return;
	}
	reporter_receipt(reporter, note, length, reporter->head.checkpoint.size, time);
	reporter->inbox_due = true;
}

static void on_entries(struct reporter *reporter, const struct call_answer *answer)
{
	if (answer->status == 200)
		on_receipt(reporter, answer);
	else if (answer->status == 202)
		on_part(reporter, answer);
	else if (answer->status == 409)
		on_conflict(reporter, answer);
	else
		reporter_refused(reporter, answer, "the entries");
}

/* --- inbox --- */

static void on_inbox(struct reporter *reporter, const struct call_answer *answer)
{
	struct answer_inbox inbox;

	reporter->inbox_due = false;
	if (answer->status != 200 || answer_inbox(answer->body, answer->length, &inbox) < 0) {
		reporter_refused(reporter, answer, "the inbox");
		return;
	}
	/* The core has one at hand: its answer belongs to the list as it is. */
	if (!reporter->delivery.cookie)
		delivery_list(&reporter->delivery, &inbox);
}

static void on_document(struct reporter *reporter, const struct call_answer *answer)
{
	int r;

	/* Withdrawn meanwhile: the next list is without it. */
	if (answer->status == 404) {
		reporter->delivery.at++;
		return;
	}
	if (answer->status != 200) {
		reporter_refused(reporter, answer, "a document");
		return;
	}
	r = delivery_hand(&reporter->delivery, reporter->core, answer->body, answer->length);
	if (r == -EBADMSG)
		log_warning("a document of the office is not what its list announced");
	else if (r < 0 && r != -ENOTCONN)
		reporter_later(reporter, 0, "a document cannot be handed to airgapd: %s",
			       strerror(-r));
}

void reporter_answer(struct reporter *reporter, const struct call_answer *answer)
{
	static void (*const steps[])(struct reporter *, const struct call_answer *) = {
		[REPORTER_IDENTITY] = reporter_enrol_identity,
		[REPORTER_ENROL] = reporter_enrol_asked,
		[REPORTER_ENROL_STATE] = reporter_enrol_state,
		[REPORTER_CHECKPOINT] = on_checkpoint,
		[REPORTER_ENTRIES] = on_entries,
		[REPORTER_INBOX] = on_inbox,
		[REPORTER_DOCUMENT] = on_document,
	};
	enum reporter_step step = reporter->step;

	reporter->step = REPORTER_IDLE;
	if (answer->error == -EKEYREJECTED) {
		/* A new certificate of the office is possible; its identity says so. */
		reporter->pin[0] = 0;
		reporter_later(reporter, 0,
			       "what answers at %s does not have the office's certificate",
			       reporter->target.address);
	} else if (answer->error) {
		reporter_later(reporter, 0, "the office at %s does not answer: %s",
			       reporter->target.address, answer->text);
	} else {
		steps[step](reporter, answer);
	}
	/* What root wrote while the request was under way. */
	if (reporter->step == REPORTER_IDLE)
		reporter_retarget(reporter);
}

/* --- links --- */

static void receipts_up(void *data, const struct msg_hello *hello)
{
	(void)hello;
	hand_receipt(data);
	reporter_enrol_notes(data);
}

static void receipts_down(void *data, int error, const char *reason)
{
	(void)data;
	(void)error;
	log_warning("lost airgap-journald (%s); receipts wait for it", reason);
}

static int receipts_message(void *data, struct msg *msg)
{
	struct reporter *reporter = data;
	const struct msg_receipt_taken *taken = msg->body;

	if (msg->type == MSG_OFFICE_NOTE_TAKEN) {
		reporter_enrol_noted(reporter, msg->body);
	} else if (msg->type == MSG_RECEIPT_TAKEN) {
		if (taken->error < 0)
			log_warning("airgap-journald did not take the receipt: %s",
				    strerror(-taken->error));
		carried_receipt(reporter, taken);
		reporter->receipt[0] = 0;
	} else {
		return -EPROTO;
	}
	reporter_kick(reporter);
	return 0;
}

static void core_up(void *data, const struct msg_hello *hello)
{
	(void)hello;
	reporter_kick(data);
}

static void core_down(void *data, int error, const char *reason)
{
	struct reporter *reporter = data;

	(void)error;
	log_warning("lost airgapd (%s); documents wait for it", reason);
	delivery_lost(&reporter->delivery);
}

static int core_message(void *data, struct msg *msg)
{
	struct reporter *reporter = data;

	if (msg->type == MSG_OFFICE) {
		reporter_office(reporter, msg->body);
		return 0;
	}
	if (msg->type != MSG_DOCUMENT_TAKEN)
		return -EPROTO;
	carried_judged(reporter, msg->body);
	if (!delivery_judged(&reporter->delivery, msg->body))
		return -EPROTO;
	reporter_kick(reporter);
	return 0;
}

const struct link_handler reporter_receipts_handler = {
	.up = receipts_up,
	.down = receipts_down,
	.message = receipts_message,
};

const struct link_handler reporter_core_handler = {
	.up = core_up,
	.down = core_down,
	.message = core_message,
};
