/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text from devices, files and other people, made fit to be shown or put into JSON. */
#ifndef AIRGAP_LIB_PRINTABLE_H
#define AIRGAP_LIB_PRINTABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * printable_next - read one UTF-8 character
 * @text: @length bytes of it are left; at least 1
 * @code: set to the character, when there is one
 *
 * Follows RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. Returns how many bytes
 * the character takes; 0 when the first byte begins none.
 */
size_t printable_next(const char *text, size_t length, uint32_t *code);

/**
 * printable_is - may this character reach a terminal?
 *
 * Control characters move the cursor, format characters turn the order of letters around or hide
 * them, private and unassigned planes show anything: none of them may.
 */
bool printable_is(uint32_t code);

/* printable_is_text - nothing but such characters, in well-formed UTF-8 */
bool printable_is_text(const char *text);

/**
 * printable_copy - @text with all that is not printable written out
 * @size: of @out; the result is cut before the character that does not fit
 *
 * A byte that is no UTF-8 becomes \xNN, a character that may not be shown \u{NNNN}. Returns @out,
 * which always ends with a NUL.
 */
char *printable_copy(char *out, size_t size, const char *text);

/* printable_new - the same in a buffer of the right size, which the caller frees; NULL: no memory. */
char *printable_new(const char *text);

/**
 * printable_utf8 - @text as valid UTF-8, for JSON, which has its own escapes for the rest
 *
 * Only bytes that are no UTF-8 are written out, and DEL, for which jansson uses no escape. Returns
 * @out.
 */
char *printable_utf8(char *out, size_t size, const char *text);

#endif
