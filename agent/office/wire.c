// SPDX-License-Identifier: GPL-2.0-or-later
/* The wire between terminals and office: airgap-wire(7). Reports; reading is in wire_read.c. */
#include <errno.h>
#include <string.h>

#include "agent/office/group.h"
#include "agent/office/ingest.h"
#include "agent/office/office.h"
#include "agent/office/wire.h"

#define CHECKPOINT_BODY_MAX 69632 /* a note, and a proof before it */

static const char *const types[] = {
	[INGEST_TYPE_TEXT] = "text/plain; charset=utf-8",
	[INGEST_TYPE_SIZE] = "text/x.tlog.size",
	[INGEST_TYPE_MIRROR_INFO] = "text/x.tlog.mirror-info",
	[INGEST_TYPE_SIGNATURES] = "text/plain; charset=utf-8",
};

bool wire_known(struct request *request)
{
	if (request->terminal)
		return true;
	reply_text(request, 403,
		   request->pin ? "this certificate belongs to no registered terminal\n"
				: "a registered terminal's certificate is needed here\n");
	return false;
}

typedef int (*ingest_fn)(const struct ingest *ingest, const void *body, size_t length,
			 struct ingest_answer *answer);

static void take(struct serve *serve, struct request *request, ingest_fn fn)
{
	struct ingest ingest = { .store = serve->store,
				 .keys = &serve->keys,
				 .book = serve->book,
				 .online = true,
				 .peer = request->terminal,
				 .now_us = office_now_us() };
	struct ingest_answer answer = { 0 };
	int r;

	if (!wire_known(request))
		return;
	r = group_enter(serve->group);
	if (r == 0)
		r = fn(&ingest, request->body, request->length, &answer);
	if (r < 0) {
		group_break(serve->group, request, r);
		return;
	}
	reply(request, answer.status, types[answer.type], answer.body, strlen(answer.body));
	/* A refusal may have left evidence; it too waits until that is on the disk. */
	group_wait(serve->group, request);
}

static void add_checkpoint(struct serve *serve, struct request *request)
{
	take(serve, request, ingest_checkpoint);
}

static void add_entries(struct serve *serve, struct request *request)
{
	take(serve, request, ingest_entries);
}

const struct route wire_routes[] = {
	{ "POST", "/v1/add-checkpoint", CHECKPOINT_BODY_MAX, add_checkpoint },
	{ "POST", "/v1/add-entries", INGEST_BODY_MAX, add_entries },
	{ "POST", "/v1/enrol", ENROL_BODY_MAX, wire_enrol },
	{ "GET", "/v1/enrol/*", 0, wire_enrol_state },
	{ "GET", "/v1/inbox", 0, wire_inbox },
	{ "GET", "/v1/inbox/*", 0, wire_inbox_file },
	{ "GET", "/v1/identity", 0, wire_identity },
	{ "GET", "/v1/*", 0, wire_log },
	{ NULL, NULL, 0, NULL },
};
