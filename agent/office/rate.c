// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/rate.h"

#include <sodium.h>
#include <string.h>

/* Not to be guessed, so that nobody can choose whose slot to fill. */
static uint8_t secret[crypto_shorthash_KEYBYTES];

static uint64_t key_of(const char *who)
{
	static bool ready;
	uint8_t hash[crypto_shorthash_BYTES];
	uint64_t key;

	if (!ready)
		randombytes_buf(secret, sizeof(secret));
	ready = true;
	crypto_shorthash(hash, (const uint8_t *)who, strlen(who), secret);
	memcpy(&key, hash, sizeof(key));
	return key;
}

bool rate_allow(struct rate *rate, const char *who, int64_t now_us)
{
	uint64_t key = key_of(who);
	int64_t *full_us = &rate->full_us[key % RATE_SLOTS];
	const int64_t most_us = (int64_t)rate->burst * rate->interval_us;

	/* After the clock was set back nobody waits longer than an empty bucket takes. */
	if (*full_us > now_us + most_us)
		*full_us = now_us + most_us;
	if (*full_us < now_us)
		*full_us = now_us;
	if (*full_us + rate->interval_us > now_us + most_us)
		return false;
	*full_us += rate->interval_us;
	return true;
}
