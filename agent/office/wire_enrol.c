// SPDX-License-Identifier: GPL-2.0-or-later
/* POST /v1/enrol and GET /v1/enrol/ID */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "agent/office/group.h"
#include "agent/office/office.h"
#include "agent/office/rate.h"
#include "agent/office/store/store_terminal.h"
#include "agent/office/wire.h"

/* Nobody types codes faster than this; who guesses is slow. */
static struct rate rate = { .burst = 20, .interval_us = 3000000 };

static void reply_json(struct request *request, unsigned int status, json_t *json)
{
	char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;

	if (text)
		reply(request, status, "application/json", text, strlen(text));
	else
		reply_busy(request, 503, 5);
	free(text);
	json_decref(json);
}

static void refuse(struct request *request, int error)
{
	if (error == -EEXIST)
		reply_text(
			request, 409,
			"this key or certificate is registered already: make new ones, or ask the "
			"office to end the former registration\n");
	else if (error == -ETIME)
		reply_text(request, 410, "this code has expired: ask the office for a new one\n");
	else
		reply_text(request, 403,
			   "the code is not one for this terminal, or was used: ask the office\n");
}

void wire_enrol(struct serve *serve, struct request *request)
{
	int64_t now_us = office_now_us();
	char reason[160], id[33];
	struct enrol *enrol;
	int r;

	if (!rate_allow(&rate, request->address, now_us)) {
		reply_busy(request, 429, 10);
		return;
	}
	enrol = malloc(sizeof(*enrol));
	if (!enrol || enrol_parse((const char *)request->body, request->length, enrol, reason,
				  sizeof(reason)) < 0) {
		reply_text(request, enrol ? 400 : 503, "%s\n", enrol ? reason : "no memory");
		free(enrol);
		return;
	}
	/*
	 * Alone in its transaction: an error undoes it, and must undo nobody else's. A refusal is
	 * committed, for a code that was tried is used.
	 */
	r = group_flush(serve->group);
	if (r == 0)
		r = group_enter(serve->group);
	if (r == 0)
		r = enrol_request(serve->store, enrol, true, now_us, id);
	if (r == -EEXIST || r == -ETIME || r == -EKEYREJECTED) {
		refuse(request, r);
		group_wait(serve->group, request);
	} else if (r < 0) {
		group_break(serve->group, request, r);
	} else {
		reply_json(request, 202,
			   json_pack("{s:i, s:s, s:s}", "v", 1, "id", id, "fingerprint",
				     enrol->fingerprint));
		group_wait(serve->group, request);
	}
	free(enrol);
}

static json_t *registered(const struct serve *serve, const struct store_terminal *terminal)
{
	char key[TLOG_KEY_TEXT_SIZE], identity[KEYS_IDENTITY_SIZE], sealed[OFFICE_NOTE_MAX] = "";
	size_t length;

	keys_public(&serve->keys, key);
	if (keys_identity(&serve->keys, identity) == 0 ||
	    keys_sealed(&serve->keys, serve->reader, terminal, sealed, &length) < 0)
		return NULL;
	return json_pack("{s:i, s:s, s:s, s:I, s:s, s:s, s:s*}", "v", 1, "state", "active",
			 "number", terminal->number, "generation", (json_int_t)terminal->generation,
			 "office", key, "identity", identity, "initial_key",
			 length ? sealed : NULL);
}

void wire_enrol_state(struct serve *serve, struct request *request)
{
	struct store_enrolment enrolment = { 0 };
	struct store_terminal terminal = { 0 };
	int r = store_enrolment_get(serve->reader, request->path + strlen("/v1/enrol/"),
				    &enrolment);

	if (r == 0)
		r = store_terminal_by_id(serve->reader, enrolment.terminal, &terminal);
	if (r == -ENOENT)
		reply_text(request, 404, "no request of this number is known\n");
	else if (r < 0)
		reply_busy(request, 503, 5);
	else if (terminal.state == STORE_TERMINAL_ACTIVE)
		reply_json(request, 201, registered(serve, &terminal));
	else if (terminal.state == STORE_TERMINAL_PENDING &&
		 enrolment.expires_us >= office_now_us())
		reply_json(request, 202, json_pack("{s:i, s:s}", "v", 1, "state", "pending"));
	else if (terminal.state == STORE_TERMINAL_REFUSED)
		reply_text(request, 403, "the office has refused this registration\n");
	else
		reply_text(request, 410, "this request has expired, or its registration ended\n");
}
