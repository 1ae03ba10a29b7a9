/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * age v1 from file to file, with all processors and bounded memory: 256 KiB for each thread, besides
 * the programs and libraries themselves.
 */
#ifndef AIRGAP_AGE_FILE_H
#define AIRGAP_AGE_FILE_H

#include <stdatomic.h>

#include "agent/lib/age/age_chunk.h"
#include "agent/lib/age/age_key.h"

#define AGE_THREADS_MAX 8u

/* How to do it. All zero will do. */
struct age_work {
	const struct age_cipher *cipher; /* NULL: libsodium */
	/*
	 * 0: one for each processor, AGE_THREADS_MAX at most. 1: in the calling thread, for programs
	 * that may not make others.
	 */
	unsigned int threads;
	/* Set by anyone (a signal handler too) to end the work soon with -ECANCELED; may be NULL */
	const atomic_bool *cancel;
	/* Called in the calling thread, some ten times a second, and at the end; may be NULL */
	void (*progress)(void *context, uint64_t done, uint64_t total);
	void *context;
};

/**
 * age_encrypt_file - encrypt all of one file into another
 * @in, @out: two regular files; read and written by offset from 0, wherever they stand
 * @recipients: @count of them, 1 to AGE_RECIPIENTS_MAX
 * @work: may be NULL
 *
 * What @out held before is gone. The caller calls fsync, which alone makes it last. Returns 0;
 * -EINVAL as age_lock(), or when both are one file; -ESPIPE when one is no regular file; -ESTALE
 * when @in changed meanwhile; -ECANCELED; or -errno. @out is empty then, or untouched where the
 * arguments were wrong.
 */
int age_encrypt_file(int in, int out, const struct age_recipient *recipients, size_t count,
		     const struct age_work *work);

/**
 * age_decrypt_file - the reverse
 *
 * The last chunk is verified first, so a file that was cut gives nothing. Returns as
 * age_encrypt_file(), and the AGE_ errors. @out is empty unless it is complete and genuine.
 */
int age_decrypt_file(int in, int out, const struct age_keyring *ring, const struct age_work *work);

#endif
