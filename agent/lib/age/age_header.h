/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The textual header of an age v1 file (C2SP age.md, "Header"), parsed as strictly as its ABNF says:
 * one spelling for every value, nothing left over, and never more than AGE_HEADER_MAX bytes.
 */
#ifndef AIRGAP_AGE_HEADER_H
#define AIRGAP_AGE_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The format has no limit. This one takes some 600 recipients, or 40 of the largest type. */
#define AGE_HEADER_MAX 65536u
#define AGE_VERSION    "age-encryption.org/v1\n"
#define AGE_MAC_SIZE   32
#define AGE_MAC_TEXT   43
#define AGE_MAC_MARK   "---"
/* How much of a stanza is kept: more than the types that are understood may have */
#define AGE_ARGS_KEPT	 4
#define AGE_BODY_COLUMNS 64
#define AGE_BODY_KEPT	 48 /* one full line of base64 */

struct age_word {
	const char *at; /* borrowed from the header; no NUL */
	size_t length;
};

struct age_stanza {
	uint32_t arg_count;		     /* all of them, the type too */
	struct age_word args[AGE_ARGS_KEPT]; /* the first ones */
	size_t body_length;		     /* all of it */
	uint8_t body[AGE_BODY_KEPT];	     /* what its first line holds */
};

struct age_header {
	const uint8_t *bytes; /* borrowed */
	size_t length;	      /* with the newline that ends it; the payload begins there */
	size_t mac_covers;    /* how many of the bytes, from the first */
	uint8_t mac[AGE_MAC_SIZE];
};

/**
 * age_header_parse - find and check every line of the header that @bytes begin with
 * @available: as much of the file as there is; what follows the header is not looked at
 *
 * Says nothing of whether the types are understood, or of the MAC. Returns 0 or AGE_BAD_HEADER.
 */
int age_header_parse(struct age_header *header, const uint8_t *bytes, size_t available);

/**
 * age_header_next - the next stanza of a parsed header
 * @at: 0 before the first call; the place of the stanza after this one
 *
 * Returns false after the last.
 */
bool age_header_next(const struct age_header *header, size_t *at, struct age_stanza *stanza);

/* age_word_is - compare a word, case and all */
bool age_word_is(const struct age_word *word, const char *text);

#endif
