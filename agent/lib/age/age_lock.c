// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/age/age_lock.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "agent/lib/age/age_hkdf.h"
#include "agent/lib/age/age_result.h"
#include "agent/lib/age/age_scrypt.h"
#include "agent/lib/age/age_x25519.h"

#define STANZA_FORMAT "-> " AGE_X25519_TYPE " %s\n%s\n"
#define STANZA_LENGTH (sizeof("-> " AGE_X25519_TYPE " \n\n") - 1 + 2 * AGE_X25519_TEXT)
#define END_LENGTH    (sizeof(AGE_MAC_MARK " \n") - 1 + AGE_MAC_TEXT)

_Static_assert(AGE_HEAD_SIZE > sizeof(AGE_VERSION) + AGE_RECIPIENTS_MAX * STANZA_LENGTH +
				       END_LENGTH + AGE_NONCE_SIZE,
	       "a head for every recipient");
_Static_assert(AGE_HKDF_SIZE == AGE_PAYLOAD_KEY, "HKDF makes the payload's key");
_Static_assert(AGE_KEY_SIZE == AGE_MAC_SIZE, "encode() writes both");

/* All that is secret while a head is made or opened, in locked memory. */
struct secrets {
	uint8_t file_key[AGE_FILE_KEY];
	uint8_t mac_key[AGE_HKDF_SIZE];
	struct age_x25519_secrets x25519;
};

uint8_t *age_key_new(void)
{
	return sodium_malloc(AGE_PAYLOAD_KEY);
}

void age_key_free(uint8_t *key)
{
	sodium_free(key);
}

static void header_mac(struct secrets *secrets, const uint8_t *bytes, size_t length,
		       uint8_t mac[static AGE_MAC_SIZE])
{
	age_hkdf(secrets->mac_key, secrets->file_key, AGE_FILE_KEY, NULL, 0, "header");
	crypto_auth_hmacsha256(mac, bytes, length, secrets->mac_key);
}

static void payload_key(const struct secrets *secrets, const uint8_t nonce[static AGE_NONCE_SIZE],
			uint8_t key[static AGE_PAYLOAD_KEY])
{
	age_hkdf(key, secrets->file_key, AGE_FILE_KEY, nonce, AGE_NONCE_SIZE, "payload");
}

static void encode(const uint8_t bytes[static AGE_KEY_SIZE], char text[static AGE_X25519_TEXT + 1])
{
	sodium_bin2base64(text, AGE_X25519_TEXT + 1, bytes, AGE_KEY_SIZE,
			  sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
}

static void append(struct age_head *head, const char *text)
{
	memcpy(head->bytes + head->length, text, strlen(text));
	head->length += strlen(text);
}

static int append_stanza(struct age_head *head, const struct age_recipient *recipient,
			 struct secrets *secrets)
{
	char share_text[AGE_X25519_TEXT + 1], body_text[AGE_X25519_TEXT + 1];
	uint8_t share[AGE_KEY_SIZE], body[AGE_X25519_BODY];
	char stanza[STANZA_LENGTH + 1];
	int r;

	r = age_x25519_wrap(recipient, secrets->file_key, &secrets->x25519, share, body);
	if (r < 0)
		return r;
	encode(share, share_text);
	encode(body, body_text);
	snprintf(stanza, sizeof(stanza), STANZA_FORMAT, share_text, body_text);
	append(head, stanza);
	return 0;
}

static void append_end(struct age_head *head, struct secrets *secrets)
{
	char text[AGE_MAC_TEXT + 1], line[END_LENGTH + 1];
	uint8_t mac[AGE_MAC_SIZE];

	append(head, AGE_MAC_MARK);
	header_mac(secrets, head->bytes, head->length, mac);
	encode(mac, text);
	snprintf(line, sizeof(line), " %s\n", text);
	append(head, line);
}

int age_lock(const struct age_recipient *recipients, size_t count, struct age_head *head,
	     uint8_t key[static AGE_PAYLOAD_KEY])
{
	struct secrets *secrets;
	int r = 0;

	if (count == 0 || count > AGE_RECIPIENTS_MAX)
		return -EINVAL;
	secrets = sodium_malloc(sizeof(*secrets));
	if (!secrets)
		return -ENOMEM;
	randombytes_buf(secrets->file_key, AGE_FILE_KEY);
	head->length = 0;
	append(head, AGE_VERSION);
	for (size_t i = 0; r == 0 && i < count; i++)
		r = append_stanza(head, &recipients[i], secrets);
	if (r < 0)
		goto out;
	append_end(head, secrets);
	randombytes_buf(head->bytes + head->length, AGE_NONCE_SIZE);
	payload_key(secrets, head->bytes + head->length, key);
	head->length += AGE_NONCE_SIZE;
out:
	sodium_free(secrets);
	return r;
}

/* The rules that hold whoever reads: well-formed stanzas of the known types, and scrypt alone. */
static int check_stanzas(const struct age_header *header)
{
	struct age_stanza stanza;
	bool passphrase = false;
	size_t at = 0, count = 0;

	while (age_header_next(header, &at, &stanza)) {
		count++;
		if (age_word_is(&stanza.args[0], AGE_X25519_TYPE) && !age_x25519_is_sound(&stanza))
			return AGE_BAD_HEADER;
		if (!age_word_is(&stanza.args[0], AGE_SCRYPT_TYPE))
			continue;
		if (!age_scrypt_is_sound(&stanza))
			return AGE_BAD_HEADER;
		passphrase = true;
	}
	return passphrase && count > 1 ? AGE_BAD_HEADER : 0;
}

/* The first identity that opens a stanza; a share of low order on the way ends it. */
static int find_file_key(const struct age_header *header, const struct age_keyring *ring,
			 struct secrets *secrets)
{
	struct age_stanza stanza;
	size_t at = 0;
	int r;

	while (age_header_next(header, &at, &stanza)) {
		if (!age_word_is(&stanza.args[0], AGE_X25519_TYPE))
			continue;
		for (size_t i = 0; i < ring->count; i++) {
			r = age_x25519_unwrap(&stanza, &ring->identities[i], &secrets->x25519,
					      secrets->file_key);
			if (r != AGE_NO_MATCH)
				return r;
		}
	}
	return AGE_NO_MATCH;
}

static int open_header(const struct age_header *header, const struct age_keyring *ring,
		       struct secrets *secrets)
{
	uint8_t mac[AGE_MAC_SIZE];
	int r;

	r = find_file_key(header, ring, secrets);
	if (r < 0)
		return r;
	header_mac(secrets, header->bytes, header->mac_covers, mac);
	return sodium_memcmp(mac, header->mac, sizeof(mac)) == 0 ? 0 : AGE_BAD_MAC;
}

int age_unlock(const uint8_t *bytes, size_t available, const struct age_keyring *ring,
	       size_t *length, uint8_t key[static AGE_PAYLOAD_KEY])
{
	struct secrets *secrets;
	struct age_header header;
	int r;

	sodium_memzero(key, AGE_PAYLOAD_KEY);
	r = age_header_parse(&header, bytes, available);
	if (r == 0)
		r = check_stanzas(&header);
	if (r < 0)
		return r;
	secrets = sodium_malloc(sizeof(*secrets));
	if (!secrets)
		return -ENOMEM;
	r = open_header(&header, ring, secrets);
	if (r < 0)
		goto out;
	/* Without the nonce there is no payload that could be wrong: the head is incomplete. */
	r = AGE_BAD_HEADER;
	if (available - header.length < AGE_NONCE_SIZE)
		goto out;
	payload_key(secrets, bytes + header.length, key);
	*length = header.length + AGE_NONCE_SIZE;
	r = 0;
out:
	sodium_free(secrets);
	return r;
}
