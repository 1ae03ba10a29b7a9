/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The office's keys, one file each, mode 0600, in the folder `keys`.
 *
 *	cosign	Ed25519 seed: receipts (cosignatures)
 *	log	Ed25519 seed: checkpoints of the office's own log
 *	tls	private key and certificate, PEM; terminals know its public key by the identity note
 *	age	identity of age v1: opens bundles, and K_0 of terminals
 *
 * The identity note is what a terminal needs besides the one key that its policy names, signed with
 * that key:
 *
 *	airgap-office identity v1
 *	tls sha256//<base64 of SHA-256 of the public key info>
 *	log <verifier key of the office's own log>
 *	recipient <age1...>
 */
#ifndef AIRGAP_OFFICE_KEYS_H
#define AIRGAP_OFFICE_KEYS_H

#include "agent/lib/age/age_key.h"
#include "agent/lib/office_note.h"
#include "agent/lib/tlog/tlog.h"
#include "agent/office/store/store_terminal.h"

#define KEYS_FOLDER	   "keys"
#define KEYS_IDENTITY_SIZE 1024

struct keys {
	char name[TLOG_NAME_SIZE]; /* the office's, in receipts */
	struct tlog_key cosigner;
	struct tlog_key log;
	uint8_t cosign_secret[64];
	uint8_t log_secret[64];
	char *tls; /* key and certificate, PEM */
	uint8_t tls_pin[32];
	char recipient[AGE_RECIPIENT_TEXT];
	struct age_keyring *ring;
};

/* keys_make - fresh keys below @root; -EEXIST when there are some. @host: DNS name or address */
int keys_make(const char *root, const char *host);

/**
 * keys_load - read them
 * @name: the office's; its own log has the origin NAME/log
 *
 * Returns 0 or -errno after a message; keys_done() after either.
 */
int keys_load(struct keys *keys, const char *root, const char *name);

/* keys_done - wipe */
void keys_done(struct keys *keys);

/* keys_identity - the signed identity note; returns its length */
size_t keys_identity(const struct keys *keys, char note[static KEYS_IDENTITY_SIZE]);

/**
 * keys_sealed - the signed note that K_0 of a terminal's log is kept here
 * @length: 0: none was given
 *
 * Returns 0 or -errno of the store.
 */
int keys_sealed(const struct keys *keys, struct store *store, const struct store_terminal *terminal,
		char note[static OFFICE_NOTE_MAX], size_t *length);

/* keys_public - the verifier key that policies name */
void keys_public(const struct keys *keys, char text[static TLOG_KEY_TEXT_SIZE]);

#endif
