/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One object: sealed or opened in a single pass, with the BLAKE2b-256 of both of its forms, by as many
 * threads as there are processors.
 *
 * The two digests are the brake, as each is one chain from the first byte to the last; encryption is
 * not. So batches of two chunks stand in a ring, and every thread takes what is next: a batch to be
 * digested in clear, one to be digested sealed, or a new one to be read, encrypted and written. Memory:
 * a quarter of a MiB for each
 * thread, and two more.
 */
#ifndef AIRGAP_TRANSFER_OBJECT_H
#define AIRGAP_TRANSFER_OBJECT_H

#include <stddef.h>
#include <stdint.h>

#include "agent/lib/age/age_key.h"
#include "agent/transfer/object_io.h"
#include "agent/transfer/work.h"
#include "policy/transfer/batch.h"

/* More would wait for the digests. */
#define OBJECT_THREADS_MAX 4u

struct object_digests {
	uint64_t size; /* of the content */
	uint64_t sealed_size;
	uint8_t plain[TRANSFER_DIGEST];
	uint8_t sealed[TRANSFER_DIGEST];
};

/* How one object counts in the work on many. */
struct object_watch {
	const struct work *work;       /* may be NULL */
	struct work_progress progress; /* its done: of the objects before */
};

/**
 * object_seal - encrypt a file
 * @in: regular, read by offset from 0
 * @out: empty; written through @io, from 0
 * @watch: may be NULL
 *
 * Whether it lasts is for fsync to say. Written pages are handed to the device as the work goes on, so
 * that progress is true and that fsync takes no time at the end. Returns 0; -EINVAL for wrong recipients;
 * -ESTALE when @in became shorter; -ECANCELED; or -errno. On error @out is to be removed.
 */
int object_seal(const struct object_io *io, int in, int out, const struct age_recipient *recipients,
		size_t count, const struct object_watch *watch, struct object_digests *digests);

/**
 * object_open - decrypt a file
 *
 * Returns 0 when every chunk was genuine for the key; whether it is the right object, and the right
 * content, is for the caller to compare, who discards @out otherwise. Else an AGE_ error, or as
 * object_seal().
 */
int object_open(int in, int out, const struct age_keyring *ring, const struct object_watch *watch,
		struct object_digests *digests);

/**
 * object_digest - of a file as it stands
 * @fresh: drop what the kernel has of it in memory first, so that the device is asked
 */
int object_digest(int fd, int fresh, const struct object_watch *watch, uint64_t *size,
		  uint8_t digest[static TRANSFER_DIGEST]);

/* object_sealed_size - of a content of @size bytes for @count recipients; 0: no such count */
uint64_t object_sealed_size(uint64_t size, size_t count);

/* object_watch_tell - @done bytes of this object are done */
void object_watch_tell(const struct object_watch *watch, uint64_t done);

#endif
