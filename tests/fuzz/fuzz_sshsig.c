// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * SSH signatures: armour when the input begins with a dash, else the wire form. A signature has one
 * spelling: what is accepted, written again from what was understood, gives the very same bytes.
 */
#include "tests/fuzz/fuzz.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "policy/sign/base64.h"
#include "policy/sign/sshsig.h"
#include "policy/sign/wire.h"

/* Nobody has ever signed this, in any namespace. */
static const uint8_t unsigned_text[] = "a text that no key has signed\n";

static size_t put_text(uint8_t *out, const char *text)
{
	return wire_put_string(out, text, strlen(text));
}

static size_t write_blob(const struct sshsig *sig, uint8_t *out)
{
	uint8_t key[SSHKEY_BLOB_SIZE], inner[256];
	size_t at = 6, size = 0;

	memcpy(out, "SSHSIG", 6);
	at += wire_put_u32(out + at, 1);
	at += wire_put_string(out + at, key, sshkey_blob(&sig->key, key));
	at += put_text(out + at, sig->name);
	at += put_text(out + at, "");
	at += put_text(out + at, sig->hash == SSHSIG_HASH_SHA256 ? "sha256" : "sha512");
	size += put_text(inner, sshkey_type_name(sig->key.type));
	size += wire_put_string(inner + size, sig->signature, sizeof(sig->signature));
	if (sig->key.type == SSHKEY_TYPE_SK_ED25519) {
		inner[size++] = sig->flags;
		size += wire_put_u32(inner + size, sig->counter);
	}
	return at + wire_put_string(out + at, inner, size);
}

static void parse_blob(const uint8_t *blob, size_t length)
{
	uint8_t again[2 * SSHSIG_BLOB_MAX];
	struct sshsig_message message;
	struct sshsig sig, other;
	enum sshsig_flaw flaw;

	/* What the structs held before must not show. */
	memset(&sig, 0, sizeof(sig));
	memset(&other, 0xff, sizeof(other));
	flaw = sshsig_parse(&sig, blob, length);
	MUST(flaw == sshsig_parse(&other, blob, length));
	MUST((unsigned int)flaw < SSHSIG_FLAW_COUNT && sshsig_flaw_text(flaw));
	if (flaw != SSHSIG_SOUND)
		return;
	MUST(sig.key.type < SSHKEY_TYPE_COUNT && sig.hash < SSHSIG_HASH_COUNT);
	MUST(ENDED(sig.name) && sig.name[0] && fuzz_shown(sig.name));
	MUST(write_blob(&sig, again) == length && memcmp(again, blob, length) == 0);
	MUST(write_blob(&other, again) == length && memcmp(again, blob, length) == 0);
	sshsig_message_init(&message, unsigned_text, sizeof(unsigned_text) - 1);
	for (enum sign_namespace ns = 0; ns <= SIGN_NAMESPACE_COUNT; ns++)
		MUST(sshsig_verify(&sig, &message, ns) != SSHSIG_SOUND);
}

/* The armour written again, with lines as wide as the first one was. */
static void armour_is(const uint8_t *text, size_t used, const uint8_t *blob, size_t length)
{
	const uint8_t *first = text + strlen(SSHSIG_BEGIN) + 1;
	size_t width = (size_t)((const uint8_t *)memchr(first, '\n', used) - first), at = 0, total;
	char base64[BASE64_TEXT_MAX + 1], again[4 * BASE64_TEXT_MAX];

	sodium_bin2base64(base64, sizeof(base64), blob, length, sodium_base64_VARIANT_ORIGINAL);
	total = strlen(base64);
	at += (size_t)sprintf(again, SSHSIG_BEGIN "\n");
	for (size_t done = 0; done < total; done += width)
		at += (size_t)sprintf(again + at, "%.*s\n", (int)width, base64 + done);
	at += (size_t)sprintf(again + at, SSHSIG_END "\n");
	MUST(at == used && memcmp(again, text, used) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t blob[SSHSIG_BLOB_MAX];
	size_t used = 0, length = 0;

	if (size == 0 || data[0] != '-') {
		parse_blob(data, size);
		return 0;
	}
	if (sshsig_unarmour(data, size, &used, blob, &length) != SSHSIG_SOUND)
		return 0;
	MUST(used <= size && length > 0 && length <= sizeof(blob));
	armour_is(data, used, blob, length);
	parse_blob(blob, length);
	return 0;
}
