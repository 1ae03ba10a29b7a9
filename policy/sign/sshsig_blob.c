// SPDX-License-Identifier: GPL-2.0-or-later
/* The parser of the wire form. It reads hostile bytes and calls no library. */
#include "policy/sign/sshsig.h"
#include "policy/sign/wire.h"

#define MAGIC	    "SSHSIG"
#define MAGIC_SIZE  6
#define SIG_VERSION 1

static const char *const flaw_texts[SSHSIG_FLAW_COUNT] = {
	[SSHSIG_SOUND] = "is sound",
	[SSHSIG_FLAW_BEGIN] = "does not begin with the BEGIN line of an SSH signature",
	[SSHSIG_FLAW_END] = "does not end with the END line of an SSH signature",
	[SSHSIG_FLAW_LINE] = "has a line that is empty, too long or not as long as the others",
	[SSHSIG_FLAW_BASE64] = "is not in canonical base64",
	[SSHSIG_FLAW_LARGE] =
		"is larger than an ed25519 signature can be: another kind of key made it",
	[SSHSIG_FLAW_SHORT] = "ends too early",
	[SSHSIG_FLAW_MAGIC] = "is no SSH signature inside its armour",
	[SSHSIG_FLAW_VERSION] = "has a version other than 1",
	[SSHSIG_FLAW_KEY] = "holds a key that is not ed25519, or not sk-ed25519 for 'ssh:'",
	[SSHSIG_FLAW_NAMESPACE] = "has a namespace that is empty, too long or not plain text",
	[SSHSIG_FLAW_RESERVED] = "has something in its reserved field",
	[SSHSIG_FLAW_HASH] = "uses a hash other than sha256 and sha512",
	[SSHSIG_FLAW_TYPE] = "is of another type than its key",
	[SSHSIG_FLAW_SIZE] = "has a field of the wrong size",
	[SSHSIG_FLAW_PRESENCE] = "was made without touching the hardware key",
	[SSHSIG_FLAW_FLAGS] = "carries flags of a hardware key that are not permitted",
	[SSHSIG_FLAW_TRAILING] = "has bytes after its last field",
	[SSHSIG_FLAW_OTHER_NAMESPACE] = "was made for another purpose",
	[SSHSIG_FLAW_MISMATCH] = "does not match: the text or the signature was changed",
};

static const char *const hash_names[SSHSIG_HASH_COUNT] = {
	[SSHSIG_HASH_SHA256] = "sha256",
	[SSHSIG_HASH_SHA512] = "sha512",
};

const char *sshsig_flaw_text(enum sshsig_flaw flaw)
{
	return (unsigned int)flaw < SSHSIG_FLAW_COUNT ? flaw_texts[flaw] : "is unsound";
}

static enum sshsig_flaw read_preamble(struct wire *wire)
{
	uint8_t magic[MAGIC_SIZE];
	struct wire view;
	uint32_t version;

	if (!wire_raw(wire, magic, sizeof(magic)))
		return SSHSIG_FLAW_SHORT;
	wire_init(&view, magic, sizeof(magic));
	if (!wire_is(&view, MAGIC))
		return SSHSIG_FLAW_MAGIC;
	if (!wire_u32(wire, &version))
		return SSHSIG_FLAW_SHORT;
	return version == SIG_VERSION ? SSHSIG_SOUND : SSHSIG_FLAW_VERSION;
}

static enum sshsig_flaw read_key(struct wire *wire, struct sshkey *key)
{
	struct wire blob;

	if (!wire_string(wire, &blob))
		return SSHSIG_FLAW_SHORT;
	if (sshkey_parse_wire(key, &blob) != SSHKEY_SOUND)
		return SSHSIG_FLAW_KEY;
	return SSHSIG_SOUND;
}

/* Copies the namespace; only visible ASCII, so that messages may show it. */
static enum sshsig_flaw read_namespace(struct wire *wire, char name[static SIGN_NAMESPACE_SIZE])
{
	struct wire view;
	uint8_t byte;
	size_t i;

	if (!wire_string(wire, &view))
		return SSHSIG_FLAW_SHORT;
	for (i = 0; i < SIGN_NAMESPACE_SIZE; i++)
		name[i] = '\0';
	for (i = 0; i < SIGN_NAMESPACE_SIZE - 1 && wire_u8(&view, &byte); i++) {
		if (byte <= ' ' || byte > '~')
			return SSHSIG_FLAW_NAMESPACE;
		name[i] = (char)byte;
	}
	if (i == 0 || wire_rest(&view) != 0)
		return SSHSIG_FLAW_NAMESPACE;
	return SSHSIG_SOUND;
}

static enum sshsig_flaw read_reserved_and_hash(struct wire *wire, uint32_t *hash)
{
	struct wire view;
	uint32_t i;

	if (!wire_string(wire, &view))
		return SSHSIG_FLAW_SHORT;
	if (wire_rest(&view) != 0)
		return SSHSIG_FLAW_RESERVED;
	if (!wire_string(wire, &view))
		return SSHSIG_FLAW_SHORT;
	for (i = 0; i < SSHSIG_HASH_COUNT; i++)
		if (wire_is(&view, hash_names[i]))
			break;
	*hash = i;
	return i < SSHSIG_HASH_COUNT ? SSHSIG_SOUND : SSHSIG_FLAW_HASH;
}

/* OpenSSH PROTOCOL.u2f: after the signature come the flags and the counter that were signed. */
static enum sshsig_flaw read_touch(struct wire *wire, struct sshsig *sig)
{
	if (!wire_u8(wire, &sig->flags) || !wire_u32(wire, &sig->counter))
		return SSHSIG_FLAW_SIZE;
	if (sig->flags & (uint8_t)~SSHSIG_FLAG_PERMITTED)
		return SSHSIG_FLAW_FLAGS;
	return sig->flags & SSHSIG_FLAG_PRESENT ? SSHSIG_SOUND : SSHSIG_FLAW_PRESENCE;
}

static enum sshsig_flaw read_signature(struct wire *wire, struct sshsig *sig)
{
	enum sshsig_flaw flaw = SSHSIG_SOUND;
	struct wire outer, type, raw;

	if (!wire_string(wire, &outer))
		return SSHSIG_FLAW_SHORT;
	if (!wire_string(&outer, &type))
		return SSHSIG_FLAW_SIZE;
	if (!wire_is(&type, sshkey_type_name(sig->key.type)))
		return SSHSIG_FLAW_TYPE;
	if (!wire_string(&outer, &raw) || wire_rest(&raw) != SSHSIG_SIGNATURE_SIZE)
		return SSHSIG_FLAW_SIZE;
	if (!wire_raw(&raw, sig->signature, SSHSIG_SIGNATURE_SIZE))
		return SSHSIG_FLAW_SIZE;
	sig->flags = 0;
	sig->counter = 0;
	if (sig->key.type == SSHKEY_TYPE_SK_ED25519)
		flaw = read_touch(&outer, sig);
	if (flaw == SSHSIG_SOUND && wire_rest(&outer) != 0)
		flaw = SSHSIG_FLAW_SIZE;
	return flaw;
}

enum sshsig_flaw sshsig_parse(struct sshsig *sig, const uint8_t *blob, size_t length)
{
	enum sshsig_flaw flaw;
	struct wire wire;

	if (length > SSHSIG_BLOB_MAX)
		return SSHSIG_FLAW_LARGE;
	wire_init(&wire, blob, length);
	flaw = read_preamble(&wire);
	if (flaw == SSHSIG_SOUND)
		flaw = read_key(&wire, &sig->key);
	if (flaw == SSHSIG_SOUND)
		flaw = read_namespace(&wire, sig->name);
	if (flaw == SSHSIG_SOUND)
		flaw = read_reserved_and_hash(&wire, &sig->hash);
	if (flaw == SSHSIG_SOUND)
		flaw = read_signature(&wire, sig);
	if (flaw == SSHSIG_SOUND && wire_rest(&wire) != 0)
		flaw = SSHSIG_FLAW_TRAILING;
	return flaw;
}
