/* SPDX-License-Identifier: GPL-2.0-or-later */
/* As much of libsodium's interface as base64.c calls, for an analyser that sees no system headers. */
#ifndef AIRGAP_TESTS_VERIFY_SODIUM_H
#define AIRGAP_TESTS_VERIFY_SODIUM_H

#include <stddef.h>

#define sodium_base64_VARIANT_ORIGINAL		  1
#define sodium_base64_VARIANT_ORIGINAL_NO_PADDING 3

int sodium_base642bin(unsigned char *const bin, const size_t bin_maxlen, const char *const b64,
		      const size_t b64_len, const char *const ignore, size_t *const bin_len,
		      const char **const b64_end, const int variant);
size_t sodium_base64_encoded_len(const size_t bin_len, const int variant);
char *sodium_bin2base64(char *const b64, const size_t b64_maxlen, const unsigned char *const bin,
			const size_t bin_len, const int variant);

#endif
