// SPDX-License-Identifier: GPL-2.0-or-later
/* Verbs look, import, fetch, fetched: what lies on a medium, and how it gets to the person it is for. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/transfer/incoming.h"
#include "agent/transfer/memory.h"
#include "agent/transfer/record.h"
#include "agent/transfer/serve.h"
#include "agent/transfer/task.h"

static bool ended(const char *text, size_t size)
{
	return memchr(text, 0, size) != NULL;
}

static json_t *entry_json(const struct channel_entry *entry)
{
	char id[TRANSFER_ID_TEXT], text[2 * MSG_TEXT_SIZE];
	json_t *object;

	transfer_id_format(entry->batch, id);
	if (!ended(entry->terminal, sizeof(entry->terminal)) ||
	    !ended(entry->unit, sizeof(entry->unit)) ||
	    !ended(entry->level, sizeof(entry->level)) ||
	    !ended(entry->requester, sizeof(entry->requester)) ||
	    !ended(entry->outcome.about, sizeof(entry->outcome.about)) ||
	    !ended(entry->outcome.detail, sizeof(entry->outcome.detail)))
		return NULL;
	outcome_describe(&entry->outcome, text, sizeof(text));
	object = json_pack("{s:s, s:s, s:s, s:b}", "batch", id, "reason",
			   entry->outcome.reason ? outcome_name(entry->outcome.reason) : "", "text",
			   entry->outcome.reason ? text : "", "verified", (int)entry->verified);
	if (entry->verified)
		json_object_update_new(
			object, json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:I}", "terminal",
					  entry->terminal, "unit", entry->unit, "level",
					  entry->level, "requester", entry->requester, "files",
					  (json_int_t)entry->files, "size", (json_int_t)entry->size,
					  "created", (json_int_t)entry->created));
	return json_pack("{s:o}", "entry", object);
}

static void look_packet(void *data, const struct channel_packet *packet)
{
	const struct errand *errand = data;
	const struct channel_file *file = (const void *)packet->body;

	if (packet->type == CHANNEL_ENTRY)
		desk_part(errand->client, entry_json((const void *)packet->body));
	else if (packet->type == CHANNEL_FILE && ended(file->name, sizeof(file->name)))
		desk_part(errand->client, json_pack("{s:{s:s, s:I}}", "found", "name", file->name,
						    "size", (json_int_t)file->size));
}

static void look_ended(void *data, const struct channel_result *result)
{
	struct errand *errand = data;
	char text[2 * MSG_TEXT_SIZE];

	if (!result)
		desk_fail(errand->client, "worker-died",
			  "looking at the medium ended the program that looked, or the medium was "
			  "pulled out");
	else if (result->outcome.reason != OUTCOME_DONE)
		desk_fail(errand->client, outcome_name(result->outcome.reason), "%s",
			  outcome_describe(&result->outcome, text, sizeof(text)));
	else
		desk_end(errand->client, json_pack("{s:I}", "others", (json_int_t)result->size),
			 -1);
	errand_free(errand);
}

/* A registered one, or where there is none a foreign one. */
static const struct medium_use *any_medium(struct desk_client *client,
					   const struct desk_request *request)
{
	const struct medium_use *use;
	bool registered = *request->medium;

	for (size_t i = 0; (use = medium_list_at(client->self->media, i)); i++)
		registered = registered || use->said.kind == MEDIA_KIND_REGISTERED;
	return serve_medium(client, request->medium,
			    registered ? MEDIA_KIND_REGISTERED : MEDIA_KIND_FOREIGN, false);
}

void serve_look(struct desk_client *client, const struct desk_request *request)
{
	static const struct job_handler handler = { look_packet, look_ended };
	struct transferd *self = client->self;
	const struct medium_use *use = any_medium(client, request);
	const char *why = use ? job_refusal(self, client->uid, use->said.cookie) : NULL;
	struct task_import task = { .self = self, .staging = -1 };
	struct import_memory *memory = NULL;
	struct errand *errand;

	if (why)
		desk_fail(client, "busy", "%s", why);
	errand = use && !why ? errand_new(client, NULL) : NULL;
	if (!errand)
		return;
	task.root = use->root;
	task.filesystem = use->said.filesystem;
	task.medium = use->said.id;
	task.sequence = use->said.sequence;
	if (memory_load(self, &memory, &task.memory_count) == 0)
		task.memory = memory;
	if (!job_start(self, client->uid, use->said.cookie, NULL,
		       use->said.kind == MEDIA_KIND_FOREIGN ? task_look_foreign : task_look, &task,
		       &handler, errand)) {
		errand_free(errand);
		desk_fail(client, "failed", "no program could be started to look at the medium");
	}
	free(memory);
}

/* A batch that this terminal has in its book already. True: the client has been answered. */
static bool known_batch(struct desk_client *client, struct batch *batch)
{
	if (batch->direction == TRANSFER_OUT) {
		desk_fail(client, "own", "batch %.8s was exported by this very terminal",
			  batch->name);
		return true;
	}
	if (!serve_own(client, batch))
		return true;
	switch (batch->state) {
	case BATCH_INBOX:
		desk_end(client,
			 json_pack("{s:s, s:o}", "text", batch->text, "batch",
				   serve_batch_json(batch)),
			 -1);
		return true;
	case BATCH_READY:
		serve_deliver(client->self, client, batch, 0);
		return true;
	case BATCH_DONE:
		desk_fail(client, "imported", "batch %.8s was imported and taken already",
			  batch->name);
		return true;
	case BATCH_WAITING:
		desk_fail(client, "not-approved", "batch %.8s waits for approvals", batch->name);
		return true;
	case BATCH_WORKING:
	case BATCH_STAGING:
		desk_fail(client, "busy", "batch %.8s is being read", batch->name);
		return true;
	default:
		/* What went wrong once may go well now. */
		book_remove(&client->self->book, batch);
		return false;
	}
}

static struct batch *new_batch(struct desk_client *client, const uint8_t *id,
			       const struct medium_use *use)
{
	struct batch *batch = book_add(&client->self->book, id, record_now());

	if (!batch) {
		desk_fail(client, "full",
			  "this terminal has no room for another transfer: ask the system "
			  "administrator to look at its disk");
		return NULL;
	}
	batch->direction = TRANSFER_IN;
	batch->uid = client->uid;
	snprintf(batch->login, sizeof(batch->login), "%s", client->login);
	memcpy(batch->medium, use->said.id, sizeof(batch->medium));
	return batch;
}

void serve_import(struct desk_client *client, const struct desk_request *request)
{
	struct batch_viewer viewer = desk_viewer(client);
	const char *why = settings_refusal(&client->self->settings);
	const struct medium_use *use;
	uint8_t id[TRANSFER_ID_SIZE];
	struct batch *batch;

	if (why) {
		desk_fail(client, client->self->settings.known ? "closed" : "core-absent", "%s",
			  why);
		return;
	}
	if (book_find(&client->self->book, request->batch, &viewer, record_now(), &batch) ==
		    BOOK_FOUND &&
	    *request->batch && known_batch(client, batch))
		return;
	if (strlen(request->batch) != TRANSFER_ID_TEXT - 1) {
		desk_fail(client, "which",
			  "say which batch with its whole id; 'airgapctl transfer import' lists "
			  "what lies on "
			  "the medium");
		return;
	}
	sodium_hex2bin(id, sizeof(id), request->batch, strlen(request->batch), NULL, NULL, NULL);
	batch = book_find_id(&client->self->book, id);
	if (batch && known_batch(client, batch))
		return;
	use = serve_medium(client, request->medium, MEDIA_KIND_REGISTERED, false);
	why = use ? job_refusal(client->self, client->uid, use->said.cookie) : NULL;
	if (why)
		desk_fail(client, "busy", "%s", why);
	batch = use && !why ? new_batch(client, id, use) : NULL;
	if (batch)
		incoming_batch(client, batch, use);
}

/* The client's own batch in the inbox; NULL: he has been told. */
static struct batch *inbox_batch(struct desk_client *client, const struct desk_request *request)
{
	struct batch *batch = serve_batch(client, request);

	if (!batch || !serve_own(client, batch))
		return NULL;
	if (batch->state == BATCH_INBOX)
		return batch;
	desk_fail(client, "not-there", "no files of batch %.8s wait here: it is %s", batch->name,
		  batch_state_name(batch->state));
	return NULL;
}

void serve_fetch(struct desk_client *client, const struct desk_request *request)
{
	struct batch *batch = inbox_batch(client, request);
	struct manifest manifest;
	int folder, fd = -ENOENT;

	if (!batch)
		return;
	if (book_load_manifest(&client->self->book, batch, &manifest) < 0 ||
	    request->index >= manifest.file_count) {
		manifest_free(&manifest);
		desk_fail(client, "no-file", "batch %.8s has no file %u", batch->name,
			  request->index);
		return;
	}
	folder = serve_folder(client->self, "inbox", batch, false);
	if (folder >= 0) {
		fd = staging_file(folder, request->index);
		close(folder);
	}
	if (fd < 0)
		desk_fail(client, "failed", "file %u cannot be opened: %s", request->index,
			  strerror(-fd));
	else
		desk_end(client,
			 json_pack("{s:s, s:I}", "name", manifest.files[request->index].name,
				   "size", (json_int_t)manifest.files[request->index].size),
			 fd);
	if (fd >= 0)
		close(fd);
	manifest_free(&manifest);
}

void serve_fetched(struct desk_client *client, const struct desk_request *request)
{
	struct batch *batch = inbox_batch(client, request);

	if (batch)
		serve_end(client->self, client, batch, BATCH_DONE, TRANSFER_EVENT_COUNT, "",
			  "imported, and taken by %s", client->login);
}
