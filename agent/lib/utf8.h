/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AIRGAP_LIB_UTF8_H
#define AIRGAP_LIB_UTF8_H

#include <stdbool.h>

/**
 * utf8_is_text - is @text well-formed UTF-8 (RFC 3629) without control characters?
 *
 * C0, DEL, C1 and the bidirectional controls that can make a line read other than it is
 * (U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069) are refused.
 */
bool utf8_is_text(const char *text);

#endif
