/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The entries that airgap-journald makes of its own accord. They name no policy: it holds none. */
#ifndef AIRGAP_JOURNAL_NOTE_H
#define AIRGAP_JOURNAL_NOTE_H

#include "agent/journal/recover.h"
#include "agent/lib/msg.h"

/* note_damage - "log-damaged": the log was set aside and epoch @epoch begins */
void note_damage(struct msg_record_note *note, const struct recover_report *report, uint64_t epoch);

/* note_torn - "log-torn": an unfinished write was cut off */
void note_torn(struct msg_record_note *note, const struct recover_report *report);

/* note_losses - "entries-lost": @count entries could not be written */
void note_losses(struct msg_record_note *note, uint64_t count);

/**
 * note_start - "boot", "journal-started", or "journal-restarted" when it was not stopped in order
 * @boot_id: of the kernel that runs now
 */
void note_start(struct msg_record_note *note, const struct recover_report *report,
		const char *boot_id);

/* note_heartbeat - "heartbeat": nothing happened, and the journal is well */
void note_heartbeat(struct msg_record_note *note);

/* In an anchor's text, before the time. */
#define NOTE_ANCHOR_TIME "UNIX time "

/* note_anchor - "receipt-anchor": the office confirmed the first @size entries at @time, UNIX */
void note_anchor(struct msg_record_note *note, const char *office, uint64_t size, uint64_t time);

/* note_key_sealed - "initial-key-sealed": the office keeps the log's first key, and only the office */
void note_key_sealed(struct msg_record_note *note, const char *office);

/* note_prune - "pruned": entries @from up to @first, @bytes long, leave the disk */
void note_prune(struct msg_record_note *note, uint64_t from, uint64_t first, uint64_t bytes);

/* note_quota - "quota-reached": from here on entries about @name are counted */
void note_quota(struct msg_record_note *note, const char *name);

/* note_counted - "entries-counted": so many about @name were counted and not written */
void note_counted(struct msg_record_note *note, const char *name, uint64_t count);

/* note_key_damaged - "log-key-damaged": nothing can be signed */
void note_key_damaged(struct msg_record_note *note, int error);

/* note_renumbered - "terminal-renumbered": the core tells another number than the log carries */
void note_renumbered(struct msg_record_note *note, const char *kept, const char *told);

/* note_stop - "clean-stop" */
void note_stop(struct msg_record_note *note);

#endif
