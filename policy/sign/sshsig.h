/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SSH signatures (OpenSSH PROTOCOL.sshsig), as `ssh-keygen -Y sign` makes them, read more strictly
 * than ssh-keygen reads them: version 1, ed25519 and sk-ed25519, one spelling for each signature.
 *
 * sshsig_blob.c holds the parser of the wire form, which calls nothing; sshsig_armour.c the armour;
 * sshsig.c the verification, on libsodium (sodium_init() must have been called).
 */
#ifndef AIRGAP_SIGN_SSHSIG_H
#define AIRGAP_SIGN_SSHSIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/sign/namespace.h"
#include "policy/sign/sshkey.h"

#define SSHSIG_BEGIN "-----BEGIN SSH SIGNATURE-----"
#define SSHSIG_END   "-----END SSH SIGNATURE-----"
/* ssh-keygen wraps at 70, others at 64 or 76 */
#define SSHSIG_LINE_MAX 76
/* The largest signature of the kinds that we take has some 270 bytes. */
#define SSHSIG_BLOB_MAX	      512
#define SSHSIG_SIGNATURE_SIZE 64

enum sshsig_hash {
	SSHSIG_HASH_SHA256,
	SSHSIG_HASH_SHA512,
	SSHSIG_HASH_COUNT,
};

/* Bits of the flags that a hardware key signs (WebAuthn, authenticator data). */
#define SSHSIG_FLAG_PRESENT   0x01 /* somebody touched it; we demand this one */
#define SSHSIG_FLAG_VERIFIED  0x04 /* a PIN or a finger */
#define SSHSIG_FLAG_BACKUP    0x18 /* could be, or is, backed up */
#define SSHSIG_FLAG_PERMITTED (SSHSIG_FLAG_PRESENT | SSHSIG_FLAG_VERIFIED | SSHSIG_FLAG_BACKUP)

struct sshsig {
	struct sshkey key;		/* the key that claims to have signed */
	char name[SIGN_NAMESPACE_SIZE]; /* namespace as written, ended by NUL */
	uint32_t hash;			/* enum sshsig_hash */
	uint32_t counter;		/* sk only, like flags */
	uint8_t flags;
	uint8_t signature[SSHSIG_SIGNATURE_SIZE];
};

/* Why a signature could not be believed. */
enum sshsig_flaw {
	SSHSIG_SOUND,
	/* the armour */
	SSHSIG_FLAW_BEGIN, /* does not start with the BEGIN line */
	SSHSIG_FLAW_END,   /* no END line, or more on it */
	SSHSIG_FLAW_LINE,  /* a line too long, empty, or of another length than its fellows */
	SSHSIG_FLAW_BASE64,
	SSHSIG_FLAW_LARGE,
	/* the wire form */
	SSHSIG_FLAW_SHORT,
	SSHSIG_FLAW_MAGIC,
	SSHSIG_FLAW_VERSION,
	SSHSIG_FLAW_KEY,       /* of a type that we do not take, or malformed */
	SSHSIG_FLAW_NAMESPACE, /* none, too long, or with bytes that no namespace has */
	SSHSIG_FLAW_RESERVED,
	SSHSIG_FLAW_HASH,
	SSHSIG_FLAW_TYPE, /* the signature is of another type than the key */
	SSHSIG_FLAW_SIZE,
	SSHSIG_FLAW_PRESENCE, /* the hardware key was not touched */
	SSHSIG_FLAW_FLAGS,    /* flags that announce more data, or that nobody has defined */
	SSHSIG_FLAW_TRAILING,
	/* the signature */
	SSHSIG_FLAW_OTHER_NAMESPACE,
	SSHSIG_FLAW_MISMATCH, /* does not belong to this text and key */
	SSHSIG_FLAW_COUNT,
};

/* sshsig_flaw_text - a flaw in words, as the second half of a sentence about the signature */
const char *sshsig_flaw_text(enum sshsig_flaw flaw);

/**
 * sshsig_parse - read the wire form of a signature
 * @sig: filled when SSHSIG_SOUND is returned; otherwise nothing is promised about it
 * @blob: what the armour holds; all @length bytes must be used
 *
 * Nothing is verified yet. The namespace is copied, not compared.
 */
enum sshsig_flaw sshsig_parse(struct sshsig *sig, const uint8_t *blob, size_t length);

/**
 * sshsig_unarmour - take one armoured signature from the start of a text
 * @text: begins with the BEGIN line; may hold more after the END line
 * @used: set to the bytes taken, the newline of the END line included
 * @blob: receives the wire form
 * @blob_length: set to its length
 *
 * Lines end with LF alone, carry nothing but base64, and are all as long as the first, save the
 * last, which may be shorter.
 */
enum sshsig_flaw sshsig_unarmour(const uint8_t *text, size_t length, size_t *used,
				 uint8_t blob[static SSHSIG_BLOB_MAX], size_t *blob_length);

/* A text to verify signatures over. Its hashes are computed when first needed, and kept. */
struct sshsig_message {
	const uint8_t *bytes;
	size_t length;
	bool hashed[SSHSIG_HASH_COUNT];
	uint8_t hash[SSHSIG_HASH_COUNT][64];
};

void sshsig_message_init(struct sshsig_message *message, const uint8_t *bytes, size_t length);

/**
 * sshsig_verify - whether a parsed signature was made by its own key, over a text, for a purpose
 *
 * Returns SSHSIG_SOUND, SSHSIG_FLAW_OTHER_NAMESPACE or SSHSIG_FLAW_MISMATCH. Says nothing about
 * whose key it is. Allocates nothing.
 */
enum sshsig_flaw sshsig_verify(const struct sshsig *sig, struct sshsig_message *message,
			       enum sign_namespace ns);

#endif
