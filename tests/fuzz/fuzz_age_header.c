// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Heads of age files. A header that is taken has one spelling: written again from what was parsed, it
 * is the same bytes. And none is opened but the one in the corpus that was made for the key below.
 */
#include "tests/fuzz/fuzz.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/age/age_lock.h"
#include "agent/lib/age/age_result.h"

/* The identity of C2SP age.md, for which make-corpus encrypts too */
#define IDENTITY "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"

/* One line of the header, newline and all. */
static size_t line_length(const struct age_header *header, size_t at)
{
	const uint8_t *end = memchr(header->bytes + at, '\n', header->length - at);

	MUST(end);
	return (size_t)(end - header->bytes) - at + 1;
}

/* What was parsed of the stanza at @from, against its bytes. */
static void stanza_is(const struct age_header *header, size_t from, size_t to,
		      const struct age_stanza *stanza)
{
	size_t at = from + line_length(header, from), length = 3, body = 0, columns;
	char first[AGE_BODY_COLUMNS + 1];

	MUST(stanza->arg_count > 0);
	for (size_t i = 0; i < stanza->arg_count && i < AGE_ARGS_KEPT; i++) {
		MUST(memcmp(header->bytes + from + length, stanza->args[i].at,
			    stanza->args[i].length) == 0);
		length += stanza->args[i].length + 1;
	}
	MUST(stanza->arg_count > AGE_ARGS_KEPT || length == at - from);
	sodium_bin2base64(first, sizeof(first), stanza->body,
			  stanza->body_length < AGE_BODY_KEPT ? stanza->body_length : AGE_BODY_KEPT,
			  sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
	columns = line_length(header, at) - 1;
	MUST(columns == strlen(first) && memcmp(header->bytes + at, first, columns) == 0);
	while (at < to) {
		columns = line_length(header, at) - 1;
		MUST(columns <= AGE_BODY_COLUMNS);
		MUST((columns < AGE_BODY_COLUMNS) == (at + columns + 1 == to));
		body += columns * 3 / 4;
		at += columns + 1;
	}
	MUST(at == to && body == stanza->body_length);
}

static void header_holds(const struct age_header *header, size_t size)
{
	char mac[AGE_MAC_TEXT + 1];
	struct age_stanza stanza;
	size_t at = 0, before = strlen(AGE_VERSION);

	MUST(header->length <= size && header->length <= AGE_HEADER_MAX);
	MUST(header->length == header->mac_covers + 1 + AGE_MAC_TEXT + 1);
	sodium_bin2base64(mac, sizeof(mac), header->mac, sizeof(header->mac),
			  sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
	MUST(memcmp(header->bytes + header->mac_covers + 1, mac, AGE_MAC_TEXT) == 0);
	while (age_header_next(header, &at, &stanza)) {
		stanza_is(header, before, at, &stanza);
		before = at;
	}
	MUST(before + strlen(AGE_MAC_MARK) == header->mac_covers);
}

/* The bytes that open, and no others: whoever can forge a MAC finds this. */
static void opened(const uint8_t *data, size_t length)
{
	static uint8_t *known;
	static size_t known_length;

	if (!known) {
		known = malloc(length);
		MUST(known);
		memcpy(known, data, length);
		known_length = length;
	}
	/* The nonce is not covered by the MAC: it changes the key alone. */
	MUST(length == known_length && memcmp(known, data, length - AGE_NONCE_SIZE) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t zero[AGE_PAYLOAD_KEY];
	static struct age_keyring *ring;
	uint8_t key[AGE_PAYLOAD_KEY];
	struct age_header header;
	size_t length = 0;
	int parsed, r;

	if (!ring) {
		ring = age_keyring_new();
		MUST(ring && age_keyring_add(ring, IDENTITY, strlen(IDENTITY)) == 0);
	}
	parsed = age_header_parse(&header, data, size);
	MUST(parsed == 0 || parsed == AGE_BAD_HEADER);
	if (parsed == 0)
		header_holds(&header, size);
	memset(key, 0xa5, sizeof(key));
	r = age_unlock(data, size, ring, &length, key);
	MUST(r == 0 || r == AGE_BAD_HEADER || r == AGE_NO_MATCH || r == AGE_BAD_MAC);
	MUST(parsed == 0 || r == AGE_BAD_HEADER);
	MUST((r == 0) == (memcmp(key, zero, sizeof(key)) != 0));
	if (r == 0) {
		MUST(length == header.length + AGE_NONCE_SIZE && length <= size);
		opened(data, length);
	}
	return 0;
}
