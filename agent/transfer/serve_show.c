// SPDX-License-Identifier: GPL-2.0-or-later
/* Verbs that change nothing, and cancel: list, show, media, recipient. */
#include "agent/transfer/serve.h"

#include <stdio.h>
#include <string.h>

#include "agent/lib/printable.h"
#include "agent/transfer/record.h"

json_t *serve_batch_json(const struct batch *batch)
{
	json_t *object = batch_json(batch);

	/* Of no use to anybody outside. */
	json_object_del(object, "owed");
	json_object_del(object, "v");
	return object;
}

json_t *serve_progress_json(const struct batch *batch, const struct work_progress *progress)
{
	return json_pack("{s:{s:s, s:s, s:i, s:i, s:I, s:I}}", "progress", "batch", batch->name,
			 "phase", work_phase_name(progress->phase), "file", (int)progress->file,
			 "files", (int)progress->files, "done", (json_int_t)progress->done, "total",
			 (json_int_t)progress->total);
}

static bool list_next(struct desk_client *client)
{
	struct batch_viewer viewer = desk_viewer(client);
	const struct book *book = &client->self->book;
	int64_t now = record_now();

	while (client->cursor < book->count) {
		const struct batch *batch = book->batches[client->cursor++];

		if (!batch_is_seen(batch, &viewer, now))
			continue;
		desk_part(client, json_pack("{s:o}", "batch", serve_batch_json(batch)));
		return true;
	}
	desk_end(client,
		 json_pack("{s:b, s:i}", "connected", client->self->settings.known, "unreadable",
			   viewer.root ? (int)book->unreadable : 0),
		 -1);
	return false;
}

void serve_list(struct desk_client *client, const struct desk_request *request)
{
	(void)request;
	client->cursor = 0;
	client->list = list_next;
}

static json_t *file_json(const struct manifest_file *file, size_t index)
{
	char digest[TRANSFER_DIGEST_TEXT];

	transfer_digest_format(file->digest, digest);
	return json_pack("{s:{s:I, s:s, s:s, s:I, s:s}}", "file", "index", (json_int_t)index,
			 "name", file->name, "type", file->type, "size", (json_int_t)file->size,
			 "digest", digest);
}

/* The manifest is read once for some files: a batch has up to a thousand, and each object waits to be taken. */
#define FILES_AT_ONCE 64

static bool show_next(struct desk_client *client)
{
	struct batch *batch = book_find_id(&client->self->book, client->listed);
	struct manifest manifest;
	bool more = false;

	if (batch && book_load_manifest(&client->self->book, batch, &manifest) == 0) {
		for (size_t i = 0; i < FILES_AT_ONCE && client->cursor < manifest.file_count; i++) {
			desk_part(client,
				  file_json(&manifest.files[client->cursor], client->cursor));
			client->cursor++;
		}
		more = client->cursor < manifest.file_count;
		manifest_free(&manifest);
	}
	if (!more)
		desk_end(client, json_object(), -1);
	return more;
}

void serve_show(struct desk_client *client, const struct desk_request *request)
{
	struct batch *batch = serve_batch(client, request);
	const struct job *job;

	if (!batch)
		return;
	desk_part(client, json_pack("{s:o}", "batch", serve_batch_json(batch)));
	job = job_find(client->self, batch->id);
	if (job)
		desk_part(client, serve_progress_json(batch, &job->progress));
	memcpy(client->listed, batch->id, sizeof(client->listed));
	client->cursor = 0;
	client->list = show_next;
}

static json_t *medium_json(const struct medium_use *use)
{
	static const char *const kinds[MEDIA_KIND_COUNT] = { "foreign", "registered" };
	static const char *const rights[MEDIA_RIGHT_COUNT] = { "none", "read", "write" };
	char id[2 * MEDIUM_ID_SIZE + 1];

	for (size_t i = 0; i < MEDIUM_ID_SIZE; i++)
		snprintf(id + 2 * i, 3, "%02x", use->said.id[i]);
	return json_pack("{s:{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}}", "medium", "kind",
			 kinds[use->said.kind], "id",
			 use->said.kind == MEDIA_KIND_REGISTERED ? id : "", "right",
			 rights[use->said.right], "port", use->said.port, "name", use->said.name,
			 "level", use->said.level, "unit", use->said.unit, "custodian",
			 use->said.custodian, "text", use->said.text);
}

void serve_media(struct desk_client *client, const struct desk_request *request)
{
	const struct medium_use *use;

	(void)request;
	for (size_t i = 0; (use = medium_list_at(client->self->media, i)); i++)
		desk_part(client, medium_json(use));
	desk_end(client, json_object(), -1);
}

void serve_recipient(struct desk_client *client, const struct desk_request *request)
{
	const struct transferd *self = client->self;

	(void)request;
	desk_end(client,
		 json_pack("{s:s, s:I, s:s, s:s}", "recipient", self->recipient, "epoch",
			   (json_int_t)self->epoch, "terminal", self->settings.said.terminal,
			   "unit", self->settings.said.unit),
		 -1);
}

void serve_cancel(struct desk_client *client, const struct desk_request *request)
{
	struct batch *batch = serve_batch(client, request);
	struct job *job;

	if (!batch || !serve_own(client, batch))
		return;
	if (batch_is_over(batch)) {
		desk_fail(client, "over", "batch %.8s is over: %s", batch->name,
			  batch_state_name(batch->state));
		return;
	}
	job = job_find(client->self, batch->id);
	if (job) {
		/* Its end says what became of the batch. */
		job->cancelled = true;
		job_end(job);
		desk_end(client, json_pack("{s:s}", "text", "told to end"), -1);
		return;
	}
	serve_end(client->self, NULL, batch, BATCH_CANCELLED, TRANSFER_EVENT_CANCELLED, "cancelled",
		  "cancelled by %s", client->login);
	desk_end(client,
		 json_pack("{s:s, s:o}", "text", "cancelled", "batch", serve_batch_json(batch)),
		 -1);
}
