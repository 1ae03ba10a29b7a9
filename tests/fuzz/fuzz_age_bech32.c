// SPDX-License-Identifier: GPL-2.0-or-later
/* Keys as text. What is taken must be exactly what is written for the same bytes. */
#include "tests/fuzz/fuzz.h"

#include <sodium.h>
#include <string.h>

#include "agent/lib/age/age_bech32.h"
#include "agent/lib/age/age_key.h"

static const char *const prefixes[] = { "age", "AGE-SECRET-KEY-" };

/* A file of identities: what is read comes back, whatever stands around it. */
static void read_lines(const uint8_t *data, size_t size)
{
	struct age_keyring *ring = age_keyring_new();
	char text[AGE_IDENTITY_TEXT];
	const char *at = (const char *)data, *end = at + size;

	MUST(ring);
	for (const char *next; at < end; at = next + 1) {
		next = memchr(at, '\n', (size_t)(end - at));
		next = next ? next : end;
		if (age_keyring_add(ring, at, (size_t)(next - at)) != 0)
			continue;
		age_identity_format(&ring->identities[ring->count - 1], text);
		MUST((size_t)(next - at) == strlen(text) && memcmp(text, at, strlen(text)) == 0);
	}
	MUST(ring->count <= AGE_IDENTITIES_MAX);
	age_keyring_free(ring);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char again[AGE_BECH32_PREFIX_MAX + AGE_BECH32_TAIL + 1];
	uint8_t bytes[AGE_BECH32_DATA];
	struct age_recipient recipient;
	const char *text = (const char *)data;

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		memset(bytes, 0xa5, sizeof(bytes));
		if (!age_bech32_decode(text, size, prefixes[i], bytes)) {
			MUST(sodium_is_zero(bytes, sizeof(bytes)));
			continue;
		}
		age_bech32_encode(bytes, prefixes[i], again);
		MUST(size == strlen(again) && memcmp(again, text, size) == 0);
	}
	if (age_recipient_parse(&recipient, text, size) == 0) {
		age_recipient_format(&recipient, again);
		MUST(size == strlen(again) && memcmp(again, text, size) == 0);
	}
	/* Any 32 bytes are written, and read again. */
	if (size >= sizeof(bytes)) {
		age_bech32_encode(data, prefixes[data[0] & 1], again);
		MUST(age_bech32_decode(again, strlen(again), prefixes[data[0] & 1], bytes));
		MUST(memcmp(bytes, data, sizeof(bytes)) == 0);
	}
	read_lines(data, size);
	return 0;
}
