/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ring of batches behind object.h. */
#ifndef AIRGAP_TRANSFER_OBJECT_RING_H
#define AIRGAP_TRANSFER_OBJECT_RING_H

#include <sodium.h>

#include "agent/lib/age/age_chunk.h"
#include "agent/transfer/object.h"

struct object_ring {
	enum age_direction direction;
	const struct object_io *io;
	int in, out;
	uint64_t start; /* of the payload in the sealed file */
	uint64_t size;	/* of the content */
	const uint8_t *key;
	crypto_generichash_state *plain, *sealed; /* the latter has seen the head */
	const struct object_watch *watch;
};

/* object_ring_run - seal or open all of a payload; as object_seal() and object_open() */
int object_ring_run(struct object_ring *ring);

#endif
