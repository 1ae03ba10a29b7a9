/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys as text: Bech32 (BIP 173) of 32 bytes, as C2SP age.md uses it: the checksum is computed over
 * lower case, and the length limit of BIP 173 does not hold.
 */
#ifndef AIRGAP_AGE_BECH32_H
#define AIRGAP_AGE_BECH32_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AGE_BECH32_DATA 32
/* Characters after the prefix: separator, 52 of data, 6 of checksum */
#define AGE_BECH32_TAIL 59
/* The longest prefix */
#define AGE_BECH32_PREFIX_MAX 16

/**
 * age_bech32_decode - the bytes of @text, if it is exactly what an encoder would write
 * @prefix: that it must have ("age", "AGE-SECRET-KEY-"); the text must be all of the prefix's case
 *
 * Returns false otherwise, @out being zero then. Keeps no copy of what it read.
 */
bool age_bech32_decode(const char *text, size_t length, const char *prefix,
		       uint8_t out[static AGE_BECH32_DATA]);

/**
 * age_bech32_encode - write @data as text in the case of @prefix
 * @out: room for the prefix, AGE_BECH32_TAIL and a NUL; the caller wipes it if it is secret
 */
void age_bech32_encode(const uint8_t data[static AGE_BECH32_DATA], const char *prefix, char *out);

#endif
