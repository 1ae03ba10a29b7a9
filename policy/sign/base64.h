/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Base64 (RFC 4648 section 4) in its one canonical spelling, over libsodium. */
#ifndef AIRGAP_SIGN_BASE64_H
#define AIRGAP_SIGN_BASE64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The longest text that base64_decode() takes: more than any key or signature needs. */
#define BASE64_TEXT_MAX 1024

/**
 * base64_decode - decode text that must be exactly what an encoder would write
 * @text: the characters, without white space; @length of them
 * @out: room for @max bytes
 * @out_length: set to the number of bytes
 *
 * Missing padding, bits left over in the last character and foreign characters are refused, so two
 * different texts never decode to the same bytes. Returns false then, with nothing promised about
 * @out.
 */
bool base64_decode(const char *text, size_t length, uint8_t *out, size_t max, size_t *out_length);

/* base64_decode_bare - the same without padding, as age writes it; no text at all is no bytes */
bool base64_decode_bare(const char *text, size_t length, uint8_t *out, size_t max,
			size_t *out_length);

#endif
