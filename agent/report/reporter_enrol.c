// SPDX-License-Identifier: GPL-2.0-or-later
/* Who the office is, registration, and our first key on its way there. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/lib/file.h"
#include "agent/lib/journal_file.h"
#include "agent/lib/log.h"
#include "agent/lib/path.h"
#include "agent/report/reporter.h"

/* An officer is at the other end, with a person waiting here. */
#define PENDING_US UINT64_C(10000000)

/* In our folder, which the people's group may read. */
#define FILE_IDENTITY "identity" /* the office's note: whom bundles are encrypted to */
#define FILE_REQUEST  "request"	 /* a registration that is to be carried */
#define FILE_SEALED                                                                                \
	"initial-key-note" /* that the office keeps our first key; until journald knows */

#define SEALED_MAX 4096

/* --- the office's notes --- */

static int read_in(const char *folder, const char *name, size_t limit, uint8_t **data,
		   size_t *length)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/%s", folder, name) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	return file_read(path, limit, data, length);
}

static void send_note(struct reporter *reporter, enum msg_office_note_kind kind, const char *text)
{
	struct msg_office_note note = { .kind = kind };

	if (!text[0] || !link_is_up(reporter->receipts))
		return;
	note.length = (uint32_t)strlen(text);
	memcpy(note.note, text, note.length);
	link_send(reporter->receipts, MSG_OFFICE_NOTE, &note, -1, NULL);
}

void reporter_enrol_notes(struct reporter *reporter)
{
	uint8_t *text = NULL;
	size_t length;

	/* Asked before the link was lost: due again. */
	if (reporter->sealing == REPORTER_SEALING_ASKED)
		reporter->sealing = REPORTER_SEALING_DUE;
	if (!reporter->sealed_note[0] &&
	    read_in(reporter->folder, FILE_SEALED, OFFICE_NOTE_MAX - 1, &text, &length) == 0)
		memcpy(reporter->sealed_note, text, length + 1);
	free(text);
	send_note(reporter, MSG_OFFICE_NOTE_SEALED, reporter->sealed_note);
}

void reporter_sealed(struct reporter *reporter, const char *note, size_t length)
{
	int r;

	if (length == 0 || length >= sizeof(reporter->sealed_note))
		return;
	memcpy(reporter->sealed_note, note, length);
	reporter->sealed_note[length] = 0;
	r = file_replace(reporter->folder, FILE_SEALED, 0640, note, length);
	if (r < 0)
		log_warning("the office's note cannot be kept: %s", strerror(-r));
	send_note(reporter, MSG_OFFICE_NOTE_SEALED, reporter->sealed_note);
}

void reporter_enrol_noted(struct reporter *reporter, const struct msg_office_note_taken *taken)
{
	char path[PATH_MAX];

	if (taken->kind == MSG_OFFICE_NOTE_IDENTITY) {
		reporter->sealing = REPORTER_SEALING_DONE;
		return;
	}
	if (taken->error < 0)
		log_warning("airgap-journald does not take the office's note about the first key: "
			    "%s",
			    strerror(-taken->error));
	/* It names our log and the key that we sealed: only an office that let us in writes that. */
	else if (reporter->standing.state != STANDING_ACTIVE)
		reporter_enrol_save(reporter, STANDING_ACTIVE);
	reporter->sealed_note[0] = 0;
	if (snprintf(path, sizeof(path), "%s/" FILE_SEALED, reporter->folder) < (int)sizeof(path))
		unlink(path);
}

static int know(struct reporter *reporter, const char *note, size_t length)
{
	struct office_identity identity;
	int r = office_note_identity(note, length, &reporter->target.key, &identity);

	if (r == 0 && length >= sizeof(reporter->identity))
		r = -EBADMSG;
	if (r < 0)
		return r;
	strcpy(reporter->pin, identity.pin);
	memcpy(reporter->identity, note, length);
	reporter->identity[length] = 0;
	reporter->sealing = identity.recipient[0] ? REPORTER_SEALING_DUE : REPORTER_SEALING_DONE;
	r = file_replace(reporter->folder, FILE_IDENTITY, 0640, note, length);
	if (r < 0)
		log_warning("the office's identity cannot be kept: %s; bundles cannot be made",
			    strerror(-r));
	reporter_enrol_notes(reporter);
	return 0;
}

void reporter_enrol_identity(struct reporter *reporter, const struct call_answer *answer)
{
	if (answer->status != 200) {
		reporter_refused(reporter, answer, "who it is");
		return;
	}
	if (know(reporter, answer->body, answer->length) < 0) {
		reporter_later(reporter, 0,
			       "what answers at %s is not the office %s: its identity is not "
			       "signed with the office's key",
			       reporter->target.address, reporter->target.key.name);
		return;
	}
	/* The next connection must be with that certificate, whoever brought this note. */
	call_forget(reporter->call);
}

/* --- registration --- */

void reporter_enrol_save(struct reporter *reporter, enum standing_state state)
{
	bool fresh = state == STANDING_ACTIVE && reporter->standing.state != STANDING_ACTIVE;
	int r;

	reporter->standing.state = state;
	r = standing_save(reporter->folder, &reporter->standing);
	if (r < 0)
		log_warning("the registration cannot be kept: %s", strerror(-r));
	if (fresh)
		log_notice("this terminal is registered at %s", reporter->target.key.name);
	reporter_show(reporter);
}

static void turn_down(struct reporter *reporter, const struct call_answer *answer)
{
	answer_words(answer->body, answer->length, reporter->problem, sizeof(reporter->problem));
	log_error("the office did not register this terminal (%u): %s; ask for a new code",
		  answer->status, reporter->problem);
	reporter_enrol_save(reporter, STANDING_REFUSED);
}

/* Body of the request, and its fingerprint in our standing. */
static char *make_request(struct reporter *reporter)
{
	struct standing_request request = { .target = &reporter->target,
					    .head = &reporter->head,
					    .pin = reporter->credential.pin,
					    .recipient = reporter->recipient };
	uint8_t *sealed = NULL;
	size_t length = 0;
	char *body;

	/* Without it the office checks signatures and the tree, but no macs. */
	if (read_in(reporter->journal, JOURNAL_FILE_SEALED_KEY, SEALED_MAX, &sealed, &length) ==
	    0) {
		request.sealed = sealed;
		request.sealed_length = length;
	}
	body = standing_request(&request);
	if (body)
		standing_fingerprint(&request, reporter->standing.fingerprint);
	free(sealed);
	return body;
}

static bool may_ask(struct reporter *reporter)
{
	/* A code is used once. */
	if (!reporter->target.code[0] ||
	    strcmp(reporter->target.code, reporter->standing.code) == 0 ||
	    !reporter_see_head(reporter))
		return false;
	/* The registration carries our first key: journald seals it, and is waited for. */
	if (reporter->sealing == REPORTER_SEALING_DUE && link_is_up(reporter->receipts)) {
		send_note(reporter, MSG_OFFICE_NOTE_IDENTITY, reporter->identity);
		reporter->sealing = REPORTER_SEALING_ASKED;
	}
	return reporter->sealing == REPORTER_SEALING_DONE;
}

void reporter_enrol_kick(struct reporter *reporter)
{
	char path[64], *body;

	if (reporter->standing.state == STANDING_PENDING) {
		snprintf(path, sizeof(path), "/v1/enrol/%s", reporter->standing.id);
		reporter_send(reporter, REPORTER_ENROL_STATE, path, NULL, 0);
		return;
	}
	if (!may_ask(reporter))
		return;
	body = make_request(reporter);
	if (!body) {
		reporter_later(reporter, 0, "no memory for the registration");
		return;
	}
	reporter_send(reporter, REPORTER_ENROL, "/v1/enrol", body, strlen(body));
}

/* Where there is no network: the request is a file that somebody carries. */
static void write_request(struct reporter *reporter)
{
	char *body = make_request(reporter);
	int r = body ? file_replace(reporter->folder, FILE_REQUEST, 0640, body, strlen(body))
		     : -ENOMEM;

	free(body);
	if (r < 0) {
		reporter_later(reporter, 0, "the registration cannot be written: %s", strerror(-r));
		return;
	}
	strcpy(reporter->standing.code, reporter->target.code);
	reporter->problem[0] = 0;
	reporter_enrol_save(reporter, reporter->standing.state == STANDING_ACTIVE
					      ? STANDING_ACTIVE
					      : STANDING_PENDING);
	log_notice("the registration is to be carried; the officer compares this fingerprint: %s",
		   reporter->standing.fingerprint);
}

void reporter_enrol_carried(struct reporter *reporter)
{
	uint8_t *note = NULL;
	size_t length = 0;
	int r = 0;

	if (!reporter->identity[0]) {
		r = file_read(reporter->identity_path, UPLOAD_NOTE_MAX - 1, &note, &length);
		if (r == 0)
			r = know(reporter, (char *)note, length);
		free(note);
	}
	if (r < 0) {
		/* Root writes it anew, or nobody does: nothing is tried again by itself. */
		snprintf(reporter->problem, sizeof(reporter->problem),
			 "%s is not the note of the office %.99s: %s", PATH_OFFICE_IDENTITY,
			 reporter->target.key.name, strerror(-r));
		reporter_show(reporter);
		return;
	}
	if (may_ask(reporter))
		write_request(reporter);
}

void reporter_enrol_asked(struct reporter *reporter, const struct call_answer *answer)
{
	struct standing *standing = &reporter->standing;
	unsigned int status = answer->status;

	if (status == 400 || status == 403 || status == 409 || status == 410) {
		strcpy(standing->code, reporter->target.code);
		turn_down(reporter, answer);
		return;
	}
	if (status != 202 || answer_enrol(answer->body, answer->length, standing->id) < 0) {
		reporter_refused(reporter, answer, "the registration");
		return;
	}
	strcpy(standing->code, reporter->target.code);
	reporter->problem[0] = 0;
	reporter_enrol_save(reporter, STANDING_PENDING);
	log_notice("registration asked for; the officer compares this fingerprint: %s",
		   standing->fingerprint);
}

void reporter_enrol_state(struct reporter *reporter, const struct call_answer *answer)
{
	unsigned int status = answer->status;
	char note[OFFICE_NOTE_MAX];

	if (status == 201) {
		reporter->problem[0] = 0;
		if (answer_registered(answer->body, answer->length, note) == 0)
			reporter_sealed(reporter, note, strlen(note));
		reporter_enrol_save(reporter, STANDING_ACTIVE);
	} else if (status == 403 || status == 404 || status == 410) {
		turn_down(reporter, answer);
	} else if (status == 202) {
		reporter_wait(reporter, PENDING_US);
	} else {
		reporter_refused(reporter, answer, "how the registration stands");
	}
}
