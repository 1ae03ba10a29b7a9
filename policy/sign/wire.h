/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A bounded reader of the SSH wire encoding (RFC 4251 section 5): bytes, 32-bit numbers in network
 * order, and strings with a length before them.
 *
 * A read that would pass the end changes nothing and answers false. What a string yields is a view
 * into the bytes being read and lives as long as they do.
 *
 * A view keeps the start of all the bytes and two places in them, and every check compares one place
 * with a bound: so the analyser of tests/verify can follow each read from interval to interval.
 */
#ifndef AIRGAP_SIGN_WIRE_H
#define AIRGAP_SIGN_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wire {
	const uint8_t *bytes;
	size_t at; /* never above end */
	size_t end;
};

void wire_init(struct wire *wire, const uint8_t *bytes, size_t length);
bool wire_u8(struct wire *wire, uint8_t *value);
bool wire_u32(struct wire *wire, uint32_t *value);

/* wire_string - the next string, as a reader of its own */
bool wire_string(struct wire *wire, struct wire *string);

/* wire_raw - the next @count bytes, copied */
bool wire_raw(struct wire *wire, uint8_t *out, size_t count);

/* wire_rest - how many bytes are left */
size_t wire_rest(const struct wire *wire);

/* wire_is - true when exactly @text is left */
bool wire_is(const struct wire *wire, const char *text);

/*
 * The writing side, for what is hashed or shown; @out must have room, which callers prove by sizing
 * it from the constants of sshkey.h and sshsig.h. Both return how many bytes they wrote.
 */
size_t wire_put_u32(uint8_t *out, uint32_t value);
size_t wire_put_string(uint8_t *out, const void *bytes, size_t length);

#endif
