// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/sign/base64.h"

#include <sodium.h>
#include <string.h>

static bool decode(const char *text, size_t length, int variant, uint8_t *out, size_t max,
		   size_t *out_length)
{
	char again[BASE64_TEXT_MAX + 1];

	if (length > BASE64_TEXT_MAX)
		return false;
	if (sodium_base642bin(out, max, text, length, NULL, out_length, NULL, variant) != 0)
		return false;
	/*
	 * libsodium is strict already. Encoding again makes the promise ours rather than that of the
	 * version installed.
	 */
	if (sodium_base64_encoded_len(*out_length, variant) != length + 1)
		return false;
	sodium_bin2base64(again, sizeof(again), out, *out_length, variant);
	return memcmp(again, text, length) == 0;
}

bool base64_decode(const char *text, size_t length, uint8_t *out, size_t max, size_t *out_length)
{
	if (length == 0 || length % 4 != 0)
		return false;
	return decode(text, length, sodium_base64_VARIANT_ORIGINAL, out, max, out_length);
}

bool base64_decode_bare(const char *text, size_t length, uint8_t *out, size_t max,
			size_t *out_length)
{
	return decode(text, length, sodium_base64_VARIANT_ORIGINAL_NO_PADDING, out, max,
		      out_length);
}
