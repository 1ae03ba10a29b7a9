// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/enrolment.h"

#include <sodium.h>
#include <string.h>

static void hash_line(crypto_hash_sha256_state *state, const char *text)
{
	crypto_hash_sha256_update(state, (const uint8_t *)text, strlen(text));
	crypto_hash_sha256_update(state, (const uint8_t *)"\n", 1);
}

static void hash_hex(crypto_hash_sha256_state *state, const uint8_t bytes[static 32])
{
	char hex[65];

	hash_line(state, sodium_bin2hex(hex, sizeof(hex), bytes, 32));
}

void enrolment_fingerprint(const struct enrolment *enrolment,
			   char fingerprint[static ENROLMENT_FINGERPRINT_SIZE])
{
	char key[TLOG_KEY_TEXT_SIZE], hex[65];
	crypto_hash_sha256_state state;
	uint8_t hash[32];
	size_t used = 0;

	crypto_hash_sha256_init(&state);
	hash_line(&state, "airgap-enrolment@v2");
	hash_line(&state, enrolment->number);
	hash_line(&state, enrolment->unit);
	hash_line(&state, enrolment->level);
	hash_line(&state, enrolment->custodian);
	hash_line(&state, enrolment->room);
	hash_line(&state, enrolment->standalone ? "standalone" : "network");
	tlog_key_format(enrolment->log, key);
	hash_line(&state, key);
	hash_hex(&state, enrolment->pin);
	hash_line(&state, enrolment->recipient);
	hash_hex(&state, enrolment->trust);
	crypto_hash_sha256(hash, enrolment->sealed, enrolment->sealed_length);
	hash_hex(&state, hash);
	crypto_hash_sha256_final(&state, hash);
	sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
	for (size_t i = 0; i < 32; i++) {
		if (i > 0 && i % 4 == 0)
			fingerprint[used++] = ' ';
		fingerprint[used++] = hex[i];
	}
	fingerprint[used] = 0;
}
