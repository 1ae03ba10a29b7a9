// SPDX-License-Identifier: GPL-2.0-or-later
/* Verbs request, foreign, add, seal: a batch is made by one connection, and dropped with it. */
#include "agent/transfer/serve.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/transfer/incoming.h"
#include "agent/transfer/record.h"
#include "agent/transfer/session.h"
#include "agent/transfer/task.h"

static struct batch *session_batch(const struct session *session)
{
	return book_find_id(&session->client->self->book, session->batch);
}

static void session_free(struct session *session)
{
	if (!session)
		return;
	if (session->job)
		job_abandon(session->job);
	session->client->session = NULL;
	manifest_free(&session->manifest);
	free(session);
}

/* Nothing was promised yet: nothing is left of it. */
static void session_drop(struct session *session)
{
	struct batch *batch = session_batch(session);
	struct transferd *self = session->client->self;

	session_free(session);
	if (!batch)
		return;
	serve_discard(self, "staging", batch);
	book_remove(&self->book, batch);
}

void serve_gone(struct desk_client *client)
{
	if (client->session)
		session_drop(client->session);
}

static void on_packet(void *data, const struct channel_packet *packet)
{
	struct session *session = data;
	struct channel_staged staged;
	char text[2 * MSG_TEXT_SIZE];
	int r;

	if (packet->type == CHANNEL_PROGRESS) {
		desk_progress(session->client,
			      serve_progress_json(session_batch(session), &session->job->progress));
		return;
	}
	if (packet->type != CHANNEL_STAGED || !session->adding)
		return;
	session->adding = false;
	memcpy(&staged, packet->body, sizeof(staged));
	r = session_take(session, &staged);
	if (r < 0) {
		outcome_describe(&staged.outcome, text, sizeof(text));
		desk_fail(session->client, outcome_name(staged.outcome.reason), "%s", text);
		return;
	}
	desk_end(session->client, session_file_json(session), -1);
}

static void on_ended(void *data, const struct channel_result *result)
{
	struct session *session = data;
	struct desk_client *client = session->client;
	char name[TRANSFER_NAME_SIZE];

	(void)result;
	session->job = NULL;
	if (!session->adding)
		return;
	snprintf(name, sizeof(name), "%s", session->name);
	session_drop(session);
	desk_fail(client, "worker-died",
		  "looking at '%s' ended the program that looked: the file is damaged or hostile. "
		  "Leave it "
		  "out, and tell the security officer",
		  name);
}

static const struct job_handler handler = { on_packet, on_ended };

/* Whether the person may have one more; else he has been told. */
static bool within_quota(struct desk_client *client, uint64_t *left)
{
	unsigned int open;
	uint64_t bytes = book_usage(&client->self->book, client->uid, &open);

	if (open >= BOOK_OPEN_MAX) {
		desk_fail(client, "quota",
			  "you have %u transfers that are not over; finish or cancel some: "
			  "'airgapctl "
			  "transfer list'",
			  open);
		return false;
	}
	if (bytes >= BOOK_BYTES_MAX) {
		desk_fail(client, "quota",
			  "your transfers that are not over hold %llu MiB already; finish or "
			  "cancel some",
			  (unsigned long long)(bytes >> 20));
		return false;
	}
	*left = BOOK_BYTES_MAX - bytes;
	return true;
}

static bool has_recipient(struct desk_client *client, const char *unit, const char *level)
{
	const char *one;

	if (settings_recipients_for(&client->self->settings, unit, level, &one, 1) > 0)
		return true;
	desk_fail(client, "no-recipient",
		  "no key of unit %s that may open level %s is known on this terminal, so nothing "
		  "can be "
		  "encrypted to it. Ask the office for that unit's card, or have the office hand "
		  "the files "
		  "over on paper or on its own medium",
		  unit, level);
	return false;
}

static bool may_begin(struct desk_client *client, const struct desk_request *request,
		      uint64_t *left)
{
	const struct settings *settings = &client->self->settings;
	const char *why = settings_refusal(settings);

	if (client->session)
		desk_fail(client, "unfinished",
			  "this connection has begun a batch already: seal it first");
	else if (why)
		desk_fail(client, settings->known ? "closed" : "core-absent", "%s", why);
	else if (settings_level(settings, request->level) < 0)
		desk_fail(client, "no-level",
			  "'%s' is no level of the signers' list; the levels are: %s",
			  request->level, session_levels(settings));
	else if ((why = job_refusal(client->self, client->uid, 0)))
		desk_fail(client, "busy", "%s", why);
	else if (request->verb == DESK_VERB_REQUEST &&
		 !has_recipient(client, request->unit, request->level))
		return false;
	else
		return within_quota(client, left);
	return false;
}

static struct batch *new_batch(struct desk_client *client, const struct desk_request *request)
{
	struct transferd *self = client->self;
	struct batch *batch = book_add(&self->book, NULL, record_now());

	if (!batch)
		return NULL;
	batch->state = BATCH_STAGING;
	batch->direction = request->verb == DESK_VERB_REQUEST ? TRANSFER_OUT : TRANSFER_IN;
	batch->foreign = request->verb == DESK_VERB_FOREIGN;
	batch->uid = client->uid;
	snprintf(batch->login, sizeof(batch->login), "%s", client->login);
	snprintf(batch->unit, sizeof(batch->unit), "%s", request->unit);
	snprintf(batch->level, sizeof(batch->level), "%s", request->level);
	snprintf(batch->term, sizeof(batch->term), "%s", request->term);
	snprintf(batch->basis, sizeof(batch->basis), "%s", request->basis);
	if (book_save(&self->book, batch, record_now()) == 0)
		return batch;
	book_remove(&self->book, batch);
	return NULL;
}

static int start_staging(struct session *session, struct batch *batch)
{
	struct desk_client *client = session->client;
	struct task_stage task = { .self = client->self };

	task.staging = serve_folder(client->self, "staging", batch, true);
	if (task.staging < 0)
		return task.staging;
	session->job = job_start(client->self, client->uid, 0, batch->id, task_stage, &task,
				 &handler, session);
	close(task.staging);
	return session->job ? 0 : -EAGAIN;
}

void serve_begin(struct desk_client *client, const struct desk_request *request)
{
	const struct medium_use *use = NULL;
	struct session *session;
	struct batch *batch;
	uint64_t left;
	int r = 0;

	if (!may_begin(client, request, &left))
		return;
	if (request->verb == DESK_VERB_FOREIGN) {
		use = serve_medium(client, request->medium, MEDIA_KIND_FOREIGN, false);
		if (!use)
			return;
	}
	session = calloc(1, sizeof(*session));
	batch = session ? new_batch(client, request) : NULL;
	if (!batch) {
		free(session);
		desk_fail(client, "full",
			  "this terminal has no room for another transfer: ask the system "
			  "administrator to look at its disk");
		return;
	}
	session->client = client;
	session->left = left;
	session->medium = use ? use->said.cookie : 0;
	session->marked = -1;
	memcpy(session->batch, batch->id, sizeof(session->batch));
	client->session = session;
	if (!use)
		r = start_staging(session, batch);
	if (r < 0) {
		session_drop(session);
		desk_fail(client, "failed", "the copies cannot be made: %s", strerror(-r));
		return;
	}
	desk_end(client, json_pack("{s:s}", "batch", batch->name), -1);
}

void serve_add(struct desk_client *client, const struct desk_request *request)
{
	struct session *session = client->session;
	struct channel_add add = { 0 };
	int r;

	if (!session) {
		desk_fail(client, "no-session", "nothing has been begun on this connection");
		return;
	}
	if (session->manifest.file_count >= TRANSFER_FILES_MAX) {
		desk_fail(client, "too-many", "a batch has at most %d files; make several",
			  TRANSFER_FILES_MAX);
		return;
	}
	snprintf(session->name, sizeof(session->name), "%s", request->name);
	if (session->medium) {
		r = client->passed >= 0 ? -EINVAL : session_name(session, request->name);
		if (r < 0)
			desk_fail(client, "bad-name",
				  r == -EEXIST ? "'%s' is named twice"
					       : "'%s' cannot be taken: files of a foreign medium "
						 "are named by their path",
				  request->name);
		else
			desk_end(client, json_object(), -1);
		return;
	}
	if (client->passed < 0 || !session->job) {
		desk_fail(client, "no-file", "'add' needs a descriptor of the file");
		return;
	}
	add.number = session->manifest.file_count;
	add.size_max = session->left;
	snprintf(add.name, sizeof(add.name), "%s", request->name);
	r = channel_send(session->job->channel, CHANNEL_ADD, &add, client->passed, false);
	if (r < 0)
		desk_fail(client, "failed", "the file cannot be handed on: %s", strerror(-r));
	else
		session->adding = true;
}

static void on_verdict(void *data, int error, const void *body)
{
	struct errand *errand = data;
	struct batch *batch = errand_batch(errand);

	if (!batch) {
		errand_free(errand);
		return;
	}
	if (error < 0) {
		serve_discard(errand->self, "staging", batch);
		book_remove(&errand->self->book, batch);
		if (errand->client)
			serve_absent(errand->client, error);
	} else {
		serve_settle(errand->self, errand->client, batch, 0, body);
	}
	errand_free(errand);
}

void serve_seal(struct desk_client *client, const struct desk_request *request)
{
	struct session *session = client->session;
	struct errand *errand;
	struct batch *batch;
	int r;

	(void)request;
	if (!session || session->manifest.file_count == 0) {
		desk_fail(client, "no-session", "nothing has been added on this connection");
		return;
	}
	batch = session_batch(session);
	if (session->medium) {
		incoming_foreign(client, batch, session->medium, &session->manifest);
		session_free(session);
		return;
	}
	r = session_seal(&client->self->settings, &client->self->book, batch, &session->manifest,
			 session->marked);
	/* A marking may have raised the level. */
	if (r == 0 && !has_recipient(client, batch->unit, batch->level)) {
		session_drop(session);
		return;
	}
	errand = r == 0 ? errand_new(client, batch) : NULL;
	if (errand)
		r = record_ask(client->self, batch, TRANSFER_STEP_REQUEST, 0, on_verdict, errand);
	if (!errand || r < 0) {
		errand_free(errand);
		session_drop(session);
		if (r < 0)
			serve_absent(client, r);
		return;
	}
	session_free(session);
}
