// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/journal/recorder.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "agent/journal/note.h"
#include "agent/lib/daemon.h"
#include "agent/lib/log.h"

/* Permits wait for it: a disk with room again is noticed within this time. */
#define BACKOFF_MAX_US 8000000ULL

/* In place of a request's number, which is at least 1. */
#define REQUEST_OWN  0 /* the journal's own entry: if it fails it stays due, and is not lost */
#define REQUEST_GONE UINT64_MAX /* the core that asked has gone */

static void answer(struct recorder *recorder, uint64_t request, uint64_t entry, int error)
{
	struct msg_recorded recorded = { .request = request, .entry = entry, .error = error };

	if (request == REQUEST_OWN || request == REQUEST_GONE)
		return;
	/* A core that does not read is cut off at its next record, and starts anew. */
	if (link_send(recorder->link, MSG_RECORDED, &recorded, -1, NULL) == -ENOBUFS)
		recorder->unheard = true;
}

/* Write the group; then, and only then, acknowledge it. */
static int commit(struct recorder *recorder)
{
	struct ratchet_state *state = &recorder->spool->ratchet.state;
	uint64_t first = state->seq;
	int r;

	r = spool_commit(recorder->spool);
	for (uint32_t i = 0; i < recorder->request_count; i++) {
		answer(recorder, recorder->requests[i], first + i, r);
		if (r < 0 && recorder->requests[i] != REQUEST_OWN)
			state->lost++;
	}
	if (r == -ENOSPC)
		recorder->full = true;
	/* Losses are counted over a crash; entries are safe before they are sealed. */
	if (state->lost != recorder->lost_told)
		duties_seal(&recorder->duties);
	if (r == 0 && recorder->request_count > 0)
		duties_recorded(&recorder->duties);
	recorder->request_count = 0;
	return r;
}

static int append(struct recorder *recorder, enum msg_type type, const void *body, uint64_t request)
{
	int r;

	r = spool_append(recorder->spool, type, body);
	if (r == -ENOBUFS) {
		r = commit(recorder);
		if (r == 0)
			r = spool_append(recorder->spool, type, body);
	}
	if (r == 0) {
		recorder->requests[recorder->request_count++] = request;
		return 0;
	}
	if (r == -EEXIST) {
		answer(recorder, request, recorder->spool->known, 0);
		return 0;
	}
	/* A spool that failed has dropped its group too. */
	if (recorder->spool->error && recorder->request_count > 0)
		commit(recorder);
	if (r == -ENOSPC)
		recorder->full = true;
	if (request != REQUEST_OWN)
		recorder->spool->ratchet.state.lost++;
	answer(recorder, request, 0, r);
	return r;
}

static int append_note(struct recorder *recorder, const struct msg_record_note *note)
{
	return append(recorder, MSG_RECORD_NOTE, note, REQUEST_OWN);
}

/* What the last opening found. Cleared only once it is durable. */
static int record_findings(struct recorder *recorder)
{
	struct recover_report *report = &recorder->report;
	struct msg_record_note note;
	int r = 0;

	if (report->damage) {
		note_damage(&note, report, recorder->spool->ratchet.state.epoch);
		r = append_note(recorder, &note);
	}
	if (r == 0 && report->torn_bytes) {
		note_torn(&note, report);
		r = append_note(recorder, &note);
	}
	if (r == 0 && !recorder->started) {
		note_start(&note, report, recorder->spool->boot_id);
		r = append_note(recorder, &note);
	}
	if (r == 0)
		r = commit(recorder);
	if (r == 0)
		r = duties_findings(&recorder->duties);
	if (r < 0)
		return r;
	report->damage = 0;
	report->torn_bytes = 0;
	recorder->started = true;
	return 0;
}

static int record_losses(struct recorder *recorder)
{
	const struct ratchet_state *state = &recorder->spool->ratchet.state;
	struct msg_record_note note;
	int r;

	if (state->lost <= state->told)
		return 0;
	note_losses(&note, state->lost - state->told);
	r = append_note(recorder, &note);
	if (r < 0)
		return r;
	spool_tell_losses(recorder->spool);
	return commit(recorder);
}

/* Open the log anew. What an earlier opening found and nobody could write down stays due. */
static int reopen(struct recorder *recorder)
{
	struct recover_report found, *due = &recorder->report;
	int r = recover_open(recorder->spool, &found);

	if (found.torn_bytes) {
		due->torn_bytes = found.torn_bytes;
		memcpy(due->saved_as, found.saved_as, sizeof(due->saved_as));
	}
	if (r < 0)
		return r;
	if (found.damage)
		due->damage = found.damage;
	due->has_last = found.has_last;
	due->last_kind = found.last_kind;
	memcpy(due->last_boot_id, found.last_boot_id, sizeof(due->last_boot_id));
	return 0;
}

int recorder_own_record(struct recorder *recorder, enum msg_type type, const void *body)
{
	int r = append(recorder, type, body, REQUEST_OWN);

	return r == 0 ? commit(recorder) : r;
}

int recorder_own(struct recorder *recorder, const struct msg_record_note *note)
{
	return recorder_own_record(recorder, MSG_RECORD_NOTE, note);
}

void recorder_wake_idle(struct recorder *recorder)
{
	sd_event_source_set_enabled(recorder->idle, SD_EVENT_ONESHOT);
}

/* All that must be in order before it can be said that recording goes on. */
static int mend(struct recorder *recorder)
{
	int r = 0;

	if (recorder->spool->error)
		r = reopen(recorder);
	if (r < 0)
		return r;
	r = record_findings(recorder);
	if (r == 0)
		r = spool_room(recorder->spool);
	if (r == 0)
		r = record_losses(recorder);
	recorder->full = r == -ENOSPC;
	return r;
}

static int on_retry(sd_event_source *source, uint64_t usec, void *data)
{
	struct recorder *recorder = data;

	(void)usec;
	if (mend(recorder) < 0) {
		recorder->backoff_us *= 2;
		if (recorder->backoff_us > BACKOFF_MAX_US)
			recorder->backoff_us = BACKOFF_MAX_US;
		sd_event_source_set_time_relative(source, recorder->backoff_us);
		sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
	}
	recorder_tell_changes(recorder);
	return 0;
}

static int on_group(sd_event_source *source, void *data)
{
	struct recorder *recorder = data;

	(void)source;
	commit(recorder);
	recorder_tell_changes(recorder);
	return 0;
}

static int on_idle(sd_event_source *source, void *data)
{
	struct recorder *recorder = data;

	(void)source;
	if (duties_idle(&recorder->duties))
		recorder_wake_idle(recorder);
	recorder_tell_changes(recorder);
	return 0;
}

static void on_up(void *data, const struct msg_hello *hello)
{
	struct recorder *recorder = data;

	(void)hello;
	spool_suspect(recorder->spool);
	recorder_send_status(recorder);
}

static void on_down(void *data, int error, const char *reason)
{
	struct recorder *recorder = data;

	(void)error;
	(void)reason;
	/* Whoever asked is gone; what he told is written all the same. */
	for (uint32_t i = 0; i < recorder->request_count; i++)
		if (recorder->requests[i] != REQUEST_OWN)
			recorder->requests[i] = REQUEST_GONE;
	recorder->unheard = false;
}

/* Only the core asks; which slips are to be signed is its to know. */
static int sign_slip(struct recorder *recorder, const struct msg_slip_sign *slip)
{
	struct msg_slip_signed answer = { .cookie = slip->cookie };

	answer.error = recorder->duties.key_error;
	if (answer.error == 0)
		answer.error = identity_sign_slip(&recorder->duties.identity, slip->sha512,
						  answer.signature, answer.key);
	return link_send(recorder->link, MSG_SLIP_SIGNED, &answer, -1, NULL);
}

static int on_message(void *data, struct msg *msg)
{
	struct recorder *recorder = data;

	if (recorder->unheard)
		return -ENOBUFS;
	if (msg->type == MSG_TERMINAL) {
		const struct msg_terminal *terminal = msg->body;

		duties_terminal(&recorder->duties, terminal->number);
		return 0;
	}
	/* In the same line as records: who cannot write them does not answer either. */
	if (msg->type == MSG_JOURNAL_PING) {
		link_send(recorder->link, MSG_JOURNAL_PONG, msg->body, -1, NULL);
		return 0;
	}
	if (msg->type == MSG_BEARING) {
		duties_bearing(&recorder->duties, msg->body);
		/* Its limit of the spool may be another one. */
		recorder_tell_changes(recorder);
		return 0;
	}
	if (msg->type == MSG_SLIP_SIGN)
		return sign_slip(recorder, msg->body);
	if (!entry_is_record(msg->type))
		return -EPROTO;
	/* What may have come before is not counted a second time: it may have its entry already. */
	if (recorder->spool->suspect == 0 &&
	    duties_admit(&recorder->duties, msg->type, msg->body) < 0)
		answer(recorder, msg->sequence, 0, -EDQUOT);
	else
		append(recorder, msg->type, msg->body, msg->sequence);
	return sd_event_source_set_enabled(recorder->group, SD_EVENT_ONESHOT);
}

const struct link_handler recorder_handler = {
	.up = on_up,
	.down = on_down,
	.message = on_message,
};

int recorder_init(struct recorder *recorder, struct spool *spool, sd_event *event)
{
	int r;

	*recorder = (struct recorder){ .spool = spool };
	r = sd_event_add_defer(event, &recorder->group, on_group, recorder);
	if (r >= 0)
		r = sd_event_source_set_enabled(recorder->group, SD_EVENT_OFF);
	/* Before the next packets: a group is what one wake-up brought, and nobody waits longer. */
	if (r >= 0)
		r = sd_event_source_set_priority(recorder->group, SD_EVENT_PRIORITY_IMPORTANT);
	if (r >= 0)
		r = sd_event_add_defer(event, &recorder->idle, on_idle, recorder);
	if (r >= 0)
		r = sd_event_source_set_enabled(recorder->idle, SD_EVENT_OFF);
	if (r >= 0)
		r = sd_event_source_set_priority(recorder->idle, SD_EVENT_PRIORITY_IDLE);
	if (r >= 0)
		r = sd_event_add_time_relative(event, &recorder->retry, CLOCK_MONOTONIC, 0, 0,
					       on_retry, recorder);
	if (r >= 0)
		r = sd_event_source_set_enabled(recorder->retry, SD_EVENT_OFF);
	if (r >= 0)
		r = duties_init(&recorder->duties, recorder, spool, event);
	return r < 0 ? r : 0;
}

void recorder_done(struct recorder *recorder)
{
	link_free(recorder->link);
	recorder->link = NULL;
	link_free(recorder->reporter);
	recorder->reporter = NULL;
	recorder->group = sd_event_source_disable_unref(recorder->group);
	recorder->idle = sd_event_source_disable_unref(recorder->idle);
	recorder->retry = sd_event_source_disable_unref(recorder->retry);
	duties_done(&recorder->duties);
}

int recorder_start(struct recorder *recorder)
{
	int r;

	duties_start(&recorder->duties);
	recorder->spool->error = -ENOTCONN; /* not open yet */
	r = mend(recorder);
	if (r == -EWOULDBLOCK)
		return r;
	recorder_tell_changes(recorder);
	return 0;
}

void recorder_stop(struct recorder *recorder)
{
	struct msg_record_note note;

	duties_tell_counted(&recorder->duties);
	note_stop(&note);
	recorder_own(recorder, &note);
	/* Also when there was no room for it: what stands is sealed, and covered by a checkpoint. */
	duties_stop(&recorder->duties);
}
