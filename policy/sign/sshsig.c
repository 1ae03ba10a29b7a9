// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/sign/sshsig.h"
#include "policy/sign/wire.h"

#include <sodium.h>
#include <string.h>

/* OpenSSH PROTOCOL.sshsig: magic, namespace, reserved, name of the hash, hash of the message */
#define SIGNED_DATA_MAX (6 + 4 + SIGN_NAMESPACE_SIZE + 4 + 4 + 6 + 4 + 64)
/* OpenSSH PROTOCOL.u2f: hash of the application, flags, counter, hash of the above */
#define TOUCHED_SIZE (crypto_hash_sha256_BYTES + 1 + 4 + crypto_hash_sha256_BYTES)

static const struct {
	const char *name;
	size_t size;
} hashes[SSHSIG_HASH_COUNT] = {
	[SSHSIG_HASH_SHA256] = { "sha256", crypto_hash_sha256_BYTES },
	[SSHSIG_HASH_SHA512] = { "sha512", crypto_hash_sha512_BYTES },
};

void sshsig_message_init(struct sshsig_message *message, const uint8_t *bytes, size_t length)
{
	memset(message, 0, sizeof(*message));
	message->bytes = bytes;
	message->length = length;
}

static const uint8_t *message_hash(struct sshsig_message *message, uint32_t hash)
{
	if (!message->hashed[hash]) {
		if (hash == SSHSIG_HASH_SHA256)
			crypto_hash_sha256(message->hash[hash], message->bytes, message->length);
		else
			crypto_hash_sha512(message->hash[hash], message->bytes, message->length);
		message->hashed[hash] = true;
	}
	return message->hash[hash];
}

static size_t signed_data(const struct sshsig *sig, struct sshsig_message *message,
			  uint8_t out[static SIGNED_DATA_MAX])
{
	size_t at = 6;

	memcpy(out, "SSHSIG", 6);
	at += wire_put_string(out + at, sig->name, strlen(sig->name));
	at += wire_put_u32(out + at, 0);
	at += wire_put_string(out + at, hashes[sig->hash].name, strlen(hashes[sig->hash].name));
	at += wire_put_string(out + at, message_hash(message, sig->hash), hashes[sig->hash].size);
	return at;
}

/* What a hardware key signs in place of @data. */
static void touched_data(const struct sshsig *sig, const uint8_t *data, size_t length,
			 uint8_t out[static TOUCHED_SIZE])
{
	crypto_hash_sha256(out, (const uint8_t *)SSHKEY_APPLICATION, strlen(SSHKEY_APPLICATION));
	out += crypto_hash_sha256_BYTES;
	*out++ = sig->flags;
	out += wire_put_u32(out, sig->counter);
	crypto_hash_sha256(out, data, length);
}

enum sshsig_flaw sshsig_verify(const struct sshsig *sig, struct sshsig_message *message,
			       enum sign_namespace ns)
{
	uint8_t data[SIGNED_DATA_MAX], touched[TOUCHED_SIZE];
	const uint8_t *what = data;
	size_t length;

	if (sig->hash >= SSHSIG_HASH_COUNT)
		return SSHSIG_FLAW_HASH;
	if (ns >= SIGN_NAMESPACE_COUNT || strcmp(sig->name, namespace_name(ns)) != 0)
		return SSHSIG_FLAW_OTHER_NAMESPACE;
	length = signed_data(sig, message, data);
	if (sig->key.type == SSHKEY_TYPE_SK_ED25519) {
		touched_data(sig, data, length, touched);
		what = touched;
		length = sizeof(touched);
	}
	/* libsodium refuses an S that is not canonical, and R and keys of small order. */
	if (crypto_sign_verify_detached(sig->signature, what, length, sig->key.point) != 0)
		return SSHSIG_FLAW_MISMATCH;
	return SSHSIG_SOUND;
}
