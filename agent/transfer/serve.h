/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the desk does about each verb. Every way out of serve() ends with, or owes, an answer. */
#ifndef AIRGAP_TRANSFER_SERVE_H
#define AIRGAP_TRANSFER_SERVE_H

#include "agent/transfer/core_link.h"
#include "agent/transfer/desk.h"
#include "agent/transfer/job.h"
#include "agent/transfer/medium_list.h"

void serve(struct desk_client *client, const struct desk_request *request);

/* serve_gone - the client went away: what it was making is dropped, what it was waiting for goes on */
void serve_gone(struct desk_client *client);

/* The verbs; each file has those that its name tells. */
void serve_begin(struct desk_client *client, const struct desk_request *request);
void serve_add(struct desk_client *client, const struct desk_request *request);
void serve_seal(struct desk_client *client, const struct desk_request *request);
void serve_approval(struct desk_client *client, const struct desk_request *request);
void serve_approve(struct desk_client *client, const struct desk_request *request);
void serve_open(struct desk_client *client, const struct desk_request *request);
void serve_export(struct desk_client *client, const struct desk_request *request);
void serve_import(struct desk_client *client, const struct desk_request *request);
void serve_look(struct desk_client *client, const struct desk_request *request);
void serve_fetch(struct desk_client *client, const struct desk_request *request);
void serve_fetched(struct desk_client *client, const struct desk_request *request);
void serve_list(struct desk_client *client, const struct desk_request *request);
void serve_show(struct desk_client *client, const struct desk_request *request);
void serve_media(struct desk_client *client, const struct desk_request *request);
void serve_recipient(struct desk_client *client, const struct desk_request *request);
void serve_cancel(struct desk_client *client, const struct desk_request *request);

/**
 * serve_batch - the batch that the request names
 *
 * NULL: the client has been told that it sees none, or several.
 */
struct batch *serve_batch(struct desk_client *client, const struct desk_request *request);

/* serve_own - is it the client's own, or is he root? False: he has been told */
bool serve_own(struct desk_client *client, const struct batch *batch);

/* serve_batch_json - what people are told of a batch */
json_t *serve_batch_json(const struct batch *batch);

/* serve_progress_json - of a job, with "phase", "done", "total" */
json_t *serve_progress_json(const struct batch *batch, const struct work_progress *progress);

/* serve_absent - why the core could not be asked */
void serve_absent(struct desk_client *client, int error);

/**
 * serve_medium - the medium that is meant
 * @digits: of its id; "": the only one of that kind
 * @write: it has to be one that may be written to
 *
 * NULL: the client has been told.
 */
const struct medium_use *serve_medium(struct desk_client *client, const char *digits,
				      enum media_kind kind, bool write);

/**
 * serve_end - a batch ends so, or a step of it failed: said on the disk, in the journal, to the client
 * @client: NULL: to nobody
 * @event: enum transfer_event; TRANSFER_EVENT_COUNT: the core has it in the journal already
 */
void serve_end(struct transferd *self, struct desk_client *client, struct batch *batch,
	       enum batch_state state, enum transfer_event event, const char *reason,
	       const char *format, ...) __attribute__((format(printf, 7, 8)));

/* serve_folder - folder of a batch's copies below @place ("staging", "inbox"); a descriptor or -errno */
int serve_folder(const struct transferd *self, const char *place, const struct batch *batch,
		 bool create);

/* serve_discard - remove a batch's copies there; errors are logged */
void serve_discard(const struct transferd *self, const char *place, const struct batch *batch);

/**
 * serve_settle - what the core decided of a batch that is sealed: needs, waiting or ready
 *
 * @medium: cookie of the one that it came from; 0: none
 *
 * @client is told the batch, or the refusal.
 */
void serve_settle(struct transferd *self, struct desk_client *client, struct batch *batch,
		  uint64_t medium, const struct msg_transfer_verdict *said);

/**
 * serve_deliver - a batch that came has all it needs: ask once more, then into the inbox
 * @medium: cookie of where it came from; 0: it is gone
 */
void serve_deliver(struct transferd *self, struct desk_client *client, struct batch *batch,
		   uint64_t medium);

/* serve_sweep - expire what waited too long, and find what a crash interrupted (@start) */
void serve_sweep(struct transferd *self, bool start);

#endif
