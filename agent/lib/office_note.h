/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the office states about itself and a registration: signed notes (C2SP), by the key of its receipts
 * as a plain note's key. airgap-wire(7).
 */
#ifndef AIRGAP_LIB_OFFICE_NOTE_H
#define AIRGAP_LIB_OFFICE_NOTE_H

#include "agent/lib/age/age_key.h"
#include "agent/lib/tlog/tlog.h"

/* "sha256//" and 44 characters of base64, with the NUL. */
#define OFFICE_NOTE_PIN_SIZE 64

struct office_identity {
	char pin[OFFICE_NOTE_PIN_SIZE];	    /* of its certificate, as libcurl takes it */
	char recipient[AGE_RECIPIENT_TEXT]; /* "": it tells none */
};

/**
 * office_note_identity - what GET /v1/identity answers; untrusted
 * @key: of the office, as a policy or a person named it
 *
 * Returns 0; -EBADMSG: it is no identity; -ENOKEY or -EKEYREJECTED: it is not signed with @key.
 */
int office_note_identity(const char *note, size_t length, const struct tlog_key *key,
			 struct office_identity *identity);

/*
 * office_note_sealed_text - the text of the note by which the office confirms that it keeps K_0 of a log
 * @digest: SHA-256 of the age file that it keeps
 *
 * Returns its length.
 */
#define OFFICE_NOTE_SEALED_SIZE (TLOG_NAME_SIZE + 128)
size_t office_note_sealed_text(char text[static OFFICE_NOTE_SEALED_SIZE], const char *origin,
			       const uint8_t digest[static 32]);

/* A whole note of that sort. */
#define OFFICE_NOTE_MAX (OFFICE_NOTE_SEALED_SIZE + TLOG_SIGNATURE_LINE_SIZE + 1)

/* office_note_sealed - does @note, untrusted, confirm just that? 0; or as office_note_identity() */
int office_note_sealed(const char *note, size_t length, const struct tlog_key *key,
		       const char *origin, const uint8_t digest[static 32]);

#endif
