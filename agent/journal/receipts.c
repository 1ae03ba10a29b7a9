// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/journal/receipts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/journal/note.h"
#include "agent/journal/recorder.h"
#include "agent/journal/sealing.h"
#include "agent/lib/file.h"
#include "agent/lib/log.h"

int receipts_office(const struct spool *spool, struct tlog_key *key)
{
	char path[PATH_MAX];
	uint8_t *text;
	size_t length;
	int r;

	r = snprintf(path, sizeof(path), "%s/" JOURNAL_FILE_OFFICE_KEY, spool->folder) >= PATH_MAX
		    ? -ENAMETOOLONG
		    : file_read(path, TLOG_KEY_TEXT_SIZE, &text, &length);
	if (r < 0)
		return r;
	if (length > 0 && text[length - 1] == '\n')
		text[length - 1] = 0;
	r = tlog_key_parse((char *)text, key);
	if (r == 0 && key->type != TLOG_KEY_COSIGNATURE)
		r = -EBADMSG;
	free(text);
	return r;
}

/* Ours, the office's, and of entries that we have. */
static int judge(struct recorder *recorder, const char *data, size_t length,
		 struct tlog_checkpoint *checkpoint, struct tlog_key *office, uint64_t *time,
		 const char **reason)
{
	const struct identity *identity = &recorder->duties.identity;
	struct tlog_note note;
	int r;

	*reason = "this terminal is not registered: it has no key of an office";
	if (!identity->key.type || receipts_office(recorder->spool, office) < 0)
		return -ENOKEY;
	*reason = "it is not a checkpoint that this terminal signed";
	r = tlog_checkpoint_open(data, length, &identity->key, checkpoint, &note);
	if (r < 0)
		return r;
	*reason = "it does not carry the office's cosignature";
	r = tlog_note_verify(&note, office, time);
	if (r < 0)
		return r;
	*reason = "it is of entries that are not in this log";
	if (checkpoint->size > recorder->spool->ratchet.state.seq)
		return -EBADMSG;
	/* A disk that was set back signs the same sizes over other entries. */
	r = publish_check(&recorder->duties.publish, checkpoint->size, &checkpoint->root);
	if (r != -EBADMSG)
		*reason = NULL;
	return r;
}

static void keep(const struct recorder *recorder, const char *data, size_t length)
{
	int r = file_replace(recorder->spool->folder, JOURNAL_FILE_RECEIPT, 0640, data, length);

	if (r < 0)
		log_warning("the receipt cannot be kept as a file: %s; the entry stands",
			    strerror(-r));
}

int receipts_take(struct recorder *recorder, const char *data, size_t length, uint64_t *size,
		  const char **reason)
{
	struct ratchet_state *state = &recorder->spool->ratchet.state;
	struct tlog_checkpoint checkpoint;
	struct msg_record_note note;
	struct tlog_key office;
	uint64_t time;
	int r;

	r = judge(recorder, data, length, &checkpoint, &office, &time, reason);
	if (r == 0 && checkpoint.size > state->receipted) {
		note_anchor(&note, office.name, checkpoint.size, time);
		recorder->spool->next_receipted = checkpoint.size;
		r = recorder_own(recorder, &note);
		/* Not by the next group either: without its anchor it is none, and may come again. */
		if (r < 0)
			recorder->spool->next_receipted = state->receipted;
		else
			keep(recorder, data, length);
	}
	if (r == 0) {
		prune_receipt(&recorder->duties.prune, time);
		recorder_wake_idle(recorder);
	}
	*size = state->receipted;
	return r;
}

static void on_up(void *data, const struct msg_hello *hello)
{
	(void)data;
	(void)hello;
}

static void on_down(void *data, int error, const char *reason)
{
	(void)data;
	if (error == -EPROTO)
		log_warning("airgap-reportd was dropped: %s", reason);
}

static void take_note(struct recorder *recorder, const struct msg_office_note *note)
{
	struct msg_office_note_taken taken = { .kind = note->kind };

	taken.error = sealing_take(recorder, note);
	if (taken.error < 0 && taken.error != -ENODATA)
		log_warning("what should be a statement of the office's was refused: %s",
			    strerror(-taken.error));
	link_send(recorder->reporter, MSG_OFFICE_NOTE_TAKEN, &taken, -1, NULL);
}

static int on_message(void *data, struct msg *msg)
{
	struct recorder *recorder = data;
	const struct msg_receipt *receipt = msg->body;
	struct msg_receipt_taken taken = { 0 };
	const char *reason;

	/* Just started: which log it is becomes known at the first idle time, which need not have come. */
	if (!recorder->duties.publish.begun)
		publish_step(&recorder->duties.publish);
	if (msg->type == MSG_OFFICE_NOTE) {
		take_note(recorder, msg->body);
		return 0;
	}
	if (msg->type != MSG_RECEIPT)
		return -EPROTO;
	taken.error = receipts_take(recorder, receipt->note, receipt->length, &taken.size, &reason);
	if (taken.error < 0)
		log_warning("a receipt was refused: %s", reason ? reason : strerror(-taken.error));
	/* A reporter that does not read asks again. */
	link_send(recorder->reporter, MSG_RECEIPT_TAKEN, &taken, -1, NULL);
	return 0;
}

const struct link_handler receipts_handler = {
	.up = on_up,
	.down = on_down,
	.message = on_message,
};
