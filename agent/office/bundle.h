/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files that travel in place of a network: bundles to the office, answers back. Inside the age file
 * stand sections; airgap-wire(7) has them.
 */
#ifndef AIRGAP_OFFICE_BUNDLE_H
#define AIRGAP_OFFICE_BUNDLE_H

#include "agent/lib/section.h"
#include "agent/office/ingest.h"
#include "agent/office/store/store_terminal.h"

#define BUNDLE_FILE_MAX	    ((size_t)512 << 20)
#define BUNDLE_SECTIONS_MAX 4096

struct bundle {
	struct section checkpoint;
	struct ingest_body *bodies; /* of add-entries; borrowed from the data */
	size_t count;
};

/* bundle_parse - a whole bundle, decrypted; 0 or -EBADMSG, -ENOMEM. bundle_done() after either */
int bundle_parse(const uint8_t *data, size_t size, struct bundle *bundle);
void bundle_done(struct bundle *bundle);

/**
 * bundle_take - verify a bundle as if it came over the network, and keep what is new
 * @ingest: online and peer are of no matter
 * @answer: the last refusal, or 200
 *
 * Inside the caller's transaction. Returns 0 or -errno of the store.
 */
int bundle_take(const struct ingest *ingest, const struct bundle *bundle,
		struct ingest_answer *answer);

/**
 * bundle_answer - the way back: that K_0 is kept here, newest receipt, inbox
 * @data: the file, encrypted to the terminal when it has a recipient; the caller frees it
 */
int bundle_answer(struct store *store, const struct keys *keys,
		  const struct store_terminal *terminal, uint8_t **data, size_t *length);

#endif
