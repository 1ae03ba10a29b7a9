// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/keys.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <fcntl.h>
#include <unistd.h>

#include "agent/lib/file.h"
#include "agent/lib/log.h"
#include "agent/office/certificate.h"
#include "agent/office/office.h"
#include "agent/office/store/store_terminal.h"

#define SEED_LINE (2 * crypto_sign_SEEDBYTES + 1)

static int write_seed(const char *folder, const char *name)
{
	uint8_t seed[crypto_sign_SEEDBYTES];
	char line[SEED_LINE + 1];
	int r;

	randombytes_buf(seed, sizeof(seed));
	sodium_bin2hex(line, sizeof(line), seed, sizeof(seed));
	line[SEED_LINE - 1] = '\n';
	r = file_replace(folder, name, 0600, line, SEED_LINE);
	sodium_memzero(seed, sizeof(seed));
	sodium_memzero(line, sizeof(line));
	return r;
}

static int write_tls(const char *folder, const char *host)
{
	char *pem = NULL;
	int r = certificate_make(host, &pem);

	if (r == 0)
		r = file_replace(folder, "tls", 0600, pem, strlen(pem));
	if (pem)
		sodium_memzero(pem, strlen(pem));
	free(pem);
	return r;
}

static int write_age(const char *folder)
{
	struct age_keyring *ring = age_keyring_new();
	char text[AGE_IDENTITY_TEXT + 1];
	int r = ring ? age_keyring_generate(ring) : -ENOMEM;

	if (r == 0) {
		age_identity_format(&ring->identities[0], text);
		strcat(text, "\n");
		r = file_replace(folder, "age", 0600, text, strlen(text));
	}
	sodium_memzero(text, sizeof(text));
	age_keyring_free(ring);
	return r;
}

int keys_make(const char *root, const char *host)
{
	char folder[PATH_MAX];
	int r = office_path(folder, root, KEYS_FOLDER);

	if (r < 0)
		return r;
	if (mkdir(folder, 0700) < 0)
		return -errno;
	r = write_seed(folder, "cosign");
	if (r == 0)
		r = write_seed(folder, "log");
	if (r == 0)
		r = write_age(folder);
	if (r == 0)
		r = write_tls(folder, host);
	return r;
}

static int read_file(const char *root, const char *name, uint8_t **data, size_t *length)
{
	char path[PATH_MAX], below[64];
	int r;

	snprintf(below, sizeof(below), KEYS_FOLDER "/%s", name);
	r = office_path(path, root, below);
	if (r == 0)
		r = file_read(path, 65536, data, length);
	if (r < 0)
		log_error("cannot read the key %s: %s", path, strerror(-r));
	return r;
}

static int read_seed(const char *root, const char *name, uint8_t secret[static 64],
		     uint8_t public[static 32])
{
	uint8_t *data = NULL, seed[crypto_sign_SEEDBYTES];
	size_t length = 0, used = 0;
	int r = read_file(root, name, &data, &length);

	if (r < 0)
		return r;
	if (length != SEED_LINE ||
	    sodium_hex2bin(seed, sizeof(seed), (char *)data, length - 1, NULL, &used, NULL) != 0) {
		log_error("the key file %s/%s holds no key: put it back from the backup",
			  KEYS_FOLDER, name);
		r = -EBADMSG;
	} else {
		crypto_sign_seed_keypair(public, secret, seed);
	}
	sodium_memzero(seed, sizeof(seed));
	sodium_memzero(data, length);
	free(data);
	return r;
}

static int read_tls(struct keys *keys, const char *root)
{
	uint8_t *data = NULL;
	size_t length = 0;
	int r = read_file(root, "tls", &data, &length);

	keys->tls = (char *)data;
	if (r == 0)
		r = certificate_pin(keys->tls, keys->tls_pin);
	return r;
}

static int read_age(struct keys *keys, const char *root)
{
	char path[PATH_MAX];
	size_t line = 0;
	int fd, r = office_path(path, root, KEYS_FOLDER "/age");

	if (r < 0)
		return r;
	keys->ring = age_keyring_new();
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	r = !keys->ring ? -ENOMEM : fd < 0 ? -errno : age_keyring_read(keys->ring, fd, &line);
	if (fd >= 0)
		close(fd);
	if (r < 0)
		log_error("cannot read the key %s: %s", path, strerror(-r));
	else
		age_recipient_format(&keys->ring->identities[0].recipient, keys->recipient);
	return r;
}

int keys_load(struct keys *keys, const char *root, const char *name)
{
	uint8_t cosign[32], log[32];
	char origin[TLOG_NAME_SIZE + 8];
	int r;

	*keys = (struct keys){ 0 };
	sodium_mlock(keys, sizeof(*keys));
	snprintf(keys->name, sizeof(keys->name), "%s", name);
	snprintf(origin, sizeof(origin), "%s/log", name);
	r = read_seed(root, "cosign", keys->cosign_secret, cosign);
	if (r == 0)
		r = read_seed(root, "log", keys->log_secret, log);
	if (r == 0)
		r = tlog_key_make(&keys->cosigner, TLOG_KEY_COSIGNATURE, name, cosign);
	if (r == 0)
		r = tlog_key_make(&keys->log, TLOG_KEY_NOTE, origin, log);
	if (r == 0)
		r = read_age(keys, root);
	if (r == 0)
		r = read_tls(keys, root);
	return r;
}

void keys_done(struct keys *keys)
{
	if (keys->tls)
		sodium_memzero(keys->tls, strlen(keys->tls));
	free(keys->tls);
	age_keyring_free(keys->ring);
	sodium_munlock(keys, sizeof(*keys));
	*keys = (struct keys){ 0 };
}

void keys_public(const struct keys *keys, char text[static TLOG_KEY_TEXT_SIZE])
{
	tlog_key_format(&keys->cosigner, text);
}

size_t keys_identity(const struct keys *keys, char note[static KEYS_IDENTITY_SIZE])
{
	char pin[64], log[TLOG_KEY_TEXT_SIZE], line[TLOG_SIGNATURE_LINE_SIZE], text[512];
	struct tlog_key key;
	int length;

	sodium_bin2base64(pin, sizeof(pin), keys->tls_pin, sizeof(keys->tls_pin),
			  sodium_base64_VARIANT_ORIGINAL);
	tlog_key_format(&keys->log, log);
	length = snprintf(text, sizeof(text),
			  "airgap-office identity v1\ntls sha256//%s\nlog %s\nrecipient %s\n", pin,
			  log, keys->recipient);
	/* A plain note signature: a cosignature would speak of a checkpoint. */
	if (length < 0 || (size_t)length >= sizeof(text) ||
	    tlog_key_make(&key, TLOG_KEY_NOTE, keys->name, keys->cosigner.public) < 0)
		return 0;
	tlog_note_sign(line, &key, keys->cosign_secret, 0, text, (size_t)length);
	length = snprintf(note, KEYS_IDENTITY_SIZE, "%s\n%s", text, line);
	return length < 0 || length >= KEYS_IDENTITY_SIZE ? 0 : (size_t)length;
}

int keys_sealed(const struct keys *keys, struct store *store, const struct store_terminal *terminal,
		char note[static OFFICE_NOTE_MAX], size_t *length)
{
	char text[OFFICE_NOTE_SEALED_SIZE], line[TLOG_SIGNATURE_LINE_SIZE];
	uint8_t *sealed = NULL, digest[32];
	struct tlog_key key;
	size_t size = 0;
	int r = store_terminal_sealed(store, terminal->id, &sealed, &size);

	*length = 0;
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	crypto_hash_sha256(digest, sealed, size);
	free(sealed);
	size = office_note_sealed_text(text, terminal->origin, digest);
	r = tlog_key_make(&key, TLOG_KEY_NOTE, keys->name, keys->cosigner.public);
	if (r < 0)
		return r;
	tlog_note_sign(line, &key, keys->cosign_secret, 0, text, size);
	*length = (size_t)snprintf(note, OFFICE_NOTE_MAX, "%s\n%s", text, line);
	return 0;
}
