// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/office_note.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define IDENTITY_HEAD  "airgap-office identity v1\ntls "
#define RECIPIENT_HEAD "\nrecipient "
#define PIN_HEAD       "sha256//"
#define PIN_LENGTH     (sizeof(PIN_HEAD) - 1 + 44)

_Static_assert(PIN_LENGTH < OFFICE_NOTE_PIN_SIZE, "a pin fits");

/* The office signs this with the key of its receipts, as a plain note. */
static int open_note(const char *data, size_t length, const struct tlog_key *key,
		     struct tlog_note *note)
{
	struct tlog_key signer;

	if (tlog_note_parse(data, length, note) < 0 ||
	    tlog_key_make(&signer, TLOG_KEY_NOTE, key->name, key->public) < 0)
		return -EBADMSG;
	return tlog_note_verify(note, &signer, NULL);
}

static int take_recipient(const struct tlog_note *note, char recipient[static AGE_RECIPIENT_TEXT])
{
	const size_t head = strlen(RECIPIENT_HEAD);
	const char *at = memmem(note->text, note->text_length, RECIPIENT_HEAD, head), *end;
	struct age_recipient parsed;

	recipient[0] = 0;
	if (!at)
		return 0;
	at += head;
	end = memchr(at, '\n', note->text_length - (size_t)(at - note->text));
	if (!end || (size_t)(end - at) >= AGE_RECIPIENT_TEXT ||
	    age_recipient_parse(&parsed, at, (size_t)(end - at)) < 0)
		return -EBADMSG;
	memcpy(recipient, at, (size_t)(end - at));
	recipient[end - at] = 0;
	return 0;
}

int office_note_identity(const char *data, size_t length, const struct tlog_key *key,
			 struct office_identity *identity)
{
	struct tlog_note note;
	const char *at;
	int r = open_note(data, length, key, &note);

	if (r < 0)
		return r;
	at = note.text + strlen(IDENTITY_HEAD);
	if (note.text_length < strlen(IDENTITY_HEAD) + PIN_LENGTH + 1 ||
	    memcmp(note.text, IDENTITY_HEAD, strlen(IDENTITY_HEAD)) != 0 ||
	    memcmp(at, PIN_HEAD, strlen(PIN_HEAD)) != 0 || at[PIN_LENGTH] != '\n' ||
	    memchr(at, ';', PIN_LENGTH))
		return -EBADMSG;
	memcpy(identity->pin, at, PIN_LENGTH);
	identity->pin[PIN_LENGTH] = 0;
	return take_recipient(&note, identity->recipient);
}

size_t office_note_sealed_text(char text[static OFFICE_NOTE_SEALED_SIZE], const char *origin,
			       const uint8_t digest[static 32])
{
	char hex[65];

	return (size_t)snprintf(text, OFFICE_NOTE_SEALED_SIZE,
				"airgap-office initial-key v1\n%s\n%s\n", origin,
				sodium_bin2hex(hex, sizeof(hex), digest, 32));
}

int office_note_sealed(const char *data, size_t length, const struct tlog_key *key,
		       const char *origin, const uint8_t digest[static 32])
{
	char text[OFFICE_NOTE_SEALED_SIZE];
	size_t expected = office_note_sealed_text(text, origin, digest);
	struct tlog_note note;
	int r = open_note(data, length, key, &note);

	if (r < 0)
		return r;
	return note.text_length == expected && memcmp(note.text, text, expected) == 0 ? 0
										      : -EBADMSG;
}
