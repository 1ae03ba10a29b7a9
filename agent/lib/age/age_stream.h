/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * age v1 from beginning to end, one chunk at a time: for pipes, for content that is still being
 * made, and for buffers. Memory is bounded: two chunks of 64 KiB.
 */
#ifndef AIRGAP_AGE_STREAM_H
#define AIRGAP_AGE_STREAM_H

#include "agent/lib/age/age_io.h"
#include "agent/lib/age/age_key.h"

struct age_writer;

/**
 * age_writer_new - begin a file encrypted to @count recipients (1 to AGE_RECIPIENTS_MAX)
 * @sink: gets the file, head first; copied
 * @writer: set; age_writer_free() frees it
 *
 * Returns 0; -EINVAL as age_lock(); -ENOMEM; or what the sink answered.
 */
int age_writer_new(const struct age_recipient *recipients, size_t count,
		   const struct age_sink *sink, struct age_writer **writer);

/* age_writer_write - more of the content; 0 or -errno, after which only age_writer_free() is left */
int age_writer_write(struct age_writer *writer, const void *data, size_t length);

/* age_writer_finish - seal the last chunk. What was not finished, no reader takes for complete. */
int age_writer_finish(struct age_writer *writer);

/* age_writer_free - wipe and free, finished or not; NULL is fine */
void age_writer_free(struct age_writer *writer);

/* age_encrypt_stream - a whole file from a source; as the above */
int age_encrypt_stream(const struct age_source *source, const struct age_sink *sink,
		       const struct age_recipient *recipients, size_t count);

/**
 * age_decrypt_stream - open a file and hand out what it holds, chunk by chunk
 *
 * A chunk is genuine when it is handed out, but only 0 says that it was all: on any other result the
 * caller discards what it got. Returns 0, an AGE_ error, -ENOMEM, or what source or sink answered.
 */
int age_decrypt_stream(const struct age_source *source, const struct age_sink *sink,
		       const struct age_keyring *ring);

/**
 * age_encrypt_buffer - a whole file in memory
 * @out: set to the file, which the caller frees
 */
int age_encrypt_buffer(const void *data, size_t length, const struct age_recipient *recipients,
		       size_t count, uint8_t **out, size_t *out_length);

/**
 * age_decrypt_buffer - the reverse
 * @out: set to the content, which the caller wipes and frees; never part of a content
 */
int age_decrypt_buffer(const void *data, size_t length, const struct age_keyring *ring,
		       uint8_t **out, size_t *out_length);

#endif
