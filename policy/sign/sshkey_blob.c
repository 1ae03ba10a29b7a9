// SPDX-License-Identifier: GPL-2.0-or-later
/* The wire form of keys. Calls no library, so that it can be analysed on its own. */
#include "policy/sign/sshkey.h"
#include "policy/sign/wire.h"

#include <string.h>

static const char *const type_names[SSHKEY_TYPE_COUNT] = {
	[SSHKEY_TYPE_ED25519] = "ssh-ed25519",
	[SSHKEY_TYPE_SK_ED25519] = "sk-ssh-ed25519@openssh.com",
};

static const char *const flaw_texts[SSHKEY_FLAW_COUNT] = {
	[SSHKEY_SOUND] = "is sound",
	[SSHKEY_FLAW_TYPE] = "is not of type ssh-ed25519 or sk-ssh-ed25519@openssh.com",
	[SSHKEY_FLAW_TEXT] = "is not a type, one space and base64, without a comment",
	[SSHKEY_FLAW_BASE64] = "is not in canonical base64",
	[SSHKEY_FLAW_DISAGREES] = "names one type and holds another",
	[SSHKEY_FLAW_SIZE] = "has a field of the wrong size",
	[SSHKEY_FLAW_APPLICATION] = "belongs to an application other than 'ssh:'",
	[SSHKEY_FLAW_TRAILING] = "has bytes after its last field",
	[SSHKEY_FLAW_POINT] = "is a point that no key has",
};

const char *sshkey_flaw_text(enum sshkey_flaw flaw)
{
	return (unsigned int)flaw < SSHKEY_FLAW_COUNT ? flaw_texts[flaw] : "is unsound";
}

const char *sshkey_type_name(uint32_t type)
{
	return type < SSHKEY_TYPE_COUNT ? type_names[type] : "unknown";
}

enum sshkey_flaw sshkey_parse_wire(struct sshkey *key, struct wire *wire)
{
	struct wire name, point, application;
	uint32_t type;

	if (!wire_string(wire, &name))
		return SSHKEY_FLAW_SIZE;
	for (type = 0; type < SSHKEY_TYPE_COUNT; type++)
		if (wire_is(&name, type_names[type]))
			break;
	if (type == SSHKEY_TYPE_COUNT)
		return SSHKEY_FLAW_TYPE;
	if (!wire_string(wire, &point) || wire_rest(&point) != SSHKEY_POINT_SIZE)
		return SSHKEY_FLAW_SIZE;
	if (type == SSHKEY_TYPE_SK_ED25519) {
		if (!wire_string(wire, &application))
			return SSHKEY_FLAW_SIZE;
		if (!wire_is(&application, SSHKEY_APPLICATION))
			return SSHKEY_FLAW_APPLICATION;
	}
	if (wire_rest(wire) != 0)
		return SSHKEY_FLAW_TRAILING;
	key->type = type;
	if (!wire_raw(&point, key->point, SSHKEY_POINT_SIZE))
		return SSHKEY_FLAW_SIZE;
	return SSHKEY_SOUND;
}

enum sshkey_flaw sshkey_parse_blob(struct sshkey *key, const uint8_t *blob, size_t length)
{
	struct wire wire;

	wire_init(&wire, blob, length);
	return sshkey_parse_wire(key, &wire);
}

size_t sshkey_blob(const struct sshkey *key, uint8_t blob[static SSHKEY_BLOB_SIZE])
{
	const char *name = sshkey_type_name(key->type);
	size_t at = 0;

	at += wire_put_string(blob + at, name, strlen(name));
	at += wire_put_string(blob + at, key->point, sizeof(key->point));
	if (key->type == SSHKEY_TYPE_SK_ED25519)
		at += wire_put_string(blob + at, SSHKEY_APPLICATION, strlen(SSHKEY_APPLICATION));
	return at;
}
