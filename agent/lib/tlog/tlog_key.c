// SPDX-License-Identifier: GPL-2.0-or-later
#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "agent/lib/tlog/tlog.h"

_Static_assert(crypto_sign_PUBLICKEYBYTES == 32 && crypto_sign_SECRETKEYBYTES == 64, "Ed25519");

/* Type and public key. */
#define MATERIAL_SIZE 33

bool tlog_key_name_valid(const char *name)
{
	size_t length = strnlen(name, TLOG_NAME_SIZE);

	if (length == 0 || length == TLOG_NAME_SIZE)
		return false;
	for (size_t i = 0; i < length; i++)
		if (name[i] <= ' ' || name[i] > '~' || name[i] == '+')
			return false;
	return true;
}

static uint32_t id_of(const struct tlog_key *key)
{
	uint8_t digest[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state state;
	uint32_t id;

	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, (const uint8_t *)key->name, strlen(key->name));
	crypto_hash_sha256_update(&state, (const uint8_t *)"\n", 1);
	crypto_hash_sha256_update(&state, &key->type, 1);
	crypto_hash_sha256_update(&state, key->public, sizeof(key->public));
	crypto_hash_sha256_final(&state, digest);
	memcpy(&id, digest, sizeof(id));
	return be32toh(id);
}

int tlog_key_make(struct tlog_key *key, enum tlog_key_type type, const char *name,
		  const uint8_t public[static 32])
{
	*key = (struct tlog_key){ .type = (uint8_t)type };
	if ((type != TLOG_KEY_NOTE && type != TLOG_KEY_COSIGNATURE) || !tlog_key_name_valid(name))
		return -EINVAL;
	memcpy(key->name, name, strlen(name));
	memcpy(key->public, public, sizeof(key->public));
	key->id = id_of(key);
	return 0;
}

void tlog_key_format(const struct tlog_key *key, char text[static TLOG_KEY_TEXT_SIZE])
{
	uint8_t material[MATERIAL_SIZE] = { key->type };
	char base64[sodium_base64_ENCODED_LEN(MATERIAL_SIZE, sodium_base64_VARIANT_ORIGINAL)];

	memcpy(material + 1, key->public, sizeof(key->public));
	sodium_bin2base64(base64, sizeof(base64), material, sizeof(material),
			  sodium_base64_VARIANT_ORIGINAL);
	snprintf(text, TLOG_KEY_TEXT_SIZE, "%s+%08" PRIx32 "+%s", key->name, key->id, base64);
}

int tlog_key_parse(const char *text, struct tlog_key *key)
{
	const char *plus = strchr(text, '+'), *second = plus ? strchr(plus + 1, '+') : NULL;
	char name[TLOG_NAME_SIZE] = "", again[TLOG_KEY_TEXT_SIZE];
	uint8_t material[MATERIAL_SIZE];
	size_t length;

	*key = (struct tlog_key){ 0 };
	if (!second || (size_t)(plus - text) >= sizeof(name))
		return -EBADMSG;
	memcpy(name, text, (size_t)(plus - text));
	if (sodium_base642bin(material, sizeof(material), second + 1, strlen(second + 1), NULL,
			      &length, NULL, sodium_base64_VARIANT_ORIGINAL) != 0 ||
	    length != sizeof(material) ||
	    tlog_key_make(key, (enum tlog_key_type)material[0], name, material + 1) < 0)
		return -EBADMSG;
	/* The id must be that of name and key, and all of it in the one spelling. */
	tlog_key_format(key, again);
	return strcmp(again, text) == 0 ? 0 : -EBADMSG;
}
