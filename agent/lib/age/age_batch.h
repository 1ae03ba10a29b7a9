/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The chunks of a payload in batches of four, by as many threads as there are processors. Where each
 * batch is read and written follows from its number, so the threads need nothing from each other.
 */
#ifndef AIRGAP_AGE_BATCH_H
#define AIRGAP_AGE_BATCH_H

#include "agent/lib/age/age_file.h"

#define AGE_BATCH_CHUNKS 4u
#define AGE_BATCH_SIZE	 (AGE_BATCH_CHUNKS * AGE_CHUNK_SIZE)

struct age_batches {
	enum age_direction direction;
	int in, out;
	uint64_t in_start, out_start; /* of content or payload in its file */
	uint64_t size;		      /* of the content */
	uint8_t *key;		      /* of the payload; borrowed */
	const struct age_work *work;
};

/**
 * age_batches_run - seal or open all of a payload
 *
 * Returns 0; AGE_BAD_PAYLOAD; -ESTALE when the input is shorter than it should be; -ECANCELED; or
 * -errno. Then some batches may have been written, and the caller discards them.
 */
int age_batches_run(const struct age_batches *batches);

#endif
