/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON written straight as text, where a permit waits for it. What it writes is what jansson does with
 * JSON_COMPACT and JSON_ENSURE_ASCII: ASCII without control characters.
 */
#ifndef AIRGAP_LIB_JSON_TEXT_H
#define AIRGAP_LIB_JSON_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* What did not fit any more shows as length > size. There is no NUL at the end. */
struct json_text {
	char *text;
	size_t size;
	size_t length;
};

/* json_text_raw - as it is: names, brackets, commas */
void json_text_raw(struct json_text *out, const char *text);

/* json_text_string - any bytes up to the NUL, as printable_utf8() makes them UTF-8, in quotes */
void json_text_string(struct json_text *out, const char *bytes);

/* json_text_number - up to INT64_MAX, which stands for all beyond it: readers keep 63 bits */
void json_text_number(struct json_text *out, uint64_t number);

/* json_text_hex - two digits a byte, without quotes */
void json_text_hex(struct json_text *out, const uint8_t *bytes, size_t count);

#endif
