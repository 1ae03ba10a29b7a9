// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/sign/base64.h"

#include <sodium.h>
#include <string.h>

bool base64_decode(const char *text, size_t length, uint8_t *out, size_t max, size_t *out_length)
{
	char again[BASE64_TEXT_MAX + 1];

	if (length == 0 || length % 4 != 0 || length > BASE64_TEXT_MAX)
		return false;
	if (sodium_base642bin(out, max, text, length, NULL, out_length, NULL,
			      sodium_base64_VARIANT_ORIGINAL) != 0)
		return false;
	/*
	 * libsodium is strict already. Encoding again makes the promise ours rather than that of the
	 * version installed.
	 */
	if (sodium_base64_encoded_len(*out_length, sodium_base64_VARIANT_ORIGINAL) != length + 1)
		return false;
	sodium_bin2base64(again, sizeof(again), out, *out_length, sodium_base64_VARIANT_ORIGINAL);
	return memcmp(again, text, length) == 0;
}
