/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Public keys of signers, as OpenSSH writes them: ssh-ed25519 (RFC 8709) and
 * sk-ssh-ed25519@openssh.com (OpenSSH PROTOCOL.u2f) with the application `ssh:`.
 */
#ifndef AIRGAP_SIGN_SSHKEY_H
#define AIRGAP_SIGN_SSHKEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SSHKEY_POINT_SIZE 32
/* The application that a hardware key must carry; it takes part in what the key signs. */
#define SSHKEY_APPLICATION "ssh:"
struct wire;

/* "SHA256:", 43 characters, NUL */
#define SSHKEY_FINGERPRINT_SIZE 51
/* Type, space, base64 of the largest key, NUL */
#define SSHKEY_TEXT_SIZE 160
#define SSHKEY_BLOB_SIZE 96

enum sshkey_type {
	SSHKEY_TYPE_ED25519,
	SSHKEY_TYPE_SK_ED25519, /* made and kept by a FIDO authenticator */
	SSHKEY_TYPE_COUNT,
};

struct sshkey {
	uint32_t type; /* enum sshkey_type */
	uint8_t point[SSHKEY_POINT_SIZE];
};

/* Why something is not such a key. */
enum sshkey_flaw {
	SSHKEY_SOUND,
	SSHKEY_FLAW_TYPE,	 /* another kind of key */
	SSHKEY_FLAW_TEXT,	 /* not "TYPE BASE64" */
	SSHKEY_FLAW_BASE64,	 /* not canonical base64 */
	SSHKEY_FLAW_DISAGREES,	 /* the type before the base64 and the type inside it differ */
	SSHKEY_FLAW_SIZE,	 /* a field is too short or too long */
	SSHKEY_FLAW_APPLICATION, /* not `ssh:` */
	SSHKEY_FLAW_TRAILING,	 /* bytes after the last field */
	SSHKEY_FLAW_POINT,	 /* not a point that a key can have */
	SSHKEY_FLAW_COUNT,
};

/* sshkey_flaw_text - a flaw in words, as the second half of a sentence about the key */
const char *sshkey_flaw_text(enum sshkey_flaw flaw);

/* sshkey_type_name - "ssh-ed25519" or "sk-ssh-ed25519@openssh.com" */
const char *sshkey_type_name(uint32_t type);

/**
 * sshkey_parse_blob - read a key in the SSH wire encoding
 * @key: filled when SSHKEY_SOUND is returned
 * @blob: all of it must be used
 *
 * Reads only; whether the point is one that a key can have is for sshkey_parse() to ask.
 */
enum sshkey_flaw sshkey_parse_blob(struct sshkey *key, const uint8_t *blob, size_t length);

/* sshkey_parse_wire - the same from a reader that stands at the key, and has nothing after it */
enum sshkey_flaw sshkey_parse_wire(struct sshkey *key, struct wire *wire);

/**
 * sshkey_parse - read a key as it stands in a .pub file, without the comment
 * @key: filled when SSHKEY_SOUND is returned
 * @text: "TYPE BASE64" with exactly one space; @length bytes, need not end with NUL
 *
 * A point that is no point of the curve, or of small order, is refused: anyone could sign for it.
 */
enum sshkey_flaw sshkey_parse(struct sshkey *key, const char *text, size_t length);

/*
 * sshkey_same - whether two keys are the same secret. Only the point is compared: one point under
 * two types would still be one secret.
 */
bool sshkey_same(const struct sshkey *a, const struct sshkey *b);

/* sshkey_blob - the key in the SSH wire encoding; returns how many bytes were written */
size_t sshkey_blob(const struct sshkey *key, uint8_t blob[static SSHKEY_BLOB_SIZE]);

/* sshkey_fingerprint - "SHA256:..." as `ssh-keygen -l` prints it */
void sshkey_fingerprint(const struct sshkey *key, char out[static SSHKEY_FINGERPRINT_SIZE]);

/* sshkey_format - "TYPE BASE64", what sshkey_parse() reads */
void sshkey_format(const struct sshkey *key, char out[static SSHKEY_TEXT_SIZE]);

#endif
