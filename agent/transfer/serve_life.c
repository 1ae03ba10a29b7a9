// SPDX-License-Identifier: GPL-2.0-or-later
/* What becomes of a batch between the verbs: decided, delivered, expired, found after a crash. */
#include "agent/transfer/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/lib/log.h"
#include "agent/transfer/medium_list.h"
#include "agent/transfer/memory.h"
#include "agent/transfer/record.h"

/* A request waits so long when its rule does not say. */
#define WAIT_S (7 * 86400)

static const char *next_step(const struct batch *batch)
{
	if (batch->state == BATCH_WAITING)
		return "recorded; it waits for approvals";
	if (batch->direction == TRANSFER_IN)
		return "permitted";
	return "permitted: plug a registered medium in and export it";
}

/* A refusal that is nobody's decision: something is not ready, and it may be asked again. */
static bool is_for_now(const struct policy_verdict *verdict)
{
	return verdict->cause == POLICY_CAUSE_UNREADY;
}

void serve_settle(struct transferd *self, struct desk_client *client, struct batch *batch,
		  uint64_t medium, const struct msg_transfer_verdict *said)
{
	const struct transfer_verdict *verdict = &said->verdict;
	int64_t now = record_now();

	/* The core has it in the journal, whichever way it decided. */
	snprintf(batch->rule, sizeof(batch->rule), "%.64s", verdict->verdict.rule);
	if (verdict->verdict.result != POLICY_RESULT_PERMIT) {
		serve_end(self, client, batch,
			  is_for_now(&verdict->verdict) ? BATCH_INTERRUPTED : BATCH_REFUSED,
			  TRANSFER_EVENT_COUNT,
			  is_for_now(&verdict->verdict) ? "not-ready" : "refused", "%s",
			  verdict->verdict.because);
		return;
	}
	batch->need = verdict->approvals;
	batch->wait_until = said->wait_until ? said->wait_until : now + WAIT_S;
	batch->state = batch_lacks_any(batch, now) ? BATCH_WAITING : BATCH_READY;
	if (batch->state == BATCH_READY && batch->direction == TRANSFER_IN)
		serve_deliver(self, client, batch, medium);
	else
		serve_end(self, client, batch, batch->state, TRANSFER_EVENT_COUNT, "", "%s",
			  next_step(batch));
}

static int deliver(const struct transferd *self, const struct batch *batch)
{
	int staging = openat(self->folder, "staging", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int inbox = openat(self->folder, "inbox", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r = staging < 0 || inbox < 0 ? -EIO : import_deliver(staging, inbox, batch->name);

	if (staging >= 0)
		close(staging);
	if (inbox >= 0)
		close(inbox);
	return r;
}

static void on_permit(void *data, int error, const void *body)
{
	const struct msg_transfer_verdict *said = body;
	struct errand *errand = data;
	struct transferd *self = errand->self;
	struct desk_client *client = errand->client;
	struct batch *batch = errand_batch(errand);
	const struct policy_verdict *verdict;

	errand_free(errand);
	if (!batch || batch->state != BATCH_READY) {
		desk_fail(client, "over", "the batch came to its end meanwhile");
		return;
	}
	if (error < 0) {
		if (client)
			serve_absent(client, error);
		return;
	}
	verdict = &said->verdict.verdict;
	snprintf(batch->rule, sizeof(batch->rule), "%.64s", verdict->rule);
	if (verdict->result != POLICY_RESULT_PERMIT) {
		serve_end(self, client, batch,
			  is_for_now(verdict)			 ? BATCH_READY
			  : verdict->cause == POLICY_CAUSE_ALLOW ? BATCH_WAITING
								 : BATCH_REFUSED,
			  TRANSFER_EVENT_COUNT, is_for_now(verdict) ? "not-ready" : "refused", "%s",
			  verdict->because);
		return;
	}
	batch->entry = said->entry;
	error = deliver(self, batch);
	if (error < 0) {
		batch->error = error;
		serve_end(self, client, batch, BATCH_INTERRUPTED, TRANSFER_EVENT_INTERRUPTED,
			  "failed", "the files could not be put into the inbox: %s",
			  strerror(-error));
		return;
	}
	memory_imported(self, batch);
	serve_end(self, client, batch, BATCH_INBOX, TRANSFER_EVENT_IMPORTED, "",
		  "imported; the files wait for %s: airgapctl transfer import %.8s --into FOLDER",
		  batch->login, batch->name);
}

/* The medium that it came from, for as long as it is there. */
static uint64_t source_of(const struct transferd *self, const struct batch *batch)
{
	const struct medium_use *use = NULL;

	if (!batch->foreign)
		use = medium_list_find_id(self->media, batch->medium);
	for (size_t i = 0; batch->foreign && (use = medium_list_at(self->media, i)); i++)
		if (use->said.kind == MEDIA_KIND_FOREIGN && use->root >= 0)
			break;
	return use && use->root >= 0 ? use->said.cookie : 0;
}

void serve_deliver(struct transferd *self, struct desk_client *client, struct batch *batch,
		   uint64_t medium)
{
	struct errand *errand;
	int r;

	if (!medium)
		medium = source_of(self, batch);
	if (!medium) {
		serve_end(self, client, batch, BATCH_READY, TRANSFER_EVENT_COUNT, "no-medium",
			  "it has all approvals; plug the medium that it came from in again, and "
			  "import it");
		return;
	}
	errand = errand_make(self, client, batch);
	r = errand ? record_ask(self, batch, TRANSFER_STEP_IMPORT, medium, on_permit, errand)
		   : -ENOMEM;
	if (r == 0)
		return;
	errand_free(errand);
	if (client)
		serve_absent(client, r);
}

static void expire(struct transferd *self, struct batch *batch, int64_t now)
{
	if (batch->state == BATCH_WAITING && batch->wait_until && batch->wait_until < now)
		serve_end(self, NULL, batch, BATCH_EXPIRED, TRANSFER_EVENT_EXPIRED, "expired",
			  "nobody approved it in time; ask for it again, and tell the approver");
	else if (batch->state == BATCH_READY && batch_lacks_any(batch, now))
		serve_end(self, NULL, batch, BATCH_WAITING, TRANSFER_EVENT_COUNT,
			  "approval-expired",
			  "an approval ended before it was used; it has to be approved again");
}

/* At the start nobody works: what says so was interrupted by the end of this program. */
static void interrupted(struct transferd *self, struct batch *batch)
{
	log_notice("batch %s was interrupted while it was %s", batch->name,
		   batch_state_name(batch->state));
	if (batch->state == BATCH_STAGING) {
		serve_discard(self, "staging", batch);
		book_remove(&self->book, batch);
	} else if (batch->direction == TRANSFER_OUT) {
		serve_end(self, NULL, batch, BATCH_READY, TRANSFER_EVENT_INTERRUPTED, "interrupted",
			  "the export was interrupted by a restart; plug the medium in, and what "
			  "is left "
			  "on it is put in order. Then export again");
	} else {
		serve_end(self, NULL, batch, BATCH_INTERRUPTED, TRANSFER_EVENT_INTERRUPTED,
			  "interrupted",
			  "the import was interrupted by a restart; nothing of it was kept. Import "
			  "again");
	}
}

void serve_sweep(struct transferd *self, bool start)
{
	int64_t now = record_now();

	/* From the end: a batch may be forgotten. */
	for (size_t i = self->book.count; i-- > 0;) {
		struct batch *batch = self->book.batches[i];

		if (start && (batch->state == BATCH_STAGING || batch->state == BATCH_WORKING))
			interrupted(self, batch);
		else
			expire(self, batch, now);
	}
	book_prune(&self->book, now);
}
