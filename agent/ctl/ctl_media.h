/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * airgapctl media: registered media, from enrolment to destruction. No daemon is asked: this is done
 * at the office, on a machine that has the medium, the signers' list and the table at hand.
 *
 * Nothing that officers have to sign comes into force here. `prepare` and `enroll` make a medium with
 * a signed record; everything else changes a draft of the next edition of table media.
 */
#ifndef AIRGAP_CTL_MEDIA_H
#define AIRGAP_CTL_MEDIA_H

#include <limits.h>

#include "agent/ctl/ctl.h"
#include "agent/lib/media/media_device.h"
#include "agent/lib/media/media_memory.h"
#include "agent/lib/media/media_read.h"
#include "policy/medium/career.h"
#include "policy/table/table_edit.h"

/* --- a medium in this machine (ctl_media.c) --- */

struct ctl_medium {
	const char *path;
	struct media_image image; /* fd -1: not open */
	struct media_device device;
	struct media_reading reading; /* facts: with ids and serial number */
};

/**
 * ctl_medium_open - open for reading, find the device behind it, read it
 *
 * For an image in a file, or a loop device, --usb-id and --serial say which device it is to be taken
 * for; for a real device they are refused. Returns 0, or an exit code after a message.
 */
int ctl_medium_open(const struct ctl *ctl, const char *path, struct ctl_medium *medium);

/**
 * ctl_medium_claim - open again, to write, when nobody else uses it
 *
 * Returns 0, or an exit code after a message.
 */
int ctl_medium_claim(struct ctl_medium *medium);

/* ctl_medium_read - read again what was written; 0 or an exit code after a message */
int ctl_medium_read(struct ctl_medium *medium);

void ctl_medium_close(struct ctl_medium *medium);

/* ctl_medium_size - "57.8 GiB" */
void ctl_medium_size(uint64_t bytes, char out[static 32]);

/* ctl_medium_trust - --trust, or the list installed here; NULL after a message */
struct trust *ctl_medium_trust(const struct ctl *ctl);

/* ctl_medium_signers - "so-7a (J. Kovac, security), ..." of those that counted */
void ctl_medium_signers(const struct trust_account *account, char *out, size_t size);

/**
 * ctl_medium_record - a signed record from a file, good under the list
 * @bytes: text and signatures, the caller's; set when 0 is returned
 *
 * Returns 0, or an exit code after a message.
 */
int ctl_medium_record(const struct trust *trust, const char *path, uint8_t **bytes, size_t *length,
		      struct medium_record *record, struct trust_account *account);

/* ctl_medium_adopt - an image that --serial says nothing about is taken for the device of its record */
void ctl_medium_adopt(struct ctl_medium *medium, const struct medium_record *record);

/* ctl_medium_fits - whether a record is this medium's; else false after a message that says what differs */
bool ctl_medium_fits(const struct ctl_medium *medium, const struct medium_record *record);

/* --- table media and its draft (ctl_media_table.c) --- */

#define CTL_MEDIA_DRAFT "media-next.agp"

struct ctl_media_table {
	char path[PATH_MAX]; /* of the edition in force */
	uint8_t *bytes;
	size_t length;
	struct table *table;
	/* What stands in the draft, when there is one; else NULL. */
	uint8_t *draft_bytes;
	size_t draft_length;
	struct table *draft;
	const char *draft_path;
};

/**
 * ctl_media_table_load - --table or the edition installed here, and the draft if there is one
 * @needed: a missing table is an error; else table is NULL then
 *
 * Returns 0, or an exit code after a message. ctl_media_table_done() in any case.
 */
int ctl_media_table_load(const struct ctl *ctl, bool needed, struct ctl_media_table *tables);

void ctl_media_table_done(struct ctl_media_table *tables);

/* ctl_media_current - the draft, or else the edition in force */
const struct table *ctl_media_current(const struct ctl_media_table *tables);

/**
 * ctl_media_find - the row that @word names: media id, the beginning of one, or a serial number
 *
 * Returns 0, or an exit code after a message.
 */
int ctl_media_find(const struct ctl_media_table *tables, const char *word, struct table_media *row);

/**
 * ctl_media_change - write the draft with one row changed, and say what is to be signed
 * @verb: for JSON
 * @said: what happened to the medium, for people
 * @more: a further member "journal" for JSON, taken; or NULL
 *
 * Returns an exit code.
 */
int ctl_media_change(const struct ctl *ctl, struct ctl_media_table *tables, struct table_edit *edit,
		     const char *verb, const char *said, json_t *more);

/* ctl_media_row_json - a row as `media list` has it */
json_t *ctl_media_row_json(const struct table_media *row);

/**
 * ctl_media_log - what this terminal's journal says of a medium; `lost` asks (ctl_media_log.c)
 *
 * Printed for people; for JSON returned, else NULL.
 */
json_t *ctl_media_log(const struct ctl *ctl, const struct table_media *row);

#endif
