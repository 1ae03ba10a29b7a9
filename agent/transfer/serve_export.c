// SPDX-License-Identifier: GPL-2.0-or-later
/* Verb export: a batch is written to a medium; and what is put in order on a medium that was pulled. */
#include "agent/transfer/serve_export.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/lib/log.h"
#include "agent/transfer/memory.h"
#include "agent/transfer/record.h"
#include "agent/transfer/serve.h"
#include "agent/transfer/task.h"

static void on_packet(void *data, const struct channel_packet *packet)
{
	const struct errand *errand = data;
	const struct batch *batch = errand_batch(errand);
	const struct job *job = job_find(errand->self, errand->batch);

	if (packet->type == CHANNEL_PROGRESS && batch && job)
		desk_progress(errand->client, serve_progress_json(batch, &job->progress));
}

static void exported(struct transferd *self, struct desk_client *client, struct batch *batch)
{
	struct import_memory one = { .sequence = batch->sequence };

	memcpy(one.medium, batch->medium, sizeof(one.medium));
	memcpy(one.counter, batch->counter, sizeof(one.counter));
	memcpy(one.batch, batch->id, sizeof(one.batch));
	if (memory_add(self, &one) < 0)
		log_error("that batch %s went out on this medium is not remembered", batch->name);
	batch->error = 0;
	book_drop_plan(&self->book, batch);
	serve_end(self, client, batch, BATCH_DONE, TRANSFER_EVENT_EXPORTED, "",
		  "exported and read back; the medium may be unplugged");
}

/* It did not come to its end: nothing of it counts, and it may be tried again. */
static void failed(struct transferd *self, struct desk_client *client, struct batch *batch,
		   const struct job *job, const struct channel_result *result)
{
	char text[MSG_TEXT_SIZE] = "the program that wrote it ended by itself";
	const char *reason = "worker-died";
	bool again = true;

	if (result) {
		outcome_describe(&result->outcome, text, sizeof(text));
		reason = outcome_name(result->outcome.reason);
		batch->error = result->outcome.error;
		again = result->outcome.reason != OUTCOME_STAGED_CHANGED;
	}
	if (job->gone) {
		snprintf(
			text, sizeof(text), "%s",
			"the medium was pulled out while it was being written. Nothing of this "
			"batch counts "
			"on it. Plug it in again, wait until it is put in order, and export again");
		reason = outcome_name(OUTCOME_MEDIUM_GONE);
		batch->error = -ENODEV;
	}
	if (job->cancelled)
		serve_end(self, client, batch, BATCH_CANCELLED, TRANSFER_EVENT_CANCELLED,
			  "cancelled",
			  "cancelled while it was being written; nothing of it counts");
	else
		serve_end(self, client, batch, again ? BATCH_READY : BATCH_REFUSED,
			  again ? TRANSFER_EVENT_INTERRUPTED : TRANSFER_EVENT_REFUSED, reason, "%s",
			  text);
}

static void on_ended(void *data, const struct channel_result *result)
{
	struct errand *errand = data;
	struct transferd *self = errand->self;
	struct desk_client *client = errand->client;
	struct batch *batch = errand_batch(errand);
	const struct job *job = job_find(self, errand->batch);

	errand_free(errand);
	if (!batch || !job)
		return;
	/* The slip's digest was kept before it was signed. */
	if (result && result->committed)
		exported(self, client, batch);
	else
		failed(self, client, batch, job, result);
}

/* Each once, however often it is named. */
static void add_recipient(struct slip *slip, const char *recipient)
{
	for (uint32_t i = 0; i < slip->recipient_count; i++)
		if (strcmp(slip->recipients[i], recipient) == 0)
			return;
	snprintf(slip->recipients[slip->recipient_count++], TRANSFER_RECIPIENT, "%.63s", recipient);
}

/* Approvals that count, the unit's recipients, and the recovery key. */
static int fill_slip(const struct transferd *self, const struct batch *batch, struct slip *slip)
{
	const struct settings *settings = &self->settings;
	const char *list[TRANSFER_RECIPIENTS_MAX];
	size_t count = settings_recipients_for(settings, batch->unit, batch->level, list,
					       TRANSFER_RECIPIENTS_MAX - 1);

	if (count == 0 || count >= TRANSFER_RECIPIENTS_MAX)
		return -ENOKEY;
	for (size_t i = 0; i < count; i++)
		add_recipient(slip, list[i]);
	if (settings->said.recovery[0])
		add_recipient(slip, settings->said.recovery);
	for (uint32_t i = 0; i < batch->approval_count; i++) {
		const struct batch_approval *from = &batch->approvals[i];
		struct slip_approval *to = &slip->approvals[slip->approval_count];

		if (from->until < record_now())
			continue;
		snprintf(to->key, sizeof(to->key), "%.*s", (int)sizeof(to->key) - 1, from->key);
		snprintf(to->person, sizeof(to->person), "%.128s", from->person);
		memcpy(to->nonce, from->nonce, sizeof(to->nonce));
		slip->approval_count++;
	}
	return 0;
}

static int make_slip(const struct transferd *self, const struct batch *batch, struct slip *slip)
{
	struct manifest manifest;
	int r = book_load_manifest(&self->book, batch, &manifest);

	if (r < 0)
		return r;
	*slip = (struct slip){ 0 };
	r = slip_from_manifest(&manifest, slip);
	manifest_free(&manifest);
	if (r < 0)
		return r;
	snprintf(slip->from, sizeof(slip->from), "%.128s", self->settings.said.unit);
	memcpy(slip->medium, batch->medium, sizeof(slip->medium));
	memcpy(slip->counter, batch->counter, sizeof(slip->counter));
	slip->sequence = batch->sequence;
	slip->entry = batch->entry;
	slip->created = record_now();
	r = fill_slip(self, batch, slip);
	if (r == 0)
		export_plan(slip);
	return r;
}

/* 0: a worker is at it. */
static int start(struct errand *errand, struct batch *batch, const struct medium_use *use)
{
	static const struct job_handler handler = { on_packet, on_ended };
	struct transferd *self = errand->self;
	struct slip *slip = calloc(1, sizeof(*slip));
	struct task_export task = {
		.self = self, .root = use->root, .filesystem = use->said.filesystem, .slip = slip
	};
	int r = slip ? make_slip(self, batch, slip) : -ENOMEM;

	if (r == 0) {
		task.staging = serve_folder(self, "staging", batch, false);
		r = task.staging < 0 ? task.staging : 0;
	}
	/* In this order: what is on the disk names what may be on the medium. */
	if (r == 0)
		r = book_save_plan(&self->book, batch, slip);
	if (r == 0) {
		batch->state = BATCH_WORKING;
		r = book_save(&self->book, batch, record_now());
	}
	if (r == 0 && !job_start(self, batch->uid, use->said.cookie, batch->id, task_export, &task,
				 &handler, errand))
		r = -EAGAIN;
	if (slip && task.staging > 0)
		close(task.staging);
	if (slip)
		slip_free(slip);
	free(slip);
	return r;
}

static void on_permit(void *data, int error, const void *body)
{
	const struct msg_transfer_verdict *said = body;
	struct errand *errand = data;
	struct desk_client *client = errand->client;
	struct batch *batch = errand_batch(errand);
	const struct medium_use *use = medium_list_find(errand->self->media, errand->medium);
	int r;

	if (error < 0 && client)
		serve_absent(client, error);
	else if (!batch || batch->state != BATCH_READY || job_find(errand->self, batch->id))
		desk_fail(client, "over", "the batch came to its end meanwhile");
	else if (error == 0 && said->verdict.verdict.result != POLICY_RESULT_PERMIT)
		desk_fail(client, "refused", "%s", said->verdict.verdict.because);
	else if (error == 0 && !use)
		desk_fail(client, "no-medium", "the medium was unplugged meanwhile");
	else if (error == 0) {
		batch->entry = said->entry;
		snprintf(batch->rule, sizeof(batch->rule), "%.64s", said->verdict.verdict.rule);
		memcpy(batch->medium, use->said.id, sizeof(batch->medium));
		memcpy(batch->counter, use->said.counter, sizeof(batch->counter));
		batch->sequence = use->said.sequence;
		r = start(errand, batch, use);
		if (r == 0)
			return;
		batch->error = r;
		serve_end(errand->self, client, batch, BATCH_READY, TRANSFER_EVENT_INTERRUPTED,
			  r == -ENOKEY ? "no-recipient" : "failed",
			  "the export could not begin: %s",
			  r == -ENOKEY
				  ? "no key of that unit for that level is known any more; ask the "
				    "office for its card"
				  : strerror(-r));
	}
	errand_free(errand);
}

/* Why this batch cannot be exported now; false: it can. */
static bool is_not_ready(struct desk_client *client, struct batch *batch)
{
	if (batch->direction != TRANSFER_OUT) {
		desk_fail(client, "wrong-way", "batch %.8s came in; it cannot be exported as it is",
			  batch->name);
		return true;
	}
	if (batch->state == BATCH_READY && batch_lacks_any(batch, record_now()))
		serve_end(client->self, NULL, batch, BATCH_WAITING, TRANSFER_EVENT_COUNT,
			  "approval-expired",
			  "an approval ended before it was used; it has to be approved again");
	if (batch->state == BATCH_READY)
		return false;
	if (batch->state == BATCH_WAITING)
		desk_fail(client, "not-approved", "batch %.8s still waits for approvals%s%s",
			  batch->name, batch->text[0] ? ": " : "", batch->text);
	else
		desk_fail(client, "not-ready", "batch %.8s is %s%s%s", batch->name,
			  batch_state_name(batch->state), batch->text[0] ? ": " : "", batch->text);
	return true;
}

void serve_export(struct desk_client *client, const struct desk_request *request)
{
	struct batch *batch = serve_batch(client, request);
	const struct medium_use *use;
	struct errand *errand;
	struct job *job;
	const char *why;
	int r;

	if (!batch || !serve_own(client, batch))
		return;
	job = job_find(client->self, batch->id);
	if (job && batch->state == BATCH_WORKING && batch->direction == TRANSFER_OUT) {
		/* Whoever asks last is told how it goes on. */
		errand = job->data;
		if (errand->client)
			desk_fail(errand->client, "elsewhere",
				  "another program follows this export now");
		errand->client = client;
		return;
	}
	if (is_not_ready(client, batch))
		return;
	use = serve_medium(client, request->medium, MEDIA_KIND_REGISTERED, true);
	why = use ? job_refusal(client->self, client->uid, use->said.cookie) : NULL;
	if (why)
		desk_fail(client, "busy", "%s", why);
	errand = use && !why ? errand_new(client, batch) : NULL;
	if (!errand)
		return;
	errand->medium = use->said.cookie;
	r = record_ask(client->self, batch, TRANSFER_STEP_EXPORT, errand->medium, on_permit,
		       errand);
	if (r < 0) {
		errand_free(errand);
		serve_absent(client, r);
	}
}

static void no_packet(void *data, const struct channel_packet *packet)
{
	(void)data;
	(void)packet;
}

static void on_swept(void *data, const struct channel_result *result)
{
	struct errand *errand = data;
	struct transferd *self = errand->self;
	struct batch *batch = errand_batch(errand);

	errand_free(errand);
	if (!batch || !result || result->outcome.reason != OUTCOME_DONE)
		return;
	if (result->found && batch->state == BATCH_READY) {
		exported(self, NULL, batch);
		return;
	}
	book_drop_plan(&self->book, batch);
	snprintf(batch->text, sizeof(batch->text), "%s",
		 "an export to this medium was interrupted; what it had left there was removed, "
		 "nothing of "
		 "it counted. The medium is in order, and the batch may be exported again");
	log_notice("what an interrupted export of batch %s had left on its medium was removed",
		   batch->name);
	book_save(&self->book, batch, record_now());
}

static void sweep(struct transferd *self, const struct medium_use *use, struct batch *batch)
{
	static const struct job_handler handler = { no_packet, on_swept };
	struct task_sweep task = { .self = self,
				   .root = use->root,
				   .filesystem = use->said.filesystem,
				   .batch = batch->id };
	uint8_t(*ids)[TRANSFER_ID_SIZE];
	struct errand *errand;

	if (book_load_plan(&self->book, batch, &ids, &task.count) < 0)
		return;
	task.objects = (const uint8_t(*)[TRANSFER_ID_SIZE])ids;
	errand = errand_make(self, NULL, batch);
	if (errand && !job_start(self, self->root_user, use->said.cookie, NULL, task_sweep, &task,
				 &handler, errand))
		errand_free(errand);
	free(ids);
}

void serve_medium_came(struct transferd *self, const struct medium_use *use)
{
	if (use->root < 0 || use->said.kind != MEDIA_KIND_REGISTERED ||
	    use->said.right != MEDIA_RIGHT_WRITE)
		return;
	for (size_t i = 0; i < self->book.count; i++) {
		struct batch *batch = self->book.batches[i];

		/* Where nothing had begun, there is no plan. */
		if (memcmp(batch->medium, use->said.id, sizeof(batch->medium)) == 0 &&
		    batch->direction == TRANSFER_OUT && !job_find(self, batch->id))
			sweep(self, use, batch);
	}
}
