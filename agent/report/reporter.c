// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/report/reporter.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/file.h"
#include "agent/lib/log.h"
#include "agent/lib/path.h"

#define FILE_STATUS "status"
#define ANSWER_MAX  ((size_t)64 << 10)

static int on_wait(sd_event_source *source, uint64_t now, void *data)
{
	struct reporter *reporter = data;

	(void)source;
	(void)now;
	reporter->waiting = false;
	reporter_kick(reporter);
	return 0;
}

void reporter_wait(struct reporter *reporter, uint64_t usec)
{
	if (sd_event_source_set_time_relative(reporter->wait, usec) < 0 ||
	    sd_event_source_set_enabled(reporter->wait, SD_EVENT_ONESHOT) < 0)
		/* Without a timer it would never be tried again: start anew. */
		sd_event_exit(reporter->event, 1);
	reporter->waiting = true;
}

void reporter_later(struct reporter *reporter, uint64_t retry_after_s, const char *format, ...)
{
	uint64_t usec = retry_next_us(&reporter->retry, retry_after_s);
	char before[sizeof(reporter->problem)];
	va_list args;

	strcpy(before, reporter->problem);
	va_start(args, format);
	vsnprintf(reporter->problem, sizeof(reporter->problem), format, args);
	va_end(args);
	/* Once, not at each of a night's attempts. */
	if (strcmp(before, reporter->problem) != 0)
		log_warning("%s; entries stay in the journal and it is tried again",
			    reporter->problem);
	reporter_wait(reporter, usec);
	reporter_show(reporter);
}

uint64_t reporter_bundle_due(const struct reporter *reporter)
{
	if (!reporter->has_target || reporter->target.address[0] || !reporter->receipt_time)
		return 0;
	return reporter->receipt_time +
	       (reporter->office.bundle_s ? reporter->office.bundle_s : REPORTER_BUNDLE_S);
}

void reporter_show(struct reporter *reporter)
{
	char key[TLOG_KEY_TEXT_SIZE] = "";
	json_t *json;
	char *text;
	int r;

	if (reporter->has_target)
		tlog_key_format(&reporter->target.key, key);
	json = json_pack(
		"{s:i, s:s, s:I, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:b, s:b, s:I, s:I, s:s}",
		"v", 1, "named_by", reporter->office.address[0] ? "policy" : "file", "policy",
		(json_int_t)reporter->office.policy, "state",
		reporter->has_target ? standing_name(reporter->standing.state) : "no-office",
		"address", reporter->target.address, "office", key, "number",
		reporter->target.number, "fingerprint", reporter->standing.fingerprint, "entries",
		(json_int_t)reporter->head.checkpoint.size, "confirmed",
		(json_int_t)reporter->confirmed, "receipt_time", (json_int_t)reporter->receipt_time,
		"standalone", reporter->has_target && !reporter->target.address[0], "digests",
		(int)reporter->head.digests, "bundle_due",
		(json_int_t)reporter_bundle_due(reporter), "failures",
		(json_int_t)reporter->retry.failures, "problem", reporter->problem);
	text = json ? json_dumps(json, JSON_COMPACT) : NULL;
	r = text ? file_replace(reporter->folder, FILE_STATUS, 0640, text, strlen(text)) : -ENOMEM;
	if (r < 0)
		log_warning("the status cannot be shown: %s", strerror(-r));
	free(text);
	json_decref(json);
}

void reporter_send(struct reporter *reporter, enum reporter_step step, const char *path, void *body,
		   size_t length)
{
	const struct call_request request = {
		.address = reporter->target.address,
		.path = path,
		.pin = step == REPORTER_IDENTITY ? NULL : reporter->pin,
		.credential = step == REPORTER_IDENTITY ? NULL : &reporter->credential,
		.body = body,
		.length = length,
		.limit = step == REPORTER_DOCUMENT ? ANSWER_DOCUMENT_SIZE : ANSWER_MAX,
	};
	int r = call_start(reporter->call, &request);

	if (r < 0) {
		reporter->step = REPORTER_IDLE;
		reporter_later(reporter, 0, "cannot ask the office: %s", strerror(-r));
		return;
	}
	reporter->step = step;
}

static void on_answer(void *data, const struct call_answer *answer)
{
	struct reporter *reporter = data;

	reporter_answer(reporter, answer);
	reporter_kick(reporter);
}

/* --- what is due --- */

bool reporter_see_head(struct reporter *reporter)
{
	int r = upload_head(reporter->journal, &reporter->head);

	/* journald may not have heard of it yet. */
	if (reporter->office.telling == MSG_TELLING_DIGESTS)
		reporter->head.digests = true;
	if (r < 0 && r != -ENOENT)
		reporter_later(reporter, 0, "the journal's checkpoint cannot be used: %s",
			       strerror(-r));
	return r == 0;
}

static bool kick_checkpoint(struct reporter *reporter)
{
	const char *journal = reporter->journal;
	char *body;
	size_t length;
	int r;

	if (!reporter_see_head(reporter))
		return reporter->waiting;
	if (!upload_is_news(journal, reporter->confirmed, reporter->head.checkpoint.size))
		return false;
	/* The office may be believed to have more than there is; it tells what it has. */
	if (reporter->old > reporter->head.checkpoint.size)
		reporter->old = 0;
	reporter->next = reporter->old;
	r = upload_checkpoint(journal, &reporter->head, reporter->old, &body, &length);
	if (r < 0)
		reporter_later(reporter, 0, "the journal cannot be read: %s", strerror(-r));
	else
		reporter_send(reporter, REPORTER_CHECKPOINT, "/v1/add-checkpoint", body, length);
	return true;
}

static void kick_inbox(struct reporter *reporter)
{
	const struct answer_document *document;
	char path[64];

	if (reporter->inbox_due) {
		reporter_send(reporter, REPORTER_INBOX, "/v1/inbox", NULL, 0);
		return;
	}
	document = delivery_due(&reporter->delivery);
	if (!document || reporter->delivery.cookie || !link_is_up(reporter->core))
		return;
	snprintf(path, sizeof(path), "/v1/inbox/%" PRIu64, document->id);
	reporter_send(reporter, REPORTER_DOCUMENT, path, NULL, 0);
}

void reporter_kick(struct reporter *reporter)
{
	if (reporter->step != REPORTER_IDLE || reporter->waiting || !reporter->has_target)
		return;
	/* What was brought by hand goes first, on line or not: somebody waits for it. */
	if (carried_kick(reporter))
		return;
	if (!reporter->target.address[0])
		reporter_enrol_carried(reporter);
	else if (!reporter->pin[0])
		reporter_send(reporter, REPORTER_IDENTITY, "/v1/identity", NULL, 0);
	else if (reporter->standing.state != STANDING_ACTIVE)
		reporter_enrol_kick(reporter);
	else if (!kick_checkpoint(reporter))
		kick_inbox(reporter);
}

/* --- where to --- */

static void no_target(struct reporter *reporter, const char *reason)
{
	reporter->has_target = false;
	reporter->target = (struct target){ 0 };
	snprintf(reporter->problem, sizeof(reporter->problem), "%s: %s", PATH_OFFICE, reason);
	log_notice("%s", reporter->problem);
	reporter_show(reporter);
}

static void new_target(struct reporter *reporter, const struct target *target)
{
	struct upload_head head;

	reporter->target = *target;
	reporter->has_target = true;
	reporter->pin[0] = 0;
	reporter->identity[0] = 0;
	reporter->problem[0] = 0;
	reporter->waiting = false;
	sd_event_source_set_enabled(reporter->wait, SD_EVENT_OFF);
	call_forget(reporter->call);
	reporter->retry = (struct retry){ 0 };
	reporter->old = reporter->confirmed = reporter->receipt_time = 0;
	reporter->inbox_due = true;
	standing_load(reporter->folder, &target->key, &reporter->standing);
	if (upload_head(reporter->journal, &head) == 0) {
		(void)!upload_confirmed(reporter->journal, &head.log, &target->key,
					&reporter->confirmed, &reporter->receipt_time);
		reporter->head = head;
		reporter->old = reporter->confirmed;
	}
	reporter_show(reporter);
}

void reporter_retarget(struct reporter *reporter)
{
	char reason[160] = "";
	struct target target;
	uint8_t *text = NULL;
	size_t length = 0;
	bool changed = false;
	int r;

	/* After the answer: it is of the former office. */
	if (reporter->step != REPORTER_IDLE)
		return;
	r = file_read(reporter->target_path, TARGET_FILE_MAX, &text, &length);
	if (r == -ENOENT)
		snprintf(reason, sizeof(reason),
			 "no office is named there; 'airgapctl report enrol' does");
	else if (r < 0)
		snprintf(reason, sizeof(reason), "%s", strerror(-r));
	else
		r = target_parse((char *)text, length, &target, reason, sizeof(reason));
	if (r == 0)
		r = target_policy(&target, reporter->office.address, reporter->office.key, &changed,
				  reason, sizeof(reason));
	if (r < 0) {
		no_target(reporter, reason);
	} else if (!reporter->has_target || strcmp((char *)text, reporter->target_text) != 0 ||
		   strcmp(target.address, reporter->target.address) != 0 ||
		   !target_same_key(&target.key, &reporter->target.key)) {
		if (changed)
			log_notice("policy %" PRIu64
				   " names another office than %s does: it counts",
				   reporter->office.policy, PATH_OFFICE);
		memcpy(reporter->target_text, text, length + 1);
		new_target(reporter, &target);
	}
	free(text);
	carried_take(reporter);
	reporter_kick(reporter);
}

void reporter_office(struct reporter *reporter, const struct msg_office *office)
{
	reporter->office = *office;
	reporter_retarget(reporter);
	reporter_show(reporter);
}

int reporter_init(struct reporter *reporter, sd_event *event, const char *root)
{
	int r;

	*reporter = (struct reporter){ .event = event };
	r = path_join(reporter->target_path, root, PATH_OFFICE);
	if (r == 0)
		r = path_join(reporter->journal, root, PATH_JOURNAL_DIR);
	if (r == 0)
		r = path_join(reporter->folder, root, PATH_REPORT_DIR);
	if (r == 0)
		r = path_join(reporter->identity_path, root, PATH_OFFICE_IDENTITY);
	if (r == 0)
		r = credential_open(reporter->folder, &reporter->credential);
	if (r == 0)
		r = recipient_open(reporter->folder, &reporter->ring, reporter->recipient);
	if (r < 0) {
		log_error("cannot use the folder %s: %s; it must belong to user %s, mode 2750, "
			  "group %s",
			  reporter->folder, strerror(-r), USER_REPORT, GROUP_PEOPLE);
		return r;
	}
	carried_settle(reporter);
	r = call_new(event, on_answer, reporter, &reporter->call);
	if (r == 0)
		r = sd_event_add_time_relative(event, &reporter->wait, CLOCK_BOOTTIME, 0, 100000,
					       on_wait, reporter);
	if (r >= 0)
		r = sd_event_source_set_enabled(reporter->wait, SD_EVENT_OFF);
	return r < 0 ? r : 0;
}

void reporter_done(struct reporter *reporter)
{
	call_free(reporter->call);
	link_free(reporter->core);
	link_free(reporter->receipts);
	sd_event_source_disable_unref(reporter->wait);
	credential_done(&reporter->credential);
	carried_done(&reporter->carried);
	age_keyring_free(reporter->ring);
}
