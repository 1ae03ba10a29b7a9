/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The counter of a medium: a text that is written anew at each use, into the slot that holds the
 * older of two (DESIGN section 6).
 *
 *	airgap-counter 1
 *	counter {
 *	    medium    9f3c5e00112233445566778899aabbcc
 *	    sequence  12
 *	    mark      4b0d8f3a2c5e697887a6b5c4d3e2f101
 *	    previous  "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
 *	}
 *	sha256:0f3e...
 *
 * The last line is the seal: the SHA-256 of the text above it. It tells a torn write from a whole
 * one, and nothing else: the counter is not signed, for the terminal that writes it may not speak
 * for the office. What it shows is that two copies of one medium went separate ways, to whoever
 * remembers one of them: their sequence, or their marks, differ.
 */
#ifndef AIRGAP_POLICY_MEDIUM_COUNTER_H
#define AIRGAP_POLICY_MEDIUM_COUNTER_H

#include <stddef.h>
#include <stdint.h>

#include "policy/medium/record.h"

/* Seal and all; a counter of 48 bits has some 300 bytes. */
#define MEDIUM_COUNTER_TEXT_MAX 512

/* Fixed size, no pointers. */
struct medium_counter {
	uint8_t medium[MEDIUM_ID_SIZE];
	uint64_t sequence; /* 1 at the enrolment; 0: there is none */
	uint8_t mark[MEDIUM_ID_SIZE];
	uint8_t previous[MEDIUM_DIGEST_SIZE];
	uint8_t digest[MEDIUM_DIGEST_SIZE]; /* of the text, as in its seal */
};

/**
 * medium_counter_parse - a counter with its seal
 * @text: the text and the seal's line, and nothing after it; need not be ended by NUL
 * @counter: filled when 0 is returned, else zeroed
 *
 * Returns 0; -EBADMSG for anything but a whole counter in its one spelling; -ENOMEM.
 */
int medium_counter_parse(const char *text, size_t length, struct medium_counter *counter);

/**
 * medium_counter_print - the text with its seal
 * @counter: its digest is set
 * @out: a NUL follows the text
 *
 * Returns the length.
 */
size_t medium_counter_print(struct medium_counter *counter,
			    char out[static MEDIUM_COUNTER_TEXT_MAX]);

/**
 * medium_counter_first - of a medium that is being enrolled
 * @record: with its digest
 */
void medium_counter_first(const struct medium_record *record, struct medium_counter *counter);

/* medium_counter_next - what is written at the use after @now; @next may not be @now */
void medium_counter_next(const struct medium_counter *now, struct medium_counter *next);

#endif
