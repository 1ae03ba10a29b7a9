// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/journal/note.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "agent/lib/daemon.h"

static void fill(struct msg_record_note *note, enum record_kind kind, const char *event,
		 const char *format, ...) __attribute__((format(printf, 4, 5)));

static void fill(struct msg_record_note *note, enum record_kind kind, const char *event,
		 const char *format, ...)
{
	va_list args;

	memset(note, 0, sizeof(*note));
	note->record.kind = kind;
	note->record.occurred_us = clock_boottime_us();
	snprintf(note->event, sizeof(note->event), "%s", event);
	va_start(args, format);
	vsnprintf(note->text, sizeof(note->text), format, args);
	va_end(args);
}

void note_damage(struct msg_record_note *note, const struct recover_report *report, uint64_t epoch)
{
	fill(note, RECORD_KIND_ALARM, "log-damaged",
	     "%s; the former log was set aside and a new one begun as epoch %" PRIu64
	     "; keep the former and call the office",
	     recover_damage_text(report->damage), epoch);
	/* Proposed, as for any tampering with the journal; the office decides. */
	note->record.grade = RECORD_GRADE_V2;
	snprintf(note->subject, sizeof(note->subject), JOURNAL_FILE_LOG ".damaged-%" PRIu64,
		 epoch - 1);
}

void note_torn(struct msg_record_note *note, const struct recover_report *report)
{
	fill(note, RECORD_KIND_LOSS, "log-torn",
	     "a write was cut short and its last %" PRIu64
	     " bytes were removed%s; nothing that had "
	     "been acknowledged was among them",
	     report->torn_bytes, report->saved_as[0] ? " and saved" : "; they could not be saved");
	note->count = report->torn_bytes;
	snprintf(note->subject, sizeof(note->subject), "%s", report->saved_as);
}

void note_losses(struct msg_record_note *note, uint64_t count)
{
	fill(note, RECORD_KIND_LOSS, "entries-lost",
	     "%" PRIu64
	     " entries could not be written; what they told of was refused or blocked as "
	     "policy says",
	     count);
	note->count = count;
}

void note_start(struct msg_record_note *note, const struct recover_report *report,
		const char *boot_id)
{
	bool clean = report->last_kind == RECORD_KIND_CLEAN_STOP;

	if (!report->has_last)
		fill(note, RECORD_KIND_BOOT, "boot", "the log begins");
	else if (strcmp(report->last_boot_id, boot_id) != 0)
		fill(note, RECORD_KIND_BOOT, "boot", "first start of the journal in this boot; %s",
		     clean ? "the boot before ended with a clean stop"
			   : "the boot before ended without a clean stop");
	else if (clean)
		fill(note, RECORD_KIND_BOOT, "journal-started",
		     "started again after a clean stop in the same boot");
	else
		fill(note, RECORD_KIND_ALARM, "journal-restarted",
		     "started again in the same boot after it had ended without a clean stop; what "
		     "happened in between is not recorded");
}

void note_stop(struct msg_record_note *note)
{
	fill(note, RECORD_KIND_CLEAN_STOP, "clean-stop", "stopped in order");
}

void note_heartbeat(struct msg_record_note *note)
{
	fill(note, RECORD_KIND_HEARTBEAT, "heartbeat", "nothing else happened");
}

void note_key_damaged(struct msg_record_note *note, int error)
{
	fill(note, RECORD_KIND_ALARM, "log-key-damaged",
	     "the key that signs the log cannot be read: %s; no checkpoint is signed until the "
	     "office "
	     "has seen to it",
	     strerror(-error));
	note->record.grade = RECORD_GRADE_V2;
}

void note_renumbered(struct msg_record_note *note, const char *kept, const char *told)
{
	fill(note, RECORD_KIND_ALARM, "terminal-renumbered",
	     "/etc/airgap/terminal names another number than this log began with, %s; the log "
	     "keeps it "
	     "until the terminal is registered anew",
	     kept);
	note->record.grade = RECORD_GRADE_V2;
	snprintf(note->subject, sizeof(note->subject), "%s", told);
}

void note_anchor(struct msg_record_note *note, const char *office, uint64_t size, uint64_t time)
{
	fill(note, RECORD_KIND_RECEIPT_ANCHOR, "receipt-anchor",
	     "the office confirmed the first %" PRIu64 " entries at its " NOTE_ANCHOR_TIME
	     "%" PRIu64,
	     size, time);
	note->count = size;
	snprintf(note->subject, sizeof(note->subject), "%s", office);
}

void note_prune(struct msg_record_note *note, uint64_t from, uint64_t first, uint64_t bytes)
{
	fill(note, RECORD_KIND_PRUNE, "pruned",
	     "entries %" PRIu64 " to %" PRIu64 ", %" PRIu64
	     " bytes, leave this disk: the office has had them for long enough; their hashes stay",
	     from, first - 1, bytes);
	note->count = first;
}

void note_key_sealed(struct msg_record_note *note, const char *office)
{
	fill(note, RECORD_KIND_KEY_ROTATION, "initial-key-sealed",
	     "the office keeps the log's first key, and this machine no longer has it");
	snprintf(note->subject, sizeof(note->subject), "%s", office);
}

void note_quota(struct msg_record_note *note, const char *name)
{
	fill(note, RECORD_KIND_LOSS, "quota-reached",
	     "so many entries about %s that from here on they are counted instead of written; what "
	     "they tell of is refused all the same",
	     name);
	note->record.grade = RECORD_GRADE_V4;
	snprintf(note->subject, sizeof(note->subject), "%s", name);
}

void note_counted(struct msg_record_note *note, const char *name, uint64_t count)
{
	fill(note, RECORD_KIND_LOSS, "entries-counted",
	     "%" PRIu64 " entries about %s were beyond its quota: counted, not written", count,
	     name);
	note->count = count;
	snprintf(note->subject, sizeof(note->subject), "%s", name);
}
