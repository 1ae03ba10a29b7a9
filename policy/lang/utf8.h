/* SPDX-License-Identifier: GPL-2.0-or-later */
/* UTF-8 (RFC 3629), as far as a language of lines and columns needs it. */
#ifndef AIRGAP_POLICY_UTF8_H
#define AIRGAP_POLICY_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * utf8_decode - the character at @bytes
 *
 * Returns how many bytes it takes, 1 to 4; 0 when they are no character: cut off, overlong, a
 * surrogate, or beyond U+10FFFF. @length must not be 0.
 */
size_t utf8_decode(const char *bytes, size_t length, uint32_t *character);

/**
 * utf8_is_control - whether a character may not stand in a text of ours
 *
 * Control characters (tab and newline are the caller's to admit), line separators, and the marks
 * that turn the direction of writing or have no width: with those, what is shown is not what is read.
 */
bool utf8_is_control(uint32_t character);

/** utf8_width - columns of a terminal that a character fills: 0, 1 or 2 */
unsigned int utf8_width(uint32_t character);

#endif
