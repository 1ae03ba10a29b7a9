// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/sign/sshkey.h"
#include "policy/sign/base64.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

static bool starts_with_type(const char *text, size_t length, uint32_t type)
{
	size_t n = strlen(sshkey_type_name(type));

	return length > n && memcmp(text, sshkey_type_name(type), n) == 0 && text[n] == ' ';
}

/* libsodium turns away points of small order and spellings that are not canonical. */
static bool point_is_usable(const uint8_t point[static SSHKEY_POINT_SIZE])
{
	uint8_t curve25519[crypto_scalarmult_curve25519_BYTES];

	return crypto_sign_ed25519_pk_to_curve25519(curve25519, point) == 0;
}

enum sshkey_flaw sshkey_parse(struct sshkey *key, const char *text, size_t length)
{
	uint8_t blob[SSHKEY_BLOB_SIZE];
	size_t skip, blob_length = 0;
	enum sshkey_flaw flaw;
	uint32_t type;

	for (type = 0; type < SSHKEY_TYPE_COUNT; type++)
		if (starts_with_type(text, length, type))
			break;
	if (type == SSHKEY_TYPE_COUNT)
		return memchr(text, ' ', length) ? SSHKEY_FLAW_TYPE : SSHKEY_FLAW_TEXT;
	skip = strlen(sshkey_type_name(type)) + 1;
	if (memchr(text + skip, ' ', length - skip))
		return SSHKEY_FLAW_TEXT;
	if (!base64_decode(text + skip, length - skip, blob, sizeof(blob), &blob_length))
		return SSHKEY_FLAW_BASE64;
	flaw = sshkey_parse_blob(key, blob, blob_length);
	if (flaw != SSHKEY_SOUND)
		return flaw;
	if (key->type != type)
		return SSHKEY_FLAW_DISAGREES;
	return point_is_usable(key->point) ? SSHKEY_SOUND : SSHKEY_FLAW_POINT;
}

bool sshkey_same(const struct sshkey *a, const struct sshkey *b)
{
	return memcmp(a->point, b->point, sizeof(a->point)) == 0;
}

void sshkey_fingerprint(const struct sshkey *key, char out[static SSHKEY_FINGERPRINT_SIZE])
{
	uint8_t blob[SSHKEY_BLOB_SIZE], hash[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(hash, blob, sshkey_blob(key, blob));
	memcpy(out, "SHA256:", 7);
	sodium_bin2base64(out + 7, SSHKEY_FINGERPRINT_SIZE - 7, hash, sizeof(hash),
			  sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
}

void sshkey_format(const struct sshkey *key, char out[static SSHKEY_TEXT_SIZE])
{
	uint8_t blob[SSHKEY_BLOB_SIZE];
	size_t length = sshkey_blob(key, blob);
	int n = snprintf(out, SSHKEY_TEXT_SIZE, "%s ", sshkey_type_name(key->type));

	sodium_bin2base64(out + n, SSHKEY_TEXT_SIZE - (size_t)n, blob, length,
			  sodium_base64_VARIANT_ORIGINAL);
}
