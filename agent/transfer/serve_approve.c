// SPDX-License-Identifier: GPL-2.0-or-later
/* Verbs open, approval, approve: what officers do about a batch that waits for them. */
#include "agent/transfer/serve.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/transfer/record.h"
#include "agent/transfer/staging.h"
#include "policy/transfer/approval.h"

/* An approval is good for so long, unless the batch stops waiting before. */
#define APPROVAL_S (8 * 3600)

/* The batch that waits; NULL: the client has been told why there is nothing to approve. */
static struct batch *waiting_batch(struct desk_client *client, const struct desk_request *request)
{
	struct batch *batch = serve_batch(client, request);

	if (batch && batch->state != BATCH_WAITING) {
		desk_fail(client, "not-waiting", "batch %.8s waits for no approval: it is %s",
			  batch->name, batch_state_name(batch->state));
		return NULL;
	}
	return batch;
}

static int64_t approval_until(const struct batch *batch, int64_t now)
{
	int64_t until = now + APPROVAL_S;

	return batch->wait_until && batch->wait_until < until ? batch->wait_until : until;
}

void serve_approval(struct desk_client *client, const struct desk_request *request)
{
	struct batch *batch = waiting_batch(client, request);
	struct approval approval = { 0 };
	char text[APPROVAL_TEXT_MAX];

	if (!batch)
		return;
	memcpy(approval.batch, batch->id, sizeof(approval.batch));
	memcpy(approval.manifest, batch->manifest, sizeof(approval.manifest));
	randombytes_buf(approval.nonce, sizeof(approval.nonce));
	approval.direction = batch->direction;
	approval.until = approval_until(batch, record_now());
	snprintf(approval.unit, sizeof(approval.unit), "%s", batch->unit);
	snprintf(approval.level, sizeof(approval.level), "%s", batch->level);
	snprintf(approval.requester, sizeof(approval.requester), "%s", batch->login);
	if (approval_print(&approval, text) < 0)
		desk_fail(client, "failed", "the approval of batch %.8s cannot be written",
			  batch->name);
	else
		desk_end(client,
			 json_pack("{s:s, s:b, s:o}", "approval", text, "opened", batch->opened,
				   "batch", serve_batch_json(batch)),
			 -1);
}

static void add_approval(struct batch *batch, const struct msg_transfer_approved *said)
{
	struct batch_approval *one;

	if (batch->approval_count == TRANSFER_APPROVALS_MAX || said->duty >= POLICY_DUTY_COUNT)
		return;
	one = &batch->approvals[batch->approval_count++];
	*one = (struct batch_approval){ .duty = said->duty,
					.until = said->until,
					.entry = said->entry };
	snprintf(one->key, sizeof(one->key), "%s", said->key);
	snprintf(one->person, sizeof(one->person), "%s", said->person);
	memcpy(one->nonce, said->nonce, sizeof(one->nonce));
}

static void on_approved(void *data, int error, const void *body)
{
	const struct msg_transfer_approved *said = body;
	struct errand *errand = data;
	struct batch *batch = errand_batch(errand);
	struct desk_client *client = errand->client;

	if (error < 0 && client) {
		serve_absent(client, error);
	} else if (error == 0 && said->error < 0) {
		desk_fail(client, said->reason ? approval_reason_name(said->reason) : "no-approval",
			  "%s", said->text);
	} else if (error == 0 && batch) {
		add_approval(batch, said);
		if (batch->state == BATCH_WAITING && !batch_lacks_any(batch, record_now()))
			batch->state = BATCH_READY;
		/* The core has it in the journal already. */
		serve_end(errand->self, client, batch, batch->state, TRANSFER_EVENT_COUNT, "",
			  batch->state != BATCH_READY ? "approved by %s; more approvals are needed"
			  : batch->direction == TRANSFER_OUT
				  ? "approved by %s; it may be exported now"
				  : "approved by %s",
			  said->person);
		if (batch->state == BATCH_READY && batch->direction == TRANSFER_IN)
			serve_deliver(errand->self, NULL, batch, 0);
	}
	errand_free(errand);
}

void serve_approve(struct desk_client *client, const struct desk_request *request)
{
	struct batch *batch = waiting_batch(client, request);
	struct msg_transfer_approval ask = { .uid = client->uid };
	struct errand *errand;
	int r;

	if (!batch)
		return;
	errand = errand_new(client, batch);
	if (!errand)
		return;
	ask.requester_uid = batch->uid;
	ask.direction = batch->direction;
	memcpy(ask.batch, batch->id, sizeof(ask.batch));
	memcpy(ask.manifest, batch->manifest, sizeof(ask.manifest));
	snprintf(ask.requester, sizeof(ask.requester), "%s", batch->login);
	snprintf(ask.level, sizeof(ask.level), "%s", batch->level);
	snprintf(ask.unit, sizeof(ask.unit), "%s", batch->unit);
	r = core_ask(client->self, MSG_TRANSFER_APPROVAL, &ask, client->passed, on_approved, errand,
		     NULL);
	if (r < 0) {
		errand_free(errand);
		serve_absent(client, r);
	}
}

static const char *file_name(const struct manifest *manifest, uint32_t index)
{
	return index < manifest->file_count ? manifest->files[index].name : NULL;
}

static void give_copy(struct desk_client *client, const struct batch *batch, uint32_t index)
{
	struct manifest manifest;
	int folder, fd = -ENOENT;

	if (book_load_manifest(&client->self->book, batch, &manifest) < 0 ||
	    !file_name(&manifest, index)) {
		manifest_free(&manifest);
		desk_fail(client, "no-file", "batch %.8s has no file %u", batch->name, index);
		return;
	}
	folder = serve_folder(client->self, "staging", batch, false);
	if (folder >= 0) {
		fd = staging_file(folder, index);
		close(folder);
	}
	if (fd < 0)
		desk_fail(client, "failed", "the staged copy of '%s' cannot be opened: %s",
			  file_name(&manifest, index), strerror(-fd));
	else
		desk_end(client,
			 json_pack("{s:s, s:I}", "name", file_name(&manifest, index), "size",
				   (json_int_t)manifest.files[index].size),
			 fd);
	if (fd >= 0)
		close(fd);
	manifest_free(&manifest);
}

/* The copy is shown once the journal knows who looks. */
static void on_recorded(void *data, int error, const void *body)
{
	const struct msg_transfer_recorded *said = body;
	struct errand *errand = data;
	struct batch *batch = errand_batch(errand);

	if (errand->client && error == 0 && said->error == 0 && batch) {
		batch->opened = true;
		book_save(&errand->self->book, batch, batch->changed);
		give_copy(errand->client, batch, errand->index);
	} else if (errand->client && error == 0) {
		desk_fail(errand->client, "not-recorded",
			  "the journal does not take that you look at it, so it is not shown");
	} else if (errand->client) {
		serve_absent(errand->client, error);
	}
	errand_free(errand);
}

void serve_open(struct desk_client *client, const struct desk_request *request)
{
	struct batch *batch = serve_batch(client, request);
	struct msg_record_transfer record;
	struct errand *errand;
	int r;

	if (!batch)
		return;
	if (batch->state != BATCH_WAITING && batch->state != BATCH_READY) {
		desk_fail(client, "no-copy",
			  "there is no staged copy of batch %.8s to look at: it is %s", batch->name,
			  batch_state_name(batch->state));
		return;
	}
	errand = errand_new(client, batch);
	if (!errand)
		return;
	errand->index = request->index;
	record_fill(client->self, batch, NULL, TRANSFER_EVENT_OPENED, &record);
	record.uid = client->uid;
	snprintf(record.login, sizeof(record.login), "%s", client->login);
	snprintf(record.text, sizeof(record.text), "%s looked at file %u of the staged copy",
		 client->login, request->index);
	r = core_ask(client->self, MSG_TRANSFER_EVENT, &record, -1, on_recorded, errand, NULL);
	if (r < 0) {
		errand_free(errand);
		serve_absent(client, r);
	}
}
