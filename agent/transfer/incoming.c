// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/incoming.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/lib/log.h"
#include "agent/transfer/memory.h"
#include "agent/transfer/record.h"
#include "agent/transfer/serve.h"
#include "agent/transfer/session.h"
#include "agent/transfer/task.h"

/* What the worker has said so far. */
struct incoming {
	struct errand *errand;
	struct manifest files;
	int32_t marked;
	bool unsound; /* what it said cannot be */
};

static void incoming_free(struct incoming *incoming)
{
	if (!incoming)
		return;
	manifest_free(&incoming->files);
	free(incoming);
}

static void on_packet(void *data, const struct channel_packet *packet)
{
	struct incoming *incoming = data;
	struct errand *errand = incoming->errand;
	const struct batch *batch = errand_batch(errand);
	const struct job *job = job_find(errand->self, errand->batch);
	struct channel_staged staged;

	if (packet->type == CHANNEL_PROGRESS && batch && job)
		desk_progress(errand->client, serve_progress_json(batch, &job->progress));
	if (packet->type != CHANNEL_STAGED)
		return;
	memcpy(&staged, packet->body, sizeof(staged));
	if (!session_staged_sound(&staged) ||
	    manifest_add(&incoming->files, &staged.file.file) < 0) {
		incoming->unsound = true;
		return;
	}
	if (staged.file.marks.rank > incoming->marked)
		incoming->marked = staged.file.marks.rank;
}

static bool is_interruption(uint32_t reason)
{
	switch (reason) {
	case OUTCOME_CANCELLED:
	case OUTCOME_SYSTEM:
	case OUTCOME_NO_ROOM:
	case OUTCOME_MEDIUM_GONE:
	case OUTCOME_MEDIUM_FAILED:
		return true;
	default:
		return false;
	}
}

/* It did not come, and why. */
static void failed(struct transferd *self, struct desk_client *client, struct batch *batch,
		   const struct job *job, const struct channel_result *result)
{
	char text[MSG_TEXT_SIZE] =
		"the program that read it ended by itself: a file is damaged or hostile";
	const char *reason = "worker-died";
	bool again = true;

	if (result) {
		outcome_describe(&result->outcome, text, sizeof(text));
		reason = outcome_name(result->outcome.reason);
		batch->error = result->outcome.error;
		again = is_interruption(result->outcome.reason);
	}
	if (job->gone) {
		snprintf(text, sizeof(text), "%s",
			 "the medium was pulled out while it was being read. Nothing of this batch "
			 "was kept; "
			 "plug it in and import again");
		reason = outcome_name(OUTCOME_MEDIUM_GONE);
		again = true;
	}
	if (job->cancelled)
		serve_end(self, client, batch, BATCH_CANCELLED, TRANSFER_EVENT_CANCELLED,
			  "cancelled", "cancelled while it was being read; nothing of it was kept");
	else if (again)
		serve_end(self, client, batch, BATCH_INTERRUPTED, TRANSFER_EVENT_INTERRUPTED,
			  reason, "%s", text);
	else if (result->quarantined)
		serve_end(self, client, batch, BATCH_QUARANTINED, TRANSFER_EVENT_QUARANTINED,
			  reason, "%s The file is kept for the office", text);
	else
		serve_end(self, client, batch, BATCH_REFUSED, TRANSFER_EVENT_REFUSED, reason, "%s",
			  text);
}

/* A worker's text is ended, whatever it says. */
static void take_text(char *out, size_t size, const char *from, size_t from_size)
{
	snprintf(out, size, "%.*s", (int)strnlen(from, from_size), from);
}

static void take_result(struct batch *batch, const struct channel_result *result)
{
	const struct channel_entry *about = &result->about;

	batch->scanned = result->scanned;
	if (batch->foreign)
		return;
	take_text(batch->unit, sizeof(batch->unit), about->unit, sizeof(about->unit));
	take_text(batch->level, sizeof(batch->level), about->level, sizeof(about->level));
	take_text(batch->peer, sizeof(batch->peer), about->terminal, sizeof(about->terminal));
	take_text(batch->term, sizeof(batch->term), result->term, sizeof(result->term));
	take_text(batch->basis, sizeof(batch->basis), result->basis, sizeof(result->basis));
	memcpy(batch->slip, result->slip, sizeof(batch->slip));
	memcpy(batch->counter, result->counter, sizeof(batch->counter));
	batch->sequence = result->sequence;
	batch->peer_entry = result->entry;
}

static void on_verdict(void *data, int error, const void *body)
{
	const struct msg_transfer_verdict *said = body;
	struct errand *errand = data;
	struct transferd *self = errand->self;
	struct desk_client *client = errand->client;
	struct batch *batch = errand_batch(errand);
	uint64_t medium = errand->medium;

	errand_free(errand);
	if (!batch)
		return;
	if (error < 0) {
		serve_end(self, NULL, batch, BATCH_INTERRUPTED, TRANSFER_EVENT_INTERRUPTED,
			  "core-absent", "airgapd went away; import again");
		if (client)
			serve_absent(client, error);
	} else if (said->verdict.verdict.result == POLICY_RESULT_PERMIT && said->verdict.scan &&
		   !batch->scanned) {
		serve_end(self, client, batch, BATCH_REFUSED, TRANSFER_EVENT_REFUSED,
			  outcome_name(OUTCOME_SCAN_ABSENT),
			  "the policy lets nothing in that no scanner has looked at, and none "
			  "answers: ask the "
			  "system administrator to look at clamd, then import again");
	} else {
		serve_settle(self, client, batch, medium, said);
	}
}

/* All is read and verified: what exactly is it, and may it come in? */
static void seal(struct incoming *incoming, struct batch *batch,
		 const struct channel_result *result)
{
	struct errand *errand = incoming->errand;
	struct transferd *self = errand->self;
	struct desk_client *client = errand->client;
	int r;

	take_result(batch, result);
	r = session_seal(&self->settings, &self->book, batch, &incoming->files, incoming->marked);
	if (r == 0)
		r = book_save(&self->book, batch, record_now());
	if (r == 0)
		r = record_ask(self, batch, TRANSFER_STEP_REQUEST, errand->medium, on_verdict,
			       errand);
	if (r == 0)
		return;
	errand_free(errand);
	batch->error = r;
	serve_end(self, client, batch, BATCH_INTERRUPTED, TRANSFER_EVENT_INTERRUPTED, "failed",
		  "what came could not be put to airgapd: %s", strerror(-r));
}

static void on_ended(void *data, const struct channel_result *result)
{
	struct incoming *incoming = data;
	struct errand *errand = incoming->errand;
	struct transferd *self = errand->self;
	struct desk_client *client = errand->client;
	struct batch *batch = errand_batch(errand);
	const struct job *job = job_find(self, errand->batch);

	if (batch && job && result && result->outcome.reason == OUTCOME_DONE &&
	    !incoming->unsound && incoming->files.file_count > 0) {
		seal(incoming, batch, result);
	} else {
		errand_free(errand);
		if (batch && job)
			failed(self, client, batch, job, incoming->unsound ? NULL : result);
	}
	incoming_free(incoming);
}

static const struct job_handler handler = { on_packet, on_ended };

/* 0: a worker is at it, and the errand is its. */
static int start(struct errand *errand, struct batch *batch, const struct medium_use *use,
		 const struct manifest *names)
{
	struct transferd *self = errand->self;
	struct incoming *incoming = calloc(1, sizeof(*incoming));
	struct import_memory *memory = NULL;
	struct task_import task = { .self = self,
				    .root = use->root,
				    .filesystem = use->said.filesystem,
				    .medium = use->said.id,
				    .sequence = use->said.sequence,
				    .batch = batch->id,
				    .foreign = names };
	int r = incoming ? memory_load(self, &memory, &task.memory_count) : -ENOMEM;

	task.memory = memory;
	task.staging = r == 0 ? serve_folder(self, "staging", batch, true) : r;
	if (task.staging < 0)
		r = task.staging;
	if (r == 0) {
		incoming->errand = errand;
		errand->incoming = incoming;
		incoming->marked = -1;
		if (!job_start(self, batch->uid, use->said.cookie, batch->id,
			       names ? task_foreign : task_import, &task, &handler, incoming))
			r = -EAGAIN;
	}
	if (task.staging >= 0)
		close(task.staging);
	free(memory);
	if (r != 0)
		incoming_free(incoming);
	return r;
}

static void begin(struct desk_client *client, struct batch *batch, const struct medium_use *use,
		  const struct manifest *names)
{
	struct errand *errand = errand_new(client, batch);
	int r;

	if (!errand) {
		book_remove(&client->self->book, batch);
		return;
	}
	errand->medium = use->said.cookie;
	batch->state = BATCH_WORKING;
	r = book_save(&client->self->book, batch, record_now());
	if (r == 0)
		r = start(errand, batch, use, names);
	if (r == 0)
		return;
	errand_free(errand);
	batch->error = r;
	serve_end(client->self, client, batch, BATCH_INTERRUPTED, TRANSFER_EVENT_INTERRUPTED,
		  "failed", "the import could not begin: %s", strerror(-r));
}

void incoming_foreign(struct desk_client *client, struct batch *batch, uint64_t medium,
		      const struct manifest *names)
{
	const struct medium_use *use = medium_list_find(client->self->media, medium);
	const char *why = use ? job_refusal(client->self, client->uid, medium)
			      : "the medium was unplugged meanwhile";

	if (why) {
		desk_fail(client, use ? "busy" : "no-medium", "%s", why);
		book_remove(&client->self->book, batch);
		return;
	}
	begin(client, batch, use, names);
}

void incoming_batch(struct desk_client *client, struct batch *batch, const struct medium_use *use)
{
	begin(client, batch, use, NULL);
}
