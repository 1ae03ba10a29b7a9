/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the texts of a transfer have in common: names of files, ids, digests, times. */
#ifndef AIRGAP_POLICY_TRANSFER_BATCH_H
#define AIRGAP_POLICY_TRANSFER_BATCH_H

#include <stddef.h>
#include <stdint.h>

#define TRANSFER_ID_SIZE	16 /* of a batch, and of an object; random */
#define TRANSFER_ID_TEXT	33 /* 32 digits 0-9 a-f, NUL */
#define TRANSFER_DIGEST		32 /* BLAKE2b-256, as `b2sum -l 256` prints it */
#define TRANSFER_DIGEST_TEXT	65
#define TRANSFER_RECIPIENT	64  /* "age1...", as text */
#define TRANSFER_NAME_SIZE	512 /* of a file, with the folders it lies in: "minutes/july.odt" */
#define TRANSFER_TERMINAL_SIZE	65
#define TRANSFER_TERM_SIZE	129 /* 保密期限, as the author states it */
#define TRANSFER_BASIS_SIZE	257 /* 定密依据 */
#define TRANSFER_RECIPIENTS_MAX 64
#define TRANSFER_APPROVALS_MAX	16
/* Manifest or slip of TRANSFER_FILES_MAX files whose names are all quotes. */
#define TRANSFER_TEXT_MAX (2u * 1024 * 1024)

/**
 * transfer_name_flaw - why a file of this name cannot be transferred
 *
 * A name is relative, in parts between '/', none of them "", "." or ".."; UTF-8, no control
 * characters, at most TRANSFER_NAME_SIZE - 1 bytes. Returns NULL when it is good, else a sentence
 * without its full stop, that says what is wrong with it.
 */
const char *transfer_name_flaw(const char *name);

/* transfer_digest - BLAKE2b-256 of some bytes */
void transfer_digest(const void *bytes, size_t length, uint8_t digest[static TRANSFER_DIGEST]);

/* transfer_id_format, transfer_digest_format - digits 0-9 a-f */
void transfer_id_format(const uint8_t id[static TRANSFER_ID_SIZE],
			char out[static TRANSFER_ID_TEXT]);
void transfer_digest_format(const uint8_t digest[static TRANSFER_DIGEST],
			    char out[static TRANSFER_DIGEST_TEXT]);

#endif
