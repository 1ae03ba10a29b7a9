/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * airgap-reportd's work, one request after the other: who the office is, registration, checkpoint,
 * entries, receipt, inbox.
 *
 * There is no queue and no state but the journal's files and two small ones of its own: killed at any
 * point, it asks the office for its size and goes on there. It acts when the journal has a new
 * checkpoint, when root has written /etc/airgap/office, when the office has answered, or when a wait
 * after a failure is over; else it sleeps.
 */
#ifndef AIRGAP_REPORT_REPORTER_H
#define AIRGAP_REPORT_REPORTER_H

#include <limits.h>

#include "agent/lib/link.h"
#include "agent/report/call.h"
#include "agent/report/carried.h"
#include "agent/report/delivery.h"
#include "agent/report/recipient.h"
#include "agent/report/retry.h"
#include "agent/report/standing.h"

enum reporter_step {
	REPORTER_IDLE,
	REPORTER_IDENTITY,
	REPORTER_ENROL,
	REPORTER_ENROL_STATE,
	REPORTER_CHECKPOINT,
	REPORTER_ENTRIES,
	REPORTER_INBOX,
	REPORTER_DOCUMENT,
};

/* Our first key, for the office alone: journald seals it when it is asked to. */
enum reporter_sealing {
	REPORTER_SEALING_DONE, /* or it cannot be done */
	REPORTER_SEALING_DUE,
	REPORTER_SEALING_ASKED,
};

struct reporter {
	sd_event *event;
	char target_path[PATH_MAX], identity_path[PATH_MAX], journal[PATH_MAX], folder[PATH_MAX];
	struct call *call;
	struct link *core, *receipts;
	sd_event_source *wait; /* after a failure */
	bool waiting;
	struct retry retry;
	enum reporter_step step; /* of the request under way */

	bool has_target;
	struct msg_office office;	       /* what the policy in force says */
	char target_text[TARGET_FILE_MAX + 1]; /* of the file that it is from */
	struct target target;
	struct credential credential;
	struct standing standing;
	char pin[OFFICE_NOTE_PIN_SIZE]; /* "": the office's certificate is not known yet */
	struct age_keyring *ring;	/* opens what is carried to us */
	char recipient[AGE_RECIPIENT_TEXT];
	char identity[UPLOAD_NOTE_MAX]; /* the office's note; "": not known yet */
	enum reporter_sealing sealing;
	char sealed_note[OFFICE_NOTE_MAX]; /* not taken by journald yet; "": none */

	struct upload_head head;       /* that is being reported */
	uint64_t confirmed;	       /* entries with a receipt */
	uint64_t old;		       /* what the office is believed to have */
	uint64_t next;		       /* entry to be sent */
	unsigned int corrections;      /* by the office, without a receipt between */
	char receipt[UPLOAD_NOTE_MAX]; /* not taken by journald yet; "": none */
	uint64_t receipt_time;

	bool inbox_due;
	struct delivery delivery;
	struct carried carried;
	char problem[256]; /* for people; "": none */
};

/* reporter_init - paths below @root, credential, files; 0 or -errno after a message */
int reporter_init(struct reporter *reporter, sd_event *event, const char *root);
void reporter_done(struct reporter *reporter);

/* reporter_office - the core told where the policy says that the office is */
void reporter_office(struct reporter *reporter, const struct msg_office *office);

/* reporter_retarget - /etc/airgap/office, or what the policy says, may have changed */
void reporter_retarget(struct reporter *reporter);

/* reporter_kick - do what is due, if anything is and nothing is under way */
void reporter_kick(struct reporter *reporter);

/* reporter_later - something failed: say so, and try again after a wait */
void reporter_later(struct reporter *reporter, uint64_t retry_after_s, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* reporter_refused - the office answered @answer to the question @what: say so, and try again */
void reporter_refused(struct reporter *reporter, const struct call_answer *answer,
		      const char *what);

/* reporter_see_head - take over the journal's newest checkpoint; false: there is none to be used */
bool reporter_see_head(struct reporter *reporter);

/**
 * reporter_receipt - a receipt that was verified, on its way to journald
 * @size: entries that it confirms
 * @time: the office's, UNIX seconds
 */
void reporter_receipt(struct reporter *reporter, const char *note, size_t length, uint64_t size,
		      uint64_t time);

/* Without a network: so long after a receipt the next bundle is due, seconds. As the office has it. */
#define REPORTER_BUNDLE_S (7 * 86400)

/* reporter_bundle_due - UNIX time; 0: none is, or there has never been a receipt */
uint64_t reporter_bundle_due(const struct reporter *reporter);

/* reporter_wait - do nothing for so long, unless root names another office */
void reporter_wait(struct reporter *reporter, uint64_t usec);

/* reporter_show - write what `airgapctl report status` reads */
void reporter_show(struct reporter *reporter);

/* reporter_send - start the request of @step; @body is taken over. NULL: GET */
void reporter_send(struct reporter *reporter, enum reporter_step step, const char *path, void *body,
		   size_t length);

/* In reporter_step.c: what an answer to each request means. */
void reporter_answer(struct reporter *reporter, const struct call_answer *answer);

/* In reporter_enrol.c: who the office is, registration, and our first key on its way there. */
void reporter_enrol_kick(struct reporter *reporter);
void reporter_enrol_carried(struct reporter *reporter);
void reporter_enrol_identity(struct reporter *reporter, const struct call_answer *answer);
void reporter_enrol_asked(struct reporter *reporter, const struct call_answer *answer);
void reporter_enrol_state(struct reporter *reporter, const struct call_answer *answer);
void reporter_enrol_save(struct reporter *reporter, enum standing_state state);
/* reporter_enrol_notes - hand journald what it has not answered */
void reporter_enrol_notes(struct reporter *reporter);
void reporter_enrol_noted(struct reporter *reporter, const struct msg_office_note_taken *taken);

/* reporter_sealed - the office's note that it keeps our first key, for journald to judge */
void reporter_sealed(struct reporter *reporter, const char *note, size_t length);

extern const struct link_handler reporter_receipts_handler, reporter_core_handler;

#endif
