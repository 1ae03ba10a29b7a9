/* SPDX-License-Identifier: GPL-2.0-or-later */
/* HKDF-SHA-256 (RFC 5869) with 32 bytes of output, over libsodium's HMAC: 1.0.18 has none. */
#ifndef AIRGAP_AGE_HKDF_H
#define AIRGAP_AGE_HKDF_H

#include <stddef.h>
#include <stdint.h>

#define AGE_HKDF_SIZE 32

/**
 * age_hkdf - derive a key
 * @secret: input keying material, @secret_size bytes
 * @salt: @salt_size bytes; may be NULL when that is 0
 * @info: what the key is for
 *
 * Leaves nothing of what it computed but @out, which the caller wipes.
 */
void age_hkdf(uint8_t out[static AGE_HKDF_SIZE], const uint8_t *secret, size_t secret_size,
	      const uint8_t *salt, size_t salt_size, const char *info);

#endif
