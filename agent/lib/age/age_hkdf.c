// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/age/age_hkdf.h"

#include <sodium.h>
#include <string.h>

_Static_assert(AGE_HKDF_SIZE == crypto_auth_hmacsha256_BYTES, "one block of output is all");

void age_hkdf(uint8_t out[static AGE_HKDF_SIZE], const uint8_t *secret, size_t secret_size,
	      const uint8_t *salt, size_t salt_size, const char *info)
{
	static const uint8_t first_block = 1, no_salt[1];
	crypto_auth_hmacsha256_state state;
	uint8_t extracted[crypto_auth_hmacsha256_BYTES];

	crypto_auth_hmacsha256_init(&state, salt_size ? salt : no_salt, salt_size);
	crypto_auth_hmacsha256_update(&state, secret, secret_size);
	crypto_auth_hmacsha256_final(&state, extracted);

	crypto_auth_hmacsha256_init(&state, extracted, sizeof(extracted));
	crypto_auth_hmacsha256_update(&state, (const uint8_t *)info, strlen(info));
	crypto_auth_hmacsha256_update(&state, &first_block, sizeof(first_block));
	crypto_auth_hmacsha256_final(&state, out);

	sodium_memzero(extracted, sizeof(extracted));
	sodium_memzero(&state, sizeof(state));
}
