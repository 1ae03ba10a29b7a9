// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/signer.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct out {
	uint8_t *at;
	size_t length;
};

static void put(struct out *out, const void *bytes, size_t length)
{
	memcpy(out->at + out->length, bytes, length);
	out->length += length;
}

static void put_u32(struct out *out, uint32_t value)
{
	const uint8_t bytes[4] = { (uint8_t)(value >> 24), (uint8_t)(value >> 16),
				   (uint8_t)(value >> 8), (uint8_t)value };

	put(out, bytes, 4);
}

static void put_string(struct out *out, const void *bytes, size_t length)
{
	put_u32(out, (uint32_t)length);
	put(out, bytes, length);
}

static void put_text(struct out *out, const char *text)
{
	put_string(out, text, strlen(text));
}

static const char *type_of(const struct signer *signer)
{
	return signer->hardware ? "sk-ssh-ed25519@openssh.com" : "ssh-ed25519";
}

void signer_make(struct signer *signer, uint8_t number, bool hardware)
{
	uint8_t seed[crypto_sign_SEEDBYTES];

	memset(seed, number, sizeof(seed));
	signer->hardware = hardware;
	crypto_sign_seed_keypair(signer->public, signer->secret, seed);
}

struct signer_spec signer_spec(const struct signer *signer, const char *name)
{
	return (struct signer_spec){
		.magic = "SSHSIG",
		.version = 1,
		.key_type = type_of(signer),
		.point_length = 32,
		.application = "ssh:",
		.key_tail = "",
		.name = name,
		.name_length = strlen(name),
		.reserved = "",
		.hash = "sha512",
		.sig_type = type_of(signer),
		.sig_length = 64,
		.sig_tail = "",
		.flags = 1,
		.counter = 7,
		.tail = "",
		.width = 70,
	};
}

static void put_key(struct out *out, const struct signer *signer, const struct signer_spec *spec)
{
	uint8_t bytes[512], point[64] = { 0 };
	struct out key = { .at = bytes };

	memcpy(point, signer->public, 32);
	put_text(&key, spec->key_type);
	put_string(&key, point, spec->point_length);
	if (signer->hardware)
		put_text(&key, spec->application);
	put(&key, spec->key_tail, strlen(spec->key_tail));
	put_string(out, bytes, key.length);
}

/* PROTOCOL.sshsig: what is signed; PROTOCOL.u2f: what a hardware key signs instead. */
static void sign(const struct signer *signer, const struct signer_spec *spec, const void *text,
		 size_t length, uint8_t sig[static 80])
{
	uint8_t bytes[1024], hash[64], touched[128];
	struct out data = { .at = bytes }, touch = { .at = touched };
	bool sha256 = strcmp(spec->hash, "sha256") == 0;

	if (sha256)
		crypto_hash_sha256(hash, text, length);
	else
		crypto_hash_sha512(hash, text, length);
	put(&data, "SSHSIG", 6);
	put_string(&data, spec->name, spec->name_length);
	put_text(&data, spec->reserved);
	put_text(&data, spec->hash);
	put_string(&data, hash, sha256 ? 32 : 64);
	memset(sig, 0, 80);
	if (!signer->hardware) {
		crypto_sign_detached(sig, NULL, bytes, data.length, signer->secret);
		return;
	}
	crypto_hash_sha256(hash, (const uint8_t *)spec->application, strlen(spec->application));
	put(&touch, hash, 32);
	put(&touch, &spec->flags, 1);
	put_u32(&touch, spec->counter);
	crypto_hash_sha256(hash, bytes, data.length);
	put(&touch, hash, 32);
	crypto_sign_detached(sig, NULL, touched, touch.length, signer->secret);
}

size_t signer_blob(const struct signer *signer, const struct signer_spec *spec, const void *text,
		   size_t length, uint8_t *bytes)
{
	uint8_t sig[80], inner[512];
	struct out out = { .at = bytes }, outer = { .at = inner };

	sign(signer, spec, text, length, sig);
	put_text(&outer, spec->sig_type);
	put_string(&outer, sig, spec->sig_length);
	if (signer->hardware && !spec->no_touch_fields) {
		put(&outer, &spec->flags, 1);
		put_u32(&outer, spec->counter);
	}
	put(&outer, spec->sig_tail, strlen(spec->sig_tail));

	put(&out, spec->magic, strlen(spec->magic));
	put_u32(&out, spec->version);
	put_key(&out, signer, spec);
	put_string(&out, spec->name, spec->name_length);
	put_text(&out, spec->reserved);
	put_text(&out, spec->hash);
	put_string(&out, inner, outer.length);
	put(&out, spec->tail, strlen(spec->tail));
	return out.length;
}

size_t signer_wrap(const uint8_t *blob, size_t length, size_t width,
		   char out[static SIGNER_ARMOUR_MAX])
{
	char base64[SIGNER_ARMOUR_MAX];
	size_t at, done, total;

	sodium_bin2base64(base64, sizeof(base64), blob, length, sodium_base64_VARIANT_ORIGINAL);
	total = strlen(base64);
	at = (size_t)sprintf(out, "-----BEGIN SSH SIGNATURE-----\n");
	for (done = 0; done < total; done += width)
		at += (size_t)sprintf(out + at, "%.*s\n", (int)width, base64 + done);
	return at + (size_t)sprintf(out + at, "-----END SSH SIGNATURE-----\n");
}

size_t signer_armour(const struct signer *signer, const struct signer_spec *spec, const void *text,
		     size_t length, char out[static SIGNER_ARMOUR_MAX])
{
	uint8_t blob[SIGNER_ARMOUR_MAX / 2];

	return signer_wrap(blob, signer_blob(signer, spec, text, length, blob), spec->width, out);
}

void signer_public(const struct signer *signer, char out[static 256])
{
	struct signer_spec spec = signer_spec(signer, "");
	uint8_t bytes[512];
	struct out key = { .at = bytes };
	int n = sprintf(out, "%s ", type_of(signer));

	put_key(&key, signer, &spec);
	sodium_bin2base64(out + n, 256 - (size_t)n, bytes + 4, key.length - 4,
			  sodium_base64_VARIANT_ORIGINAL);
}

size_t signer_file(const struct signer *signers, size_t count, const char *name, const char *text,
		   char *out, size_t size)
{
	size_t i, at = strlen(text), length = at;
	char armour[SIGNER_ARMOUR_MAX];
	struct signer_spec spec;

	if (at >= size)
		abort();
	memcpy(out, text, at + 1);
	for (i = 0; i < count; i++) {
		spec = signer_spec(&signers[i], name);
		signer_armour(&signers[i], &spec, text, length, armour);
		if (at + strlen(armour) >= size)
			abort();
		memcpy(out + at, armour, strlen(armour) + 1);
		at += strlen(armour);
	}
	return at;
}
