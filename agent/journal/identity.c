// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/journal/identity.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/file.h"
#include "agent/lib/journal_file.h"
#include "agent/lib/path.h"
#include "policy/transfer/slip.h"

/* "airgap-log-key 1 " and the seed in hexadecimal. */
#define HEAD	  "airgap-log-key 1 "
#define TEXT_SIZE (sizeof(HEAD) + (size_t)2 * crypto_sign_SEEDBYTES + 1)

_Static_assert(TLOG_NAME_SIZE > 8 + 3 * IDENTITY_NUMBER_SIZE + 22, "any origin is a name");

static int read_file(const struct identity *identity, const char *name, size_t limit,
		     uint8_t **data, size_t *length)
{
	char folder[PATH_MAX], path[PATH_MAX];
	int r;

	if (snprintf(folder, sizeof(folder), "/%s", name) >= (int)sizeof(folder))
		return -ENAMETOOLONG;
	r = path_join(path, identity->folder, folder);
	return r == 0 ? file_read(path, limit, data, length) : r;
}

static int make_key(struct identity *identity)
{
	uint8_t seed[crypto_sign_SEEDBYTES];
	char text[TEXT_SIZE] = HEAD;
	int r;

	randombytes_buf(seed, sizeof(seed));
	sodium_bin2hex(text + strlen(HEAD), sizeof(text) - strlen(HEAD), seed, sizeof(seed));
	strcat(text, "\n");
	r = file_replace(identity->folder, IDENTITY_FILE_KEY, 0600, text, strlen(text));
	if (r == 0)
		crypto_sign_seed_keypair(identity->public, identity->secret, seed);
	sodium_memzero(seed, sizeof(seed));
	sodium_memzero(text, sizeof(text));
	return r;
}

static int read_key(struct identity *identity)
{
	uint8_t seed[crypto_sign_SEEDBYTES], *text = NULL;
	size_t length = 0, got;
	int r = read_file(identity, IDENTITY_FILE_KEY, TEXT_SIZE, &text, &length);

	if (r < 0)
		return r;
	if (length != TEXT_SIZE - 1 || text[length - 1] != '\n' ||
	    memcmp(text, HEAD, strlen(HEAD)) != 0 ||
	    sodium_hex2bin(seed, sizeof(seed), (char *)text + strlen(HEAD), 2 * sizeof(seed), NULL,
			   &got, NULL) != 0 ||
	    got != sizeof(seed))
		r = -EBADMSG;
	else
		crypto_sign_seed_keypair(identity->public, identity->secret, seed);
	sodium_memzero(seed, sizeof(seed));
	sodium_memzero(text, length);
	free(text);
	return r;
}

static int read_number(struct identity *identity)
{
	uint8_t *text = NULL;
	size_t length = 0;
	int r = read_file(identity, IDENTITY_FILE_NUMBER, IDENTITY_NUMBER_SIZE, &text, &length);

	if (r < 0)
		return r == -ENOENT ? 0 : r == -EFBIG ? -EBADMSG : r;
	if (length < 2 || length > IDENTITY_NUMBER_SIZE || text[length - 1] != '\n' ||
	    strlen((char *)text) != length)
		r = -EBADMSG;
	else
		memcpy(identity->number, text, length - 1);
	free(text);
	return r;
}

/* A key that others know is never made anew: they would see another log, and nobody would be told. */
static bool was_published(const struct identity *identity)
{
	uint8_t *text = NULL;
	size_t length = 0;
	int r = read_file(identity, JOURNAL_FILE_KEY, TLOG_KEY_TEXT_SIZE, &text, &length);

	free(text);
	return r != -ENOENT;
}

int identity_open(struct identity *identity, const char *folder)
{
	int r;

	*identity = (struct identity){ .folder = folder };
	r = read_key(identity);
	if (r == -ENOENT)
		r = was_published(identity) ? -ENOKEY : make_key(identity);
	if (r == -EFBIG)
		r = -EBADMSG;
	return r == 0 ? read_number(identity) : r;
}

int identity_learn(struct identity *identity, const char *number)
{
	size_t length = strlen(number);
	char line[IDENTITY_NUMBER_SIZE + 1];
	int r;

	if (length == 0 || length >= IDENTITY_NUMBER_SIZE || strchr(number, '\n'))
		return -EINVAL;
	if (identity->number[0])
		return strcmp(identity->number, number) == 0 ? 0 : -EEXIST;
	snprintf(line, sizeof(line), "%s\n", number);
	r = file_replace(identity->folder, IDENTITY_FILE_NUMBER, 0640, line, length + 1);
	if (r == 0)
		strcpy(identity->number, number);
	return r;
}

void identity_begin(struct identity *identity, uint64_t epoch)
{
	static const char plain[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_";
	char origin[TLOG_NAME_SIZE] = "airgapd/";
	size_t length = strlen(origin);

	identity->key.type = 0;
	if (!identity->number[0])
		return;
	for (const char *at = identity->number; *at; at++) {
		if (strchr(plain, *at))
			origin[length++] = *at;
		else
			length += (size_t)sprintf(origin + length, "%%%02X", (uint8_t)*at);
	}
	snprintf(origin + length, sizeof(origin) - length, "/%" PRIu64, epoch);
	tlog_key_make(&identity->key, TLOG_KEY_NOTE, origin, identity->public);
}

int identity_sign_slip(const struct identity *identity, const uint8_t sha512[static 64],
		       uint8_t signature[static 64], uint8_t public[static 32])
{
	uint8_t data[SLIP_SIGNED_DATA];

	memset(signature, 0, 64);
	memset(public, 0, 32);
	if (!identity->number[0] || sodium_is_zero(identity->public, sizeof(identity->public)))
		return -ENOKEY;
	crypto_sign_detached(signature, NULL, data, slip_signed_data(sha512, data),
			     identity->secret);
	memcpy(public, identity->public, sizeof(identity->public));
	return 0;
}

void identity_done(struct identity *identity)
{
	sodium_memzero(identity, sizeof(*identity));
}
