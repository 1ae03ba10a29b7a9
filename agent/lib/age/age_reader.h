/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading an age file in any order (C2SP age.md: "The payload can be seeked"). A byte that is read is
 * genuine for the file's key; its origin is for a signature to say.
 */
#ifndef AIRGAP_AGE_READER_H
#define AIRGAP_AGE_READER_H

#include <sys/types.h>

#include "agent/lib/age/age_chunk.h"
#include "agent/lib/age/age_key.h"

/* An opened file: where its payload is and how to decrypt it. */
struct age_payload {
	int fd;		/* borrowed */
	uint64_t start; /* of the first chunk in the file */
	uint64_t size;	/* of the content */
	uint8_t *key;
};

/**
 * age_payload_open - read the head of a regular file
 *
 * Its size tells the content's, and where the last chunk must be. No chunk is looked at. Returns 0
 * (then age_payload_close()); an AGE_ error; -ESPIPE for what is no regular file; or -errno.
 */
int age_payload_open(struct age_payload *payload, int fd, const struct age_keyring *ring);
void age_payload_close(struct age_payload *payload);

struct age_reader;

/**
 * age_reader_open - open a regular file for reads in any order
 * @fd: borrowed until age_reader_close()
 * @cipher: NULL for libsodium
 * @reader: set
 *
 * The last chunk is verified here, so the size is genuine and nothing was cut off. Returns as
 * age_payload_open().
 */
int age_reader_open(int fd, const struct age_keyring *ring, const struct age_cipher *cipher,
		    struct age_reader **reader);

/* age_reader_close - wipe and free; NULL is fine */
void age_reader_close(struct age_reader *reader);

/* age_reader_size - bytes of the content */
uint64_t age_reader_size(const struct age_reader *reader);

/**
 * age_reader_pread - some of the content, as pread(2)
 *
 * Reads as much as there is of @length. One thread at a time; the chunk read last is kept. Returns
 * the number of bytes, 0 at the end, or AGE_BAD_PAYLOAD when a chunk was changed (then @out holds
 * nothing of it), or -errno.
 */
ssize_t age_reader_pread(struct age_reader *reader, void *out, size_t length, uint64_t offset);

#endif
