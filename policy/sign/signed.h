/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signed files: a text, then one or more armoured SSH signatures over all of the text, then nothing.
 *
 * The text is every byte before the first line that is exactly SSHSIG_BEGIN, so that plain
 * `ssh-keygen -Y sign` over the text, and concatenation, make such a file. It ends with a newline,
 * and no other line of it begins with five dashes: a damaged armour line is named, never read as
 * text. One bad block fails the whole file.
 */
#ifndef AIRGAP_SIGN_SIGNED_H
#define AIRGAP_SIGN_SIGNED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/sign/namespace.h"
#include "policy/sign/sshsig.h"

#define SIGNED_BLOCKS_MAX  16
#define SIGNED_DIGEST_SIZE 32
/* A digest as it is shown and written: "sha256:", 64 hexadecimal digits, NUL */
#define SIGNED_DIGEST_TEXT 72
/* The reason why something was refused: one or more plain sentences, ended by NUL */
#define SIGNED_REASON_SIZE 768

/* What all signatures of a file may take at most: 16 with the narrowest lines that are in use. */
#define SIGNED_ARMOUR_MAX (SIGNED_BLOCKS_MAX * 1024u)

struct signed_block {
	struct sshsig sig;
	uint32_t line; /* of its BEGIN line in the file, from 1 */
};

struct signed_file {
	const uint8_t *text; /* borrowed from the bytes given to signed_split() */
	size_t text_length;
	uint8_t digest[SIGNED_DIGEST_SIZE]; /* SHA-256 of the text */
	uint32_t count;			    /* of blocks; 0 only after signed_text() */
	struct signed_block blocks[SIGNED_BLOCKS_MAX];
};

/**
 * signed_text - find the text of a file that may have no signature yet
 * @text_length: set to the number of bytes that the next signer signs
 * @reason: filled on error
 *
 * Returns 0, or -EBADMSG for an empty text, one that does not end with a newline, or one with a
 * damaged armour line in it.
 */
int signed_text(const uint8_t *bytes, size_t length, size_t *text_length,
		char reason[static SIGNED_REASON_SIZE]);

/**
 * signed_split - split a file into text and signatures; verifies nothing
 * @file: filled; borrows @bytes
 * @ns: what the file is to be; bounds its size
 * @reason: filled on error
 *
 * Returns 0; -EBADMSG when anything is malformed; -EFBIG when the file is larger than its kind may
 * be; -ENOKEY when it has no signature at all. Allocates nothing.
 */
int signed_split(struct signed_file *file, const uint8_t *bytes, size_t length,
		 enum sign_namespace ns, char reason[static SIGNED_REASON_SIZE]);

/**
 * signed_verify - verify every block of a split file against the key that it carries
 * @reason: names the first block that fails
 *
 * Returns 0 when all hold, else -EKEYREJECTED. Whose keys they are is for trust_check() to say.
 */
int signed_verify(const struct signed_file *file, enum sign_namespace ns,
		  char reason[static SIGNED_REASON_SIZE]);

/* signed_digest_format - "sha256:" and hexadecimal digits */
void signed_digest_format(const uint8_t digest[static SIGNED_DIGEST_SIZE],
			  char out[static SIGNED_DIGEST_TEXT]);

/* signed_digest_parse - the reverse; false unless it is exactly that, in lower case */
bool signed_digest_parse(uint8_t digest[static SIGNED_DIGEST_SIZE], const char *text);

#endif
